/*
 * The gateway speaks TLS, and the command line believes its own city's
 * certificate and no other.
 */
#include "harness/harness.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "harness/cert.h"

static struct city city;
static struct authority *authority;

static int open_city(void **state)
{
	(void)state;
	authority_open(&authority);
	city_prepare(&city);
	city_found(&city);
	authority_write(authority, city_path(&city, "ca.pem"));
	authority_serve(authority, city_path(&city, "cert.pem"),
	    city_path(&city, "key.pem"));
	file_write(city_path(&city, "gateway.yaml"),
	    "tls_cert: cert.pem\ntls_key: key.pem\n");
	city_start(&city);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	authority_close(&authority);
	return 0;
}

static void asks(int code)
{
	cli_exits(code, &city, "hotline", "gateway", "callbacks", NULL);
}

static void the_command_line_trusts_its_own_city(void **state)
{
	(void)state;
	asks(0);
}

static void a_url_is_trusted_by_whom_one_names(void **state)
{
	const char *ca = city_path(&city, "ca.pem");
	char url[64];

	(void)state;
	snprintf(url, sizeof(url), "https://127.0.0.1:%d", city.http_port);
	cli_exits(0, &city, "hotline", "gateway", "callbacks", "--url", url,
	    "--ca", ca, NULL);
	cli_exits(
	    3, &city, "hotline", "gateway", "callbacks", "--url", url, NULL);
	/* by that name it is not vouched for */
	snprintf(url, sizeof(url), "https://localhost:%d", city.http_port);
	cli_exits(3, &city, "hotline", "gateway", "callbacks", "--url", url,
	    "--ca", ca, NULL);
}

/* Whoever the same authority vouches for is not the city's own gateway. */
static void another_certificate_is_not_trusted(void **state)
{
	struct run run;

	(void)state;
	authority_serve(authority, city_path(&city, "cert.pem"),
	    city_path(&city, "key.pem"));
	asks(3);
	cli(&run, &city, "hotline", "--lang", "zh", "gateway", "callbacks",
	    NULL);
	assert_non_null(strstr(run_text(&run.err), "不受信任"));
	run_free(&run);
	daemon_signal(&city, "gatewayd", SIGHUP);
	city_wait_log(&city, "gatewayd", "http_config=loaded tls=on", 0);
	asks(0);
}

static void a_link_says_https(void **state)
{
	const char *file = city_path(&city, "one.csv");
	json_t *list, *link;

	(void)state;
	file_write(file, "number,title\nT-1,路灯不亮\n");
	cli_exits(0, &city, "hotline", "import", file, NULL);
	list = cli_json(&city, "hotline", "ticket", "list", NULL);
	link = cli_json(&city, "hotline", "ticket", "link",
	    json_text_at(list, "[0].id"), NULL);
	assert_memory_equal(
	    json_text_at(link, "link"), "https://127.0.0.1:", 18);
	json_decref(link);
	json_decref(list);
}

static void a_bad_file_is_named(void **state)
{
	struct run run;

	(void)state;
	file_write(city_path(&city, "gateway.yaml"),
	    "tls_cert: cert.pem\ntls_key: key.pem\nproxies: [nobody]\n");
	cli(&run, &city, "hotline", "--lang", "en", "gateway", "callbacks",
	    NULL);
	assert_int_equal(run.code, 5);
	assert_non_null(strstr(run_text(&run.err), "gateway.yaml:3: proxies"));
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_line_trusts_its_own_city),
		cmocka_unit_test(a_url_is_trusted_by_whom_one_names),
		cmocka_unit_test(another_certificate_is_not_trusted),
		cmocka_unit_test(a_link_says_https),
		cmocka_unit_test(a_bad_file_is_named),
	};

	return flow_end(
	    cmocka_run_group_tests_name("tls", tests, open_city, close_city));
}
