/*
 * A calendar of three years for the tests: 2026 as it was arranged, 2027 and
 * 2028 made up, with a holiday over a leap day and one over a year's end.
 */
#ifndef WHISTLE_TESTS_CATALOGUE_OFFICE_H
#define WHISTLE_TESTS_CATALOGUE_OFFICE_H

#include "../org/folder.h"
#include "catalogue/calendar.h"

static const char sound_calendar[] =
    "version: 1\n"						  /* 1 */
    "note: 示例\n"						  /* 2 */
    "zone_minutes: 480\n"					  /* 3 */
    "years: [2026, 2027, 2028]\n"				  /* 4 */
    "week: [mon, tue, wed, thu, fri]\n"				  /* 5 */
    "hours: [\"08:30-12:00\", \"14:30-17:30\"]\n"		  /* 6 */
    "holidays:\n"						  /* 7 */
    "  - {from: 2026-01-01, to: 2026-01-03, zh: 元旦, en: a}\n"	  /* 8 */
    "  - {from: 2026-02-15, to: 2026-02-23, zh: 春节, en: b}\n"	  /* 9 */
    "  - {from: 2026-04-04, to: 2026-04-06, zh: 清明节, en: c}\n" /* 10 */
    "  - {from: 2026-05-01, to: 2026-05-05, zh: 劳动节, en: d}\n" /* 11 */
    "  - {from: 2026-06-19, to: 2026-06-21, zh: 端午节, en: e}\n" /* 12 */
    "  - {from: 2026-09-25, to: 2026-09-27, zh: 中秋节, en: f}\n" /* 13 */
    "  - {from: 2026-10-01, to: 2026-10-07, zh: 国庆节, en: g}\n" /* 14 */
    "  - {from: 2027-01-01, zh: 元旦, en: h}\n"			  /* 15 */
    "  - {from: 2027-12-31, to: 2028-01-02, zh: 元旦, en: i}\n"	  /* 16 */
    "  - {from: 2028-02-28, to: 2028-03-01, zh: 闰日, en: j}\n"	  /* 17 */
    "work_days:\n"						  /* 18 */
    "  - {date: 2026-01-04, zh: 调休, en: k}\n"			  /* 19 */
    "  - {date: 2026-02-14, zh: 调休, en: l}\n"			  /* 20 */
    "  - {date: 2026-02-28, zh: 调休, en: m}\n"			  /* 21 */
    "  - {date: 2026-05-09, zh: 调休, en: n}\n"			  /* 22 */
    "  - {date: 2026-09-20, zh: 调休, en: o}\n"			  /* 23 */
    "  - {date: 2026-10-10, zh: 调休, en: p}\n"			  /* 24 */
    "  - {date: 2028-03-05, zh: 调休, en: q}\n";		  /* 25 */

/* Loads what is expected to be sound, from a folder of its own. */
static inline struct calendar *calendar_of(const char *text)
{
	struct folder folder;
	struct calendar *calendar = NULL;

	folder_make(&folder);
	folder_write(&folder, "calendar.yaml", text);
	int err = calendar_load(&calendar, &folder.report, folder.dir);
	report_print(&folder.report, stderr);
	assert_int_equal(err, 0);
	assert_int_equal(folder.report.count, 0);
	folder_remove(&folder);
	return calendar;
}

static inline struct time_limit limit_of(const char *text)
{
	struct time_limit limit;

	assert_int_equal(time_limit_parse(&limit, text), 0);
	return limit;
}

/* "2026-11-23 09:00:00.000" in China. */
static inline int64_t moment(const char *text)
{
	char whole[64];
	int64_t time_ms;

	snprintf(whole, sizeof(whole), "%.10sT%.12s%s+08:00", text, text + 11,
	    strlen(text) == 16 ? ":00" : "");
	assert_int_equal(time_parse(&time_ms, whole), 0);
	return time_ms;
}

#endif
