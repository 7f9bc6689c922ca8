#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "gatewayd/traffic.h"

static struct traffic traffic;
static char *text;

static int clear(void **state)
{
	(void)state;
	memset(&traffic, 0, sizeof(traffic));
	return 0;
}

static int release(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

static void write_all(void)
{
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	traffic_write(out, &traffic);
	assert_int_equal(fclose(out), 0);
}

static void expect(const char *line)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	assert_non_null(strstr(text, whole));
}

static void tells_its_own_counts(void **state)
{
	static const char path[] = "/healthz";

	(void)state;
	traffic_count(&traffic, path, 200, 2);
	traffic_count(&traffic, path, 200, 4000);
	traffic_count(&traffic, path, 503, 60000);
	write_all();
	expect("whistle_http_requests_total{path=\"/healthz\",status=\"200\"}"
	       " 2");
	expect("whistle_http_requests_total{path=\"/healthz\",status=\"503\"}"
	       " 1");
	expect("whistle_http_request_duration_seconds_bucket{"
	       "path=\"/healthz\",le=\"0.001\"} 0");
	expect("whistle_http_request_duration_seconds_bucket{"
	       "path=\"/healthz\",le=\"0.003\"} 1");
	expect("whistle_http_request_duration_seconds_bucket{"
	       "path=\"/healthz\",le=\"10\"} 2");
	expect("whistle_http_request_duration_seconds_bucket{"
	       "path=\"/healthz\",le=\"+Inf\"} 3");
	expect("whistle_http_request_duration_seconds_count{"
	       "path=\"/healthz\"} 3");
	expect("whistle_http_request_duration_seconds_sum{"
	       "path=\"/healthz\"} 64.002");
}

static void counts_no_more_paths_than_it_has_room_for(void **state)
{
	static const char paths[TRAFFIC_PATHS_MAX + 8];

	(void)state;
	for (size_t i = 0; i < TRAFFIC_PATHS_MAX + 8; i++)
		traffic_count(&traffic, paths + i, 200, 1);
	traffic_count(&traffic, paths, 600, 1);
	traffic_count(&traffic, paths, 1000, 1);
	assert_int_equal(traffic.path_count, TRAFFIC_PATHS_MAX);
	assert_int_equal(traffic.paths[0].count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    tells_its_own_counts, clear, release),
		cmocka_unit_test_setup_teardown(
		    counts_no_more_paths_than_it_has_room_for, clear, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
