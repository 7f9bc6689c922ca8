/* What is asked twice is done once, here or elsewhere. */
#include "world.h"

#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 3);
}

static void restart(struct world_node *node)
{
	node_kill(node);
	node_start(node);
}

static void an_opening_said_again_is_the_same_ticket(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", NULL);
	struct wire_reply first = must(world, "grid-1", &request);
	struct wire_reply again = must(world, "grid-1", &request);

	assert_true(id_equal(&first.command.ticket, &again.command.ticket));
	assert_int_equal(first.command.seq, again.command.seq);
	restart(&world->nodes[GRID_1]);
	again = must(world, "grid-1", &request);
	assert_true(id_equal(&first.command.ticket, &again.command.ticket));
	assert_int_equal(node_count_tickets(&world->nodes[GRID_1]), 1);
}

static void a_command_said_again_is_one_event(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_note(&id, "only once");
	struct wire_reply first = must(world, "grid-1", &request);
	struct wire_reply again = must(world, "grid-1", &request);

	assert_int_equal(first.command.seq, again.command.seq);
	assert_int_equal(first.command.state, again.command.state);
	assert_int_equal(
	    count_text(&world->nodes[GRID_1], &id, "only once"), 1);
}

/* Many in one turn, as a client that is impatient sends them. */
static void repeats_in_one_turn_are_one_event(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_note(&id, "only once");

	for (int i = 0; i < 20; i++)
		world_send(world, "grid-1", NULL, &request);
	world_run(world, 100);
	assert_int_equal(
	    count_text(&world->nodes[GRID_1], &id, "only once"), 1);
}

/* The hotline's own number is one ticket, however it is asked. */
static void a_sources_number_is_one_ticket(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", UNIT_GRID_1);
	struct wire_reply first, again;

	request.command.what.external_id = "H-2026-1";
	first = must(world, "hotline", &request);
	assert_false(first.command.existed);
	memset(&request.id, 0, sizeof(request.id));
	again = must(world, "hotline", &request);
	assert_true(again.command.existed);
	assert_true(id_equal(&first.command.ticket, &again.command.ticket));
	restart(&world->nodes[GATEWAY]);
	memset(&request.id, 0, sizeof(request.id));
	again = must(world, "hotline", &request);
	assert_true(id_equal(&first.command.ticket, &again.command.ticket));
	/* the same number of another source is another ticket */
	memset(&request.id, 0, sizeof(request.id));
	again = must(world, "grid-1", &request);
	assert_false(again.command.existed);
	assert_false(id_equal(&first.command.ticket, &again.command.ticket));
	world_settle(world);
	assert_int_equal(node_count_tickets(&world->nodes[CITY]), 2);
}

static void a_number_outlives_the_store(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_open("lamp", UNIT_GRID_1);
	struct wire_reply first, again;

	request.command.what.external_id = "H-2026-2";
	first = must(world, "hotline", &request);
	world_settle(world);
	node_lose_store(&world->nodes[GATEWAY]);
	node_start(&world->nodes[GATEWAY]);
	world_settle(world);
	memset(&request.id, 0, sizeof(request.id));
	again = must(world, "hotline", &request);
	assert_true(again.command.existed);
	assert_true(id_equal(&first.command.ticket, &again.command.ticket));
}

/* ---- far away ---- */

/* Opened by the grid, carried to the street by routine. */
static struct id distant_ticket(struct world *world)
{
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[GRID_1], &id).holder.s, UNIT_STREET_1);
	return id;
}

static void a_distant_command_said_again_is_one_event(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_note(&id, "only once");
	struct wire_reply first = must(world, "grid-1", &request);
	struct wire_reply again = must(world, "grid-1", &request);

	assert_true(id_equal(&first.command.ticket, &id));
	assert_int_equal(first.command.seq, again.command.seq);
	assert_string_equal(again.command.holder.s, UNIT_STREET_1);
	restart(&world->nodes[GRID_1]);
	again = must(world, "grid-1", &request);
	assert_int_equal(first.command.seq, again.command.seq);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
}

static enum result ask_result(
    struct world *world, const char *operator, struct wire_request * request)
{
	return world_ask(world, operator, request).result;
}

static void what_is_on_its_way_is_pending_and_then_done_once(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_note(&id, "only once");

	world->nodes[COMMUNITY_1].is_cut = true;
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_PENDING);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_PENDING);
	restart(&world->nodes[GRID_1]);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_PENDING);
	world->nodes[COMMUNITY_1].is_cut = false;
	world_settle(world);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_DONE);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
}

/* The order leaves, and then its way is cut behind it. */
static void order_and_hear_nothing(
    struct world *world, struct wire_request *request)
{
	world_send(world, "grid-1", NULL, request);
	world_run(world, 20);
	world->nodes[GRID_1].is_cut = true;
	world_run(world, 500);
	assert_int_equal(count_text(&world->nodes[CITY],
			     &request->command.ticket, "only once"),
	    1);
}

/* The ticket has moved on when the wish is said again: to another holder,
 * and even to the very node that was asked. */
static void a_repeat_after_the_ticket_moved_is_still_one_event(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_note(&id, "only once"), other;

	world->nodes[COMMUNITY_1].is_cut = true;
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_PENDING);
	world->nodes[COMMUNITY_1].is_cut = false;
	world_settle(world);
	other = wish_forward(&id, UNIT_DISTRICT);
	must(world, "street-1", &other);
	world_settle(world);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_DONE);
	other = wish_resolve(&id);
	must(world, "district", &other);
	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[GRID_1], &id).holder.s, UNIT_GRID_1);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_DONE);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
}

/* The answer is late and the ticket comes home before it: what was asked
 * first may not be done by whoever is asked again. */
static void a_repeat_is_not_done_where_the_first_may_still_be(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_note(&id, "only once");

	order_and_hear_nothing(world, &request);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_PENDING);
	world->nodes[GRID_1].is_cut = false;
	world_settle(world);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_DONE);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
}

static void a_distant_refusal_has_its_reason(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_rate(&id);

	must_not(world, "grid-1", &request, "wrong_state");
	request = wish_resolve(&id);
	must(world, "street-1", &request);
	world_settle(world);
	request = wish_rate(&id);
	must(world, "grid-1", &request);
	request = wish_rate(&id);
	must_not(world, "grid-1", &request, "rated_already");
}

/* It is not known here who holds it now, but on the way it is. */
static void a_wish_that_meets_the_ticket_on_its_way_is_answered(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request note = wish_note(&id, "crossing");
	struct wire_request forward = wish_forward(&id, UNIT_COMMUNITY_1);
	struct wire_reply reply;

	/* the ticket goes down while the wish goes up */
	world_send(world, "street-1", NULL, &forward);
	reply = world_ask(world, "grid-1", &note);
	assert_true(reply.result == RESULT_DONE ||
		    (reply.result == RESULT_REFUSED &&
			!strcmp(reply.refusal, "not_holder")));
	world_settle(world);
	note.id = world_id(world);
	must(world, "grid-1", &note);
	world_settle(world);
	world_check_views(world);
}

/* Done, and then lost with the disk, but for the log, which others have. */
static void a_repeat_after_the_holders_store_was_lost_is_one_event(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request here = wish_note(&id, "once here"),
			    there = wish_note(&id, "once there");

	struct wire_reply first = must(world, "street-1", &here);
	must(world, "grid-1", &there);
	world_settle(world);
	node_lose_store(&world->nodes[STREET_1]);
	node_lose_store(&world->nodes[GRID_1]);
	node_start(&world->nodes[STREET_1]);
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	struct wire_reply again = must(world, "street-1", &here);
	assert_int_equal(first.command.seq, again.command.seq);
	must(world, "grid-1", &there);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "once here"), 1);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "once there"), 1);
}

/* … and where the ticket has gone on to a node that was never asked. */
static void a_repeat_to_another_holder_is_one_event(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_note(&id, "only once"), other;

	must(world, "grid-1", &request);
	other = wish_forward(&id, UNIT_DISTRICT);
	must(world, "street-1", &other);
	world_settle(world);
	node_lose_store(&world->nodes[GRID_1]);
	node_start(&world->nodes[GRID_1]);
	world_settle(world);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
}

static void lose_the_community(struct world *world)
{
	node_lose_store(&world->nodes[COMMUNITY_1]);
	node_start(&world->nodes[COMMUNITY_1]);
	world->nodes[GRID_1].is_cut = false;
	world->nodes[COMMUNITY_1].is_cut = false;
	world_settle(world);
}

/* It has been done, and nobody will say so any more: the log does. */
static void an_answer_that_is_lost_with_a_disk_is_in_the_log(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_note(&id, "only once");

	order_and_hear_nothing(world, &request);
	lose_the_community(world);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_DONE);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
}

static void an_order_that_is_lost_with_a_disk_is_given_anew(void **state)
{
	struct world *world = *state;
	struct id id = distant_ticket(world);
	struct wire_request request = wish_note(&id, "only once");

	world->nodes[COMMUNITY_1].is_cut = true;
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_PENDING);
	lose_the_community(world);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_PENDING);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 0);
	world_run(world, MINUTE_MS);
	assert_int_equal(ask_result(world, "grid-1", &request), RESULT_DONE);
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[CITY], &id, "only once"), 1);
}

/* A clock that is a year behind makes ids that are a year old. */
static void a_slow_clock_of_the_asker_is_no_second_wish(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request = wish_note(&id, "only once");
	struct id_maker maker = { .entropy = world->ids.entropy };

	id_next(&request.id, &maker, world->now_ms - 365 * (int64_t)DAY_MS);
	must(world, "grid-1", &request);
	world_run_by(world, 5 * MINUTE_MS, 500);
	must(world, "grid-1", &request);
	assert_int_equal(
	    count_text(&world->nodes[GRID_1], &id, "only once"), 1);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(an_opening_said_again_is_the_same_ticket),
		IN_WORLD(a_command_said_again_is_one_event),
		IN_WORLD(repeats_in_one_turn_are_one_event),
		IN_WORLD(a_sources_number_is_one_ticket),
		IN_WORLD(a_number_outlives_the_store),
		IN_WORLD(a_distant_command_said_again_is_one_event),
		IN_WORLD(what_is_on_its_way_is_pending_and_then_done_once),
		IN_WORLD(a_repeat_after_the_ticket_moved_is_still_one_event),
		IN_WORLD(a_repeat_is_not_done_where_the_first_may_still_be),
		IN_WORLD(a_distant_refusal_has_its_reason),
		IN_WORLD(a_wish_that_meets_the_ticket_on_its_way_is_answered),
		IN_WORLD(
		    a_repeat_after_the_holders_store_was_lost_is_one_event),
		IN_WORLD(a_repeat_to_another_holder_is_one_event),
		IN_WORLD(an_answer_that_is_lost_with_a_disk_is_in_the_log),
		IN_WORLD(an_order_that_is_lost_with_a_disk_is_given_anew),
		IN_WORLD(a_slow_clock_of_the_asker_is_no_second_wish),
	};

	return cmocka_run_group_tests_name("engine/once", tests, NULL, NULL);
}
