/*
 * TLS: what is shown, to whom, and another certificate while connections
 * are open. The certificates are made here, the client is libcurl.
 */
#include "fixture.h"

#include <curl/curl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

enum { PEM_BYTES = 8192, DAY_S = 24 * 3600 };

static const char config[] = "tls_cert: cert.pem\ntls_key: key.pem\n";

static void write_home(
    const char *name, const void *data, size_t len, mode_t mode)
{
	char path[128];
	FILE *out;

	in_home(path, name);
	unlink(path);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static gnutls_x509_privkey_t make_key(const char *name)
{
	gnutls_x509_privkey_t key;
	char pem[PEM_BYTES];
	size_t len = sizeof(pem);

	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(
	    gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
	    0);
	assert_int_equal(
	    gnutls_x509_privkey_export(key, GNUTLS_X509_FMT_PEM, pem, &len), 0);
	write_home(name, pem, len, 0600);
	return key;
}

/* A server's own, valid from a day ago until `until_s` from now. */
static void make_cert(
    const char *cert_name, const char *key_name, const char *who, long until_s)
{
	static const unsigned char loopback[4] = { 127, 0, 0, 1 };
	gnutls_x509_privkey_t key = make_key(key_name);
	gnutls_x509_crt_t crt;
	char pem[PEM_BYTES];
	size_t len = sizeof(pem);

	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\x01", 1);
	gnutls_x509_crt_set_activation_time(crt, time(NULL) - DAY_S);
	gnutls_x509_crt_set_expiration_time(crt, time(NULL) + until_s);
	gnutls_x509_crt_set_dn_by_oid(
	    crt, GNUTLS_OID_X520_COMMON_NAME, 0, who, (unsigned)strlen(who));
	gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS,
	    loopback, sizeof(loopback), GNUTLS_FSAN_SET);
	gnutls_x509_crt_set_basic_constraints(crt, 1, -1);
	gnutls_x509_crt_set_key(crt, key);
	assert_int_equal(
	    gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	assert_int_equal(
	    gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_PEM, pem, &len), 0);
	write_home(cert_name, pem, len, 0644);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

static int begin(void **state)
{
	int rc = open_here(state);

	http_side.stop(here.side);
	here.side = NULL;
	make_cert("cert.pem", "key.pem", "first", DAY_S);
	write_home("gateway.yaml", config, strlen(config), 0644);
	return rc;
}

static int begin_up(void **state)
{
	int rc = begin(state);

	return rc ? rc : start_side();
}

/* ---- the client ---- */

static size_t drop(char *data, size_t size, size_t count, void *context)
{
	(void)data;
	(void)context;
	return size * count;
}

static CURL *browse(const char *ca_name)
{
	char url[128], path[128];
	CURL *curl = curl_easy_init();

	assert_non_null(curl);
	in_home(path, ca_name);
	snprintf(url, sizeof(url), "https://127.0.0.1:%u/nowhere", here.port);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CAINFO, path);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)SOON_MS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	return curl;
}

/* The status, or 0 for no answer over TLS. */
static long fetch(CURL *curl)
{
	long status = 0;

	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static long fetch_once(const char *ca_name)
{
	CURL *curl = browse(ca_name);
	long status = fetch(curl);

	curl_easy_cleanup(curl);
	return status;
}

/* ---- the tests ---- */

static void answers_over_tls_and_not_without(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(fetch_once("cert.pem"), 404);
	fd = dial();
	get(fd, "/nowhere");
	assert_int_equal(read_answer(fd), 0);
	close(fd);
}

static void is_not_who_a_client_does_not_know(void **state)
{
	(void)state;
	make_cert("other.pem", "other-key.pem", "other", DAY_S);
	assert_int_equal(fetch_once("other.pem"), 0);
}

static void speaks_no_older_tls_than_it_should(void **state)
{
	CURL *curl = browse("cert.pem");

	(void)state;
	/* as far as the client's own library still can */
	curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=0");
	curl_easy_setopt(curl, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_0 | (long)CURL_SSLVERSION_MAX_TLSv1_1);
	assert_int_equal(fetch(curl), 0);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2 | (long)CURL_SSLVERSION_MAX_TLSv1_2);
	assert_int_equal(fetch(curl), 404);
	curl_easy_cleanup(curl);
}

static void wait_for_the_second(void)
{
	int64_t until_s = time(NULL) + SOON_MS / 1000;

	while (fetch_once("cert.pem") != 404 && time(NULL) < until_s)
		usleep(10 * 1000);
	assert_int_equal(fetch_once("cert.pem"), 404);
}

/* The connection that is open goes on; whoever comes next sees the new. */
static void shows_another_certificate_after_a_reload(void **state)
{
	CURL *open = browse("first.pem");
	long connects = 0;
	char from[128], to[128];

	(void)state;
	in_home(from, "cert.pem");
	in_home(to, "first.pem");
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(fetch(open), 404);
	make_cert("cert.pem", "key.pem", "second", DAY_S);
	assert_int_equal(fetch_once("cert.pem"), 0);
	http_side.reload(here.side);
	wait_for_the_second();
	assert_int_equal(fetch(open), 404);
	curl_easy_getinfo(open, CURLINFO_NUM_CONNECTS, &connects);
	assert_int_equal(connects, 0);
	assert_int_equal(fetch_once("first.pem"), 0);
	curl_easy_cleanup(open);
}

static void keeps_the_old_one_when_the_new_one_is_bad(void **state)
{
	(void)state;
	make_cert("new.pem", "key.pem", "second", DAY_S); /* not the cert's */
	http_side.reload(here.side);
	for (int i = 0; i < 5; i++)
		assert_int_equal(fetch_once("cert.pem"), 404);
}

static void shows_one_that_is_over_all_the_same(void **state)
{
	CURL *curl;

	(void)state;
	make_cert("cert.pem", "key.pem", "over", -60);
	assert_int_equal(start_side(), 0);
	assert_int_equal(fetch_once("cert.pem"), 0);
	curl = browse("cert.pem");
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	assert_int_equal(fetch(curl), 404);
	curl_easy_cleanup(curl);
}

static void chmod_key(mode_t mode)
{
	char path[128];

	in_home(path, "key.pem");
	assert_int_equal(chmod(path, mode), 0);
}

static void does_not_start_without_what_fits(void **state)
{
	static const char rubbish[] = "-----BEGIN CERTIFICATE-----\n";
	static const char nowhere[] = "tls_cert: none.pem\ntls_key: key.pem\n";

	(void)state;
	chmod_key(0640);
	assert_int_equal(start_side(), ERR_ACCESS);
	chmod_key(0600);
	make_cert("other.pem", "key.pem", "other", DAY_S);
	assert_int_equal(start_side(), ERR_INVALID);
	write_home("cert.pem", rubbish, strlen(rubbish), 0644);
	assert_int_equal(start_side(), ERR_INVALID);
	write_home("key.pem", rubbish, strlen(rubbish), 0600);
	assert_int_equal(start_side(), ERR_INVALID);
	write_home("gateway.yaml", nowhere, strlen(nowhere), 0644);
	assert_int_equal(start_side(), ERR_NOT_FOUND);
}

static void half_a_handshake_costs_nobody_else(void **state)
{
	int fds[50];

	(void)state;
	for (size_t i = 0; i < 50; i++) {
		fds[i] = dial();
		send_bytes(fds[i], "\x16\x03\x01\x02", 4);
	}
	assert_int_equal(fetch_once("cert.pem"), 404);
	for (size_t i = 0; i < 50; i++)
		close(fds[i]);
}

#define UP(name)   cmocka_unit_test_setup_teardown(name, begin_up, close_here)
#define DOWN(name) cmocka_unit_test_setup_teardown(name, begin, close_here)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UP(answers_over_tls_and_not_without),
		UP(is_not_who_a_client_does_not_know),
		UP(speaks_no_older_tls_than_it_should),
		UP(shows_another_certificate_after_a_reload),
		UP(keeps_the_old_one_when_the_new_one_is_bad),
		UP(half_a_handshake_costs_nobody_else),
		DOWN(shows_one_that_is_over_all_the_same),
		DOWN(does_not_start_without_what_fits),
	};

	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
