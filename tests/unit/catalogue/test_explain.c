/* Which rule gave a deadline, in words. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "city.h"
#include "office.h"

#define ITEM(times)                                                            \
	"  - {code: plan, zh: 建议, en: Advice, domain: safe, competent: "   \
	"city, colour: blue, " times "}\n"

enum { PLAN_LINE = 22 };

static void city_open(struct city *city, const char *by)
{
	city_make(city);
	folder_write_line(
	    &city->folder, "catalogue.yaml", sound_catalogue, PLAN_LINE, by);
	folder_write(&city->folder, "calendar.yaml", sound_calendar);
	city_load(city);
}

static void expect_why(const struct city *city, enum deadline which,
    const char *code, enum kind kind, enum colour colour, const char *from,
    const char *why)
{
	char text[DEADLINE_TEXT];

	assert_string_equal(
	    deadline_explain(text, sizeof(text), city->catalogue, which,
		catalogue_item(city->catalogue, code), kind, colour,
		moment(from)),
	    why);
}

static void says_which_rule_of_an_item_it_was(void **state)
{
	struct city city;

	(void)state;
	city_open(&city, ITEM("accept: 4wh, resolve: 1wd"));
	expect_why(&city, DEADLINE_ACCEPT, "plan", KIND_APPEAL, COLOUR_NONE,
	    "2026-11-23 09:00",
	    "item plan: accept 4wh = 4 work hours from 2026-11-23 09:00");
	expect_why(&city, DEADLINE_RESOLVE, "plan", KIND_APPEAL, COLOUR_NONE,
	    "2026-11-21 09:00",
	    "item plan: resolve 1wd = 1 work day from 2026-11-21 09:00, "
	    "counted from 2026-11-23 08:30");
	expect_why(&city, DEADLINE_ACCEPT, "lamp", KIND_APPEAL, COLOUR_NONE,
	    "2026-11-21 09:00",
	    "item lamp: accept 2h = 2 hours from 2026-11-21 09:00");
	city_remove(&city);
}

static void says_when_it_was_a_colours_rule(void **state)
{
	struct city city;

	(void)state;
	city_open(&city, ITEM("accept: 1wd, resolve: 5d"));
	expect_why(&city, DEADLINE_ACCEPT, "plan", KIND_APPEAL, COLOUR_RED,
	    "2026-11-23 09:00",
	    "colour red: check_in 30m = 30 minutes from 2026-11-23 09:00");
	expect_why(&city, DEADLINE_CHECK_IN, "lamp", KIND_CALLOUT,
	    COLOUR_YELLOW, "2026-11-23 09:00",
	    "colour yellow: check_in 4h = 4 hours from 2026-11-23 09:00");
	expect_why(&city, DEADLINE_RESOLVE, "lamp", KIND_CALLOUT, COLOUR_YELLOW,
	    "2026-11-23 09:00",
	    "item lamp: resolve 2d = 2 days from 2026-11-23 09:00");
	/* A holiday puts the work day after the five plain days. */
	expect_why(&city, DEADLINE_ACCEPT, "plan", KIND_APPEAL, COLOUR_NONE,
	    "2026-02-14 17:00",
	    "item plan: resolve 5d = 5 days from 2026-02-14 17:00");
	city_remove(&city);
}

static void says_when_the_calendar_lacks_a_year(void **state)
{
	struct city city;

	(void)state;
	city_open(&city, ITEM("accept: 1wd, resolve: 15d"));
	expect_why(&city, DEADLINE_ACCEPT, "plan", KIND_APPEAL, COLOUR_NONE,
	    "2028-12-29 17:00",
	    "item plan: accept 1wd = 1 work day from 2028-12-29 17:00; the "
	    "calendar lacks the holidays of 2029");
	expect_why(&city, DEADLINE_ACCEPT, "plan", KIND_APPEAL, COLOUR_NONE,
	    "2031-12-28 09:00",
	    "item plan: accept 1wd = 1 work day from 2031-12-28 09:00, "
	    "counted from 2031-12-29 08:30; the calendar lacks the holidays "
	    "of 2031");
	expect_why(&city, DEADLINE_RESOLVE, "plan", KIND_APPEAL, COLOUR_NONE,
	    "2028-12-29 17:00",
	    "item plan: resolve 15d = 15 days from 2028-12-29 17:00");
	city_remove(&city);
}

static void limits_of_work_days_are_counted_and_said(void **state)
{
	char text[DEADLINE_RULE_TEXT];
	struct city city;

	(void)state;
	city_make(&city);
	folder_write_line(&city.folder, "catalogue.yaml", sound_catalogue, 4,
	    "returns: 2\nextend: 3wd\nreturn_window: 4wh\n");
	folder_write(&city.folder, "calendar.yaml", sound_calendar);
	city_load(&city);
	/* Thursday; three work days on is Tuesday. */
	assert_int_equal(
	    catalogue_after(city.catalogue, catalogue_extend(city.catalogue),
		moment("2026-11-26 17:30")),
	    moment("2026-12-01 17:30"));
	/* Friday afternoon and Monday morning. */
	assert_int_equal(catalogue_after(city.catalogue,
			     catalogue_return_window(city.catalogue),
			     moment("2026-11-27 15:30")),
	    moment("2026-11-30 10:30"));
	assert_string_equal(catalogue_extend_rule(text, city.catalogue, 2,
				moment("2026-11-26 17:30")),
	    "extended 3wd (2 of 3)");
	assert_string_equal(catalogue_extend_rule(text, city.catalogue, 3,
				moment("2028-12-29 17:30")),
	    "extended 3wd (3 of 3); the calendar lacks the holidays of 2029");
	text[0] = '\0';
	catalogue_return_rule(text, city.catalogue, moment("2026-11-27 15:30"));
	assert_string_equal(text, "return 4wh");
	catalogue_deadline_rule(text, city.catalogue,
	    catalogue_item(city.catalogue, "plan"), KIND_APPEAL, COLOUR_NONE,
	    moment("2026-11-27 15:30"), true, true);
	catalogue_return_rule(text, city.catalogue, moment("2026-11-27 15:30"));
	assert_string_equal(
	    text, "item plan: accept 1d, resolve 15d; return 4wh");
	city_remove(&city);
}

static void says_nothing_where_there_is_no_rule(void **state)
{
	char text[DEADLINE_TEXT] = "x";
	char small[8] = "x";
	struct city city;

	(void)state;
	city_open(&city, ITEM("accept: 1wd, resolve: 15d"));
	expect_why(&city, DEADLINE_ACCEPT, "none", KIND_APPEAL, COLOUR_RED,
	    "2026-11-23 09:00", "");
	expect_why(&city, DEADLINE_NONE, "plan", KIND_APPEAL, COLOUR_RED,
	    "2026-11-23 09:00", "");
	assert_string_equal(
	    deadline_explain(text, sizeof(text), city.catalogue,
		DEADLINE_ACCEPT, catalogue_item(city.catalogue, "plan"),
		KIND_APPEAL, COLOUR_NONE, INT64_MAX),
	    "");
	assert_string_equal(
	    deadline_explain(small, sizeof(small), city.catalogue,
		DEADLINE_ACCEPT, catalogue_item(city.catalogue, "plan"),
		KIND_APPEAL, COLOUR_NONE, 0),
	    "item pl");
	small[0] = 'y';
	deadline_explain(small, 0, city.catalogue, DEADLINE_ACCEPT, NULL,
	    KIND_CALLOUT, COLOUR_RED, 0);
	assert_int_equal(small[0], 'y');
	city_remove(&city);
}

static void shows_plain_times_without_a_calendar_in_utc(void **state)
{
	struct city city;

	(void)state;
	city_make(&city);
	city_load(&city);
	assert_null(catalogue_calendar(city.catalogue));
	expect_why(&city, DEADLINE_ACCEPT, "lamp", KIND_APPEAL, COLOUR_NONE,
	    "2026-11-21 09:00",
	    "item lamp: accept 2h = 2 hours from 2026-11-21 01:00Z");
	city_remove(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_which_rule_of_an_item_it_was),
		cmocka_unit_test(says_when_it_was_a_colours_rule),
		cmocka_unit_test(says_when_the_calendar_lacks_a_year),
		cmocka_unit_test(limits_of_work_days_are_counted_and_said),
		cmocka_unit_test(says_nothing_where_there_is_no_rule),
		cmocka_unit_test(shows_plain_times_without_a_calendar_in_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
