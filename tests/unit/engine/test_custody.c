/* One holder, and custody that passes whatever happens on the way. */
#include "world.h"

#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 9);
}

/* In transit nobody may write: not who had it, not who gets it. */
static void in_transit_nobody_writes(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request;

	world_settle(world);
	world->nodes[GRID_1].is_cut = true;
	request = wish_forward(&id, UNIT_COMMUNITY_1);
	must(world, "grid-1", &request);
	request = wish_resolve(&id);
	must_not(world, "grid-1", &request, "not_holder");
	request = wish_resolve(&id);
	must_not(world, "community-1", &request, "not_holder");
	world_run(world, 30 * 1000);
	world->nodes[GRID_1].is_cut = false;
	world_settle(world);
	request = wish_resolve(&id);
	must(world, "community-1", &request);
	world_settle(world);
	world_check_views(world);
}

static void a_ticket_passes_over_links_that_come_and_go(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);

	for (int i = 0; i < 40; i++) {
		for (unsigned n = GATEWAY; n < WORLD_NODES; n++)
			world->nodes[n].is_cut = world_chance(world, 50);
		world_run(world, 200);
	}
	world_heal(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_GRID_1);
	world_check_views(world);
	world_check_stores(world);
}

/* The forward was committed and never sent: the daemon died in between. */
static void what_was_committed_and_not_sent_is_sent(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct wire_request request = wish_open("fund", NULL);
	struct wire_reply reply;

	grid->is_dying = true;
	world_send(world, "grid-1", NULL, &request);
	world_run(world, 100);
	assert_false(world_reply(world, &reply, &request.id));
	node_kill(grid);
	node_start(grid);
	reply = must(world, "grid-1", &request);
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &reply.command.ticket).holder.s,
	    UNIT_CITY_ZJJ);
	assert_int_equal(node_count_tickets(&world->nodes[CITY]), 1);
	world_check_views(world);
}

/* A child that has not been heard since its parent started gets all that
 * was meant for it, though the parent is killed meanwhile. */
static void rows_for_a_silent_child_outlive_the_parent(void **state)
{
	struct world *world = *state;
	struct world_node *community = &world->nodes[COMMUNITY_1];
	struct id ids[3];

	node_kill(&world->nodes[GRID_1]);
	for (int i = 0; i < 3; i++) {
		node_kill(community);
		node_start(community);
		ids[i] = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
		world_run(world, 5000);
	}
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	for (int i = 0; i < 3; i++)
		assert_true(node_knows(&world->nodes[GRID_1], &ids[i]));
	world_check_views(world);
}

static void a_return_goes_back_to_the_sender(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;

	world_settle(world);
	request = wish_return(&id);
	must(world, "street-1", &request);
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_COMMUNITY_1);
	/* routine does not send up again what came back */
	assert_int_equal(
	    node_ticket(&world->nodes[CITY], &id).state, STATE_OPEN);
	world_check_views(world);
}

static void a_reopening_goes_to_the_resolver_and_then_above_it(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;

	world_settle(world);
	request = wish_resolve(&id);
	must(world, "street-1", &request);
	world_settle(world);
	request = wish_reopen(&id);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_STREET_1);
	request = wish_resolve(&id);
	must(world, "street-1", &request);
	world_settle(world);
	request = wish_reopen(&id);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_DISTRICT);
	world_check_views(world);
	world_check_stores(world);
}

/* Two that crossed: both have one log in the end. */
static void a_busy_ticket_has_one_log(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	const char *const people[] = { "grid-1", "community-1", "street-1" };

	for (int i = 0; i < 60; i++) {
		struct wire_request request = wish_note(&id, "word");
		world_send(world, people[i % 3], NULL, &request);
		if (i == 30) {
			request = wish_forward(&id, UNIT_DISTRICT);
			world_send(world, "street-1", NULL, &request);
		}
		world_run(world, WORLD_STEP_MS);
	}
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &id).holder.s, UNIT_DISTRICT);
	world_check_views(world);
	world_check_stores(world);
}

/* Everything that is new for the street at once, each with a whistle of two:
 * more tickets than one turn has room for. */
static void a_flood_of_whistles_is_worked_off(void **state)
{
	struct world *world = *state;
	enum { FLOOD = 2000 };

	world->nodes[STREET_1].is_cut = true;
	node_kill(&world->nodes[STREET_1]);
	for (int i = 0; i < FLOOD; i++) {
		struct wire_request request = wish_open("fire", NULL);
		world_send(world, "grid-1", NULL, &request);
		if (i % 100 == 99)
			world_run(world, 50);
	}
	world_run(world, 2000);
	node_start(&world->nodes[STREET_1]);
	world->nodes[STREET_1].is_cut = false;
	world_forget_log(world);
	world_settle(world);
	assert_false(world_logged(world, "given_up"));
	assert_int_equal(node_count_tickets(&world->nodes[CITY]), 3 * FLOOD);
}

static void merge(
    struct world *world, const struct id *ticket, const struct id *master)
{
	struct wire_request request = wish_to(VERB_MERGE, ticket);

	request.command.what.master = *master;
	must(world, "street-1", &request);
}

/* Each follows its master, and its master another, in either order. */
static void a_chain_of_duplicates_ends_to_its_end(void **state)
{
	struct world *world = *state;
	struct wire_request request;
	struct id ids[5];

	for (int i = 0; i < 5; i++)
		ids[i] = open_ticket(world, "street-1", "", UNIT_STREET_1);
	merge(world, &ids[0], &ids[1]);
	merge(world, &ids[1], &ids[2]);
	merge(world, &ids[4], &ids[3]);
	merge(world, &ids[3], &ids[2]);
	world_settle(world);
	request = wish_resolve(&ids[2]);
	must(world, "street-1", &request);
	world_settle(world);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
		    node_ticket(&world->nodes[CITY], &ids[i]).state,
		    STATE_RESOLVED);
	world_check_views(world);
	world_check_stores(world);
}

static void a_merge_in_the_turn_in_which_the_master_ends_is_no_orphan(
    void **state)
{
	struct world *world = *state;
	struct id master = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct id id = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct wire_request merging = wish_to(VERB_MERGE, &id);
	struct wire_request resolving = wish_resolve(&master);

	world_settle(world);
	merging.command.what.master = master;
	world_send(world, "street-1", NULL, &merging);
	world_send(world, "street-1", NULL, &resolving);
	world->now_ms += WORLD_STEP_MS;
	node_run(&world->nodes[STREET_1]);
	world_settle(world);
	assert_int_equal(
	    count_verb(&world->nodes[STREET_1], &id, VERB_MERGE), 1);
	assert_int_equal(
	    node_ticket(&world->nodes[CITY], &id).state, STATE_RESOLVED);
	world_check_views(world);
	world_check_stores(world);
}

static void a_drained_node_has_told_its_neighbours(void **state)
{
	struct world *world = *state;
	struct wire_request request;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct engine *grid = world->nodes[GRID_1].engine;

	world_settle(world);
	request = wish_note(&id, "last word");
	world_send(world, "grid-1", NULL, &request);
	world->now_ms += WORLD_STEP_MS;
	node_run(&world->nodes[GRID_1]);
	assert_false(engine_drain(grid));
	request = wish_note(&id, "too late");
	must_not(world, "grid-1", &request, "recovering");
	world_run(world, 100);
	assert_true(engine_drain(grid));
	assert_int_equal(
	    count_text(&world->nodes[COMMUNITY_1], &id, "last word"), 1);
	/* and it does not wait for ever, nor for a clock that was set back */
	world->nodes[GRID_1].skew_ms = -DAY_MS;
	world->nodes[GRID_1].is_cut = true;
	engine_drain(grid);
	world_run(world, 4000);
	assert_true(engine_drain(grid));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(in_transit_nobody_writes),
		IN_WORLD(a_ticket_passes_over_links_that_come_and_go),
		IN_WORLD(what_was_committed_and_not_sent_is_sent),
		IN_WORLD(rows_for_a_silent_child_outlive_the_parent),
		IN_WORLD(a_return_goes_back_to_the_sender),
		IN_WORLD(a_reopening_goes_to_the_resolver_and_then_above_it),
		IN_WORLD(a_busy_ticket_has_one_log),
		IN_WORLD(a_flood_of_whistles_is_worked_off),
		IN_WORLD(a_chain_of_duplicates_ends_to_its_end),
		IN_WORLD(
		    a_merge_in_the_turn_in_which_the_master_ends_is_no_orphan),
		IN_WORLD(a_drained_node_has_told_its_neighbours),
	};

	return cmocka_run_group_tests_name("engine/custody", tests, NULL, NULL);
}
