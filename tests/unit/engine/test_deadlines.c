/* Deadlines fire once, whatever the clock and the daemon did meanwhile. */
#include "world.h"

static int setup(void **state)
{
	return world_begin(state, 5);
}

/* Hours in steps of two minutes, and then all in peace. */
static void pass(struct world *world, int64_t ms)
{
	world_run_by(world, ms, 2 * MINUTE_MS);
	world_settle(world);
}

static void expect_count(
    struct world *world, const struct id *id, enum verb verb, unsigned count)
{
	assert_int_equal(count_verb(&world->nodes[CITY], id, verb), count);
}

static void nothing_rings_before_its_time(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	pass(world, 4 * HOUR_MS - 2 * MINUTE_MS);
	expect_count(world, &id, VERB_SUPERVISE, 0);
	expect_count(world, &id, VERB_REMIND, 0);
}

static void not_accepted_in_time_is_supervised_once(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	pass(world, 5 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 1);
	/* and once more at twice the time, for two levels above */
	pass(world, 20 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 2);
	pass(world, 20 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 2);
	assert_true(
	    node_ticket(&world->nodes[CITY], &id).flags & TICKET_LATE_ACCEPT);
	world_check_views(world);
	world_check_stores(world);
}

static void accepted_in_time_is_not_supervised(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;

	world_settle(world);
	request = wish_to(VERB_ACCEPT, &id);
	must(world, "street-1", &request);
	pass(world, 6 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 0);
	world_check_stores(world);
}

static void a_resolution_is_reminded_of_and_then_supervised(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;

	world_settle(world);
	request = wish_to(VERB_ACCEPT, &id);
	must(world, "street-1", &request);
	pass(world, 53 * HOUR_MS);
	expect_count(world, &id, VERB_REMIND, 0);
	pass(world, 2 * HOUR_MS);
	expect_count(world, &id, VERB_REMIND, 1);
	expect_count(world, &id, VERB_SUPERVISE, 0);
	pass(world, 18 * HOUR_MS);
	expect_count(world, &id, VERB_REMIND, 1);
	expect_count(world, &id, VERB_SUPERVISE, 1);
	pass(world, 100 * HOUR_MS);
	expect_count(world, &id, VERB_REMIND, 1);
	expect_count(world, &id, VERB_SUPERVISE, 2); /* raised */
	world_check_views(world);
}

static void a_department_checks_in_by_its_colour(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;
	struct ticket parent;

	world_settle(world);
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-1", &request);
	world_settle(world);
	parent = node_ticket(&world->nodes[CITY], &id);
	request = wish_to(VERB_CHECK_IN, &parent.callouts[0].ticket);
	must(world, "cgj", &request);
	pass(world, 5 * HOUR_MS);
	expect_count(world, &parent.callouts[0].ticket, VERB_SUPERVISE, 0);
	expect_count(world, &parent.callouts[1].ticket, VERB_SUPERVISE, 1);
}

/* The holder's daemon was down when it passed. */
static void a_daemon_that_slept_over_it_rings_when_it_wakes(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	node_kill(&world->nodes[STREET_1]);
	world_run_by(world, 100 * HOUR_MS, 10 * MINUTE_MS);
	expect_count(world, &id, VERB_SUPERVISE, 0);
	node_start(&world->nodes[STREET_1]);
	world_settle(world);
	/* not accepted, raised, reminded, not resolved: each once */
	expect_count(world, &id, VERB_SUPERVISE, 3);
	expect_count(world, &id, VERB_REMIND, 1);
	node_kill(&world->nodes[STREET_1]);
	node_start(&world->nodes[STREET_1]);
	pass(world, HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 3);
	expect_count(world, &id, VERB_REMIND, 1);
	world_check_stores(world);
}

static void a_clock_that_jumps_rings_no_second_time(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	street->skew_ms = 5 * HOUR_MS;
	world_settle(world);
	expect_count(world, &id, VERB_SUPERVISE, 1);
	street->skew_ms = -30 * (int64_t)DAY_MS;
	world_settle(world);
	world_run_by(world, HOUR_MS, MINUTE_MS);
	expect_count(world, &id, VERB_SUPERVISE, 1);
	street->skew_ms = 5 * HOUR_MS;
	world_settle(world);
	street->skew_ms = 0;
	pass(world, 6 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 1);
	world_check_views(world);
	world_check_stores(world);
}

/* Time in a log never runs backwards, whatever the clocks say. */
static void a_clock_behind_writes_no_earlier_events(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct ticket before = node_ticket(&world->nodes[GRID_1], &id);
	struct wire_request request = wish_note(&id, "later");

	world->nodes[GRID_1].skew_ms = -DAY_MS;
	must(world, "grid-1", &request);
	assert_true(node_ticket(&world->nodes[GRID_1], &id).updated_ms >=
		    before.updated_ms);
}

/* A clock at the end of all times is a bad clock, and no more than that. */
static void a_clock_at_the_end_of_time_stops_nobody(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct wire_request request;
	struct id id;

	grid->skew_ms = EVENT_TIME_MAX_MS - world->now_ms - HOUR_MS;
	id = open_ticket(world, "grid-1", "hole", NULL);
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_STREET_1);
	request = wish_whistle(&id, UNIT_CGJ, NULL);
	must(world, "street-1", &request);
	grid->skew_ms = 0;
	pass(world, HOUR_MS);
	world_check_views(world);
	world_check_stores(world);
}

/* A new holder has its own time to accept. */
static void each_holder_has_its_own_time(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;

	pass(world, 3 * HOUR_MS);
	request = wish_forward(&id, UNIT_DISTRICT);
	must(world, "street-1", &request);
	pass(world, 3 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 0);
	pass(world, 2 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 1);
}

static void what_is_settled_rings_no_more(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;

	world_settle(world);
	request = wish_resolve(&id);
	must(world, "street-1", &request);
	pass(world, 200 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 0);
	expect_count(world, &id, VERB_REMIND, 0);
	world_check_stores(world);
}

/* The time to accept is over when a quarter of that to resolve is left. */
static void two_of_the_same_moment_both_ring(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "gate", NULL);

	pass(world, 7 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 1);
	expect_count(world, &id, VERB_REMIND, 1);
	pass(world, 2 * HOUR_MS);
	expect_count(world, &id, VERB_SUPERVISE, 2);
	world_check_stores(world);
}

/* More than a turn rings at once. */
static void many_due_at_once_all_ring(void **state)
{
	struct world *world = *state;
	struct wire_request request;
	struct id last;

	for (int i = 0; i < 300; i++) {
		request = wish_open("lamp", NULL);
		world_send(world, "grid-1", NULL, &request);
	}
	world_settle(world);
	last = open_ticket(world, "grid-1", "lamp", NULL);
	node_kill(&world->nodes[GRID_1]);
	world_run_by(world, 5 * DAY_MS, HOUR_MS);
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	expect_count(world, &last, VERB_SUPERVISE, 3);
	world_check_views(world);
	world_check_stores(world);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(nothing_rings_before_its_time),
		IN_WORLD(not_accepted_in_time_is_supervised_once),
		IN_WORLD(accepted_in_time_is_not_supervised),
		IN_WORLD(a_resolution_is_reminded_of_and_then_supervised),
		IN_WORLD(a_department_checks_in_by_its_colour),
		IN_WORLD(a_daemon_that_slept_over_it_rings_when_it_wakes),
		IN_WORLD(a_clock_that_jumps_rings_no_second_time),
		IN_WORLD(a_clock_behind_writes_no_earlier_events),
		IN_WORLD(a_clock_at_the_end_of_time_stops_nobody),
		IN_WORLD(each_holder_has_its_own_time),
		IN_WORLD(what_is_settled_rings_no_more),
		IN_WORLD(two_of_the_same_moment_both_ring),
		IN_WORLD(many_due_at_once_all_ring),
	};

	return cmocka_run_group_tests_name(
	    "engine/deadlines", tests, NULL, NULL);
}
