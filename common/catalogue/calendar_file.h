/*
 * The shape of calendar.yaml, as libcyaml reads it, and the making of a
 * calendar from it. Only for the calendar's own files.
 */
#ifndef WHISTLE_CATALOGUE_CALENDAR_FILE_H
#define WHISTLE_CATALOGUE_CALENDAR_FILE_H

#include "base/yaml.h"
#include "catalogue/calendar_inside.h"

struct holiday_row {
	char *from, *to; /* `to` NULL: one day */
	char *zh, *en;
};

struct work_day_row {
	char *date;
	char *zh, *en;
};

struct calendar_file {
	unsigned version;
	char *note;
	int zone_minutes;
	int *years;
	unsigned years_count;
	char **week;
	unsigned week_count;
	char **hours;
	unsigned hours_count;
	struct holiday_row *holidays;
	unsigned holidays_count;
	struct work_day_row *work_days;
	unsigned work_days_count;
};

extern const cyaml_schema_value_t calendar_schema;

struct calendar_making {
	struct calendar *calendar;
	const struct calendar_file *file;
	struct yaml *yaml;
	struct report *report;
	const char *path;
};

/* Adds a problem at the line of list[index], or of `list` if index < 0. */
void calendar_complain(const struct calendar_making *making, const char *list,
    long index, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Zone, years, week and hours. */
void calendar_take_frame(const struct calendar_making *making);
/* Holidays and make-up days; after the frame, if that is sound. ERR_NOMEM. */
int calendar_take_days(const struct calendar_making *making);

#endif
