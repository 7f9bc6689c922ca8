/* The days that differ from the week's: holidays and make-up days, and the
 * tables made of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/calendar_file.h"
#include "org/shown.h"

enum { HOLIDAY_DAYS_MAX = 100 };

enum mark { MARK_NONE, MARK_HOLIDAY, MARK_WORK };

struct marks {
	const struct calendar_making *making;
	uint8_t *of; /* enum mark, by day - first */
};

/* "2026-10-01" as a day. ERR_INVALID. */
static int parse_date(int64_t *day_out, const char *text)
{
	char time[TIME_TEXT];
	int64_t time_ms;

	if (strlen(text) != strlen("YYYY-MM-DD"))
		return ERR_INVALID;
	snprintf(time, sizeof(time), "%sT00:00:00Z", text);
	if (time_parse(&time_ms, time) != 0)
		return ERR_INVALID;
	*day_out = time_ms / DAY_MS;
	return time_ms < 0 ? ERR_INVALID : 0;
}

static int64_t year_begin(int year)
{
	char text[TIME_TEXT];
	int64_t day = 0;

	snprintf(text, sizeof(text), "%04d-01-01", year);
	parse_date(&day, text); /* years are checked before */
	return day;
}

/* A date of the file; false, and a problem, when it is none. */
static bool take_date(int64_t *day_out, const struct calendar_making *making,
    const char *list, unsigned index, const char *text)
{
	if (parse_date(day_out, text) == 0 &&
	    *day_out < year_begin(CALENDAR_YEAR_LAST + 1))
		return true;
	calendar_complain(making, list, index,
	    "\"%s\" is no date from %d to %d; write 2026-10-01", SHOWN(text),
	    CALENDAR_YEAR_FIRST, CALENDAR_YEAR_LAST);
	return false;
}

static bool take_range(int64_t *from_out, int64_t *to_out,
    const struct calendar_making *making, unsigned index)
{
	const struct holiday_row *row = &making->file->holidays[index];
	const char *to = row->to == NULL ? row->from : row->to;

	if (!take_date(from_out, making, "holidays", index, row->from) ||
	    !take_date(to_out, making, "holidays", index, to))
		return false;
	if (*to_out < *from_out)
		calendar_complain(making, "holidays", index,
		    "%s is before %s; exchange or correct them", to, row->from);
	else if (*to_out - *from_out >= HOLIDAY_DAYS_MAX)
		calendar_complain(making, "holidays", index,
		    "%s to %s is longer than %d days; correct the dates",
		    row->from, to, HOLIDAY_DAYS_MAX);
	else
		return true;
	return false;
}

static void mark_holiday(struct marks *marks, unsigned index)
{
	const struct calendar_making *making = marks->making;
	int64_t first = making->calendar->first;
	bool is_free = true;
	int64_t from, to;

	if (!take_range(&from, &to, making, index))
		return;
	for (int64_t day = from; day <= to; day++) {
		is_free &= marks->of[day - first] == MARK_NONE;
		marks->of[day - first] = MARK_HOLIDAY;
	}
	if (!is_free)
		calendar_complain(making, "holidays", index,
		    "the holiday from %s overlaps another; correct one of "
		    "them",
		    making->file->holidays[index].from);
}

static bool is_week_day(const struct calendar *calendar, int64_t day)
{
	const struct week *week = &calendar->week;
	unsigned number = day_of_week(day);

	return week->before[number + 1] > week->before[number];
}

static void mark_work_day(struct marks *marks, unsigned index)
{
	const struct calendar_making *making = marks->making;
	const struct calendar *calendar = making->calendar;
	const char *date = making->file->work_days[index].date;
	int64_t day;
	uint8_t *mark;

	if (!take_date(&day, making, "work_days", index, date))
		return;
	mark = &marks->of[day - calendar->first];
	if (*mark == MARK_HOLIDAY)
		calendar_complain(making, "work_days", index,
		    "%s is a holiday too; remove it from one of the two", date);
	else if (*mark == MARK_WORK)
		calendar_complain(making, "work_days", index,
		    "%s stands twice; remove one", date);
	else if (is_week_day(calendar, day))
		calendar_complain(making, "work_days", index,
		    "%s is a work day of the week already; correct the date "
		    "or remove it",
		    date);
	else
		*mark = MARK_WORK;
}

static void reach(struct calendar *calendar, const char *date)
{
	int64_t day;

	if (parse_date(&day, date) != 0 ||
	    day >= year_begin(CALENDAR_YEAR_LAST + 1))
		return;
	if (day < calendar->first)
		calendar->first = day;
	if (day >= calendar->end)
		calendar->end = day + 1;
}

/* From the first day that is known or named to the last. */
static void find_reach(const struct calendar_making *making)
{
	struct calendar *calendar = making->calendar;
	const struct calendar_file *file = making->file;

	calendar->first = year_begin(calendar->years[0]);
	calendar->end =
	    year_begin(calendar->years[calendar->year_count - 1] + 1);
	for (unsigned i = 0; i < file->holidays_count; i++) {
		const struct holiday_row *row = &file->holidays[i];

		reach(calendar, row->from);
		if (row->to != NULL)
			reach(calendar, row->to);
	}
	for (unsigned i = 0; i < file->work_days_count; i++)
		reach(calendar, file->work_days[i].date);
}

static void check_year(const struct marks *marks, unsigned index)
{
	const struct calendar_making *making = marks->making;
	const struct calendar *calendar = making->calendar;
	int year = calendar->years[index];
	bool has_holiday = false, has_work = false;

	for (int64_t day = year_begin(year); day < year_begin(year + 1);
	     day++) {
		uint8_t mark = marks->of[day - calendar->first];

		has_holiday |= mark == MARK_HOLIDAY;
		has_work |= mark == MARK_WORK ||
			    (mark == MARK_NONE && is_week_day(calendar, day));
	}
	if (!has_holiday)
		calendar_complain(making, "years", index,
		    "year %d has no holiday; add its holidays, or remove it "
		    "from years",
		    year);
	if (!has_work)
		calendar_complain(making, "years", index,
		    "year %d has no work day; correct its holidays", year);
}

static void number_days(const struct marks *marks)
{
	struct calendar *calendar = marks->making->calendar;

	for (int64_t day = calendar->first; day < calendar->end; day++) {
		uint32_t offset = (uint32_t)(day - calendar->first);
		uint8_t mark = marks->of[offset];

		calendar->before[offset] = (uint32_t)calendar->count;
		if (mark == MARK_WORK ||
		    (mark == MARK_NONE && is_week_day(calendar, day)))
			calendar->of[calendar->count++] = offset;
	}
}

static void mark_days(struct marks *marks)
{
	const struct calendar_file *file = marks->making->file;

	for (unsigned i = 0; i < file->holidays_count; i++)
		mark_holiday(marks, i);
	for (unsigned i = 0; i < file->work_days_count; i++)
		mark_work_day(marks, i);
	for (unsigned i = 0; i < marks->making->calendar->year_count; i++)
		check_year(marks, i);
}

int calendar_take_days(const struct calendar_making *making)
{
	struct calendar *calendar = making->calendar;
	const struct calendar_file *file = making->file;
	struct marks marks = { .making = making };
	size_t days;

	if (file->holidays_count > CALENDAR_ROWS_MAX ||
	    file->work_days_count > CALENDAR_ROWS_MAX) {
		calendar_complain(making, "holidays", -1,
		    "more than %d holidays or work days; remove those of "
		    "years long past",
		    CALENDAR_ROWS_MAX);
		return 0;
	}
	find_reach(making);
	days = (size_t)(calendar->end - calendar->first);
	marks.of = calloc(days, sizeof(*marks.of));
	calendar->before = calloc(days, sizeof(*calendar->before));
	calendar->of = calloc(days, sizeof(*calendar->of));
	if (marks.of == NULL || calendar->before == NULL ||
	    calendar->of == NULL) {
		free(marks.of);
		return ERR_NOMEM;
	}
	mark_days(&marks);
	number_days(&marks);
	free(marks.of);
	return 0;
}
