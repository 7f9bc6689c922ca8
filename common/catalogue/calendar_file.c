/* Reading calendar.yaml: its shape, and what holds for every day. */
#include "catalogue/calendar_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "catalogue/file_fields.h"
#include "org/shown.h"

enum { CALENDAR_PATH_MAX = 4096 };

#define ROWS(key, flags)                                                       \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | (flags),               \
	    struct calendar_file, key, &key##_schema, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t years_schema = {
	CYAML_VALUE_INT(CYAML_FLAG_DEFAULT, int),
};
static const cyaml_schema_value_t week_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};
static const cyaml_schema_value_t hours_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t holiday_fields[] = {
	TEXT(from, holiday_row),
	TEXT_OR_NULL(to, holiday_row),
	TEXT(zh, holiday_row),
	TEXT(en, holiday_row),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t holidays_schema = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_DEFAULT, struct holiday_row, holiday_fields),
};

static const cyaml_schema_field_t work_day_fields[] = {
	TEXT(date, work_day_row),
	TEXT(zh, work_day_row),
	TEXT(en, work_day_row),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t work_days_schema = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_DEFAULT, struct work_day_row, work_day_fields),
};

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_UINT(
	    "version", CYAML_FLAG_DEFAULT, struct calendar_file, version),
	TEXT_OR_NULL(note, calendar_file),
	CYAML_FIELD_INT("zone_minutes", CYAML_FLAG_DEFAULT,
	    struct calendar_file, zone_minutes),
	ROWS(years, 0),
	ROWS(week, 0),
	ROWS(hours, 0),
	ROWS(holidays, 0),
	ROWS(work_days, CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t calendar_schema = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_POINTER, struct calendar_file, file_fields),
};

void calendar_complain(const struct calendar_making *making, const char *list,
    long index, const char *format, ...)
{
	char text[REPORT_TEXT_MAX];
	va_list args;
	long line = index < 0 ? yaml_line(making->yaml, "%s", list)
			      : yaml_line(making->yaml, "%s[%ld]", list, index);

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	report_add(making->report, making->path, line, "%s", text);
}

static void take_head(const struct calendar_making *making)
{
	const struct calendar_file *file = making->file;

	if (file->version != CALENDAR_VERSION)
		calendar_complain(making, "version", -1,
		    "version %u of the format is not known; this program "
		    "reads %d",
		    file->version, CALENDAR_VERSION);
	if (file->zone_minutes < -CALENDAR_ZONE_MAX ||
	    file->zone_minutes > CALENDAR_ZONE_MAX)
		calendar_complain(making, "zone_minutes", -1,
		    "%d minutes is no time zone; China is 480 (UTC+8)",
		    file->zone_minutes);
	else
		making->calendar->zone_ms = file->zone_minutes * MINUTE_MS;
}

static void take_years(const struct calendar_making *making)
{
	struct calendar *calendar = making->calendar;
	const struct calendar_file *file = making->file;

	if (file->years_count < 1 || file->years_count > CALENDAR_YEARS_MAX) {
		calendar_complain(making, "years", -1,
		    "%u years; name 1 to %d whose holidays are all below",
		    file->years_count, CALENDAR_YEARS_MAX);
		return;
	}
	for (unsigned i = 0; i < file->years_count; i++) {
		int year = file->years[i];

		if (year < CALENDAR_YEAR_FIRST || year > CALENDAR_YEAR_LAST)
			calendar_complain(making, "years", i,
			    "year %d is outside of %d to %d", year,
			    CALENDAR_YEAR_FIRST, CALENDAR_YEAR_LAST);
		else if (i > 0 && year <= file->years[i - 1])
			calendar_complain(making, "years", i,
			    "year %d does not come after %d; put each once, "
			    "in order",
			    year, file->years[i - 1]);
		calendar->years[calendar->year_count++] = year;
	}
}

static void take_week(const struct calendar_making *making)
{
	static const char *const names[7] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun" };
	bool is_work[7] = { false };

	for (unsigned i = 0; i < making->file->week_count; i++) {
		const char *name = making->file->week[i];
		unsigned day = 0;

		while (day < 7 && strcmp(name, names[day]) != 0)
			day++;
		if (day == 7)
			calendar_complain(making, "week", i,
			    "\"%s\" is none of mon, tue, wed, thu, fri, sat, "
			    "sun",
			    SHOWN(name));
		else if (is_work[day])
			calendar_complain(making, "week", i,
			    "%s stands twice; remove one", name);
		else
			is_work[day] = true;
	}
	if (making->file->week_count == 0)
		calendar_complain(making, "week", -1,
		    "no day of the week is a work day; name the work days");
	week_make(&making->calendar->week, is_work);
}

/* "HH:MM", up to 24:00; moves on. -1 if it is none. */
static int64_t take_time(const char **text)
{
	const char *at = *text;
	int64_t ms;

	for (int i = 0; i < 5; i++) {
		if (i == 2 ? at[i] != ':' : at[i] < '0' || at[i] > '9')
			return -1;
	}
	ms = ((at[0] - '0') * 10 + at[1] - '0') * HOUR_MS +
	     ((at[3] - '0') * 10 + at[4] - '0') * MINUTE_MS;
	*text += 5;
	return at[3] < '6' && ms <= DAY_MS ? ms : -1;
}

static bool take_opening(struct opening *opening_out, const char *text)
{
	opening_out->open = take_time(&text);
	if (opening_out->open < 0 || *text++ != '-')
		return false;
	opening_out->close = take_time(&text);
	return opening_out->close > opening_out->open && *text == '\0';
}

static void take_hours(const struct calendar_making *making)
{
	struct calendar *calendar = making->calendar;
	const struct calendar_file *file = making->file;
	int64_t closed = -1;

	if (file->hours_count < 1 || file->hours_count > CALENDAR_HOURS_MAX) {
		calendar_complain(making, "hours", -1,
		    "%u times of work; a day has 1 to %d", file->hours_count,
		    CALENDAR_HOURS_MAX);
		return;
	}
	for (unsigned i = 0; i < file->hours_count; i++) {
		struct opening at = { .before = calendar->day_ms };

		if (!take_opening(&at, file->hours[i])) {
			calendar_complain(making, "hours", i,
			    "\"%s\" is no time of work; write 08:30-12:00, "
			    "within one day",
			    SHOWN(file->hours[i]));
			continue;
		}
		if (at.open <= closed)
			calendar_complain(making, "hours", i,
			    "%s begins before the one above it has ended, or "
			    "with it; put them in order and join those that "
			    "touch",
			    file->hours[i]);
		closed = at.close;
		calendar->day_ms += at.close - at.open;
		calendar->hours[calendar->hour_count++] = at;
	}
	if (calendar->hour_count == file->hours_count &&
	    calendar->day_ms < HOUR_MS)
		calendar_complain(making, "hours", -1,
		    "less than an hour of work a day; correct the hours");
}

void calendar_take_frame(const struct calendar_making *making)
{
	take_head(making);
	take_years(making);
	take_week(making);
	take_hours(making);
}

static size_t problems(const struct report *report)
{
	return report->count + report->dropped;
}

static int make_calendar(const struct calendar_making *making, size_t before)
{
	int err;

	calendar_take_frame(making);
	if (problems(making->report) != before)
		return ERR_INVALID;
	err = calendar_take_days(making);
	if (err != 0)
		return err;
	return problems(making->report) == before ? 0 : ERR_INVALID;
}

static int read_calendar(
    struct calendar *calendar, struct report *report, const char *path)
{
	struct calendar_making making = {
		.calendar = calendar, .report = report, .path = path
	};
	size_t before = problems(report);
	void *file = NULL;
	int err =
	    yaml_open(&making.yaml, &file, report, path, &calendar_schema);

	if (err != 0)
		return err;
	making.file = file;
	err = make_calendar(&making, before);
	yaml_close(&making.yaml);
	return err;
}

int calendar_load(
    struct calendar **calendar_out, struct report *report, const char *dir)
{
	char path[CALENDAR_PATH_MAX];
	struct calendar *calendar;
	struct stat found;
	int len = snprintf(path, sizeof(path), "%s/calendar.yaml", dir);
	int err;

	if (len < 0 || len >= (int)sizeof(path)) {
		report_add(report, dir, 0,
		    "the folder's path is longer than %d bytes; move the city",
		    CALENDAR_PATH_MAX);
		return ERR_INVALID;
	}
	/* A link that leads nowhere is there, and a mistake. */
	if (lstat(path, &found) != 0 && errno == ENOENT)
		return ERR_NOT_FOUND;
	calendar = calloc(1, sizeof(*calendar));
	if (calendar == NULL)
		return ERR_NOMEM;
	err = read_calendar(calendar, report, path);
	if (err != 0) {
		calendar_close(&calendar);
		return err;
	}
	*calendar_out = calendar;
	return 0;
}
