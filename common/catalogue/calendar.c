/*
 * Counting in work time. Work days are numbered; a number and the time
 * worked on its day are a place in work time, on which adding is plain
 * arithmetic. From days to numbers and back it goes by tables, and outside
 * of them by the week, so that no limit takes longer than another.
 */
#include "catalogue/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/err.h"
#include "catalogue/calendar_inside.h"

/* Rounding down, also below zero. */
static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

unsigned day_of_week(int64_t day)
{
	/* 1970-01-01 was a Thursday. */
	return (unsigned)(day + 3 - floor_div(day + 3, 7) * 7);
}

void week_make(struct week *week, const bool is_work[7])
{
	*week = (struct week){ 0 };
	for (uint8_t i = 0; i < 7; i++) {
		week->before[i] = (uint8_t)week->count;
		if (is_work[i])
			week->of[week->count++] = i;
	}
	week->before[7] = (uint8_t)week->count;
}

/* Work days before `day`, were there only weeks. */
static int64_t week_number(const struct week *week, int64_t day)
{
	return floor_div(day + 3, 7) * week->count +
	       week->before[day_of_week(day)];
}

static int64_t week_day(const struct week *week, int64_t number)
{
	int64_t weeks = floor_div(number, week->count);

	return weeks * 7 - 3 + week->of[number - weeks * week->count];
}

/* The number of the first work day that is not before `day`. */
static int64_t number_of(const struct calendar *calendar, int64_t day)
{
	const struct week *week = &calendar->week;

	if (day < calendar->first)
		return week_number(week, day) -
		       week_number(week, calendar->first);
	if (day < calendar->end)
		return calendar->before[day - calendar->first];
	return calendar->count + week_number(week, day) -
	       week_number(week, calendar->end);
}

static int64_t day_of(const struct calendar *calendar, int64_t number)
{
	const struct week *week = &calendar->week;

	if (number < 0)
		return week_day(
		    week, week_number(week, calendar->first) + number);
	if (number < calendar->count)
		return calendar->first + calendar->of[number];
	return week_day(
	    week, week_number(week, calendar->end) + number - calendar->count);
}

/* Where in work time counting starts: in the middle of a work day, or,
 * is_whole, before all of it; then the other two are 0. */
struct place {
	int64_t number; /* of the work day */
	bool is_whole;
	int64_t time_of_day;
	int64_t worked; /* of that day, until then */
};

static struct place whole_day(int64_t number)
{
	return (struct place){ .number = number, .is_whole = true };
}

static struct place place_of(const struct calendar *calendar, int64_t local_ms)
{
	int64_t day = floor_div(local_ms, DAY_MS);
	int64_t time_of_day = local_ms - day * DAY_MS;
	int64_t number = number_of(calendar, day);

	if (number_of(calendar, day + 1) == number ||
	    time_of_day < calendar->hours[0].open)
		return whole_day(number);
	for (size_t i = 0; i < calendar->hour_count; i++) {
		const struct opening *at = &calendar->hours[i];

		if (time_of_day >= at->close)
			continue;
		if (time_of_day < at->open)
			time_of_day = at->open;
		return (struct place){ number, false, time_of_day,
			at->before + time_of_day - at->open };
	}
	return whole_day(number + 1);
}

static int64_t closing(const struct calendar *calendar)
{
	return calendar->hours[calendar->hour_count - 1].close;
}

static int64_t add_days(
    const struct calendar *calendar, struct place from, int64_t days)
{
	if (from.is_whole)
		return day_of(calendar, from.number + days - 1) * DAY_MS +
		       closing(calendar);
	return day_of(calendar, from.number + days) * DAY_MS + from.time_of_day;
}

/* The first time of day at which so much of the day is worked; `worked` is
 * above 0 and at most day_ms. */
static int64_t time_when(const struct calendar *calendar, int64_t worked)
{
	const struct opening *at = &calendar->hours[calendar->hour_count - 1];

	while (worked <= at->before)
		at--;
	return at->open + worked - at->before;
}

static int64_t add_work(
    const struct calendar *calendar, struct place from, int64_t work_ms)
{
	int64_t work = from.worked + work_ms;
	/* What ends with a day ends at its closing. */
	int64_t days = (work - 1) / calendar->day_ms;

	return day_of(calendar, from.number + days) * DAY_MS +
	       time_when(calendar, work - days * calendar->day_ms);
}

/* Far from where anything could overflow. */
static bool is_reckonable(int64_t time_ms)
{
	const int64_t first_ms = INT64_C(-62167219200000);
	const int64_t end_ms = INT64_C(253402300800000);

	return time_ms >= first_ms && time_ms < end_ms;
}

int calendar_add(int64_t *due_out, const struct calendar *calendar,
    int64_t from_ms, struct time_limit limit)
{
	struct place from;

	if (!time_limit_is_sound(limit) || !is_reckonable(from_ms))
		return ERR_INVALID;
	if (!time_limit_is_working(limit)) {
		*due_out = from_ms + time_limit_ms(limit);
		return 0;
	}
	if (calendar == NULL)
		return ERR_INVALID;
	from = place_of(calendar, from_ms + calendar->zone_ms);
	if (limit.unit == TIME_LIMIT_WORK_DAY)
		*due_out = add_days(calendar, from, limit.amount);
	else
		*due_out = add_work(calendar, from, limit.amount * HOUR_MS);
	*due_out -= calendar->zone_ms;
	return 0;
}

int calendar_opening(
    int64_t *opening_out, const struct calendar *calendar, int64_t from_ms)
{
	struct place from;

	if (calendar == NULL || !is_reckonable(from_ms))
		return ERR_INVALID;
	from = place_of(calendar, from_ms + calendar->zone_ms);
	*opening_out =
	    day_of(calendar, from.number) * DAY_MS - calendar->zone_ms +
	    (from.is_whole ? calendar->hours[0].open : from.time_of_day);
	return 0;
}

/* ---- years and texts ---- */

static bool wall_clock(
    struct tm *wall_out, const struct calendar *calendar, int64_t time_ms)
{
	time_t seconds;

	if (!is_reckonable(time_ms))
		return false;
	if (calendar != NULL)
		time_ms += calendar->zone_ms;
	seconds = (time_t)floor_div(time_ms, 1000);
	return is_reckonable(time_ms) && gmtime_r(&seconds, wall_out) != NULL;
}

static bool knows_year(const struct calendar *calendar, int year)
{
	for (size_t i = 0; i < calendar->year_count; i++) {
		if (calendar->years[i] == year)
			return true;
	}
	return false;
}

bool calendar_knows(int *year_out, const struct calendar *calendar,
    int64_t from_ms, int64_t to_ms)
{
	struct tm from, to;

	*year_out = 0;
	if (!wall_clock(&from, calendar, from_ms) ||
	    !wall_clock(&to, calendar, to_ms))
		return false;
	for (int year = from.tm_year; year <= to.tm_year; year++) {
		*year_out = year + 1900;
		if (!knows_year(calendar, *year_out))
			return false;
	}
	return true;
}

int calendar_zone_minutes(const struct calendar *calendar)
{
	return (int)(calendar->zone_ms / (60 * 1000));
}

size_t calendar_year_count(const struct calendar *calendar)
{
	return calendar->year_count;
}

int calendar_year_at(const struct calendar *calendar, size_t index)
{
	return calendar->years[index];
}

char *calendar_time(
    char text_out[TIME_TEXT], const struct calendar *calendar, int64_t time_ms)
{
	struct tm wall;

	text_out[0] = '\0';
	if (wall_clock(&wall, calendar, time_ms))
		snprintf(text_out, TIME_TEXT, "%04d-%02d-%02d %02d:%02d%s",
		    wall.tm_year + 1900, wall.tm_mon + 1, wall.tm_mday,
		    wall.tm_hour, wall.tm_min, calendar == NULL ? "Z" : "");
	return text_out;
}

char *calendar_weekday(
    char text_out[TIME_TEXT], const struct calendar *calendar, int64_t time_ms)
{
	static const char *const names[] = { "Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday" };
	struct tm wall;

	text_out[0] = '\0';
	if (wall_clock(&wall, calendar, time_ms))
		snprintf(text_out, TIME_TEXT, "%s %02d:%02d",
		    names[wall.tm_wday], wall.tm_hour, wall.tm_min);
	return text_out;
}

void calendar_close(struct calendar **calendar)
{
	if (*calendar == NULL)
		return;
	free((*calendar)->before);
	free((*calendar)->of);
	free(*calendar);
	*calendar = NULL;
}
