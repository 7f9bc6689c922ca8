/*
 * A city's working calendar: it comes with the city, deadlines go by it, and
 * a reload brings a new one, unless that is wrong.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <unistd.h>

#define GRID "grid-420704001002001"

static struct city city;

#define HOUR INT64_C(3600000)

/* Whatever day it is, four work hours are four hours here. */
static const char never_closed[] =
    "version: 1\nzone_minutes: 480\nyears: [2026]\n"
    "week: [mon, tue, wed, thu, fri, sat, sun]\nhours: [\"00:00-24:00\"]\n"
    "holidays:\n  - {from: 2026-01-01, zh: 元旦, en: New Year}\n";

/* And here they take fourteen at least, and a day at most. */
#define TWO_AND_TWO "hours: [\"01:00-03:00\", \"13:00-15:00\"]"

static int open_city(void **state)
{
	char path[CITY_PATH + 32];

	(void)state;
	city_prepare(&city);
	snprintf(path, sizeof(path), "%s/calendar.yaml", city.from);
	file_write(path, never_closed);
	city_found(&city);
	city_start(&city);
	return 0;
}

static struct ticket open_rubbish(void)
{
	struct ticket ticket;
	struct wish wish;
	struct id id;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->kind = KIND_APPEAL;
	wish.what->source = SOURCE_PATROL;
	wish.what->item = "garbage";
	wish.what->title = "垃圾桶满了没人收";
	wish.what->text = "单元门口的垃圾桶三天没有清运";
	id = wish_do(&city, GRID, &wish);
	see(&ticket, &city, "gridd", &id);
	return ticket;
}

static void has_the_calendar_that_it_was_made_with(void **state)
{
	(void)state;
	assert_true(file_exists(city_path(&city, "calendar.yaml")));
	cli_exits(0, &city, "engineer", "city", "check", NULL);
}

static void gives_deadlines_in_work_time(void **state)
{
	struct ticket ticket = open_rubbish();

	(void)state;
	assert_int_equal(ticket.accept_by_ms - ticket.opened_ms, 4 * HOUR);
	assert_int_equal(ticket.resolve_by_ms - ticket.opened_ms, 24 * HOUR);
}

static void reads_the_calendar_again_with_the_catalogue(void **state)
{
	struct ticket old = open_rubbish(), fresh, same;

	(void)state;
	file_edit(city_path(&city, "calendar.yaml"), "hours: [\"00:00-24:00\"]",
	    TWO_AND_TWO);
	cli_exits(0, &city, "engineer", "node", "reload", "gridd", NULL);
	fresh = open_rubbish();
	assert_true(fresh.accept_by_ms - fresh.opened_ms >= 14 * HOUR);
	assert_true(fresh.accept_by_ms - fresh.opened_ms <= 24 * HOUR);
	see(&same, &city, "gridd", &old.id);
	assert_int_equal(same.accept_by_ms, old.accept_by_ms);
}

/* The log tells whether it was taken. */
static void reload_refused(unsigned before)
{
	struct run run;

	cli(&run, &city, "engineer", "node", "reload", "gridd", NULL);
	run_free(&run);
	city_wait_log(&city, "gridd", "catalogue=refused", before);
}

static void keeps_the_calendar_when_the_new_one_is_wrong(void **state)
{
	struct ticket ticket;

	(void)state;
	file_edit(city_path(&city, "calendar.yaml"), TWO_AND_TWO,
	    "hours: [\"whenever\"]");
	cli_exits(1, &city, "engineer", "city", "check", NULL);
	reload_refused(0);
	ticket = open_rubbish();
	assert_true(ticket.accept_by_ms - ticket.opened_ms >= 14 * HOUR);
	/* Without any, what counts work hours has nothing to count by. */
	assert_int_equal(unlink(city_path(&city, "calendar.yaml")), 0);
	cli_exits(1, &city, "engineer", "city", "check", NULL);
	reload_refused(1);
	ticket = open_rubbish();
	assert_true(ticket.accept_by_ms - ticket.opened_ms >= 14 * HOUR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_calendar_that_it_was_made_with),
		cmocka_unit_test(gives_deadlines_in_work_time),
		cmocka_unit_test(reads_the_calendar_again_with_the_catalogue),
		cmocka_unit_test(keeps_the_calendar_when_the_new_one_is_wrong),
	};

	return flow_end(
	    cmocka_run_group_tests_name("calendar", tests, open_city, NULL));
}
