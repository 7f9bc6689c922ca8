/*
 * A time as a rule says it: an amount of seconds, minutes, hours, days, or
 * of work hours or work days, which only a calendar can turn into a moment.
 */
#ifndef WHISTLE_CATALOGUE_DURATION_H
#define WHISTLE_CATALOGUE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#define DURATION_UNITS(X)                                                      \
	X(SECOND, "s", "second")                                               \
	X(MINUTE, "m", "minute")                                               \
	X(HOUR, "h", "hour")                                                   \
	X(DAY, "d", "day") /* of 24 hours */                                   \
	X(WORK_HOUR, "wh", "work hour")                                        \
	X(WORK_DAY, "wd", "work day")

#define X(name, text, word) DURATION_##name,
enum duration_unit { DURATION_UNITS(X) DURATION_UNIT_COUNT };
#undef X

/* As a rule says it; amount 0: none. */
struct duration {
	int64_t amount;
	enum duration_unit unit;
};

enum {
	DURATION_TEXT = 24,
	DURATION_WORK_HOURS_MAX = 10000,
	DURATION_WORK_DAYS_MAX = 2500
};

/* "30m", "24h", "7d", "4wh", "3wd". ERR_INVALID; also for zero, for more
 * than 10 years, DURATION_WORK_HOURS_MAX or DURATION_WORK_DAYS_MAX. */
int duration_parse(struct duration *duration_out, const char *text);
/* As duration_parse reads it; "" for none. */
char *duration_format(char text_out[DURATION_TEXT], struct duration duration);
/* "4 work hours", "1 day"; "" for none. */
char *duration_words(char text_out[DURATION_TEXT], struct duration duration);
/* Is it one that duration_parse can give? */
bool duration_is_sound(struct duration duration);
/* Does it need a calendar? */
bool duration_is_working(struct duration duration);
/* 0 for a working duration: how long it lasts depends on when. */
int64_t duration_ms(struct duration duration);

#endif
