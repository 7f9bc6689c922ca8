/*
 * Deadlines across time: over restarts, holidays, make-up days, the year's
 * end and 29 February, in China's civil time though the daemons' machines
 * are set to another zone; and when somebody sets the clock, back or forth,
 * while the daemons run or while they are down. Each is told once.
 *
 * The sample city with its own catalogue and calendar: rubbish is accept 4wh,
 * resolve 1wd; a quarrel (dispute) accept 2h, resolve 3d; work is from 8:30
 * to 12:00 and from 14:30 to 17:30.
 */
#include "harness/harness.h"
#include "harness/story.h"

#include <stdlib.h>
#include <string.h>

#define GRID "grid-420704001002001"

#define DAY  INT64_C(86400000)

static struct city city;

/* The daemons are in New York; whoever looks is in Ezhou. */
static int open_city(void **state)
{
	(void)state;
	moved_start("2026-02-14 15:00");
	setenv("TZ", "America/New_York", 1);
	city_open(&city);
	setenv("TZ", "Asia/Shanghai", 1);
	story_in(&city);
	return 0;
}

static const char *at_grid(const char *item)
{
	return opens(GRID, "--title", "居民的事", "--item", item, "--place",
	    "420704001002001", NULL);
}

/* Accept and resolve by; and that a person reads the first as it is. */
static void rubbish_is_due(
    const char *rule, const char *accept_by, const char *resolve_by)
{
	const char *ticket = at_grid("garbage");
	struct run run;

	is_due(GRID, ticket, "accept_by", accept_by, rule);
	is_due(GRID, ticket, "resolve_by", resolve_by, NULL);
	cli(&run, &city, GRID, "ticket", "show", ticket, "--lang", "zh", NULL);
	/* to ten minutes: the tests take their time */
	char shown[16] = "";
	strncat(shown, accept_by, 15);
	if (!strstr(run_text(&run.out), shown))
		fail_msg("no %s in %s", shown, run_text(&run.out));
	run_free(&run);
}

static const char four_hours[] = "item garbage: accept 4wh, resolve 1wd";

static void a_make_up_day_is_worked_and_a_festival_is_not(void **state)
{
	(void)state;
	/* a Saturday that is worked; then the Spring Festival, to the 23rd */
	it_is("2026-02-14 15:00");
	rubbish_is_due(four_hours, "2026-02-24 10:00", "2026-02-24 15:00");
	/* Friday; the Saturday after is worked as well */
	it_is("2026-02-27 15:00");
	rubbish_is_due(four_hours, "2026-02-28 10:00", "2026-02-28 15:00");
	/* … but no other Saturday is */
	it_is("2026-03-06 15:00");
	rubbish_is_due(four_hours, "2026-03-09 10:00", "2026-03-09 15:00");
	/* National Day, and the Saturday that makes up for it */
	it_is("2026-09-30 15:30");
	rubbish_is_due(four_hours, "2026-10-08 10:30", "2026-10-08 15:30");
	it_is("2026-10-09 15:30");
	rubbish_is_due(four_hours, "2026-10-10 10:30", "2026-10-10 15:30");
}

static void the_new_year_is_not_known_and_that_is_said(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2026-12-31 16:00");
	rubbish_is_due("item garbage: accept 4wh, resolve 1wd; the calendar "
		       "lacks the holidays of 2027",
	    "2027-01-04 11:00", "2027-01-04 16:00");
	it_is("2026-12-31 23:30");
	quarrel = at_grid("dispute");
	is_due(GRID, quarrel, "accept_by", "2027-01-01 01:30",
	    "item dispute: accept 2h, resolve 3d");
	is_due(GRID, quarrel, "resolve_by", "2027-01-03 23:30", NULL);
}

static int64_t opened_in(const char *month)
{
	json_t *board = cli_json(&city, "city", "score", "show", "--under",
	    "420704001002001", "--period", month, NULL);
	int64_t opened = json_number_at(board, "[0].counts.opened");

	json_decref(board);
	return opened;
}

/* In New York it is still the morning of 31 December. */
static void a_month_begins_in_chinas_time(void **state)
{
	(void)state;
	assert_int_equal(opened_in("2026-12"), 2);
	it_is("2027-01-01 00:30");
	at_grid("dispute");
	city_wait_quiet(&city);
	assert_int_equal(opened_in("2026-12"), 2);
	assert_int_equal(opened_in("2027-01"), 1);
}

static void there_is_a_29th_of_february(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-02-27 10:00");
	quarrel = at_grid("dispute");
	is_due(GRID, quarrel, "resolve_by", "2028-03-01 10:00", NULL);
	/* a quarter of three days before, which is on the 29th */
	it_is("2028-02-29 15:00");
	was_told(GRID, quarrel, "remind", "resolve", 0, 0);
	it_is("2028-02-29 16:30");
	was_told(GRID, quarrel, "remind", "resolve", 0, 1);
	was_told(GRID, quarrel, "supervise", "resolve", 1, 0);
	it_is("2028-03-01 10:15");
	was_told(GRID, quarrel, "supervise", "resolve", 1, 1);
}

/* ---- told once ---- */

/* A quarrel that nobody accepts: late after 2h and 4h; reminded of after
 * 2d 6h, late after 3d and 6d. */
static void was_told_all(const char *who, const char *ticket, int times)
{
	was_told(who, ticket, "supervise", "accept", 1, times);
	was_told(who, ticket, "supervise", "accept", 2, times);
	was_told(who, ticket, "remind", "resolve", 0, times);
	was_told(who, ticket, "supervise", "resolve", 1, times);
	was_told(who, ticket, "supervise", "resolve", 2, times);
}

static void restart_all(void)
{
	city_stop(&city);
	city_start(&city);
	city_wait_quiet(&city);
}

static void what_passed_while_all_were_down_is_told_once(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-03-20 09:00");
	quarrel = at_grid("dispute");
	sees("city", quarrel, "open", "420704001002001");
	city_stop(&city);
	moved_to("2028-03-27 09:00");
	city_start(&city);
	city_wait_quiet(&city);
	was_told_all(GRID, quarrel, 1);
	was_told_all("city", quarrel, 1);
	restart_all();
	was_told_all(GRID, quarrel, 1);
	sees_number("city", quarrel, "escalation", 2);
}

static void a_clock_set_back_tells_nothing_twice(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-04-10 09:00");
	quarrel = at_grid("dispute");
	it_is("2028-04-10 11:15");
	was_told(GRID, quarrel, "supervise", "accept", 1, 1);
	it_is("2028-04-09 11:15"); /* while all run */
	was_told(GRID, quarrel, "supervise", "accept", 1, 1);
	/* time does not run backwards within a ticket */
	does(GRID, "note", quarrel, "钟被拨慢了一天", NULL);
	json_t *shown = look_at(GRID, quarrel);
	int64_t noted_ms = 0;
	assert_int_equal(
	    time_parse(&noted_ms, json_text_at(shown, "updated")), 0);
	json_decref(shown);
	assert_true(noted_ms >= civil_ms("2028-04-10 11:15"));
	it_is("2028-04-10 12:00");
	was_told(GRID, quarrel, "supervise", "accept", 1, 1);
	was_told(GRID, quarrel, "supervise", "accept", 2, 0);
	it_is("2028-04-10 13:15");
	was_told(GRID, quarrel, "supervise", "accept", 1, 1);
	was_told(GRID, quarrel, "supervise", "accept", 2, 1);
}

static void the_city_works_on_in_a_day_that_was_set_back(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-04-20 09:00");
	it_is("2028-04-19 09:00");
	quarrel = at_grid("dispute");
	is_due(GRID, quarrel, "accept_by", "2028-04-19 11:00", NULL);
	does(GRID, "forward", quarrel, "420704001002", "--reason", "请社区",
	    NULL);
	sees("city", quarrel, "open", "420704001002");
	does("comm-420704001002", "resolve", quarrel, "--solved", "--channel",
	    "mediation", NULL);
	sees(GRID, quarrel, "resolved", "420704001002001");
	does(GRID, "rate", quarrel, "--satisfied", NULL);
	sees("city", quarrel, "closed", "420704001002001");
}

static void a_clock_set_forth_and_right_again_has_told_once(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-05-08 09:00");
	quarrel = at_grid("dispute");
	it_is("2028-05-09 09:00"); /* a day too far, for a moment */
	it_is("2028-05-08 09:15");
	was_told(GRID, quarrel, "supervise", "accept", 1, 1);
	was_told(GRID, quarrel, "supervise", "accept", 2, 1);
	it_is("2028-05-15 09:00");
	was_told_all(GRID, quarrel, 1);
}

static void a_clock_set_while_all_are_down_tells_once(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-06-05 09:00");
	quarrel = at_grid("dispute");
	it_is("2028-06-05 11:15");
	city_stop(&city);
	moved_by(-DAY);
	city_start(&city);
	city_wait_quiet(&city);
	was_told(GRID, quarrel, "supervise", "accept", 1, 1);
	was_told(GRID, quarrel, "supervise", "accept", 2, 0);
	city_stop(&city);
	moved_by(8 * DAY);
	city_start(&city);
	city_wait_quiet(&city);
	was_told_all(GRID, quarrel, 1);
	city_stop(&city);
	moved_by(-DAY);
	city_start(&city);
	city_wait_quiet(&city);
	was_told_all(GRID, quarrel, 1);
	was_told_all("city", quarrel, 1);
}

/* ---- the clock stands still ---- */

static void a_permit_to_wait_stops_the_clock(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-07-03 09:00");
	quarrel = at_grid("dispute");
	does(GRID, "accept", quarrel, NULL);
	sees("admin", quarrel, "accepted", "420704001002001");
	it_is("2028-07-04 09:00");
	does("admin", "suspend", quarrel, "--reason", "等雨季过去", "--until",
	    "2028-09-04 09:00", NULL);
	sees(GRID, quarrel, "suspended", "420704001002001");
	it_is("2028-08-20 09:00");
	was_told(GRID, quarrel, "remind", "resolve", 0, 0);
	was_told(GRID, quarrel, "supervise", "resolve", 1, 0);
	it_is("2028-09-04 09:15"); /* on by itself; one of three days is gone */
	sees(GRID, quarrel, "accepted", "420704001002001");
	is_due(GRID, quarrel, "resolve_by", "2028-09-06 09:00", NULL);
	it_is("2028-09-05 16:00");
	was_told(GRID, quarrel, "remind", "resolve", 0, 1);
	it_is("2028-09-06 09:30");
	was_told(GRID, quarrel, "supervise", "resolve", 1, 1);
}

/* The holder's own, once, and no longer than the catalogue's 3d. */
static void waiting_for_the_resident_stops_the_clock(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-09-11 09:00");
	quarrel = opens("hotline", "--number", "W-1", "--title", "居民的事",
	    "--item", "dispute", "--place", "420704001002001", NULL);
	sees(GRID, quarrel, "open", "420704001002001");
	is_due(GRID, quarrel, "resolve_by", "2028-09-14 09:00", NULL);
	does(GRID, "accept", quarrel, NULL);
	it_is("2028-09-12 09:00");
	may_not(GRID, "suspend", quarrel, "Only a unit above", "--reason",
	    "等居民", NULL);
	may_not(GRID, "suspend", quarrel, "not valid", "--resident", "--reason",
	    "等居民", "--until", "2028-09-20 09:00", NULL);
	does(GRID, "suspend", quarrel, "--resident", "--reason",
	    "请来电人补充门牌号", NULL);
	sees("hotline", quarrel, "suspended", "420704001002001");
	is_due("hotline", quarrel, "until", "2028-09-15 09:00", NULL);
	it_is("2028-09-14 15:10"); /* past the deadline that was */
	was_told(GRID, quarrel, "remind", "resolve", 0, 0);
	was_told(GRID, quarrel, "supervise", "resolve", 1, 0);
	/* the hotline passes the answer on, and the clock runs again */
	does("hotline", "note", quarrel, "来电人答复：3号楼502", NULL);
	sees(GRID, quarrel, "accepted", "420704001002001");
	is_due(GRID, quarrel, "resolve_by", "2028-09-16 15:05",
	    "suspended for 54h");
	may_not(GRID, "suspend", quarrel, "has been waited for once",
	    "--resident", "--reason", "再等等", NULL);
	it_is("2028-09-16 15:40");
	was_told(GRID, quarrel, "supervise", "resolve", 1, 1);
	/* reopened it may be waited for once more; this time nobody answers */
	does(GRID, "resolve", quarrel, "--solved", "--channel", "mediation",
	    NULL);
	sees("hotline", quarrel, "resolved", "4207-12345");
	does("hotline", "reopen", quarrel, "--reason", "没解决", NULL);
	sees(GRID, quarrel, "open", "420704001002001");
	does(GRID, "accept", quarrel, NULL);
	does(GRID, "suspend", quarrel, "--resident", "--reason", "等来电人",
	    NULL);
	it_is("2028-09-19 16:00");
	sees(GRID, quarrel, "accepted", "420704001002001");
}

/* With whoever raised it, nobody's time runs. */
static void verification_runs_nobodys_clock(void **state)
{
	const char *quarrel;
	(void)state;

	it_is("2028-10-10 09:00");
	quarrel = at_grid("dispute");
	does(GRID, "resolve", quarrel, "--solved", "--channel", "mediation",
	    NULL);
	it_is("2028-12-10 09:00");
	was_told_all(GRID, quarrel, 0);
	sees_number(GRID, quarrel, "escalation", 0);
}

static void all_logs_are_the_same(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_make_up_day_is_worked_and_a_festival_is_not),
		cmocka_unit_test(the_new_year_is_not_known_and_that_is_said),
		cmocka_unit_test(a_month_begins_in_chinas_time),
		cmocka_unit_test(there_is_a_29th_of_february),
		cmocka_unit_test(what_passed_while_all_were_down_is_told_once),
		cmocka_unit_test(a_clock_set_back_tells_nothing_twice),
		cmocka_unit_test(the_city_works_on_in_a_day_that_was_set_back),
		cmocka_unit_test(
		    a_clock_set_forth_and_right_again_has_told_once),
		cmocka_unit_test(a_clock_set_while_all_are_down_tells_once),
		cmocka_unit_test(a_permit_to_wait_stops_the_clock),
		cmocka_unit_test(waiting_for_the_resident_stops_the_clock),
		cmocka_unit_test(verification_runs_nobodys_clock),
		cmocka_unit_test(all_logs_are_the_same),
	};

	return flow_end(
	    cmocka_run_group_tests_name("time", tests, open_city, NULL));
}
