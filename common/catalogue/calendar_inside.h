/*
 * Inside of struct calendar: days are counted from 1970-01-01 by the
 * calendar's own clock, weeks begin on Monday. Only for the calendar's own
 * files.
 */
#ifndef WHISTLE_CATALOGUE_CALENDAR_INSIDE_H
#define WHISTLE_CATALOGUE_CALENDAR_INSIDE_H

#include "catalogue/calendar.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS	  (60 * MINUTE_MS)
#define DAY_MS	  (24 * HOUR_MS)

enum {
	CALENDAR_VERSION = 1,
	CALENDAR_HOURS_MAX = 8,
	CALENDAR_YEARS_MAX = 100,
	CALENDAR_ROWS_MAX = 4096,
	CALENDAR_YEAR_FIRST = 1970,
	CALENDAR_YEAR_LAST = 2199,
	CALENDAR_ZONE_MAX = 14 * 60,
};

/* One stretch of work time, in milliseconds since midnight. */
struct opening {
	int64_t open, close;
	int64_t before; /* work time of the day before it */
};

struct week {
	unsigned count;	   /* work days in it */
	uint8_t of[7];	   /* which they are: 0 is Monday */
	uint8_t before[8]; /* work days before this one */
};

struct calendar {
	int64_t zone_ms;
	struct week week;
	struct opening hours[CALENDAR_HOURS_MAX];
	size_t hour_count;
	int64_t day_ms; /* work time of a day */
	int years[CALENDAR_YEARS_MAX];
	size_t year_count;

	/*
	 * The days that may differ from the week's: [first, end). Work days
	 * are numbered from `first` on; those before have negative numbers,
	 * those from `end` on go by the week again.
	 */
	int64_t first, end;
	int64_t count;	  /* work days in there */
	uint32_t *before; /* by day - first: work days before it */
	uint32_t *of;	  /* by number: day - first */
};

/* Makes `of` and `before` of the days in `is_work`, one a day. */
void week_make(struct week *week, const bool is_work[7]);
/* The day's number in the week: 0 is Monday. */
unsigned day_of_week(int64_t day);

#endif
