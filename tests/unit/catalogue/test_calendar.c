#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "office.h"

static struct calendar *calendar;

static int make(void **state)
{
	(void)state;
	calendar = calendar_of(sound_calendar);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	calendar_close(&calendar);
	calendar_close(&calendar);
	return 0;
}

struct example {
	const char *from, *limit, *due;
};

static void expect_all(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct example *example = &examples[i];
		char text[TIME_TEXT];
		int64_t due;

		assert_int_equal(
		    calendar_add(&due, calendar, moment(example->from),
			limit_of(example->limit)),
		    0);
		if (due == moment(example->due))
			continue;
		fail_msg("%s + %s: expected %s, got %s", example->from,
		    example->limit, example->due,
		    calendar_time(text, calendar, due));
	}
}

#define EXPECT_ALL(examples)                                                   \
	expect_all(examples, sizeof(examples) / sizeof(examples[0]))

static void counts_work_hours_while_the_office_is_open(void **state)
{
	static const struct example examples[] = {
		{ "2026-11-23 09:00", "4wh", "2026-11-23 15:30" },
		{ "2026-11-20 17:00", "1wh", "2026-11-23 09:00" },
		{ "2026-11-21 10:00", "4wh", "2026-11-23 15:00" },
		{ "2026-11-23 08:30", "13wh", "2026-11-24 17:30" },
		{ "2026-11-23 11:00", "1wh", "2026-11-23 12:00" },
		{ "2026-11-23 11:00:00.001", "1wh", "2026-11-23 14:30:00.001" },
		{ "2026-11-23 12:00", "1wh", "2026-11-23 15:30" },
		{ "2026-11-23 13:59:59", "1wh", "2026-11-23 15:30" },
		{ "2026-11-23 16:30", "1wh", "2026-11-23 17:30" },
		{ "2026-11-23 17:30", "1wh", "2026-11-24 09:30" },
		{ "2026-11-23 07:00", "1wh", "2026-11-23 09:30" },
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void gives_work_days_the_same_time_of_day(void **state)
{
	static const struct example examples[] = {
		{ "2026-11-23 09:00", "1wd", "2026-11-24 09:00" },
		{ "2026-11-20 17:00", "1wd", "2026-11-23 17:00" },
		{ "2026-11-23 08:30", "1wd", "2026-11-24 08:30" },
		{ "2026-11-23 09:00:01.234", "5wd", "2026-11-30 09:00:01.234" },
		{ "2026-11-23 13:00", "1wd", "2026-11-24 14:30" },
		{ "2026-11-23 12:00", "1wd", "2026-11-24 14:30" },
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void gives_whole_work_days_to_what_comes_outside_of_them(void **state)
{
	static const struct example examples[] = {
		{ "2026-11-20 20:00", "1wd", "2026-11-23 17:30" },
		{ "2026-11-20 17:30", "1wd", "2026-11-23 17:30" },
		{ "2026-11-21 00:00", "1wd", "2026-11-23 17:30" },
		{ "2026-11-23 07:00", "1wd", "2026-11-23 17:30" },
		{ "2026-11-23 08:29:59.999", "1wd", "2026-11-23 17:30" },
		{ "2026-11-22 12:00", "3wd", "2026-11-25 17:30" },
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void skips_holidays_and_works_on_make_up_days(void **state)
{
	static const struct example examples[] = {
		/* The day before Spring Festival is a Saturday of work. */
		{ "2026-02-13 17:00", "1wh", "2026-02-14 09:00" },
		{ "2026-02-14 17:00", "1wh", "2026-02-24 09:00" },
		{ "2026-02-14 17:00", "1wd", "2026-02-24 17:00" },
		{ "2026-02-14 18:00", "1wd", "2026-02-24 17:30" },
		{ "2026-02-18 10:00", "1wd", "2026-02-24 17:30" },
		{ "2026-02-27 10:00", "1wd", "2026-02-28 10:00" },
		/* A Sunday of work before National Day. */
		{ "2026-09-18 17:00", "1wd", "2026-09-20 17:00" },
		{ "2026-09-19 10:00", "4wh", "2026-09-20 15:00" },
		{ "2026-09-30 17:00", "1wd", "2026-10-08 17:00" },
		{ "2026-10-09 17:00", "1wd", "2026-10-10 17:00" },
		/* A holiday over a weekend and a Monday. */
		{ "2026-04-03 17:00", "1wh", "2026-04-07 09:00" },
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void counts_over_years_and_leap_days(void **state)
{
	static const struct example examples[] = {
		{ "2025-12-31 17:00", "1wd", "2026-01-04 17:00" },
		{ "2026-12-31 17:00", "1wd", "2027-01-04 17:00" },
		{ "2027-12-30 17:00", "1wh", "2028-01-03 09:00" },
		{ "2028-02-25 17:00", "1wd", "2028-03-02 17:00" },
		{ "2028-02-29 10:00", "1wd", "2028-03-02 17:30" },
		{ "2028-03-03 17:00", "1wd", "2028-03-05 17:00" },
		/* 2024 is not known: a leap day is a Thursday as any. */
		{ "2024-02-28 09:00", "1wd", "2024-02-29 09:00" },
		{ "2024-02-29 09:00", "2wd", "2024-03-04 09:00" },
		/* 2036-02-29 is a Friday; 1960's was a Monday. */
		{ "2036-02-29 17:00", "1wd", "2036-03-03 17:00" },
		{ "1960-02-29 17:00", "1wh", "1960-03-01 09:00" },
		{ "1969-12-31 17:00", "1wh", "1970-01-01 09:00" },
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void adds_plain_limits_without_a_calendar(void **state)
{
	int64_t from = moment("2026-11-21 09:00");
	int64_t due;

	(void)state;
	assert_int_equal(calendar_add(&due, NULL, from, limit_of("30m")), 0);
	assert_int_equal(due, from + INT64_C(1800000));
	assert_int_equal(calendar_add(&due, calendar, from, limit_of("7d")), 0);
	assert_int_equal(due, from + INT64_C(604800000));
	assert_int_equal(
	    calendar_add(&due, NULL, from, limit_of("4wh")), ERR_INVALID);
	assert_int_equal(
	    calendar_add(&due, NULL, from, limit_of("1wd")), ERR_INVALID);
	assert_int_equal(calendar_opening(&due, NULL, from), ERR_INVALID);
}

static void refuses_limits_and_moments_out_of_reckoning(void **state)
{
	static const struct time_limit bad[] = { { 0, TIME_LIMIT_WORK_DAY },
		{ -1, TIME_LIMIT_WORK_HOUR },
		{ TIME_LIMIT_WORK_DAYS_MAX + 1, TIME_LIMIT_WORK_DAY },
		{ TIME_LIMIT_WORK_HOURS_MAX + 1, TIME_LIMIT_WORK_HOUR },
		{ 3651, TIME_LIMIT_DAY }, { INT64_MAX, TIME_LIMIT_SECOND },
		{ 1, TIME_LIMIT_UNIT_COUNT }, { 1, (enum time_limit_unit)99 } };
	static const int64_t moments[] = { INT64_MIN, INT64_MAX,
		INT64_C(253402300800000), INT64_C(-62167219200001) };
	int64_t due = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    calendar_add(&due, calendar, 0, bad[i]), ERR_INVALID);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(
		    calendar_add(&due, calendar, moments[i], limit_of("1wd")),
		    ERR_INVALID);
		assert_int_equal(
		    calendar_add(&due, calendar, moments[i], limit_of("1d")),
		    ERR_INVALID);
		assert_int_equal(
		    calendar_opening(&due, calendar, moments[i]), ERR_INVALID);
	}
	assert_int_equal(due, 7);
	assert_int_equal(
	    calendar_add(&due, calendar, moments[2] - 1, limit_of("2500wd")),
	    0);
	assert_true(due > moments[2]);
	assert_int_equal(
	    calendar_add(&due, calendar, moments[3] + 1, limit_of("10000wh")),
	    0);
	assert_true(due > moments[3]);
}

static void says_where_counting_starts(void **state)
{
	static const struct {
		const char *from, *opening;
	} cases[] = {
		{ "2026-11-23 09:00:00.5", "2026-11-23 09:00:00.5" },
		{ "2026-11-23 12:00", "2026-11-23 14:30" },
		{ "2026-11-23 17:30", "2026-11-24 08:30" },
		{ "2026-11-21 09:00", "2026-11-23 08:30" },
		{ "2026-02-15 09:00", "2026-02-24 08:30" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t opening;

		assert_int_equal(
		    calendar_opening(&opening, calendar, moment(cases[i].from)),
		    0);
		assert_int_equal(opening, moment(cases[i].opening));
	}
}

static void knows_only_the_years_that_it_names(void **state)
{
	int year;

	(void)state;
	assert_int_equal(calendar_year_count(calendar), 3);
	assert_int_equal(calendar_year_at(calendar, 2), 2028);
	assert_true(calendar_knows(&year, calendar, moment("2026-01-01 00:00"),
	    moment("2028-12-31 23:59")));
	assert_false(calendar_knows(&year, calendar, moment("2028-12-31 23:59"),
	    moment("2029-01-01 00:00")));
	assert_int_equal(year, 2029);
	assert_false(calendar_knows(&year, calendar, moment("2025-12-31 23:59"),
	    moment("2026-01-01 00:00")));
	assert_int_equal(year, 2025);
	assert_false(calendar_knows(&year, calendar, 0, INT64_MAX));
}

static void reads_and_writes_spans(void **state)
{
	static const struct {
		const char *text, *words;
		int64_t ms;
	} cases[] = { { "5s", "5 seconds", 5000 },
		{ "30m", "30 minutes", 1800000 }, { "1h", "1 hour", 3600000 },
		{ "7d", "7 days", 604800000 }, { "4wh", "4 work hours", 0 },
		{ "1wd", "1 work day", 0 },
		{ "87600h", "87600 hours", INT64_C(315360000000) } };
	static const char *const bad[] = { "", "0", "4", "m", "wh", "0m",
		"000d", "0wh", "-1h", "+1h", "1.5h", " 1h", "1h ", "1h30m",
		"1H", "1ms", "1w", "-1wh", "4 wh", "4wH", "4whd", "4wh ",
		"1.5wd", "0x4h", "3651d", "87601h", "10001wh", "2501wd",
		"99999999999999999999d", "9223372036854775807m",
		"1\xe5\xa4\xa9" };
	char text[TIME_LIMIT_TEXT];
	struct time_limit limit;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		limit = limit_of(cases[i].text);
		assert_string_equal(
		    time_limit_format(text, limit), cases[i].text);
		assert_string_equal(
		    time_limit_words(text, limit), cases[i].words);
		assert_int_equal(time_limit_ms(limit), cases[i].ms);
		assert_int_equal(
		    time_limit_is_working(limit), cases[i].ms == 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(time_limit_parse(&limit, bad[i]), ERR_INVALID);
	assert_string_equal(
	    time_limit_format(text, (struct time_limit){ 0 }), "");
	assert_string_equal(
	    time_limit_words(text, (struct time_limit){ 0 }), "");
}

static void shows_times_by_its_own_clock(void **state)
{
	int64_t time_ms = moment("2026-11-20 17:30");
	char text[TIME_TEXT];

	(void)state;
	assert_string_equal(
	    calendar_time(text, calendar, time_ms), "2026-11-20 17:30");
	assert_string_equal(
	    calendar_time(text, NULL, time_ms), "2026-11-20 09:30Z");
	assert_string_equal(
	    calendar_weekday(text, calendar, time_ms), "Friday 17:30");
	assert_string_equal(calendar_time(text, calendar, INT64_MAX), "");
	assert_string_equal(
	    calendar_time(text, calendar, -1), "1970-01-01 07:59");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_work_hours_while_the_office_is_open),
		cmocka_unit_test(gives_work_days_the_same_time_of_day),
		cmocka_unit_test(
		    gives_whole_work_days_to_what_comes_outside_of_them),
		cmocka_unit_test(skips_holidays_and_works_on_make_up_days),
		cmocka_unit_test(counts_over_years_and_leap_days),
		cmocka_unit_test(adds_plain_limits_without_a_calendar),
		cmocka_unit_test(refuses_limits_and_moments_out_of_reckoning),
		cmocka_unit_test(says_where_counting_starts),
		cmocka_unit_test(knows_only_the_years_that_it_names),
		cmocka_unit_test(reads_and_writes_spans),
		cmocka_unit_test(shows_times_by_its_own_clock),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
