/*
 * A time as a rule says it: an amount of seconds, minutes, hours, days, or
 * of work hours or work days, which only a calendar can turn into a moment.
 */
#ifndef WHISTLE_CATALOGUE_TIME_LIMIT_H
#define WHISTLE_CATALOGUE_TIME_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define TIME_LIMIT_UNITS(X)                                                    \
	X(SECOND, "s", "second")                                               \
	X(MINUTE, "m", "minute")                                               \
	X(HOUR, "h", "hour")                                                   \
	X(DAY, "d", "day") /* of 24 hours */                                   \
	X(WORK_HOUR, "wh", "work hour")                                        \
	X(WORK_DAY, "wd", "work day")

#define X(name, text, word) TIME_LIMIT_##name,
enum time_limit_unit { TIME_LIMIT_UNITS(X) TIME_LIMIT_UNIT_COUNT };
#undef X

/* As a rule says it; amount 0: none. */
struct time_limit {
	int64_t amount;
	enum time_limit_unit unit;
};

enum {
	TIME_LIMIT_TEXT = 24,
	TIME_LIMIT_WORK_HOURS_MAX = 10000,
	TIME_LIMIT_WORK_DAYS_MAX = 2500
};

/* "30m", "24h", "7d", "4wh", "3wd". ERR_INVALID; also for zero, for more
 * than 10 years, TIME_LIMIT_WORK_HOURS_MAX or TIME_LIMIT_WORK_DAYS_MAX. */
int time_limit_parse(struct time_limit *limit_out, const char *text);
/* As time_limit_parse reads it; "" for none. */
char *time_limit_format(
    char text_out[TIME_LIMIT_TEXT], struct time_limit limit);
/* "4 work hours", "1 day"; "" for none. */
char *time_limit_words(char text_out[TIME_LIMIT_TEXT], struct time_limit limit);
/* Is it one that time_limit_parse can give? */
bool time_limit_is_sound(struct time_limit limit);
/* Does it need a calendar? */
bool time_limit_is_working(struct time_limit limit);
/* 0 for a working limit: how long it lasts depends on when. */
int64_t time_limit_ms(struct time_limit limit);

#endif
