/* A child that says nothing, and deadlines of which it should have told. */
#include "world.h"

#include <string.h>
#include "store/overdue.h"

static int setup(void **state)
{
	return world_begin(state, 31);
}

static void pass(struct world *world, int64_t ms)
{
	world_run_by(world, ms, MINUTE_MS);
}

static struct wire_link_status link_of(
    struct world *world, const char *operator, const char * peer)
{
	struct wire_request request = wish(ASK_STATUS);
	struct wire_reply reply = world_ask(world, operator, & request);

	assert_int_equal(reply.result, RESULT_DONE);
	for (size_t i = 0; i < reply.status.link_count; i++)
		if (!strcmp(reply.status.links[i].peer, peer))
			return reply.status.links[i];
	fail_msg("%s is no neighbour", peer);
	return (struct wire_link_status){ .peer = "" };
}

static bool has_said(struct world *world, const char *text)
{
	bool has = world_logged(world, text);

	world_forget_log(world);
	return has;
}

static bool has_said_that(struct world *world, const char *text)
{
	return world_logged(world, text);
}

static void a_silent_child_is_told_once_and_when_it_is_back(void **state)
{
	struct world *world = *state;
	int64_t last_ms = world->now_ms;

	world->nodes[STREET_1].is_cut = true;
	pass(world, 9 * MINUTE_MS);
	assert_false(has_said(world, "link=street-1 state=silent"));
	pass(world, 3 * MINUTE_MS);
	assert_true(has_said(world, "link=street-1 state=silent since="));
	struct wire_link_status link = link_of(world, "district", "street-1");
	assert_true(
	    link.silent_ms > 0 && link.silent_ms <= last_ms + MINUTE_MS);
	assert_false(link.up);
	pass(world, HOUR_MS);
	assert_false(has_said(world, "state=silent"));
	/* nor after a restart, which knows since when */
	node_kill(&world->nodes[DISTRICT]);
	node_start(&world->nodes[DISTRICT]);
	pass(world, HOUR_MS);
	assert_false(has_said(world, "link=street-1 state=silent"));
	assert_int_equal(
	    link_of(world, "district", "street-1").silent_ms, link.silent_ms);
	world->nodes[STREET_1].is_cut = false;
	world_settle(world);
	world_run(world, 1000);
	assert_true(has_said(world, "link=street-1 state=back since="));
	assert_int_equal(link_of(world, "district", "street-1").silent_ms, 0);
}

static void a_deadline_that_a_dead_child_missed_is_told_once(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	assert_int_equal(link_of(world, "district", "street-1").held, 1);
	node_kill(&world->nodes[STREET_1]);
	world_forget_log(world);
	pass(world, 4 * HOUR_MS);
	assert_false(has_said(world, "overdue="));
	node_kill(&world->nodes[DISTRICT]);
	pass(world, 10 * MINUTE_MS);
	node_start(&world->nodes[DISTRICT]);
	pass(world, 2 * MINUTE_MS);
	assert_true(has_said(world, "overdue=accept"));
	assert_int_equal(link_of(world, "district", "street-1").overdue, 1);
	pass(world, HOUR_MS);
	assert_false(has_said(world, "overdue="));
	/* the time to resolve is another deadline */
	pass(world, 70 * HOUR_MS);
	assert_true(has_said(world, "overdue=resolve"));
	assert_int_equal(link_of(world, "district", "street-1").overdue, 1);
	world_check_audits(world);
	/* it is back and says so itself */
	node_start(&world->nodes[STREET_1]);
	world_settle(world);
	assert_true(node_ticket(&world->nodes[DISTRICT], &id).flags &
		    TICKET_LATE_RESOLVE);
	assert_int_equal(link_of(world, "district", "street-1").overdue, 0);
	world_check_audits(world);
	world_check_stores(world);
}

static void what_the_child_says_in_time_is_not_told(void **state)
{
	struct world *world = *state;

	open_ticket(world, "grid-1", "hole", NULL);
	world_settle(world);
	pass(world, 4 * HOUR_MS - 5 * MINUTE_MS);
	world_settle(world);
	world_forget_log(world);
	/* in steps as links need them */
	world_run_by(world, 20 * MINUTE_MS, 1000);
	world_settle(world);
	assert_true(has_said_that(world, "verb=supervise"));
	assert_false(has_said(world, "overdue="));
	assert_int_equal(link_of(world, "district", "street-1").overdue, 0);
	world_check_audits(world);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_silent_child_is_told_once_and_when_it_is_back),
		IN_WORLD(a_deadline_that_a_dead_child_missed_is_told_once),
		IN_WORLD(what_the_child_says_in_time_is_not_told),
	};

	return cmocka_run_group_tests_name("engine/silence", tests, NULL, NULL);
}
