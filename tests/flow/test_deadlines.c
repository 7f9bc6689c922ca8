/*
 * Deadlines fire, once, also when nobody was awake when they passed. The
 * city has a catalogue with deadlines of seconds.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"
#define STREET	"street-420704001"

static struct city city;

static int open_city(void **state)
{
	char path[CITY_PATH + 32];
	(void)state;

	city_prepare(&city);
	snprintf(path, sizeof(path), "%s/catalogue.yaml", city.from);
	file_copy(path, SOURCE_DIR "/tests/flow/data/deadlines.yaml");
	city_found(&city);
	city_start(&city);
	return 0;
}

static struct id open_with(
    const char *operator_name, const char *item, const char *place)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "有时限的事";
	wish.what->item = item;
	wish.what->place = unit_code(place);
	return wish_do(&city, operator_name, &wish);
}

/* ---- what the timer has written ---- */

struct rung {
	const char *node;
	const struct id *ticket;
	unsigned reminders, accept, check_in, resolve;
	bool too_early;
};

static void count_event(struct rung *rung, const struct event *event)
{
	if (strcmp(event->operator, OPERATOR_TIMER) != 0)
		return;
	rung->reminders += event->verb == VERB_REMIND;
	/* the second step, at twice the time, is another word on it */
	if (event->verb != VERB_SUPERVISE || event->what.step != 1)
		return;
	rung->accept += event->what.deadline == DEADLINE_ACCEPT;
	rung->check_in += event->what.deadline == DEADLINE_CHECK_IN;
	rung->resolve += event->what.deadline == DEADLINE_RESOLVE;
	rung->too_early |= event->time_ms < event->what.due_ms;
}

static void look(struct rung *rung)
{
	struct wire_request request;
	struct wire_reply reply;
	struct arena *arena = NULL;
	struct event event;

	*rung = (struct rung){ .node = rung->node, .ticket = rung->ticket };
	request_clear(&request, ASK_SHOW);
	request.show.ticket = *rung->ticket;
	ask(&reply, &city, "admin", rung->node, &request);
	if (reply.result == RESULT_NOT_FOUND)
		return;
	assert_int_equal(arena_open(&arena, DECODE_MAX_BYTES), 0);
	for (size_t i = 0; i < reply.show.event_count; i++) {
		assert_int_equal(wire_event_unpack(
				     &event, NULL, arena, reply.show.events[i]),
		    0);
		count_event(rung, &event);
	}
	arena_close(&arena);
}

static bool has_rung(void *context)
{
	struct rung *rung = context;

	look(rung);
	return rung->accept + rung->check_in + rung->resolve > 0;
}

static void wait_ring(
    struct rung *rung, const char *node, const struct id *ticket)
{
	*rung = (struct rung){ .node = node, .ticket = ticket };
	if (!wait_until(has_rung, rung, PATIENCE_MS))
		fail_msg("no deadline has fired");
	assert_false(rung->too_early);
}

static bool is_past(void *context)
{
	struct clock clock = clock_system();

	return clock_now_ms(&clock) > *(const int64_t *)context;
}

static void sleep_past(int64_t due_ms)
{
	assert_true(wait_until(is_past, &due_ms, PATIENCE_MS));
}

/* ---- the tests ---- */

static void fires_when_nobody_accepts(void **state)
{
	struct id id = open_with(GRID, "accept.soon", GRID_AT);
	struct ticket ticket;
	struct rung rung;
	(void)state;

	wait_ring(&rung, "gridd", &id);
	assert_int_equal(rung.accept, 1);
	see(&ticket, &city, "gridd", &id);
	assert_true(ticket.flags & TICKET_LATE_ACCEPT);
	assert_int_equal(ticket.state, STATE_OPEN);
}

static void does_not_fire_for_what_was_accepted_in_time(void **state)
{
	struct id in_time = open_with(GRID, "accept.soon", GRID_AT), late;
	struct rung rung = { .node = "gridd", .ticket = &in_time }, other;
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_ACCEPT, &in_time);
	wish_do(&city, GRID, &wish);
	late = open_with(GRID, "accept.soon", GRID_AT);
	wait_ring(&other, "gridd", &late);
	look(&rung);
	assert_int_equal(rung.accept, 0);
}

static void reminds_then_fires_when_nobody_resolves(void **state)
{
	struct id id = open_with(GRID, "resolve.soon", GRID_AT);
	struct ticket ticket;
	struct wish wish;
	struct rung rung;
	(void)state;

	wish_start(&wish, VERB_ACCEPT, &id);
	wish_do(&city, GRID, &wish);
	wait_ring(&rung, "gridd", &id);
	assert_int_equal(rung.resolve, 1);
	assert_int_equal(rung.accept, 0);
	assert_int_equal(rung.reminders, 1);
	see(&ticket, &city, "gridd", &id);
	assert_true(ticket.flags & TICKET_LATE_RESOLVE);
	assert_true(ticket.flags & TICKET_WARNED_RESOLVE);
}

static struct id whistle_red(void)
{
	struct id id = open_with(STREET, "street.matter", "420704001");
	struct callout callout = { .department = unit_code("420704-zjj"),
		.lead = true };
	struct ticket ticket;
	struct wish wish;

	wish_start(&wish, VERB_WHISTLE, &id);
	wish.what->colour = COLOUR_RED;
	wish.what->callouts = &callout;
	wish.what->callout_count = 1;
	wish_do(&city, STREET, &wish);
	see(&ticket, &city, "streetd", &id);
	assert_int_equal(ticket.callout_count, 1);
	return ticket.callouts[0].ticket;
}

static void fires_when_a_department_does_not_check_in(void **state)
{
	struct id callout = whistle_red();
	struct ticket ticket;
	struct rung rung;
	(void)state;

	wait_ring(&rung, "districtd", &callout);
	assert_int_equal(rung.check_in + rung.accept, 1);
	see(&ticket, &city, "districtd", &callout);
	assert_true(ticket.flags & TICKET_LATE_ACCEPT);
}

static void fires_once_after_a_stop_that_slept_over_it(void **state)
{
	struct id id = open_with(GRID, "accept.soon", GRID_AT);
	struct ticket ticket;
	struct rung rung;
	(void)state;

	see(&ticket, &city, "gridd", &id);
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	sleep_past(ticket.accept_by_ms);
	daemon_start(&city, "gridd", NULL);
	wait_ring(&rung, "gridd", &id);
	assert_int_equal(rung.accept, 1);
}

static void fires_once_after_a_kill_that_slept_over_it(void **state)
{
	struct id callout = whistle_red();
	struct ticket ticket;
	struct rung rung;
	(void)state;

	wait_held(&city, &callout, "420704-zjj", STATE_OPEN);
	see(&ticket, &city, "districtd", &callout);
	daemon_kill(&city, "districtd");
	sleep_past(ticket.accept_by_ms);
	daemon_start(&city, "districtd", NULL);
	wait_ring(&rung, "districtd", &callout);
	assert_int_equal(rung.check_in + rung.accept, 1);
}

static void a_deadline_that_has_fired_stays_silent_after_a_restart(void **state)
{
	struct id fired = open_with(GRID, "accept.soon", GRID_AT), next;
	struct rung rung, other;
	(void)state;

	wait_ring(&rung, "gridd", &fired);
	daemon_kill(&city, "gridd");
	daemon_start(&city, "gridd", NULL);
	next = open_with(GRID, "accept.soon", GRID_AT);
	wait_ring(&other, "gridd", &next);
	look(&rung);
	assert_int_equal(rung.accept, 1);
}

static void everybody_sees_who_was_late(void **state)
{
	(void)state;
	city_wait_up(&city);
	city_wait_quiet(&city);
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fires_when_nobody_accepts),
		cmocka_unit_test(does_not_fire_for_what_was_accepted_in_time),
		cmocka_unit_test(reminds_then_fires_when_nobody_resolves),
		cmocka_unit_test(fires_when_a_department_does_not_check_in),
		cmocka_unit_test(fires_once_after_a_stop_that_slept_over_it),
		cmocka_unit_test(fires_once_after_a_kill_that_slept_over_it),
		cmocka_unit_test(
		    a_deadline_that_has_fired_stays_silent_after_a_restart),
		cmocka_unit_test(everybody_sees_who_was_late),
	};

	return flow_end(
	    cmocka_run_group_tests_name("deadlines", tests, open_city, NULL));
}
