#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "office.h"

static void expect_wrongs(const struct wrong *wrongs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct wrong *wrong = &wrongs[i];
		struct calendar *calendar = NULL;
		struct folder folder;
		int err;

		folder_make(&folder);
		folder_write_line(&folder, "calendar.yaml", sound_calendar,
		    wrong->line, wrong->by);
		err = calendar_load(&calendar, &folder.report, folder.dir);
		if (err != ERR_INVALID ||
		    !has_problem(&folder.report, "calendar.yaml",
			wrong->reported, wrong->part)) {
			print_error("expected %ld: %s\nfor %sbut got %d\n",
			    wrong->reported, wrong->part, wrong->by, err);
			report_print(&folder.report, stderr);
			fail();
		}
		assert_null(calendar);
		folder_remove(&folder);
	}
}

#define EXPECT_WRONGS(wrongs)                                                  \
	expect_wrongs(wrongs, sizeof(wrongs) / sizeof(wrongs[0]))

static void finds_no_calendar_where_there_is_none(void **state)
{
	struct calendar *calendar = NULL;
	struct folder folder;
	char path[128];

	(void)state;
	folder_make(&folder);
	assert_int_equal(calendar_load(&calendar, &folder.report, folder.dir),
	    ERR_NOT_FOUND);
	assert_int_equal(folder.report.count, 0);
	/* A link that leads nowhere is no calendar, and a mistake. */
	snprintf(path, sizeof(path), "%s/calendar.yaml", folder.dir);
	assert_int_equal(symlink("nowhere", path), 0);
	assert_int_equal(
	    calendar_load(&calendar, &folder.report, folder.dir), ERR_INVALID);
	assert_true(has_problem(
	    &folder.report, "calendar.yaml", 0, "there is no such file"));
	assert_null(calendar);
	folder_remove(&folder);
}

static void refuses_another_shape(void **state)
{
	static const struct wrong wrongs[] = {
		{ 1, "version: 2\n", 1, "version 2 of the format" },
		{ 3, "zone_minutes: 841\n", 3, "841 minutes is no time zone" },
		{ 3, "zone_minutes: +8h\n", 3, "zone_minutes" },
		{ 3, "", 1, "zone_minutes" },
		{ 4, "years: []\n", 4, "0 years; name 1 to 100" },
		{ 4, "years: [2026, 1969]\n", 4, "year 1969 is outside" },
		{ 4, "years: [2200]\n", 4, "year 2200 is outside" },
		{ 4, "years: [2027, 2026]\n", 4,
		    "year 2026 does not come after 2027" },
		{ 4, "years: [2026, 2026]\n", 4, "put each once" },
		{ 4, "years: [x]\n", 4, "years" },
		{ 2, "nota: x\n", 2, "nota" },
		{ 8, "  - {from: 2026-01-01, zh: 元旦}\n", 8, "en" },
	};

	(void)state;
	EXPECT_WRONGS(wrongs);
}

static void refuses_weeks_and_hours_without_work(void **state)
{
	static const struct wrong wrongs[] = {
		{ 5, "week: []\n", 5, "no day of the week is a work day" },
		{ 5, "week: [mon, Tue]\n", 5, "\"Tue\" is none of mon, tue" },
		{ 5, "week: [mon, mon]\n", 5, "mon stands twice" },
		{ 6, "hours: []\n", 6, "0 times of work; a day has 1 to 8" },
		{ 6, "hours: [\"8:30-12:00\"]\n", 6,
		    "\"8:30-12:00\" is no time of work; write 08:30-12:00" },
		{ 6, "hours: [\"08:30-12:60\"]\n", 6, "is no time of work" },
		{ 6, "hours: [\"08:30-24:01\"]\n", 6, "is no time of work" },
		{ 6, "hours: [\"08:30-08:30\"]\n", 6, "is no time of work" },
		{ 6, "hours: [\"22:00-06:00\"]\n", 6, "within one day" },
		{ 6, "hours: [\"08:30-12:00x\"]\n", 6, "is no time of work" },
		{ 6, "hours: [\"08:30\"]\n", 6, "is no time of work" },
		{ 6, "hours: [\"\"]\n", 6, "is no time of work" },
		{ 6, "hours: [\"14:30-17:30\", \"08:30-12:00\"]\n", 6,
		    "08:30-12:00 begins before the one above it" },
		{ 6, "hours: [\"08:30-12:00\", \"12:00-17:30\"]\n", 6,
		    "join those that touch" },
		{ 6, "hours: [\"08:30-09:29\"]\n", 6,
		    "less than an hour of work a day" },
	};

	(void)state;
	EXPECT_WRONGS(wrongs);
}

#define HOLIDAY(dates) "  - {" dates ", zh: a, en: a}\n"

static void refuses_days_that_contradict(void **state)
{
	static const struct wrong wrongs[] = {
		{ 8, HOLIDAY("from: 2026-02-29"), 8,
		    "\"2026-02-29\" is no date from 1970 to 2199" },
		{ 8, HOLIDAY("from: 2026-1-1"), 8, "is no date" },
		{ 8, HOLIDAY("from: 20260101"), 8, "is no date" },
		{ 8, HOLIDAY("from: 1969-12-31"), 8, "is no date" },
		{ 8, HOLIDAY("from: 2200-01-01"), 8, "is no date" },
		{ 8, HOLIDAY("from: 9999-01-01"), 8, "is no date" },
		{ 8, HOLIDAY("from: 2026-01-03, to: 2026-01-01"), 8,
		    "2026-01-01 is before 2026-01-03" },
		{ 8, HOLIDAY("from: 2026-01-01, to: 2027-01-01"), 8,
		    "is longer than 100 days" },
		{ 8, HOLIDAY("from: 2026-10-07, to: 2026-10-09"), 14,
		    "the holiday from 2026-10-01 overlaps another" },
		{ 19, HOLIDAY("date: 2026-01-02"), 19,
		    "2026-01-02 is a holiday too" },
		{ 19, HOLIDAY("date: 2026-02-14"), 20,
		    "2026-02-14 stands twice" },
		{ 19, HOLIDAY("date: 2026-01-05"), 19,
		    "2026-01-05 is a work day of the week already" },
		{ 19, HOLIDAY("date: soon"), 19, "\"soon\" is no date" },
		{ 4, "years: [2026, 2027, 2028, 2029]\n", 4,
		    "year 2029 has no holiday; add its holidays" },
	};

	(void)state;
	EXPECT_WRONGS(wrongs);
}

static void refuses_a_year_without_a_work_day(void **state)
{
	static const struct wrong wrongs[] = {
		{ 17,
		    HOLIDAY("from: 2027-01-02, to: 2027-04-10")
			HOLIDAY("from: 2027-04-11, to: 2027-07-15")
			    HOLIDAY("from: 2027-07-16, to: 2027-10-15")
				HOLIDAY("from: 2027-10-16, to: 2027-12-30"),
		    4, "year 2027 has no work day" },
	};

	(void)state;
	EXPECT_WRONGS(wrongs);
}

static void names_all_that_is_wrong(void **state)
{
	struct calendar *calendar = NULL;
	struct folder folder;

	(void)state;
	folder_make(&folder);
	folder_write(&folder, "calendar.yaml",
	    "version: 3\nzone_minutes: 9999\nyears: [1]\nweek: [x]\n"
	    "hours: [y]\nholidays: []\n");
	assert_int_equal(
	    calendar_load(&calendar, &folder.report, folder.dir), ERR_INVALID);
	assert_int_equal(folder.report.count, 5);
	folder_remove(&folder);
}

static void reaches_no_further_than_it_may(void **state)
{
	static const char file[] =
	    "version: 1\nzone_minutes: -840\nyears: [1970, 2199]\n"
	    "week: [mon]\nhours: [\"00:00-24:00\"]\nholidays:\n"
	    "  - {from: 1970-01-01, zh: a, en: a}\n"
	    "  - {from: 2199-12-31, zh: a, en: a}\n";
	struct calendar *calendar = calendar_of(file);
	int64_t due;

	(void)state;
	assert_int_equal(calendar_add(&due, calendar,
			     moment("1969-12-28 00:00"), limit_of("2500wd")),
	    0);
	assert_true(due > moment("2017-11-01 00:00"));
	assert_int_equal(calendar_add(&due, calendar,
			     moment("2199-12-31 00:00"), limit_of("2500wd")),
	    0);
	calendar_close(&calendar);
}

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

static void never_crashes_on_broken_files(void **state)
{
	static const char bytes[] = "\n,,\"'-:[]{}#0123456789 \t\xe5\xff"
				    "adhm";
	unsigned seed = 12;
	unsigned refused = 0;
	struct folder folder;

	(void)state;
	folder_make(&folder);
	for (int round = 0; round < 2000; round++) {
		struct calendar *calendar = NULL;
		char *text = strdup(sound_calendar);
		int64_t due;
		int err;

		assert_non_null(text);
		for (unsigned i = 0; i < 1 + (unsigned)round % 4; i++)
			text[next(&seed) % strlen(text)] =
			    bytes[next(&seed) % (sizeof(bytes) - 1)];
		folder_write(&folder, "calendar.yaml", text);
		report_free(&folder.report);
		err = calendar_load(&calendar, &folder.report, folder.dir);
		assert_true(err == 0 || err == ERR_INVALID);
		assert_int_equal(err == 0, folder.report.count == 0);
		if (err == 0)
			assert_int_equal(calendar_add(&due, calendar, round,
					     limit_of("5wd")),
			    0);
		refused += err != 0;
		calendar_close(&calendar);
		free(text);
	}
	assert_true(refused > 800 && refused < 2000);
	folder_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_no_calendar_where_there_is_none),
		cmocka_unit_test(refuses_another_shape),
		cmocka_unit_test(refuses_weeks_and_hours_without_work),
		cmocka_unit_test(refuses_days_that_contradict),
		cmocka_unit_test(refuses_a_year_without_a_work_day),
		cmocka_unit_test(names_all_that_is_wrong),
		cmocka_unit_test(reaches_no_further_than_it_may),
		cmocka_unit_test(never_crashes_on_broken_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
