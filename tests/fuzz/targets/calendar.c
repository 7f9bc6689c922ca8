/* A city's calendar.yaml, and sums with it. */
#include "base/err.h"
#include "catalogue/calendar.h"
#include "fuzz.h"

static void use(const struct calendar *calendar)
{
	static const int64_t from_ms = INT64_C(1790000000000);
	static const struct time_limit limits[] = {
		{ 4, TIME_LIMIT_WORK_HOUR },
		{ 3, TIME_LIMIT_WORK_DAY },
	};
	int64_t due_ms, opening_ms;
	char text[TIME_TEXT];

	promise(calendar_opening(&opening_ms, calendar, from_ms) == 0);
	promise(opening_ms >= from_ms);
	for (int i = 0; i < 2; i++) {
		promise(
		    calendar_add(&due_ms, calendar, from_ms, limits[i]) == 0);
		promise(due_ms > from_ms);
		calendar_time(text, calendar, due_ms);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct calendar *calendar = NULL;
	struct report report = { 0 };
	int rc;

	fuzz_file(data, size);
	rc = calendar_load(&calendar, &report, fuzz_city("calendar.yaml"));
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (report.count == 0));
	promise((rc == 0) == (calendar != NULL));
	if (calendar)
		use(calendar);
	calendar_close(&calendar);
	report_free(&report);
	return 0;
}
