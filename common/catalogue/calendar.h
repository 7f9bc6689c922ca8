/*
 * The working calendar: which days are work days, which hours work hours,
 * and so when a time that counts only those is over. Loaded from
 * calendar.yaml, checked whole, never changed after. Pure: the same
 * calendar, moment and limit give the same answer.
 *
 * Work hours, "4wh": counted while the office is open. Outside of work time
 * counting starts at the next opening; what ends with the day ends at its
 * closing, not at the next opening. With 08:30-12:00 and 14:30-17:30:
 *
 *	Monday 09:00 + 4wh: Monday 15:30
 *	Friday 17:00 + 1wh: Monday 09:00
 *	Saturday 10:00 + 4wh: Monday 15:00
 *	Monday 08:30 + 13wh: Tuesday 17:30
 *
 * Work days, "1wd": given in work time, the same time of day on the Nth
 * following work day. Given in a break, counted from the end of the break.
 * Given before the day's opening, after its closing or on a day off, the
 * next work day is the first, and the time ends with the Nth one's closing.
 *
 *	Monday 09:00 + 1wd: Tuesday 09:00
 *	Friday 17:00 + 1wd: Monday 17:00
 *	Monday 13:00 + 1wd: Tuesday 14:30
 *	Friday 20:00 + 1wd, Saturday + 1wd, Monday 07:00 + 1wd: Monday 17:30
 *
 * Both come to the same amount of work time: a work day is all the hours of
 * one. A holiday is skipped, a make-up day (调休) counts as any other.
 *
 * The file names the years whose holidays it has. In others, holidays that
 * it happens to name count, and for the rest the week goes on as ever;
 * calendar_knows tells.
 */
#ifndef WHISTLE_CATALOGUE_CALENDAR_H
#define WHISTLE_CATALOGUE_CALENDAR_H

#include "base/clock.h"
#include "base/report.h"
#include "catalogue/time_limit.h"

struct calendar;

/*
 * Reads DIR/calendar.yaml. ERR_NOT_FOUND when there is none, with nothing
 * in `report`. ERR_INVALID with all problems in `report`: shape, no work
 * day, hours that overlap, dates that do not exist, holidays that overlap,
 * a make-up day that is a holiday or a work day anyway, a known year
 * without holidays or without work days. ERR_NOMEM.
 */
int calendar_load(
    struct calendar **calendar_out, struct report *report, const char *dir);
void calendar_close(struct calendar **calendar);

/*
 * When a limit that starts at `from_ms` is over. `calendar` may be NULL
 * for one that is not working. ERR_INVALID: a limit that is not sound, a
 * working one without a calendar, or a moment outside of the years 0 to 9999.
 */
int calendar_add(int64_t *due_out, const struct calendar *calendar,
    int64_t from_ms, struct time_limit limit);

/* The first moment of work time at or after `from_ms`, where counting
 * starts. As for calendar_add, ERR_INVALID. */
int calendar_opening(
    int64_t *opening_out, const struct calendar *calendar, int64_t from_ms);

/* Are the holidays of all years from the one moment to the other known?
 * If not, *year_out is the first whose are not. */
bool calendar_knows(int *year_out, const struct calendar *calendar,
    int64_t from_ms, int64_t to_ms);

/* Of the calendar's clock, ahead of UTC. */
int calendar_zone_minutes(const struct calendar *calendar);

size_t calendar_year_count(const struct calendar *calendar);
int calendar_year_at(const struct calendar *calendar, size_t index);

/*
 * Is `first` over no later than `second`, whenever in a week without
 * holidays both start? If not, *from_out is such a moment, in the week of
 * Monday, 1970-01-05. A holiday may still put a working one after a plain
 * one: whoever uses two takes the sooner. `calendar` may be NULL as for
 * calendar_add, then *from_out is 0.
 */
bool calendar_keeps_order(int64_t *from_out, const struct calendar *calendar,
    struct time_limit first, struct time_limit second);

/* "2026-11-21 09:00" by the calendar's clock, "2026-11-21 01:00Z" without
 * one; "" outside of the years 0 to 9999. */
char *calendar_time(
    char text_out[TIME_TEXT], const struct calendar *calendar, int64_t time_ms);
/* "Friday 17:30" by the calendar's clock. */
char *calendar_weekday(
    char text_out[TIME_TEXT], const struct calendar *calendar, int64_t time_ms);

#endif
