#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "gatewayd/problem.h"
#include "ticket/law.h"

static json_t *render(const struct http_problem *problem, bool is_chinese)
{
	char *text = problem_render(problem, is_chinese);
	json_t *object;

	assert_non_null(text);
	object = json_loads(text, 0, NULL);
	assert_non_null(object);
	free(text);
	return object;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void expect(const struct http_problem *problem, const char *key,
    const char *english, const char *chinese)
{
	json_t *en = render(problem, false), *zh = render(problem, true);

	assert_string_equal(text_of(en, key), english);
	assert_string_equal(text_of(zh, key), chinese);
	json_decref(en);
	json_decref(zh);
}

static void has_words_in_both_languages_for_every_problem(void **state)
{
	(void)state;
	for (unsigned i = 1; i < PROBLEM_COUNT; i++) {
		struct http_problem problem = problem_of((enum problem_kind)i);

		for (int zh = 0; zh < 2; zh++) {
			json_t *object = render(&problem, zh);

			assert_true(strlen(text_of(object, "title")) > 0);
			assert_true(strlen(text_of(object, "detail")) > 0);
			assert_int_equal(json_integer_value(
					     json_object_get(object, "status")),
			    problem_status(problem.kind));
			assert_true(problem_status(problem.kind) >= 400);
			json_decref(object);
		}
	}
}

static void has_words_for_every_fault_of_a_field(void **state)
{
	(void)state;
	for (unsigned i = 1; i < FIELD_FAULT_COUNT; i++) {
		struct http_problem problem =
		    problem_field("title", (enum field_fault)i);
		json_t *object = render(&problem, true);

		assert_int_equal(problem_status(problem.kind), 400);
		assert_non_null(strstr(text_of(object, "detail"), "title"));
		assert_true(
		    strlen(text_of(object, "detail")) > strlen("“title”。"));
		json_decref(object);
	}
}

static void names_the_field_and_what_is_wrong_with_it(void **state)
{
	struct http_problem problem = problem_field("division", FIELD_NOT_CODE);

	(void)state;
	expect(&problem, "field", "division", "division");
	expect(&problem, "type", "urn:whistle:problem:bad-field",
	    "urn:whistle:problem:bad-field");
	expect(&problem, "detail", "“division” is not a division's code.",
	    "“division”不是行政区划代码。");
}

/* A name in Chinese is cut between characters, so that it stays JSON. */
static void cuts_a_long_field_between_characters(void **state)
{
	struct http_problem problem = problem_field(
	    "市市市市市市市市市市市市市市市市市市市市市市市", FIELD_UNKNOWN);
	json_t *object = render(&problem, false);

	(void)state;
	assert_int_equal(strlen(problem.field), 63);
	json_decref(object);
	problem = problem_field(
	    "x市市市市市市市市市市市市市市市市市市市市市市市", FIELD_UNKNOWN);
	assert_int_equal(strlen(problem.field), 61);
	json_decref(render(&problem, false));
}

static void expect_refusal(enum refusal refusal, const char *detail,
    unsigned status, const char *field)
{
	struct http_problem problem =
	    problem_refusal(refusal_name(refusal), detail);
	json_t *object = render(&problem, true);

	assert_int_equal(problem_status(problem.kind), status);
	assert_string_equal(text_of(object, "refusal"), refusal_name(refusal));
	assert_string_equal(problem.field, field);
	assert_int_equal(
	    problem.retry_after_s > 0, status == 503 || status == 429);
	json_decref(object);
}

static void says_over_http_what_the_law_refused(void **state)
{
	(void)state;
	expect_refusal(REFUSAL_UNKNOWN_ITEM, "x", 422, "item");
	expect_refusal(REFUSAL_UNKNOWN_UNIT, "4299", 422, "division");
	expect_refusal(REFUSAL_BAD_FIELD, "place", 422, "division");
	expect_refusal(REFUSAL_BAD_FIELD, "text", 422, "content");
	expect_refusal(REFUSAL_BAD_FIELD, "title", 422, "title");
	expect_refusal(REFUSAL_STORE_FULL, "", 503, "");
	expect_refusal(REFUSAL_RECOVERING, "", 503, "");
	expect_refusal(REFUSAL_TOO_FAST, "", 429, "");
	expect_refusal(REFUSAL_NO_POWER, "", 403, "");
	expect_refusal(REFUSAL_NO_ROLE, "", 403, "");
	expect_refusal(REFUSAL_UNKNOWN_TICKET, "", 404, "");
	expect_refusal(REFUSAL_WRONG_STATE, "closed", 422, "");
}

static void takes_any_refusal_of_the_law(void **state)
{
	(void)state;
	for (unsigned i = 1; i < REFUSAL_COUNT; i++) {
		struct http_problem problem =
		    problem_refusal(refusal_name((enum refusal)i), "");
		json_decref(render(&problem, false));
	}
}

static void speaks_chinese_to_those_who_ask_for_it_first(void **state)
{
	(void)state;
	assert_true(problem_is_chinese("zh"));
	assert_true(problem_is_chinese("zh-CN,zh;q=0.9,en;q=0.8"));
	assert_true(problem_is_chinese(" ZH-hans"));
	assert_true(problem_is_chinese("zh_CN"));
	assert_false(problem_is_chinese("en,zh"));
	assert_false(problem_is_chinese("zha"));
	assert_false(problem_is_chinese(""));
	assert_false(problem_is_chinese("z"));
	assert_false(problem_is_chinese(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_words_in_both_languages_for_every_problem),
		cmocka_unit_test(has_words_for_every_fault_of_a_field),
		cmocka_unit_test(names_the_field_and_what_is_wrong_with_it),
		cmocka_unit_test(cuts_a_long_field_between_characters),
		cmocka_unit_test(says_over_http_what_the_law_refused),
		cmocka_unit_test(takes_any_refusal_of_the_law),
		cmocka_unit_test(speaks_chinese_to_those_who_ask_for_it_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
