/*
 * What a hotline does for its callers, and what it lists: by the last change,
 * near a place, one more call about the same, withdrawn, pressed for.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 19);
}

static uint8_t kept[64];

/* Some pages on from the cursor in `kept`; which ids there were. */
static unsigned pages(struct world *world, struct wire_request *request,
    struct id *ids_out, bool until_complete)
{
	unsigned count = 0;
	struct wire_reply reply;

	do {
		memset(&request->id, 0, sizeof(request->id));
		reply = must(world, "hotline", request);
		for (size_t i = 0; i < reply.list.count; i++)
			ids_out[count++] = reply.list.tickets[i].ticket.id;
		assert_in_range(reply.list.cursor.len, 1, sizeof(kept));
		memcpy(kept, reply.list.cursor.data, reply.list.cursor.len);
		request->list.cursor = bytes_of(kept, reply.list.cursor.len);
	} while (until_complete && !reply.list.complete);
	return count;
}

static void lists_by_the_last_change_and_misses_nothing(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	struct id opened[9], seen[32];
	unsigned count;

	for (int i = 0; i < 9; i++)
		opened[i] = open_ticket(world, "hotline", "fund", NULL);
	world_settle(world);
	request.list.by_change = true;
	request.list.limit = 4;
	count = pages(world, &request, seen, false);
	assert_int_equal(count, 4);
	/* one that was listed and one that was not change meanwhile */
	struct wire_request note = wish_note(&seen[1], "again");
	must(world, "hotline", &note);
	note = wish_note(&opened[8], "later");
	must(world, "hotline", &note);
	world_settle(world);
	count += pages(world, &request, seen + 4, true);
	assert_int_equal(count, 10);
	assert_true(id_equal(&seen[8], &seen[1]));
	assert_true(id_equal(&seen[9], &opened[8]));
	assert_int_equal(pages(world, &request, seen, true), 0);
}

static void lists_what_changed_since(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	struct id seen[32], old, new;

	old = open_ticket(world, "hotline", "fund", NULL);
	world_settle(world);
	world_run(world, 500);
	request.list.by_change = true;
	request.list.since_ms = world->now_ms;
	assert_int_equal(pages(world, &request, seen, true), 0);
	world_run(world, 500);
	new = open_ticket(world, "hotline", "fund", NULL);
	world_settle(world);
	request.list.cursor = bytes_of(NULL, 0);
	assert_int_equal(pages(world, &request, seen, true), 1);
	assert_true(id_equal(&seen[0], &new));
	request.list.cursor = bytes_of(NULL, 0);
	request.list.since_ms = 0;
	assert_int_equal(pages(world, &request, seen, true), 2);
	assert_true(id_equal(&seen[0], &old));
}

/* A clock that is set back hides nothing. */
static void a_clock_set_back_hides_no_change(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	struct id seen[32];
	int64_t since_ms;

	open_ticket(world, "hotline", "fund", NULL);
	world->nodes[GATEWAY].skew_ms = -DAY_MS;
	since_ms = world->now_ms - DAY_MS;
	open_ticket(world, "hotline", "fund", NULL);
	request.list.by_change = true;
	request.list.since_ms = since_ms;
	assert_int_equal(pages(world, &request, seen, true), 2);
}

static void filters_changes_by_state_and_division(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	struct id seen[32], hole;

	open_ticket(world, "hotline", "fund", NULL);
	hole = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	open_ticket(world, "hotline", "lamp", UNIT_GRID_2);
	world_settle(world);
	request.list.by_change = true;
	request.list.place = code_of(UNIT_STREET_1);
	assert_int_equal(pages(world, &request, seen, true), 1);
	assert_true(id_equal(&seen[0], &hole));
	request.list.state = "closed";
	request.list.cursor = bytes_of(NULL, 0);
	assert_int_equal(pages(world, &request, seen, true), 0);
}

static void a_place_of_another_store_is_no_place_here(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	static uint8_t other[24];

	request.list.by_change = true;
	request.list.cursor = bytes_of(other, sizeof(other));
	assert_int_equal(
	    world_ask(world, "hotline", &request).result, RESULT_INVALID);
	request.list.cursor = bytes_of(other, 3);
	memset(&request.id, 0, sizeof(request.id));
	assert_int_equal(
	    world_ask(world, "hotline", &request).result, RESULT_INVALID);
}

static void finds_live_ones_of_the_item_around_a_place(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_LIST);
	struct wire_reply reply;
	struct id near = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct id above = open_ticket(world, "hotline", "lamp", UNIT_STREET_1);
	struct id ended = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);

	open_ticket(world, "hotline", "lamp", UNIT_GRID_2);
	open_ticket(world, "hotline", "fund", UNIT_GRID_1);
	world_settle(world);
	request = wish_to(VERB_EXCLUDE, &ended);
	request.command.what.text = "caller: never mind";
	must(world, "hotline", &request);
	request = wish(ASK_LIST);
	request.list.around = true;
	request.list.item = "lamp";
	request.list.place = code_of(UNIT_COMMUNITY_1);
	reply = must(world, "hotline", &request);
	assert_int_equal(reply.list.count, 2);
	assert_true(id_equal(&reply.list.tickets[0].ticket.id, &near));
	assert_true(id_equal(&reply.list.tickets[1].ticket.id, &above));
	memset(&request.id, 0, sizeof(request.id));
	request.list.since_ms = world->now_ms;
	assert_int_equal(must(world, "hotline", &request).list.count, 0);
}

/* ---- one more call about the same ---- */

static struct wire_request wish_plus(const struct id *master)
{
	struct wire_request request = wish_open("lamp", UNIT_GRID_1);

	request.command.what.master = *master;
	return request;
}

static void one_more_call_follows_and_each_caller_rates(void **state)
{
	struct world *world = *state;
	struct id master = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct id plus;
	struct wire_request request;

	world_settle(world);
	assert_string_equal(
	    node_ticket(&world->nodes[CITY], &master).holder.s, UNIT_GRID_1);
	request = wish_plus(&master);
	plus = must(world, "hotline", &request).command.ticket;
	world_settle(world);
	assert_int_equal(
	    node_ticket(&world->nodes[GATEWAY], &plus).state, STATE_MERGED);
	/* whoever works on it hears of it */
	assert_int_equal(
	    count_verb(&world->nodes[GRID_1], &master, VERB_NOTE), 1);
	request = wish_resolve(&master);
	must(world, "grid-1", &request);
	world_settle(world);
	assert_int_equal(
	    node_ticket(&world->nodes[GATEWAY], &plus).state, STATE_RESOLVED);
	request = wish_rate(&plus);
	must(world, "hotline", &request);
	request = wish_rate(&master);
	must(world, "hotline", &request);
	world_settle(world);
	world_check_views(world);
	world_check_stores(world);
}

static void one_more_call_is_refused_where_nothing_can_be_followed(void **state)
{
	struct world *world = *state;
	struct id master = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct id foreign = open_ticket(world, "grid-1", "lamp", UNIT_GRID_1);
	struct wire_request request = wish_to(VERB_EXCLUDE, &master);
	unsigned before;

	world_settle(world);
	request.command.what.text = "caller: never mind";
	must(world, "hotline", &request);
	world_settle(world);
	before = node_count_tickets(&world->nodes[GATEWAY]);
	request = wish_plus(&master);
	must_not(world, "hotline", &request, "bad_master");
	request = wish_plus(&foreign);
	must_not(world, "hotline", &request, "bad_master");
	request = wish_open("lamp", UNIT_GRID_1);
	request.command.what.master = foreign;
	must_not(world, "grid-1b", &request, "no_role");
	assert_int_equal(node_count_tickets(&world->nodes[GATEWAY]), before);
}

/* ---- withdrawn, pressed for ---- */

static void only_a_caller_s_unit_withdraws_what_it_opened(void **state)
{
	struct world *world = *state;
	struct id hotline = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct id grid = open_ticket(world, "grid-1", "hole", UNIT_GRID_1);
	struct wire_request request;

	world_settle(world);
	request = wish_to(VERB_EXCLUDE, &grid);
	request.command.what.text = "not ours";
	must_not(world, "hotline", &request, "unknown_ticket");
	request = wish_to(VERB_SUPERVISE, &grid);
	request.command.what.text = "hurry";
	must_not(world, "street-2", &request, "unknown_ticket");
	request = wish_to(VERB_SUPERVISE, &hotline);
	request.command.what.text = "the caller has waited for a week";
	must(world, "hotline", &request);
	request = wish_to(VERB_EXCLUDE, &hotline);
	request.command.what.text = "caller: done by itself";
	must(world, "hotline", &request);
	world_settle(world);
	assert_int_equal(
	    node_ticket(&world->nodes[GRID_1], &hotline).state, STATE_EXCLUDED);
	world_check_views(world);
	world_check_stores(world);
}

static void what_others_follow_is_not_withdrawn(void **state)
{
	struct world *world = *state;
	struct id master = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct wire_request request = wish_plus(&master);

	world_settle(world);
	must(world, "hotline", &request);
	world_settle(world);
	request = wish_to(VERB_EXCLUDE, &master);
	request.command.what.text = "caller: never mind";
	must_not(world, "hotline", &request, "followed");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_end)
	const struct CMUnitTest tests[] = {
		TEST(lists_by_the_last_change_and_misses_nothing),
		TEST(lists_what_changed_since),
		TEST(a_clock_set_back_hides_no_change),
		TEST(filters_changes_by_state_and_division),
		TEST(a_place_of_another_store_is_no_place_here),
		TEST(finds_live_ones_of_the_item_around_a_place),
		TEST(one_more_call_follows_and_each_caller_rates),
		TEST(one_more_call_is_refused_where_nothing_can_be_followed),
		TEST(only_a_caller_s_unit_withdraws_what_it_opened),
		TEST(what_others_follow_is_not_withdrawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
