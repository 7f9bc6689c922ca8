/* A catalogue that counts in work hours and work days. */
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
#define BLUE(times)   "  - {code: blue, zh: 蓝, en: blue, " times "}\n"
#define YELLOW(times) "  - {code: yellow, zh: 黄, en: yellow, " times "}\n"

enum { BLUE_LINE = 8, YELLOW_LINE = 7, PLAN_LINE = 22 };

static void city_with(struct city *city, long line, const char *by)
{
	city_make(city);
	folder_write_line(
	    &city->folder, "catalogue.yaml", sound_catalogue, line, by);
	folder_write(&city->folder, "calendar.yaml", sound_calendar);
}

static void city_open(struct city *city, long line, const char *by)
{
	city_with(city, line, by);
	city_load(city);
}

static struct deadlines deadlines_of(const struct city *city, const char *code,
    enum kind kind, enum colour colour, const char *from)
{
	return catalogue_deadlines(city->catalogue,
	    catalogue_item(city->catalogue, code), kind, colour, moment(from));
}

static void expect_wrong_line(long line, const char *by, const char *file,
    long reported, const char *part)
{
	struct city city;

	city_with(&city, line, by);
	if (strcmp(file, "calendar.yaml") == 0)
		folder_write(&city.folder, file, "version: 1\n");
	assert_int_equal(catalogue_load(&city.catalogue, &city.folder.report,
			     city.folder.dir, city.folder.org),
	    ERR_INVALID);
	if (!has_problem(&city.folder.report, file, reported, part)) {
		report_print(&city.folder.report, stderr);
		fail_msg("expected %s:%ld: %s", file, reported, part);
	}
	assert_null(city.catalogue);
	city_remove(&city);
}

static void counts_an_items_times_by_the_calendar(void **state)
{
	struct city city;
	struct deadlines by;

	(void)state;
	city_open(&city, PLAN_LINE, ITEM("accept: 4wh, resolve: 1wd"));
	by = deadlines_of(
	    &city, "plan", KIND_APPEAL, COLOUR_NONE, "2026-02-14 17:00");
	assert_int_equal(by.accept_by_ms, moment("2026-02-24 12:00"));
	assert_int_equal(by.resolve_by_ms, moment("2026-02-24 17:00"));
	by = deadlines_of(
	    &city, "lamp", KIND_APPEAL, COLOUR_NONE, "2026-02-14 17:00");
	assert_int_equal(by.accept_by_ms, moment("2026-02-14 19:00"));
	city_remove(&city);
}

static void shortens_working_times_by_a_graver_colour(void **state)
{
	struct city city;
	struct deadlines by;

	(void)state;
	city_open(&city, PLAN_LINE, ITEM("accept: 4wh, resolve: 15wd"));
	by = deadlines_of(
	    &city, "plan", KIND_APPEAL, COLOUR_YELLOW, "2026-11-20 17:00");
	assert_int_equal(by.accept_by_ms, moment("2026-11-20 21:00"));
	assert_int_equal(by.resolve_by_ms, moment("2026-11-23 17:00"));
	by = deadlines_of(
	    &city, "plan", KIND_CALLOUT, COLOUR_BLUE, "2026-11-20 17:00");
	assert_int_equal(by.accept_by_ms, moment("2026-11-21 17:00"));
	assert_int_equal(by.resolve_by_ms, moment("2026-11-27 17:00"));
	city_remove(&city);
}

/* Over Spring Festival three days of work end after seven plain days. */
static void keeps_the_order_over_long_holidays(void **state)
{
	struct city city;
	struct deadlines by;

	(void)state;
	city_open(&city, PLAN_LINE, ITEM("accept: 1wd, resolve: 5d"));
	by = deadlines_of(
	    &city, "plan", KIND_APPEAL, COLOUR_NONE, "2026-02-14 17:00");
	assert_int_equal(by.accept_by_ms, moment("2026-02-19 17:00"));
	assert_int_equal(by.resolve_by_ms, moment("2026-02-19 17:00"));
	city_remove(&city);
	city_open(&city, YELLOW_LINE, YELLOW("check_in: 4h, resolve: 2wd"));
	by = deadlines_of(
	    &city, "none", KIND_CALLOUT, COLOUR_YELLOW, "2026-02-14 17:00");
	assert_int_equal(by.resolve_by_ms, moment("2026-02-21 17:00"));
	by = deadlines_of(
	    &city, "none", KIND_CALLOUT, COLOUR_YELLOW, "2026-11-23 09:00");
	assert_int_equal(by.resolve_by_ms, moment("2026-11-25 09:00"));
	city_remove(&city);
}

static void gives_no_times_out_of_reckoning(void **state)
{
	struct city city;
	const int64_t moments[] = { INT64_MAX, INT64_MIN };

	(void)state;
	city_open(&city, PLAN_LINE, ITEM("accept: 4wh, resolve: 1wd"));
	for (size_t i = 0; i < 4; i++) {
		const char *code = i < 2 ? "plan" : "lamp";
		struct deadlines by = catalogue_deadlines(city.catalogue,
		    catalogue_item(city.catalogue, code), KIND_APPEAL,
		    COLOUR_RED, moments[i % 2]);

		assert_int_equal(by.accept_by_ms, 0);
		assert_int_equal(by.resolve_by_ms, 0);
	}
	city_remove(&city);
}

static void refuses_working_times_without_a_calendar(void **state)
{
	static const char by[] = ITEM("accept: 4wh, resolve: 1wd");
	struct city city;

	(void)state;
	city_make(&city);
	folder_write_line(
	    &city.folder, "catalogue.yaml", sound_catalogue, PLAN_LINE, by);
	assert_int_equal(catalogue_load(&city.catalogue, &city.folder.report,
			     city.folder.dir, city.folder.org),
	    ERR_INVALID);
	assert_int_equal(city.folder.report.count, 2);
	assert_true(
	    has_problem(&city.folder.report, "catalogue.yaml", PLAN_LINE,
		"plan: accept 4wh needs a calendar; put calendar.yaml beside "
		"this file, or write plain hours (24h) or days (7d)"));
	assert_true(has_problem(&city.folder.report, "catalogue.yaml",
	    PLAN_LINE, "plan: resolve 1wd needs a calendar"));
	city_remove(&city);
}

static void names_only_the_calendar_when_that_is_wrong(void **state)
{
	(void)state;
	expect_wrong_line(PLAN_LINE, ITEM("accept: 4wh, resolve: 1wd"),
	    "calendar.yaml", 1, "zone_minutes");
}

static void refuses_a_wrong_calendar_that_nothing_needs(void **state)
{
	(void)state;
	expect_wrong_line(PLAN_LINE, ITEM("accept: 4h, resolve: 1d"),
	    "calendar.yaml", 1, "zone_minutes");
}

static void refuses_mixed_times_that_contradict(void **state)
{
	static const struct wrong wrongs[] = {
		{ PLAN_LINE, ITEM("accept: 4wh, resolve: 24h"), PLAN_LINE,
		    "plan: accept 4wh is after resolve 24h from Friday" },
		{ PLAN_LINE, ITEM("accept: 10h, resolve: 1wd"), PLAN_LINE,
		    "plan: accept 10h is after resolve 1wd from Monday 08:29" },
		{ PLAN_LINE, ITEM("accept: 1wd, resolve: 3d"), PLAN_LINE,
		    "plan: accept 1wd is after resolve 3d from Friday 12:00" },
		{ PLAN_LINE, ITEM("accept: 2wd, resolve: 4wh"), PLAN_LINE,
		    "plan: accept 2wd is after resolve 4wh" },
		{ PLAN_LINE, ITEM("accept: 1d, resolve: 4wx"), PLAN_LINE,
		    "plan: resolve \"4wx\" is not a time; write 30m, 24h, 7d, "
		    "4wh (work hours) or 3wd (work days)" },
		{ BLUE_LINE, BLUE("check_in: 2wd, resolve: 3d"), BLUE_LINE,
		    "colour blue: check_in 2wd is after resolve 3d from" },
		{ BLUE_LINE, BLUE("check_in: 1wh, resolve: 7d"), 5,
		    "colour yellow is graver than blue but slower from" },
		{ YELLOW_LINE, YELLOW("check_in: 4wh, resolve: 5d"), 5,
		    "colour yellow is graver than blue but slower from" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++)
		expect_wrong_line(wrongs[i].line, wrongs[i].by,
		    "catalogue.yaml", wrongs[i].reported, wrongs[i].part);
}

static void takes_mixed_times_that_fit(void **state)
{
	static const struct {
		long line;
		const char *by;
	} cases[] = {
		{ PLAN_LINE, ITEM("accept: 1wd, resolve: 4d") },
		{ PLAN_LINE, ITEM("accept: 9h, resolve: 1wd") },
		{ PLAN_LINE, ITEM("accept: 4wh, resolve: 1wd") },
		{ PLAN_LINE, ITEM("accept: 13wh, resolve: 2wd") },
		{ BLUE_LINE, BLUE("check_in: 1wd, resolve: 5wd") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct city city;

		city_open(&city, cases[i].line, cases[i].by);
		city_remove(&city);
	}
}

/* What a reload does: another calendar beside the same catalogue. */
static void goes_by_the_calendar_of_its_own_loading(void **state)
{
	struct catalogue *fresh = NULL;
	struct city city;
	struct deadlines by;

	(void)state;
	city_open(&city, PLAN_LINE, ITEM("accept: 4wh, resolve: 1wd"));
	folder_write_line(&city.folder, "calendar.yaml", sound_calendar, 5,
	    "week: [mon, tue, wed, thu, fri, sat]\n");
	assert_int_equal(catalogue_load(&fresh, &city.folder.report,
			     city.folder.dir, city.folder.org),
	    ERR_INVALID); /* make-up Saturdays are work days already */
	assert_null(fresh);
	folder_write_line(&city.folder, "calendar.yaml", sound_calendar, 6,
	    "hours: [\"09:00-17:00\"]\n");
	report_free(&city.folder.report);
	assert_int_equal(catalogue_load(&fresh, &city.folder.report,
			     city.folder.dir, city.folder.org),
	    0);
	by = deadlines_of(
	    &city, "plan", KIND_APPEAL, COLOUR_NONE, "2026-11-23 09:00");
	assert_int_equal(by.accept_by_ms, moment("2026-11-23 15:30"));
	by = catalogue_deadlines(fresh, catalogue_item(fresh, "plan"),
	    KIND_APPEAL, COLOUR_NONE, moment("2026-11-23 09:00"));
	assert_int_equal(by.accept_by_ms, moment("2026-11-23 13:00"));
	catalogue_close(&fresh);
	city_remove(&city);
}

static void warns_of_items_that_run_past_the_calendar(void **state)
{
	const struct item *first;
	struct city city;

	(void)state;
	city_open(&city, PLAN_LINE, ITEM("accept: 1wd, resolve: 15wd"));
	assert_int_equal(catalogue_past_calendar(&first, city.catalogue,
			     moment("2028-12-01 09:00")),
	    0);
	assert_null(first);
	assert_int_equal(catalogue_past_calendar(&first, city.catalogue,
			     moment("2028-12-15 09:00")),
	    1);
	assert_string_equal(first->code, "plan");
	city_remove(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_an_items_times_by_the_calendar),
		cmocka_unit_test(shortens_working_times_by_a_graver_colour),
		cmocka_unit_test(keeps_the_order_over_long_holidays),
		cmocka_unit_test(gives_no_times_out_of_reckoning),
		cmocka_unit_test(refuses_working_times_without_a_calendar),
		cmocka_unit_test(names_only_the_calendar_when_that_is_wrong),
		cmocka_unit_test(refuses_a_wrong_calendar_that_nothing_needs),
		cmocka_unit_test(refuses_mixed_times_that_contradict),
		cmocka_unit_test(takes_mixed_times_that_fit),
		cmocka_unit_test(goes_by_the_calendar_of_its_own_loading),
		cmocka_unit_test(warns_of_items_that_run_past_the_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
