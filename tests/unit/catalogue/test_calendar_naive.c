/*
 * The calendar against someone who marks every minute of four years on
 * paper and counts them one by one, and against what must hold for any
 * moment.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <time.h>
#include "office.h"

#define MINUTE INT64_C(60000)

enum { DAY_MINUTES = 24 * 60, DAYS_MAX = 1300 };

/* One paper: minutes from `begin`, by the office's own clock. */
struct paper {
	int64_t begin_ms;
	size_t days, minutes;
	uint8_t is_work[DAYS_MAX * DAY_MINUTES + 1];
	uint32_t worked[DAYS_MAX * DAY_MINUTES + 1]; /* minutes before */
	uint32_t next[DAYS_MAX * DAY_MINUTES + 1];   /* minute of work */
	bool is_work_day[DAYS_MAX];
};

struct office {
	const char *file; /* calendar.yaml */
	int zone_minutes;
	const char *week; /* from Sunday, 'x' for work */
	const int (*hours)[2];
	size_t hour_count;
	const char *const (*holidays)[2];
	size_t holiday_count;
	const char *const *work_days;
	size_t work_day_count;
};

static struct paper paper;

static bool works_on(const struct office *office, const struct tm *date)
{
	bool is_work = office->week[date->tm_wday] == 'x';
	char text[TIME_TEXT];

	strftime(text, sizeof(text), "%Y-%m-%d", date);
	for (size_t i = 0; i < office->holiday_count; i++) {
		if (strcmp(text, office->holidays[i][0]) >= 0 &&
		    strcmp(text, office->holidays[i][1]) <= 0)
			is_work = false;
	}
	for (size_t i = 0; i < office->work_day_count; i++) {
		if (strcmp(text, office->work_days[i]) == 0)
			is_work = true;
	}
	return is_work;
}

static void mark(const struct office *office)
{
	struct tm date = { .tm_year = 125, .tm_mon = 10, .tm_mday = 20 };

	paper.begin_ms =
	    (int64_t)timegm(&date) * 1000 - office->zone_minutes * MINUTE;
	paper.days = DAYS_MAX;
	paper.minutes = paper.days * DAY_MINUTES;
	memset(paper.is_work, 0, sizeof(paper.is_work));
	for (size_t day = 0; day < paper.days; day++) {
		paper.is_work_day[day] = works_on(office, &date);
		for (size_t i = 0; i < office->hour_count; i++) {
			for (int at = office->hours[i][0];
			     at < office->hours[i][1]; at++)
				paper.is_work[day * DAY_MINUTES + (size_t)at] =
				    paper.is_work_day[day];
		}
		date.tm_mday++;
		timegm(&date);
	}
	for (size_t i = 0; i < paper.minutes; i++)
		paper.worked[i + 1] = paper.worked[i] + paper.is_work[i];
	paper.next[paper.minutes] = (uint32_t)paper.minutes;
	for (size_t i = paper.minutes; i-- > 0;)
		paper.next[i] =
		    paper.is_work[i] ? (uint32_t)i : paper.next[i + 1];
}

/* The first minute before which so many more were worked. */
static size_t count_hours(size_t *hand, size_t from, unsigned hours)
{
	uint32_t target = paper.worked[from] + hours * 60;

	while (*hand < paper.minutes && paper.worked[*hand] < target)
		(*hand)++;
	return *hand;
}

static size_t later_work_day(size_t day, unsigned days)
{
	while (days > 0) {
		day++;
		if (day >= paper.days)
			return paper.days;
		days -= paper.is_work_day[day];
	}
	return day;
}

static size_t count_days(size_t from, unsigned days)
{
	size_t start = paper.next[from];
	size_t day = start / DAY_MINUTES;
	size_t end;

	if (start == paper.minutes)
		return paper.minutes;
	if (from == start ||
	    paper.worked[start] > paper.worked[day * DAY_MINUTES]) {
		end = later_work_day(day, days);
		return end * DAY_MINUTES + start % DAY_MINUTES;
	}
	end = (later_work_day(day, days - 1) + 1) * DAY_MINUTES;
	if (end > paper.minutes)
		return paper.minutes;
	while (!paper.is_work[end - 1])
		end--;
	return end;
}

static void compare(
    const struct calendar *calendar, struct time_limit limit, size_t step)
{
	unsigned amount = (unsigned)limit.amount;
	size_t hand = 0, compared = 0;

	for (size_t from = 0; from < paper.minutes; from += step) {
		int64_t from_ms = paper.begin_ms + (int64_t)from * MINUTE;
		size_t end = limit.unit == TIME_LIMIT_WORK_HOUR
				 ? count_hours(&hand, from, amount)
				 : count_days(from, amount);
		int64_t due;

		if (end >= paper.minutes)
			break;
		if (calendar_add(&due, calendar, from_ms, limit) != 0 ||
		    due != paper.begin_ms + (int64_t)end * MINUTE) {
			char one[TIME_TEXT], other[TIME_TEXT], third[TIME_TEXT];

			fail_msg("%s + %d: expected %s, got %s",
			    calendar_time(one, calendar, from_ms), (int)amount,
			    calendar_time(other, calendar,
				paper.begin_ms + (int64_t)end * MINUTE),
			    calendar_time(third, calendar, due));
		}
		compared++;
	}
	assert_true(compared > paper.minutes / step * 8 / 10);
}

static void compare_all(const struct office *office, size_t step)
{
	static const char *const limits[] = { "1wh", "4wh", "13wh", "80wh",
		"1wd", "2wd", "5wd", "15wd" };
	struct calendar *calendar = calendar_of(office->file);

	mark(office);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		compare(calendar, limit_of(limits[i]), step);
	calendar_close(&calendar);
}

static void agrees_with_paper_on_every_minute(void **state)
{
	static const int hours[][2] = { { 510, 720 }, { 870, 1050 } };
	static const char *const holidays[][2] = {
		{ "2026-01-01", "2026-01-03" }, { "2026-02-15", "2026-02-23" },
		{ "2026-04-04", "2026-04-06" }, { "2026-05-01", "2026-05-05" },
		{ "2026-06-19", "2026-06-21" }, { "2026-09-25", "2026-09-27" },
		{ "2026-10-01", "2026-10-07" }, { "2027-01-01", "2027-01-01" },
		{ "2027-12-31", "2028-01-02" }, { "2028-02-28", "2028-03-01" }
	};
	static const char *const work_days[] = { "2026-01-04", "2026-02-14",
		"2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
		"2028-03-05" };
	static const struct office office = { sound_calendar, 480, " xxxxx ",
		hours, 2, holidays, 10, work_days, 7 };

	(void)state;
	compare_all(&office, 1);
}

static void agrees_with_paper_on_an_office_that_never_closes(void **state)
{
	static const char file[] = "version: 1\nzone_minutes: 0\n"
				   "years: [2026]\n"
				   "week: [sun, mon, tue, wed, thu, fri, sat]\n"
				   "hours: [\"00:00-24:00\"]\nholidays:\n"
				   "  - {from: 2026-07-01, zh: a, en: a}\n";
	static const int hours[][2] = { { 0, 1440 } };
	static const char *const holidays[][2] = { { "2026-07-01",
	    "2026-07-01" } };
	static const struct office office = { file, 0, "xxxxxxx", hours, 1,
		holidays, 1, NULL, 0 };

	(void)state;
	compare_all(&office, 7);
}

static void agrees_with_paper_on_odd_hours_and_weeks(void **state)
{
	static const char file[] =
	    "version: 1\nzone_minutes: -210\nyears: [2026, 2028]\n"
	    "week: [sat, wed, sun]\n"
	    "hours: [\"00:00-00:01\", \"09:00-09:59\", \"23:30-24:00\"]\n"
	    "holidays:\n  - {from: 2026-12-30, to: 2027-01-13, zh: a, en: a}\n"
	    "  - {from: 2028-02-26, to: 2028-03-20, zh: a, en: a}\n"
	    "work_days:\n  - {date: 2028-02-25, zh: a, en: a}\n"
	    "  - {date: 2026-12-29, zh: a, en: a}\n";
	static const int hours[][2] = { { 0, 1 }, { 540, 599 },
		{ 1410, 1440 } };
	static const char *const holidays[][2] = { { "2026-12-30",
						       "2027-01-13" },
		{ "2028-02-26", "2028-03-20" } };
	static const char *const work_days[] = { "2028-02-25", "2026-12-29" };
	static const struct office office = { file, -210, "x  x  x", hours, 3,
		holidays, 2, work_days, 2 };

	(void)state;
	compare_all(&office, 1);
}

/* ---- what must hold for any moment ---- */

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return *seed >> 24;
}

static int64_t any_moment(uint64_t *seed)
{
	const int64_t reach = INT64_C(220) * 365 * 86400000;
	int64_t near = moment("2025-06-01 00:00");

	if (next(seed) % 4 == 0)
		return (int64_t)(next(seed) % (uint64_t)reach) - reach / 4;
	return near +
	       (int64_t)(next(seed) % UINT64_C(126144000000)); /* four years */
}

static int64_t add(
    const struct calendar *calendar, int64_t from, struct time_limit limit)
{
	int64_t due;

	assert_int_equal(calendar_add(&due, calendar, from, limit), 0);
	return due;
}

static void is_never_sooner_for_a_later_start(void **state)
{
	struct calendar *calendar = calendar_of(sound_calendar);
	uint64_t seed = 5;

	(void)state;
	for (int round = 0; round < 300000; round++) {
		struct time_limit limit = { 1 + (int64_t)(next(&seed) % 60),
			next(&seed) % 2 ? TIME_LIMIT_WORK_HOUR
					: TIME_LIMIT_WORK_DAY };
		int64_t from = any_moment(&seed);
		int64_t later = from + (int64_t)(next(&seed) % 200000000);

		assert_true(
		    add(calendar, from, limit) <= add(calendar, later, limit));
	}
	calendar_close(&calendar);
}

static void grows_with_the_amount_and_adds_up(void **state)
{
	struct calendar *calendar = calendar_of(sound_calendar);
	uint64_t seed = 6;

	(void)state;
	for (int round = 0; round < 300000; round++) {
		enum time_limit_unit unit = next(&seed) % 2
						? TIME_LIMIT_WORK_HOUR
						: TIME_LIMIT_WORK_DAY;
		int64_t a = 1 + (int64_t)(next(&seed) % 100);
		int64_t b = 1 + (int64_t)(next(&seed) % 100);
		int64_t from = any_moment(&seed);
		int64_t once =
		    add(calendar, from, (struct time_limit){ a, unit });
		int64_t both =
		    add(calendar, from, (struct time_limit){ a + b, unit });

		assert_true(once > from && both > once);
		assert_int_equal(
		    both, add(calendar, once, (struct time_limit){ b, unit }));
	}
	calendar_close(&calendar);
}

/* 13 work hours are two days of 6.5: the same work time, though what ends
 * with one day may as well begin the next. */
static void takes_a_work_day_for_all_its_hours(void **state)
{
	struct calendar *calendar = calendar_of(sound_calendar);
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		int64_t pairs = 1 + (int64_t)(next(&seed) % 20);
		int64_t from = any_moment(&seed);
		int64_t hours = add(calendar, from,
		    (struct time_limit){ 13 * pairs, TIME_LIMIT_WORK_HOUR });
		int64_t days = add(calendar, from,
		    (struct time_limit){ 2 * pairs, TIME_LIMIT_WORK_DAY });
		int64_t one, other;

		assert_true(hours <= days);
		assert_int_equal(calendar_opening(&one, calendar, hours), 0);
		assert_int_equal(calendar_opening(&other, calendar, days), 0);
		assert_int_equal(one, other);
	}
	calendar_close(&calendar);
}

/* ---- which of two is sooner ---- */

/* Tries every minute of a week far from any holiday. */
static bool holds_all_week(const struct calendar *calendar,
    struct time_limit first, struct time_limit second)
{
	int64_t week = moment("2050-01-03 00:00");

	for (int64_t minute = 0; minute < 7 * DAY_MINUTES; minute++) {
		for (int64_t step = -1; step <= 1; step++) {
			int64_t from = week + minute * MINUTE + step;

			if (add(calendar, from, first) >
			    add(calendar, from, second))
				return false;
		}
	}
	return true;
}

static void finds_the_order_that_every_minute_shows(void **state)
{
	static const char *const limits[] = { "1m", "60m", "4h", "8h", "9h",
		"10h", "15h", "24h", "65h", "66h", "67h", "3d", "7d", "8d",
		"11d", "1wh", "3wh", "4wh", "6wh", "7wh", "13wh", "14wh",
		"33wh", "40wh", "1wd", "2wd", "3wd", "5wd", "6wd" };
	enum { COUNT = sizeof(limits) / sizeof(limits[0]) };
	struct calendar *calendar = calendar_of(sound_calendar);
	unsigned holding = 0;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t j = 0; j < COUNT; j++) {
			struct time_limit first = limit_of(limits[i]);
			struct time_limit second = limit_of(limits[j]);
			int64_t from;
			bool holds = calendar_keeps_order(
			    &from, calendar, first, second);

			if (holds != holds_all_week(calendar, first, second))
				fail_msg("%s, %s", limits[i], limits[j]);
			holding += holds;
			if (holds || (!time_limit_is_working(first) &&
					 !time_limit_is_working(second)))
				continue;
			/* The same moment of a week to come. */
			from += INT64_C(4174) * 7 * 86400000;
			assert_true(add(calendar, from, first) >
				    add(calendar, from, second));
		}
	}
	assert_true(holding > COUNT * COUNT / 3);
	calendar_close(&calendar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_paper_on_every_minute),
		cmocka_unit_test(
		    agrees_with_paper_on_an_office_that_never_closes),
		cmocka_unit_test(agrees_with_paper_on_odd_hours_and_weeks),
		cmocka_unit_test(is_never_sooner_for_a_later_start),
		cmocka_unit_test(grows_with_the_amount_and_adds_up),
		cmocka_unit_test(takes_a_work_day_for_all_its_hours),
		cmocka_unit_test(finds_the_order_that_every_minute_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
