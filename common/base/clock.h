/*
 * Time comes from outside: milliseconds since 1970 UTC, by a function that a
 * daemon, a test or a simulator brings. Text is RFC 3339 with zone.
 */
#ifndef WHISTLE_BASE_CLOCK_H
#define WHISTLE_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock {
	int64_t (*now_ms)(void *context);
	void *context;
};

/* The machine's clock. */
struct clock clock_system(void);

static inline int64_t clock_now_ms(const struct clock *clock)
{
	return clock->now_ms(clock->context);
}

enum { TIME_TEXT = 40 };

/*
 * The process's time zone where $TZ does not say one: so many minutes ahead
 * of UTC, all year. For a machine that has its own idea of time, as
 * containers do. Before any thread is started.
 */
void time_zone_default(int minutes_ahead);

/* "2026-11-21T09:30:00+08:00" in the process's time zone; "" for 0 and
 * outside the years 0 to 9999. */
char *time_format(char text_out[TIME_TEXT], int64_t time_ms);
/* RFC 3339 only ("2026-11-21T09:30:00.250+08:00", "…Z"). ERR_INVALID. */
int time_parse(int64_t *time_ms_out, const char *text);

/* When clocks in the process's time zone show what those in UTC show at
 * `wall_ms`: of a time that was said without its zone. */
int64_t time_of_wall(int64_t wall_ms);

/* "5s", "30m", "2h", "7d": seconds, minutes, hours, days of 24 hours.
 * ERR_INVALID; also for zero and for more than 10 years. */
int duration_parse(int64_t *ms_out, const char *text);

enum { DURATION_TEXT = 32 };
/* The same backwards, in the largest unit that leaves no rest: "90m"; less
 * than a second counts as none. */
char *duration_format(char text_out[DURATION_TEXT], int64_t ms);

#endif
