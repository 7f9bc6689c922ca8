/*
 * A story of Heping (天津和平, 红黄蓝): three streets blow a red, a yellow and
 * a blue whistle on one Monday morning, each for a situation of the catalogue
 * with one department that leads and two that assist. Of each three one
 * checks in on time, one late, one never. The colour says how soon; who is
 * late is supervised by the level above, at twice the time by two levels;
 * for who never comes the district sends another. The street that whistled
 * rates each; what is left are the departments' scores.
 *
 * The sample city: red checks in within 30m and is resolved within 24h,
 * yellow 4h and 3d, blue 1d and 7d.
 */
#include "harness/harness.h"
#include "harness/story.h"

#include <string.h>

/* One whistle, and what becomes of the three it calls. */
struct call {
	const char *street, *title, *situation, *colour, *rule;
	const char *on_time, *late, *never; /* departments; the first leads */
	const char *check_in_by, *resolve_by;
	const char *ticket, *callouts[3];
};

static struct call red = {
	.street = "street-420704001",
	.title = "沿街老楼请各部门到场",
	.situation = "S25",
	.colour = "red",
	.rule = "colour red: check in 30m, resolve 24h; return 1wd",
	.on_time = "420704-zjj",
	.late = "420704-yjj",
	.never = "420704-xfj",
	.check_in_by = "2026-11-23 09:30",
	.resolve_by = "2026-11-24 09:00",
};
static struct call yellow = {
	.street = "street-420704002",
	.title = "三号楼请各部门到场",
	.situation = "S26",
	.colour = "yellow",
	.rule = "colour yellow: check in 4h, resolve 3d; return 1wd",
	.on_time = "420704-xfj",
	.late = "420704-gaj",
	.never = "420704-cgj",
	.check_in_by = "2026-11-23 13:00",
	.resolve_by = "2026-11-26 09:00",
};
static struct call blue = {
	.street = "street-420704003",
	.title = "南街口请各部门到场",
	.situation = "S12",
	.colour = "blue",
	.rule = "colour blue: check in 1d, resolve 7d; return 1wd",
	.on_time = "420704-cgj",
	.late = "420704-scjgj",
	.never = "420704-gaj",
	.check_in_by = "2026-11-24 09:00",
	.resolve_by = "2026-11-30 09:00",
};

enum { ON_TIME, LATE, NEVER };

#define SPARE "420704-jtj" /* does it for those who never came */

static struct city city;

static int open_city(void **state)
{
	(void)state;
	moved_start("2026-11-23 09:00");
	city_open(&city);
	story_in(&city);
	return 0;
}

static const char *department(const struct call *call, int fate)
{
	return fate == ON_TIME ? call->on_time
	       : fate == LATE  ? call->late
			       : call->never;
}

static void whistle(struct call *call)
{
	const char *unit = call->street + strlen("street-");

	call->ticket = opens(
	    call->street, "--title", call->title, "--source", "visit", NULL);
	sees(call->street, call->ticket, "open", unit);
	does(call->street, "whistle", call->ticket, "--situation",
	    call->situation, "--meet-at", "街道门口", NULL);
	sees(call->street, call->ticket, "waiting", unit);
	sees_word(call->street, call->ticket, "colour", call->colour);
	for (int i = 0; i < 3; i++) {
		const char *called = department(call, i);

		call->callouts[i] =
		    callout_of(call->street, call->ticket, called);
		sees(called, call->callouts[i], "open", called);
		sees_word(called, call->callouts[i], "colour", call->colour);
		is_due(called, call->callouts[i], "accept_by",
		    call->check_in_by, call->rule);
		is_due(called, call->callouts[i], "resolve_by",
		    call->resolve_by, NULL);
	}
}

static void three_streets_whistle(void **state)
{
	(void)state;
	whistle(&red);
	whistle(&yellow);
	whistle(&blue);
	/* routine blows none on its own here: the situations are the streets'
	 */
	sees_word("echeng", red.ticket, "callouts[0].department", red.on_time);
}

static void checks_in(const struct call *call, int fate)
{
	const char *who = department(call, fate);

	does(who, "check-in", call->callouts[fate], "已到场", NULL);
	sees(call->street, call->callouts[fate], "accepted", who);
}

/* … of the time to check in: by the level above, then by two. */
static void is_supervised(
    const struct call *call, int fate, int above, int two_above)
{
	was_told(call->street, call->callouts[fate], "supervise", "check-in", 1,
	    above);
	was_told(call->street, call->callouts[fate], "supervise", "check-in", 2,
	    two_above);
	sees_number(
	    "city", call->callouts[fate], "escalation", two_above ? 2 : above);
}

/* One in time, one when it has been supervised, one not at all. */
static void three_fates(const struct call *call, const char *in_time,
    const char *overdue, const char *late, const char *twice)
{
	it_is(in_time);
	checks_in(call, ON_TIME);
	it_is(overdue);
	is_supervised(call, ON_TIME, 0, 0);
	is_supervised(call, LATE, 1, 0);
	is_supervised(call, NEVER, 1, 0);
	it_is(late);
	checks_in(call, LATE);
	it_is(twice);
	is_supervised(call, LATE, 1, 0);
	is_supervised(call, NEVER, 1, 1);
}

static void red_is_half_an_hour(void **state)
{
	(void)state;
	three_fates(&red, "2026-11-23 09:20", "2026-11-23 09:45",
	    "2026-11-23 09:50", "2026-11-23 10:15");
	/* … and nobody is late for yellow or blue */
	is_supervised(&yellow, LATE, 0, 0);
	is_supervised(&blue, NEVER, 0, 0);
}

static void yellow_is_four_hours(void **state)
{
	(void)state;
	three_fates(&yellow, "2026-11-23 12:30", "2026-11-23 13:15",
	    "2026-11-23 15:00", "2026-11-23 17:15");
	is_supervised(&blue, NEVER, 0, 0);
}

static void red_is_settled_within_a_day(void **state)
{
	(void)state;
	it_is("2026-11-23 20:00");
	does(red.on_time, "resolve", red.callouts[ON_TIME], "--solved",
	    "--text", "已排险围挡", NULL);
	it_is("2026-11-24 03:15");
	was_told(red.street, red.callouts[ON_TIME], "remind", "resolve", 0, 0);
	was_told(red.street, red.callouts[LATE], "remind", "resolve", 0, 1);
	it_is("2026-11-24 08:00");
	does(red.late, "resolve", red.callouts[LATE], "--solved", "--text",
	    "已疏散住户", NULL);
}

static void blue_is_a_day(void **state)
{
	(void)state;
	three_fates(&blue, "2026-11-24 08:30", "2026-11-24 09:15",
	    "2026-11-24 12:00", "2026-11-25 09:15");
	/* meanwhile red's day is over, twice, for the one that never came */
	was_told(red.street, red.callouts[NEVER], "supervise", "resolve", 1, 1);
	was_told(red.street, red.callouts[LATE], "supervise", "resolve", 1, 0);
}

/* The district takes it from who never came, and has another do it: called
 * off, it would leave the scores and nobody would have been late. */
static void another_is_sent(const struct call *call)
{
	const char *callout = call->callouts[NEVER];

	does("echeng", "take-over", callout, "--reason", "两次督办仍未到场",
	    NULL);
	sees("echeng", callout, "open", "420704");
	does("echeng", "forward", callout, SPARE, "--reason", "改派", NULL);
	sees(SPARE, callout, "open", SPARE);
	may_not(call->never, "check-in", callout,
	    "Only the unit that holds the ticket", NULL);
	does(SPARE, "check-in", callout, NULL);
	does(SPARE, "resolve", callout, "--solved", NULL);
}

/* Each by the street that called it. */
static void rate_each(const struct call *call)
{
	static const char *const verdicts[] = { "--satisfied", "--dissatisfied",
		"--satisfied" };
	const char *unit = call->street + strlen("street-");

	another_is_sent(call);
	for (int fate = ON_TIME; fate <= NEVER; fate++) {
		sees(call->street, call->ticket, "waiting", unit);
		sees(call->street, call->callouts[fate], "resolved", unit);
		may_not(department(call, fate), "rate", call->callouts[fate],
		    "Only the unit that opened", "--satisfied", NULL);
		does(call->street, "rate", call->callouts[fate], verdicts[fate],
		    NULL);
	}
	sees(call->street, call->ticket, "accepted", unit);
	does(call->street, "resolve", call->ticket, "--solved", NULL);
	does(call->street, "rate", call->ticket, "--satisfied", NULL);
	sees("city", call->ticket, "closed", unit);
	may_not(call->street, "rate", call->callouts[LATE],
	    "One issue has one rating", "--satisfied", NULL);
}

static void the_streets_rate_each(void **state)
{
	struct call *const others[] = { &yellow, &blue };

	(void)state;
	it_is("2026-11-25 12:00");
	for (int i = 0; i < 2; i++)
		for (int fate = ON_TIME; fate <= LATE; fate++)
			does(department(others[i], fate), "resolve",
			    others[i]->callouts[fate], "--solved", "--text",
			    "已处理", NULL);
	rate_each(&red);
	rate_each(&yellow);
	rate_each(&blue);
}

/*
 * Called, of those on time: zjj 1 of 1, xfj 1 of 2 (red never), cgj 1 of 2
 * (yellow never), yjj and scjgj 0 of 1, gaj 0 of 2 (late, then never).
 */
static void the_departments_have_their_scores(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	for (int i = 0; i < 3; i++) {
		const char *who[] = { "street-420704001", "echeng", "city" };

		scores(who[i], "420704-zjj",
		    "response 1/1, completion 1/1, satisfaction 1/1");
		scores(who[i], "420704-yjj",
		    "response 0/1, completion 1/1, satisfaction 0/1");
		if (i == 0)
			continue; /* its node has the other streets' as well */
		scores(who[i], "420704-xfj",
		    "response 1/2, completion 1/1, satisfaction 1/1");
		scores(who[i], "420704-cgj",
		    "response 1/2, completion 1/1, satisfaction 1/1");
		scores(who[i], "420704-gaj",
		    "response 0/2, completion 1/1, satisfaction 0/1");
		scores(who[i], "420704-scjgj",
		    "response 0/1, completion 1/1, satisfaction 0/1");
	}
	/* 30 for response, 40 for completion, 30 for satisfaction, and in each
	 * 40 of 100 what the streets' ratings say: that all have responded,
	 * also who was late */
	has_score("echeng", "420704-zjj", "100.0%");
	has_score("echeng", "420704-yjj", "52.0%");
	has_score("city", "420704-xfj", "91.0%");
	has_score("city", "420704-gaj", "52.0%");
	counts("city", "420704-xfj", "called", 2);
	counts("city", "420704-xfj", "resolved_late", 1); /* red's day */
	counts("city", "420704-zjj", "resolved_in_time", 1);
	scores("city", SPARE, "response 3/3, completion 3/3, satisfaction 3/3");
	counts("city", "420704001", "whistles", 1);
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_streets_whistle),
		cmocka_unit_test(red_is_half_an_hour),
		cmocka_unit_test(yellow_is_four_hours),
		cmocka_unit_test(red_is_settled_within_a_day),
		cmocka_unit_test(blue_is_a_day),
		cmocka_unit_test(the_streets_rate_each),
		cmocka_unit_test(the_departments_have_their_scores),
	};

	return flow_end(
	    cmocka_run_group_tests_name("heping", tests, open_city, NULL));
}
