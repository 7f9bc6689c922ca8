#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"

static void use_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void formats_in_the_zone_of_the_process(void **state)
{
	char text[TIME_TEXT];

	(void)state;
	use_zone("CST-8");
	assert_string_equal(
	    time_format(text, 1795225800250), "2026-11-21T09:50:00+08:00");
	use_zone("UTC0");
	assert_string_equal(
	    time_format(text, 1795225800250), "2026-11-21T01:50:00+00:00");
	use_zone("XST3:30");
	assert_string_equal(
	    time_format(text, 1795225800250), "2026-11-20T22:20:00-03:30");
}

static void the_citys_zone_is_for_those_who_said_none(void **state)
{
	char text[TIME_TEXT];

	(void)state;
	unsetenv("TZ");
	time_zone_default(480);
	assert_string_equal(
	    time_format(text, 1795225800250), "2026-11-21T09:50:00+08:00");
	unsetenv("TZ");
	time_zone_default(-210);
	assert_string_equal(
	    time_format(text, 1795225800250), "2026-11-20T22:20:00-03:30");
	use_zone("UTC0");
	time_zone_default(480);
	assert_string_equal(
	    time_format(text, 1795225800250), "2026-11-21T01:50:00+00:00");
}

static void a_zone_of_odd_seconds_still_names_the_instant(void **state)
{
	char text[TIME_TEXT];
	int64_t back;

	(void)state;
	use_zone("LMT-8:05:43");
	time_format(text, 1795225800000);
	assert_string_equal(text, "2026-11-21T09:55:00+08:05");
	assert_int_equal(time_parse(&back, text), 0);
	assert_int_equal(back, 1795225800000);
}

static void zero_and_times_beyond_the_years_are_empty(void **state)
{
	char text[TIME_TEXT] = "x";

	(void)state;
	use_zone("UTC0");
	assert_string_equal(time_format(text, 0), "");
	assert_string_equal(time_format(text, INT64_MAX), "");
	assert_string_equal(time_format(text, INT64_MIN), "");
	assert_string_equal(
	    time_format(text, 253402300799999), "9999-12-31T23:59:59+00:00");
	assert_string_equal(time_format(text, 253402300800000), "");
	assert_string_equal(time_format(text, -1), "1969-12-31T23:59:59+00:00");
	assert_string_equal(
	    time_format(text, -1000), "1969-12-31T23:59:59+00:00");
}

static int64_t parsed(const char *text)
{
	int64_t time = -77;

	assert_int_equal(time_parse(&time, text), 0);
	return time;
}

static void parses_rfc_3339(void **state)
{
	(void)state;
	assert_int_equal(parsed("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(parsed("2026-11-21T09:50:00+08:00"), 1795225800000);
	assert_int_equal(parsed("2026-11-21T01:50:00.25Z"), 1795225800250);
	assert_int_equal(
	    parsed("2026-11-21T01:50:00.123456789Z"), 1795225800123);
	assert_int_equal(parsed("2026-11-20T22:20:00-03:30"), 1795225800000);
	assert_int_equal(parsed("2024-02-29T00:00:00Z"), 1709164800000);
	assert_int_equal(parsed("1969-12-31T23:59:59.5Z"), -500);
	assert_int_equal(parsed("9999-12-31T23:59:59Z"), 253402300799000);
}

static void refuses_other_times(void **state)
{
	static const char *const bad[] = { "", "2026", "2026-11-21",
		"2026-11-21T09:50:00", "2026-11-21 09:50:00Z",
		"2026-11-21T09:50Z", "2026-11-21T09:50:00+0800",
		"2026-11-21T09:50:00+8:00", "2026-11-21T09:50:00+08",
		"2026-11-21T09:50:00z", "2026-11-21t09:50:00Z",
		"2026-13-21T09:50:00Z", "2026-00-21T09:50:00Z",
		"2026-11-31T09:50:00Z", "2026-11-00T09:50:00Z",
		"2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
		"2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z",
		"2026-11-21T09:50:60Z", "2026-11-21T09:50:00.Z",
		"2026-11-21T09:50:00.1234567890Z", "2026-11-21T09:50:00+24:00",
		"2026-11-21T09:50:00+08:60", "2026-11-21T09:50:00Z ",
		" 2026-11-21T09:50:00Z", "+026-11-21T09:50:00Z",
		"2026-1-21T09:50:00Z", "2026-11-21T-9:50:00Z",
		"12026-11-21T09:50:00Z", "2026-11-21T09:50:00ZZ" };
	int64_t time = -77;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(time_parse(&time, bad[i]), ERR_INVALID);
		assert_int_equal(time, -77);
	}
}

static void text_goes_there_and_back(void **state)
{
	char text[TIME_TEXT];
	int64_t time;

	(void)state;
	use_zone("CST-8");
	for (time = -62135596800000; time < 253402200000000;
	     time += 86399123000)
		assert_int_equal(
		    time == 0 ? 0 : parsed(time_format(text, time)), time);
}

static void parses_seconds_minutes_hours_and_days(void **state)
{
	int64_t ms;

	(void)state;
	assert_int_equal(duration_parse(&ms, "5s"), 0);
	assert_int_equal(ms, 5 * 1000);
	assert_int_equal(duration_parse(&ms, "30m"), 0);
	assert_int_equal(ms, 30 * 60 * 1000);
	assert_int_equal(duration_parse(&ms, "2h"), 0);
	assert_int_equal(ms, 2 * 60 * 60 * 1000);
	assert_int_equal(duration_parse(&ms, "7d"), 0);
	assert_int_equal(ms, 7 * 24 * 60 * 60 * 1000);
	assert_int_equal(duration_parse(&ms, "3650d"), 0);
	assert_int_equal(ms, 315360000000);
}

static void refuses_other_durations(void **state)
{
	static const char *const bad[] = { "", "m", "30", "0m", "000d", "-1h",
		"+1h", "1.5h", " 1h", "1h ", "1h30m", "1H", "1S", "1ms", "1w",
		"3651d", "87601h", "99999999999999999999999999d",
		"9223372036854775807m", "1\xe5\xa4\xa9" };
	int64_t ms = -77;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(duration_parse(&ms, bad[i]), ERR_INVALID);
		assert_int_equal(ms, -77);
	}
}

static void durations_go_there_and_back(void **state)
{
	static const char *const texts[] = { "5s", "90s", "30m", "2h", "36h",
		"7d", "3650d" };
	char text[DURATION_TEXT];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(duration_parse(&ms, texts[i]), 0);
		assert_string_equal(duration_format(text, ms), texts[i]);
	}
	assert_string_equal(duration_format(text, 24 * 3600 * 1000), "1d");
	assert_string_equal(duration_format(text, 61 * 1000 + 999), "61s");
	assert_string_equal(duration_format(text, 0), "0s");
	assert_string_equal(
	    duration_format(text, INT64_MAX), "9223372036854775s");
}

static void the_machines_clock_is_near_time(void **state)
{
	struct clock clock = clock_system();
	int64_t before = (int64_t)time(NULL) * 1000;
	int64_t now = clock_now_ms(&clock);

	(void)state;
	assert_true(now >= before && now < before + 60000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_in_the_zone_of_the_process),
		cmocka_unit_test(the_citys_zone_is_for_those_who_said_none),
		cmocka_unit_test(a_zone_of_odd_seconds_still_names_the_instant),
		cmocka_unit_test(zero_and_times_beyond_the_years_are_empty),
		cmocka_unit_test(parses_rfc_3339),
		cmocka_unit_test(refuses_other_times),
		cmocka_unit_test(text_goes_there_and_back),
		cmocka_unit_test(parses_seconds_minutes_hours_and_days),
		cmocka_unit_test(refuses_other_durations),
		cmocka_unit_test(durations_go_there_and_back),
		cmocka_unit_test(the_machines_clock_is_near_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
