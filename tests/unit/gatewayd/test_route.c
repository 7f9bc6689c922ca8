#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/answer.h"
#include "gatewayd/route.h"

static struct route_match match;

static enum problem_kind find(const char *method, const char *target)
{
	return route_find(&match, route_table, route_count, method, target);
}

static void expect_decoded(const char *segment, const char *value)
{
	char target[2048];

	snprintf(target, sizeof(target), TICKETS_PATH "/%s", segment);
	assert_int_equal(find("GET", target), PROBLEM_NONE);
	assert_string_equal(match.path, TICKETS_PATH "/{number}");
	assert_string_equal(match.value, value);
}

#define OPENAPI "/hotline/v1/openapi.json"

static void expect_nothing(const char *target)
{
	assert_int_equal(find("GET", target), PROBLEM_NO_SUCH_PATH);
	assert_null(match.route);
	assert_string_equal(match.path, "-");
}

static void finds_every_row_of_its_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		char target[256];
		const char *path = route_table[i].path;
		size_t fixed = strcspn(path, "{");
		const char *rest = strchr(path, '}');

		snprintf(target, sizeof(target), "%.*s%s%s", (int)fixed, path,
		    rest ? "7" : "", rest ? rest + 1 : "");
		assert_int_equal(
		    find(route_table[i].method, target), PROBLEM_NONE);
		assert_ptr_equal(match.route, &route_table[i]);
	}
}

static void wants_a_signature_for_all_of_the_hotline(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &route_table[i];
		bool is_hotline = strncmp(route->path, "/hotline/", 9) == 0;
		bool is_open = strcmp(route->path, OPENAPI) == 0;

		assert_int_equal(route->is_signed, is_hotline && !is_open);
		/* a route without a scope would be nobody's */
		assert_int_equal(route->scope != 0, route->is_signed);
	}
}

static void decodes_a_number(void **state)
{
	(void)state;
	expect_decoded("EZ20261101-0004", "EZ20261101-0004");
	expect_decoded("A%2F1", "A/1");
	expect_decoded("%e9%84%82%E7%83%AD", "鄂热");
	expect_decoded("a+b", "a+b");
	expect_decoded("1?x=/%00", "1");
	expect_decoded("%25", "%");
}

static void finds_nothing_where_no_number_can_be(void **state)
{
	char target[400] = TICKETS_PATH "/";

	(void)state;
	expect_nothing(TICKETS_PATH "/");
	expect_nothing(TICKETS_PATH "/?x");
	expect_nothing(TICKETS_PATH "/%");
	expect_nothing(TICKETS_PATH "/%4");
	expect_nothing(TICKETS_PATH "/%4g");
	expect_nothing(TICKETS_PATH "/%00");
	expect_nothing(TICKETS_PATH "/%0a");
	expect_nothing(TICKETS_PATH "/%ff");
	expect_nothing(TICKETS_PATH "/%c0%af");
	expect_nothing(TICKETS_PATH "/1/");
	expect_nothing(TICKETS_PATH "/1/2");
	memset(target + strlen(target), '7', EXTERNAL_ID_MAX);
	expect_nothing(target);
	target[strlen(TICKETS_PATH "/") + EXTERNAL_ID_MAX - 1] = '\0';
	assert_int_equal(find("GET", target), PROBLEM_NONE);
	assert_int_equal(strlen(match.value), EXTERNAL_ID_MAX - 1);
}

static void finds_nothing_elsewhere(void **state)
{
	(void)state;
	expect_nothing("");
	expect_nothing("/");
	expect_nothing("*");
	expect_nothing("/healthz/");
	expect_nothing("/HEALTHZ");
	expect_nothing("/health");
	expect_nothing("/healthzz");
	expect_nothing("//healthz");
	expect_nothing("/hotline/v1/tickets/../../../healthz/..");
	expect_nothing("http://127.0.0.1/healthz");
	expect_nothing("/%68ealthz");
}

static void says_which_methods_a_path_takes(void **state)
{
	(void)state;
	assert_int_equal(
	    find("DELETE", TICKETS_PATH "?x"), PROBLEM_WRONG_METHOD);
	assert_string_equal(match.allow, "POST, GET, HEAD");
	assert_string_equal(match.path, TICKETS_PATH);
	assert_int_equal(
	    find("GET", TICKETS_PATH "/1/notes"), PROBLEM_WRONG_METHOD);
	assert_string_equal(match.allow, "POST");
	assert_int_equal(find("POST", TICKETS_PATH "/1"), PROBLEM_WRONG_METHOD);
	assert_string_equal(match.allow, "GET, HEAD");
	assert_int_equal(find("get", "/healthz"), PROBLEM_WRONG_METHOD);
	assert_int_equal(find("", "/healthz"), PROBLEM_WRONG_METHOD);
}

static void takes_head_for_get(void **state)
{
	(void)state;
	assert_int_equal(find("HEAD", "/healthz"), PROBLEM_NONE);
	assert_int_equal(find("HEAD", TICKETS_PATH), PROBLEM_NONE);
	assert_int_equal(
	    find("HEAD", TICKETS_PATH "/1/notes"), PROBLEM_WRONG_METHOD);
}

static void encodes_what_it_decodes(void **state)
{
	static const char *const numbers[] = { "EZ-1",
		"A/1 ?#%&=", "鄂热线〔1〕", "~._-", "\"<>\\" };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char path[ANSWER_LOCATION_MAX] = "";

		assert_int_equal(
		    route_encode(path, sizeof(path), numbers[i]), 0);
		assert_null(strpbrk(path, " ?#/<>\"\\&="));
		expect_decoded(path, numbers[i]);
	}
}

static void has_room_for_the_longest_location(void **state)
{
	char number[EXTERNAL_ID_MAX],
	    path[ANSWER_LOCATION_MAX] = TICKETS_PATH "/", small[8] = "/";

	(void)state;
	memset(number, '/', sizeof(number));
	number[EXTERNAL_ID_MAX - 1] = '\0';
	assert_int_equal(route_encode(path, sizeof(path), number), 0);
	assert_int_equal(
	    route_encode(small, sizeof(small), number), ERR_TOO_LARGE);
	assert_string_equal(small, "/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_row_of_its_table),
		cmocka_unit_test(wants_a_signature_for_all_of_the_hotline),
		cmocka_unit_test(decodes_a_number),
		cmocka_unit_test(finds_nothing_where_no_number_can_be),
		cmocka_unit_test(finds_nothing_elsewhere),
		cmocka_unit_test(says_which_methods_a_path_takes),
		cmocka_unit_test(takes_head_for_get),
		cmocka_unit_test(encodes_what_it_decodes),
		cmocka_unit_test(has_room_for_the_longest_location),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
