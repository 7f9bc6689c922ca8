#include "harness/harness.h"

#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "harness/cert.h"

enum { DAY_S = 24 * 60 * 60, PEM_BYTES = 8 * 1024 };

struct authority {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t cert;
	char pem[PEM_BYTES];
	size_t len;
};

static gnutls_x509_privkey_t make_key(void)
{
	gnutls_x509_privkey_t key;

	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(
	    gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
	    0);
	return key;
}

static gnutls_x509_crt_t make_cert(
    gnutls_x509_privkey_t key, const char *name, bool is_authority)
{
	static unsigned char serial;
	static const unsigned char loopback[4] = { 127, 0, 0, 1 };
	gnutls_x509_crt_t cert;

	serial++;
	assert_int_equal(gnutls_x509_crt_init(&cert), 0);
	gnutls_x509_crt_set_version(cert, 3);
	gnutls_x509_crt_set_serial(cert, &serial, 1);
	gnutls_x509_crt_set_activation_time(cert, time(NULL) - DAY_S);
	gnutls_x509_crt_set_expiration_time(cert, time(NULL) + DAY_S);
	gnutls_x509_crt_set_dn_by_oid(
	    cert, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name));
	gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS,
	    loopback, sizeof(loopback), GNUTLS_FSAN_SET);
	gnutls_x509_crt_set_basic_constraints(cert, is_authority, -1);
	if (is_authority)
		gnutls_x509_crt_set_key_usage(cert, GNUTLS_KEY_KEY_CERT_SIGN);
	gnutls_x509_crt_set_key(cert, key);
	return cert;
}

static void write_key(gnutls_x509_privkey_t key, const char *path)
{
	char pem[PEM_BYTES];
	size_t len = sizeof(pem);

	assert_int_equal(
	    gnutls_x509_privkey_export(key, GNUTLS_X509_FMT_PEM, pem, &len), 0);
	file_write_bytes(path, pem, len);
	assert_int_equal(chmod(path, 0600), 0);
}

void authority_open(struct authority **authority_out)
{
	struct authority *authority = calloc(1, sizeof(*authority));

	assert_non_null(authority);
	authority->key = make_key();
	authority->cert = make_cert(authority->key, "authority", true);
	assert_int_equal(gnutls_x509_crt_sign2(authority->cert, authority->cert,
			     authority->key, GNUTLS_DIG_SHA256, 0),
	    0);
	authority->len = sizeof(authority->pem);
	assert_int_equal(
	    gnutls_x509_crt_export(authority->cert, GNUTLS_X509_FMT_PEM,
		authority->pem, &authority->len),
	    0);
	*authority_out = authority;
}

void authority_write(const struct authority *authority, const char *path)
{
	file_write_bytes(path, authority->pem, authority->len);
}

void authority_serve(const struct authority *authority, const char *cert_path,
    const char *key_path)
{
	gnutls_x509_privkey_t key = make_key();
	gnutls_x509_crt_t cert = make_cert(key, "gateway", false);
	char pem[2 * PEM_BYTES];
	size_t len = PEM_BYTES;

	assert_int_equal(gnutls_x509_crt_sign2(cert, authority->cert,
			     authority->key, GNUTLS_DIG_SHA256, 0),
	    0);
	assert_int_equal(
	    gnutls_x509_crt_export(cert, GNUTLS_X509_FMT_PEM, pem, &len), 0);
	memcpy(pem + len, authority->pem, authority->len);
	file_write_bytes(cert_path, pem, len + authority->len);
	write_key(key, key_path);
	gnutls_x509_crt_deinit(cert);
	gnutls_x509_privkey_deinit(key);
}

void authority_close(struct authority **authority)
{
	gnutls_x509_crt_deinit((*authority)->cert);
	gnutls_x509_privkey_deinit((*authority)->key);
	free(*authority);
	*authority = NULL;
}
