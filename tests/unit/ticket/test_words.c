#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/err.h"
#include "ticket/law.h"
#include "ticket/words.h"

static void names_and_numbers_agree_both_ways(void **state)
{
	(void)state;
	for (unsigned list = 0; list < WORD_LIST_COUNT; list++) {
		enum word_list words = (enum word_list)list;

		for (unsigned i = 1; i < word_count(words); i++) {
			unsigned value = 0;

			assert_int_equal(
			    word_parse(&value, words, word_name(words, i)), 0);
			assert_int_equal(value, i);
		}
	}
}

/* The numbers are on the wire and in every store: they never change. */
static void keeps_the_numbers_of_the_wire(void **state)
{
	static const struct {
		enum word_list list;
		unsigned value;
		const char *name;
	} rows[] = {
		{ WORD_VERB, 1, "open" },
		{ WORD_VERB, 4, "forward" },
		{ WORD_VERB, 6, "check-in" },
		{ WORD_VERB, 14, "resolve" },
		{ WORD_VERB, 16, "rate" },
		{ WORD_VERB, 19, "take-over" },
		{ WORD_VERB, 20, "erase-contact" },
		{ WORD_STATE, 1, "open" },
		{ WORD_STATE, 5, "resolved" },
		{ WORD_STATE, 8, "merged" },
		{ WORD_COLOUR, 3, "red" },
		{ WORD_CHANNEL, 5, "mediation" },
		{ WORD_SATISFACTION, 4, "not-rated" },
		{ WORD_SOURCE, 5, "whistle" },
		{ WORD_ROLE, 6, "engineer" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
		    word_name(rows[i].list, rows[i].value), rows[i].name);
	assert_int_equal(word_count(WORD_VERB), 21);
	assert_int_equal(word_count(WORD_STATE), 9);
}

static void calls_zero_none_and_refuses_to_parse_it(void **state)
{
	(void)state;
	for (unsigned list = 0; list < WORD_LIST_COUNT; list++) {
		unsigned value = 77;

		assert_string_equal(word_name((enum word_list)list, 0), "none");
		assert_int_equal(
		    word_parse(&value, (enum word_list)list, "none"),
		    ERR_INVALID);
		assert_int_equal(value, 77);
	}
}

static void refuses_words_that_are_not_in_the_list(void **state)
{
	static const char *const words[] = { "", "Open", "opens", "ope",
		"open ", "?", "red", "开" };
	unsigned value = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_equal(
		    word_parse(&value, WORD_VERB, words[i]), ERR_INVALID);
	assert_int_equal(value, 77);
}

static void answers_for_numbers_outside_the_lists(void **state)
{
	(void)state;
	assert_string_equal(word_name(WORD_VERB, 21), "?");
	assert_string_equal(word_name(WORD_VERB, UINT32_MAX), "?");
	assert_string_equal(word_name(WORD_LIST_COUNT, 0), "?");
	assert_string_equal(word_name((enum word_list)UINT32_MAX, 1), "?");
	assert_int_equal(word_count(WORD_LIST_COUNT), 0);
	assert_string_equal(refusal_name(REFUSAL_COUNT), "?");
	assert_string_equal(power_name(POWER_BIT_COUNT), "?");
}

static void names_refusals_and_powers(void **state)
{
	(void)state;
	assert_string_equal(refusal_name(REFUSAL_NONE), "none");
	assert_string_equal(refusal_name(REFUSAL_NOT_HOLDER), "not_holder");
	assert_string_equal(refusal_name(REFUSAL_TOO_FAST), "too_fast");
	assert_string_equal(power_name(POWER_BIT_OPEN), "open");
	assert_string_equal(power_name(POWER_BIT_RATE), "rate");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_agree_both_ways),
		cmocka_unit_test(keeps_the_numbers_of_the_wire),
		cmocka_unit_test(calls_zero_none_and_refuses_to_parse_it),
		cmocka_unit_test(refuses_words_that_are_not_in_the_list),
		cmocka_unit_test(answers_for_numbers_outside_the_lists),
		cmocka_unit_test(names_refusals_and_powers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
