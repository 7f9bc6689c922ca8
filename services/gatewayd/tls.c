#include "gatewayd/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

enum { CHAIN_MAX = 8, FILE_MAX = 256 * 1024, KEY_ID_BYTES = 64 };

struct identity {
	struct identity *before; /* kept until its time is over */
	int64_t until_ms;
	gnutls_pcert_st certs[CHAIN_MAX];
	unsigned count;
	gnutls_privkey_t key;
};

static struct identity *now_shown;

static int complain(int code, const char *path, const char *help)
{
	char value[LOG_VALUE_MAX];

	log_line(LOG_ERROR, "tls=%s error=\"%s\" help=\"%s\"",
	    log_value(value, path), err_text(code), help);
	return code;
}

/* ---- files ---- */

static int read_all(struct buf *out, int fd)
{
	uint8_t block[4096];
	ssize_t len;
	int rc = 0;

	while (!rc && (len = read(fd, block, sizeof(block))) > 0)
		rc = out->len + (size_t)len > FILE_MAX
			 ? ERR_TOO_LARGE
			 : buf_add(out, block, (size_t)len);
	memset(block, 0, sizeof(block));
	return rc ? rc : len < 0 ? err_of_errno(errno) : 0;
}

static bool is_private(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 &&
	       (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static int load_file(struct buf *out, const char *path, bool is_key)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return complain(err_of_errno(errno), path,
		    errno == ENOENT ? "gateway.yaml names a file that is not "
				      "there"
				    : "the gateway's user cannot read it");
	if (is_key && !is_private(fd))
		rc = complain(ERR_ACCESS, path,
		    "chmod 600 it: only its owner may read a key");
	else if ((rc = read_all(out, fd)) != 0)
		complain(rc, path, "it cannot be read whole");
	close(fd);
	return rc;
}

/* ---- what is in them ---- */

static void release(struct identity **identity)
{
	struct identity *old = *identity;

	if (!old)
		return;
	for (unsigned i = 0; i < old->count; i++)
		gnutls_pcert_deinit(&old->certs[i]);
	if (old->key)
		gnutls_privkey_deinit(old->key);
	free(old);
	*identity = NULL;
}

static gnutls_datum_t datum_of(const struct buf *buf)
{
	return (gnutls_datum_t){ buf->data, (unsigned)buf->len };
}

static int read_certs(
    struct identity *identity, const struct buf *pem, const char *path)
{
	gnutls_datum_t datum = datum_of(pem);
	unsigned count = CHAIN_MAX;

	if (gnutls_pcert_list_import_x509_raw(identity->certs, &count, &datum,
		GNUTLS_X509_FMT_PEM,
		GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED) < 0 ||
	    count == 0)
		return complain(ERR_INVALID, path,
		    "it must hold the server's certificate in PEM, then those "
		    "that lead to its issuer, in order, at most 8");
	identity->count = count;
	return 0;
}

static int read_key(
    struct identity *identity, const struct buf *pem, const char *path)
{
	gnutls_datum_t datum = datum_of(pem);

	if (gnutls_privkey_init(&identity->key) < 0)
		return ERR_NOMEM;
	if (gnutls_privkey_import_x509_raw(
		identity->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0) < 0)
		return complain(ERR_INVALID, path,
		    "it must hold the certificate's key in PEM, without a "
		    "password");
	return 0;
}

static bool key_fits(const struct identity *identity)
{
	uint8_t ours[KEY_ID_BYTES], theirs[KEY_ID_BYTES];
	size_t our_len = sizeof(ours), their_len = sizeof(theirs);
	gnutls_pubkey_t pubkey;
	bool fits;

	if (gnutls_pubkey_init(&pubkey) < 0)
		return false;
	fits = gnutls_pubkey_import_privkey(pubkey, identity->key, 0, 0) >= 0 &&
	       gnutls_pubkey_get_key_id(
		   pubkey, GNUTLS_KEYID_USE_SHA256, ours, &our_len) >= 0 &&
	       gnutls_pubkey_get_key_id(identity->certs[0].pubkey,
		   GNUTLS_KEYID_USE_SHA256, theirs, &their_len) >= 0 &&
	       our_len == their_len && memcmp(ours, theirs, our_len) == 0;
	gnutls_pubkey_deinit(pubkey);
	return fits;
}

static void check_dates(
    const struct identity *identity, const char *path, int64_t now_ms)
{
	time_t now_s = (time_t)(now_ms / 1000), from_s, until_s;
	char value[LOG_VALUE_MAX], time[TIME_TEXT];
	gnutls_x509_crt_t crt;

	if (gnutls_x509_crt_init(&crt) < 0)
		return;
	if (gnutls_x509_crt_import(
		crt, &identity->certs[0].cert, GNUTLS_X509_FMT_DER) >= 0) {
		from_s = gnutls_x509_crt_get_activation_time(crt);
		until_s = gnutls_x509_crt_get_expiration_time(crt);
		if (now_s >= until_s || now_s < from_s)
			log_line(LOG_WARN,
			    "tls=%s state=%s at=%s help=\"clients will refuse "
			    "it: put a valid certificate there and reload\"",
			    log_value(value, path),
			    now_s >= until_s ? "expired" : "not_yet_valid",
			    time_format(time,
				1000 * (int64_t)(now_s >= until_s ? until_s
								  : from_s)));
	}
	gnutls_x509_crt_deinit(crt);
}

static int read_identity(
    struct identity *identity, const char *cert_path, const char *key_path)
{
	struct buf cert = { 0 }, key = { 0 };
	int rc = load_file(&cert, cert_path, false);

	if (!rc)
		rc = load_file(&key, key_path, true);
	if (!rc)
		rc = read_certs(identity, &cert, cert_path);
	if (!rc)
		rc = read_key(identity, &key, key_path);
	if (!rc && !key_fits(identity))
		rc = complain(ERR_INVALID, key_path,
		    "it is not the key of the first certificate in tls_cert");
	if (key.len > 0)
		explicit_bzero(key.data, key.len);
	buf_free(&cert);
	buf_free(&key);
	return rc;
}

/* ---- what is shown ---- */

static void drop_old(int64_t now_ms)
{
	struct identity **at = &now_shown;

	while (*at) {
		struct identity *old = *at;
		if (old == now_shown || now_ms < old->until_ms) {
			at = &old->before;
			continue;
		}
		*at = old->before;
		release(&old);
	}
}

int tls_load(const char *cert_path, const char *key_path, int64_t now_ms)
{
	struct identity *identity = calloc(1, sizeof(*identity));
	int rc;

	if (!identity)
		return ERR_NOMEM;
	rc = read_identity(identity, cert_path, key_path);
	if (rc) {
		release(&identity);
		return rc;
	}
	check_dates(identity, cert_path, now_ms);
	identity->before = now_shown;
	if (now_shown)
		now_shown->until_ms = now_ms + TLS_KEEP_MS;
	now_shown = identity;
	drop_old(now_ms);
	return 0;
}

void tls_forget(void)
{
	while (now_shown) {
		struct identity *old = now_shown;
		now_shown = old->before;
		release(&old);
	}
}

int tls_retrieve(gnutls_session_t session, const gnutls_datum_t *issuers,
    int issuer_count, const gnutls_pk_algorithm_t *algorithms,
    int algorithm_count, gnutls_pcert_st **certs_out, unsigned *count_out,
    gnutls_privkey_t *key_out)
{
	(void)session;
	(void)issuers;
	(void)issuer_count;
	(void)algorithms;
	(void)algorithm_count;
	if (!now_shown)
		return -1;
	*certs_out = now_shown->certs;
	*count_out = now_shown->count;
	*key_out = now_shown->key;
	return 0;
}
