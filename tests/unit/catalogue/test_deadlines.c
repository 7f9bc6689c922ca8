#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "city.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static struct city city;
static const int64_t now = INT64_C(1790000000000);

static int make(void **state)
{
	(void)state;
	city_make(&city);
	city_load(&city);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	city_remove(&city);
	return 0;
}

static void expect(const char *code, enum kind kind, enum colour colour,
    int64_t accept_ms, int64_t resolve_ms)
{
	struct deadlines times = catalogue_deadlines(city.catalogue,
	    catalogue_item(city.catalogue, code), kind, colour, now);

	assert_int_equal(times.accept_by_ms, now + accept_ms);
	assert_int_equal(times.resolve_by_ms, now + resolve_ms);
}

static void gives_an_appeal_the_times_of_its_item(void **state)
{
	(void)state;
	expect("lamp", KIND_APPEAL, COLOUR_NONE, 2 * HOUR, 2 * DAY);
	expect("lamp", KIND_APPEAL, COLOUR_YELLOW, 2 * HOUR, 2 * DAY);
	expect("deed", KIND_APPEAL, COLOUR_BLUE, DAY, 15 * DAY);
}

static void shortens_an_appeal_whose_colour_is_graver(void **state)
{
	(void)state;
	expect("lamp", KIND_APPEAL, COLOUR_RED, 30 * MINUTE, DAY);
	expect("visit", KIND_APPEAL, COLOUR_YELLOW, HOUR, DAY);
	expect("lamp", KIND_APPEAL, COLOUR_BLUE, 2 * HOUR, 2 * DAY);
}

static void gives_a_callout_the_times_of_its_colour(void **state)
{
	(void)state;
	expect("deed", KIND_CALLOUT, COLOUR_RED, 30 * MINUTE, DAY);
	expect("deed", KIND_CALLOUT, COLOUR_NONE, DAY, 7 * DAY);
	expect("none", KIND_CALLOUT, COLOUR_YELLOW, 4 * HOUR, 3 * DAY);
}

static void lets_no_callout_end_after_its_item(void **state)
{
	(void)state;
	expect("lamp", KIND_CALLOUT, COLOUR_YELLOW, 4 * HOUR, 2 * DAY);
	expect("visit", KIND_CALLOUT, COLOUR_BLUE, DAY, DAY);
}

static void gives_no_times_where_nothing_is_known(void **state)
{
	static const enum kind kinds[] = { KIND_APPEAL, KIND_CALLOUT,
		KIND_NONE };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct deadlines times = catalogue_deadlines(
		    city.catalogue, NULL, kinds[i], COLOUR_NONE, now);

		assert_int_equal(times.accept_by_ms, 0);
		assert_int_equal(times.resolve_by_ms, 0);
	}
}

static void takes_an_unknown_colour_for_none(void **state)
{
	(void)state;
	expect("deed", KIND_CALLOUT, (enum colour)77, DAY, 7 * DAY);
}

static void explains(const char *code, enum kind kind, enum colour colour,
    bool accept, bool resolve, const char *rule)
{
	char text[DEADLINE_RULE_TEXT];

	assert_string_equal(catalogue_deadline_rule(text, city.catalogue,
				catalogue_item(city.catalogue, code), kind,
				colour, now, accept, resolve),
	    rule);
}

static void says_where_the_times_come_from(void **state)
{
	(void)state;
	explains("lamp", KIND_APPEAL, COLOUR_NONE, true, true,
	    "item lamp: accept 2h, resolve 2d");
	explains("lamp", KIND_APPEAL, COLOUR_NONE, true, false,
	    "item lamp: accept 2h");
	explains("lamp", KIND_APPEAL, COLOUR_NONE, false, true,
	    "item lamp: resolve 2d");
	explains("deed", KIND_APPEAL, COLOUR_RED, true, true,
	    "colour red: accept 30m, resolve 24h");
	explains("lamp", KIND_CALLOUT, COLOUR_RED, true, true,
	    "colour red: check in 30m, resolve 24h");
	explains("lamp", KIND_CALLOUT, COLOUR_BLUE, true, true,
	    "colour blue: check in 1d; item lamp: resolve 2d");
	explains("none", KIND_CALLOUT, COLOUR_BLUE, true, true,
	    "colour blue: check in 1d, resolve 7d");
	explains("lamp", KIND_APPEAL, COLOUR_NONE, false, false, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_an_appeal_the_times_of_its_item),
		cmocka_unit_test(shortens_an_appeal_whose_colour_is_graver),
		cmocka_unit_test(gives_a_callout_the_times_of_its_colour),
		cmocka_unit_test(lets_no_callout_end_after_its_item),
		cmocka_unit_test(gives_no_times_where_nothing_is_known),
		cmocka_unit_test(takes_an_unknown_colour_for_none),
		cmocka_unit_test(says_where_the_times_come_from),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
