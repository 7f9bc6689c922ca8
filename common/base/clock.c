#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/err.h"

static int64_t system_now_ms(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct clock clock_system(void)
{
	return (struct clock){ .now_ms = system_now_ms };
}

void time_zone_default(int minutes_ahead)
{
	char zone[32]; /* POSIX counts the other way round */
	int size = minutes_ahead < 0 ? -minutes_ahead : minutes_ahead;
	char name = minutes_ahead < 0 ? '-' : '+';
	char sign = minutes_ahead < 0 ? '+' : '-';

	snprintf(zone, sizeof(zone), "<%c%02d%02d>%c%02d:%02d", name,
	    size / 60 % 24, size % 60, sign, size / 60 % 24, size % 60);
	setenv("TZ", zone, 0);
	tzset();
}

/* The zone in whole minutes, and the wall clock by it, so that the text
 * names the instant exactly even where history had odd seconds. */
static bool wall_clock(struct tm *wall_out, long *zone_minutes_out, time_t time)
{
	struct tm local;

	if (!localtime_r(&time, &local))
		return false;
	*zone_minutes_out = local.tm_gmtoff / 60;
	time += *zone_minutes_out * 60;
	return gmtime_r(&time, wall_out) && wall_out->tm_year >= -1900 &&
	       wall_out->tm_year <= 8099;
}

char *time_format(char text_out[TIME_TEXT], int64_t time_ms)
{
	int64_t seconds = time_ms / 1000 - (time_ms % 1000 < 0);
	long zone, size;
	struct tm wall;

	text_out[0] = '\0';
	if (time_ms == 0 || !wall_clock(&wall, &zone, (time_t)seconds))
		return text_out;
	size = zone < 0 ? -zone : zone;
	snprintf(text_out, TIME_TEXT,
	    "%04d-%02d-%02dT%02d:%02d:%02d%c%02ld:%02ld", wall.tm_year + 1900,
	    wall.tm_mon + 1, wall.tm_mday, wall.tm_hour, wall.tm_min,
	    wall.tm_sec, zone < 0 ? '-' : '+', size / 60 % 24, size % 60);
	return text_out;
}

/* Exactly `width` digits, then moves on; false if there are others. */
static bool take_digits(int *value_out, const char **text, int width)
{
	int value = 0;

	for (; width > 0; width--, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		value = value * 10 + (**text - '0');
	}
	*value_out = value;
	return true;
}

static bool take_mark(const char **text, char mark)
{
	if (**text != mark)
		return false;
	(*text)++;
	return true;
}

static int days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool take_date(struct tm *tm, const char **text)
{
	int year, month, day;

	if (!take_digits(&year, text, 4) || !take_mark(text, '-') ||
	    !take_digits(&month, text, 2) || !take_mark(text, '-') ||
	    !take_digits(&day, text, 2))
		return false;
	if (month < 1 || month > 12 || day < 1 ||
	    day > days_of_month(year, month))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return true;
}

/* A leap second has no place in milliseconds since 1970, so :60 fails. */
static bool take_hours(struct tm *tm, const char **text)
{
	return take_digits(&tm->tm_hour, text, 2) && take_mark(text, ':') &&
	       take_digits(&tm->tm_min, text, 2) && take_mark(text, ':') &&
	       take_digits(&tm->tm_sec, text, 2) && tm->tm_hour < 24 &&
	       tm->tm_min < 60 && tm->tm_sec < 60;
}

/* At most nine digits; what is finer than a millisecond is dropped. */
static bool take_fraction(int *ms_out, const char **text)
{
	size_t digits, i;

	*ms_out = 0;
	if (!take_mark(text, '.'))
		return true;
	digits = strspn(*text, "0123456789");
	if (digits < 1 || digits > 9)
		return false;
	for (i = 0; i < 3; i++)
		*ms_out = *ms_out * 10 + (i < digits ? (*text)[i] - '0' : 0);
	*text += digits;
	return true;
}

static bool take_zone(int *minutes_out, const char **text)
{
	int sign, hours, minutes;

	*minutes_out = 0;
	if (take_mark(text, 'Z'))
		return true;
	sign = **text == '-' ? -1 : 1;
	if (!take_mark(text, '+') && !take_mark(text, '-'))
		return false;
	if (!take_digits(&hours, text, 2) || !take_mark(text, ':') ||
	    !take_digits(&minutes, text, 2) || hours > 23 || minutes > 59)
		return false;
	*minutes_out = sign * (hours * 60 + minutes);
	return true;
}

int time_parse(int64_t *time_ms_out, const char *text)
{
	struct tm tm = { 0 };
	int ms, zone;

	if (!take_date(&tm, &text) || !take_mark(&text, 'T') ||
	    !take_hours(&tm, &text) || !take_fraction(&ms, &text) ||
	    !take_zone(&zone, &text) || *text != '\0')
		return ERR_INVALID;
	*time_ms_out = ((int64_t)timegm(&tm) - (int64_t)zone * 60) * 1000 + ms;
	return 0;
}

int64_t time_of_wall(int64_t wall_ms)
{
	int64_t odd_ms = wall_ms % 1000;
	time_t seconds = (time_t)((wall_ms - odd_ms) / 1000);
	struct tm wall;

	if (!gmtime_r(&seconds, &wall))
		return wall_ms;
	wall.tm_isdst = -1;
	return (int64_t)mktime(&wall) * 1000 + odd_ms;
}

static int64_t unit_ms(char unit)
{
	switch (unit) {
	case 's':
		return 1000;
	case 'm':
		return 60 * 1000;
	case 'h':
		return 60 * 60 * 1000;
	case 'd':
		return 24 * 60 * 60 * 1000;
	default:
		return 0;
	}
}

int duration_parse(int64_t *ms_out, const char *text)
{
	const int64_t max_ms = (int64_t)3650 * 24 * 60 * 60 * 1000;
	int64_t count = 0, unit;

	for (; *text >= '0' && *text <= '9'; text++) {
		count = count * 10 + (*text - '0');
		if (count > max_ms)
			return ERR_INVALID;
	}
	unit = unit_ms(*text);
	if (unit == 0 || text[1] != '\0' || count == 0 || count > max_ms / unit)
		return ERR_INVALID;
	*ms_out = count * unit;
	return 0;
}

char *duration_format(char text_out[DURATION_TEXT], int64_t ms)
{
	static const struct {
		int64_t seconds;
		char letter;
	} units[] = { { 24 * 3600, 'd' }, { 3600, 'h' }, { 60, 'm' } };
	int64_t seconds = ms / 1000;

	for (size_t i = 0; seconds && i < sizeof(units) / sizeof(*units); i++)
		if (seconds % units[i].seconds == 0) {
			snprintf(text_out, DURATION_TEXT, "%lld%c",
			    (long long)(seconds / units[i].seconds),
			    units[i].letter);
			return text_out;
		}
	snprintf(text_out, DURATION_TEXT, "%llds", (long long)seconds);
	return text_out;
}
