/* A node that lost its store gets back what ever left it, before it writes. */
#include "world.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state)
{
	return world_begin(state, 6);
}

/* Some of each: low, carried up, whistled, closed. */
static void live(struct world *world)
{
	struct wire_request request;
	struct id id;

	for (int i = 0; i < 5; i++) {
		open_ticket(world, "grid-1", "lamp", NULL);
		open_ticket(world, "grid-2", "hole", NULL);
		open_ticket(world, "hotline", "lamp", UNIT_GRID_1B);
		open_ticket(world, "hotline", "fire", UNIT_GRID_1);
	}
	id = open_ticket(world, "grid-1", "hole", NULL);
	world_settle(world);
	request = wish_resolve(&id);
	must(world, "street-1", &request);
	world_settle(world);
	request = wish_rate(&id);
	must(world, "grid-1", &request);
	world_settle(world);
}

static void a_founded_city_waits_for_nobody(void **state)
{
	struct world *world = *state;

	for (unsigned i = 0; i < WORLD_NODES; i++)
		assert_false(node_is_recovering(&world->nodes[i]));
	open_ticket(world, "grid-1", "lamp", NULL);
}

static void lose_and_recover(struct world *world, unsigned index)
{
	struct world_node *node = &world->nodes[index];
	unsigned before;

	live(world);
	before = node_count_tickets(node);
	assert_true(before > 0);
	node_lose_store(node);
	world_run(world, 2000);
	node_start(node);
	assert_true(node_is_recovering(node));
	world_settle(world);
	assert_false(node_is_recovering(node));
	assert_int_equal(node_count_tickets(node), before);
	world_check_views(world);
	world_check_stores(world);
	live(world);
	world_check_views(world);
	world_check_stores(world);
}

static void a_grid_recovers(void **state)
{
	lose_and_recover(*state, GRID_1);
}

static void a_street_recovers(void **state)
{
	lose_and_recover(*state, STREET_1);
}

static void a_district_recovers(void **state)
{
	lose_and_recover(*state, DISTRICT);
}

static void the_city_recovers(void **state)
{
	lose_and_recover(*state, CITY);
}

static void a_gateway_recovers(void **state)
{
	lose_and_recover(*state, GATEWAY);
}

static void neighbours_that_lost_theirs_together_recover(void **state)
{
	struct world *world = *state;
	unsigned before;

	live(world);
	before = node_count_tickets(&world->nodes[STREET_1]);
	node_lose_store(&world->nodes[STREET_1]);
	node_lose_store(&world->nodes[COMMUNITY_1]);
	node_start(&world->nodes[STREET_1]);
	node_start(&world->nodes[COMMUNITY_1]);
	world_settle(world);
	assert_int_equal(node_count_tickets(&world->nodes[STREET_1]), before);
	world_check_views(world);
	world_check_stores(world);
}

/* Who is owed something itself cannot say that it has offered all. */
static void nobody_is_done_who_waits_for_another(void **state)
{
	struct world *world = *state;

	live(world);
	node_lose_store(&world->nodes[STREET_1]);
	node_lose_store(&world->nodes[COMMUNITY_1]);
	world->nodes[GRID_1].is_cut = true;
	node_start(&world->nodes[STREET_1]);
	node_start(&world->nodes[COMMUNITY_1]);
	world_run(world, 20 * 1000);
	assert_true(node_is_recovering(&world->nodes[COMMUNITY_1]));
	assert_true(node_is_recovering(&world->nodes[STREET_1]));
	world->nodes[GRID_1].is_cut = false;
	world_settle(world);
	world_check_views(world);
}

/* ---- while it recovers ---- */

static void refuses_writes_and_answers_reads(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct wire_request request;
	struct wire_reply reply;

	live(world);
	node_lose_store(street);
	world->nodes[COMMUNITY_1].is_cut = true; /* it owes the street */
	node_start(street);
	world_run(world, 10 * 1000);
	assert_true(node_is_recovering(street));
	request = wish_open("hole", UNIT_STREET_1);
	must_not(world, "street-1", &request, "recovering");
	request = wish(ASK_STATUS);
	reply = must(world, "street-1", &request);
	assert_string_equal(reply.status.state, "recovering");
	request = wish(ASK_LIST);
	request.list.limit = 100;
	reply = must(world, "street-1", &request);
	assert_true(reply.list.count > 0);
	/* and is not busy with waiting */
	assert_true(engine_wait_ms(street->engine, 1000) >= 0);
	world->nodes[COMMUNITY_1].is_cut = false;
	world_settle(world);
	request = wish_open("hole", UNIT_STREET_1);
	must(world, "street-1", &request);
}

/* A late timer is no reason to run all the time. */
static void a_late_timer_does_not_keep_it_busy(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];

	open_ticket(world, "grid-1", "hole", NULL);
	world_settle(world);
	node_lose_store(street);
	world->nodes[COMMUNITY_1].is_cut = true;
	world->now_ms += 5 * HOUR_MS;
	node_start(street);
	world_run(world, 5000);
	assert_true(node_is_recovering(street));
	assert_int_equal(node_count_tickets(street), 1);
	unsigned busy = 0;
	for (int i = 0; i < 100; i++) {
		world_run(world, WORLD_STEP_MS);
		busy += engine_wait_ms(street->engine, 1000) == 0;
	}
	assert_true(busy < 10);
	world->nodes[COMMUNITY_1].is_cut = false;
	world_settle(world);
	world_check_views(world);
	world_check_stores(world);
}

/* One neighbour has half of the log, and an order behind it: nothing may be
 * decided before the other half is there. */
static void an_order_on_half_a_log_makes_no_fork(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request note, request;

	world_settle(world);
	world->nodes[COMMUNITY_1].is_cut = true;
	for (int i = 0; i < 3; i++) {
		request = wish_note(&id, "of the street");
		must(world, "street-1", &request);
	}
	node_lose_store(street);
	world->nodes[COMMUNITY_1].is_cut = false;
	world->nodes[STREET_1].is_cut = true; /* from the other half */
	node_start(street);
	world_run(world, 5000);
	assert_true(node_is_recovering(street));
	assert_true(node_knows(street, &id));
	note = wish_note(&id, "of the grid");
	must_not(world, "grid-1", &note, "recovering");
	world->nodes[STREET_1].is_cut = false;
	world_settle(world);
	assert_int_equal(
	    count_text(&world->nodes[CITY], &id, "of the grid"), 0);
	assert_int_equal(
	    count_text(&world->nodes[CITY], &id, "of the street"), 3);
	/* it was refused, had no effect, and may be wished again */
	must(world, "grid-1", &note);
	world_settle(world);
	assert_int_equal(
	    count_text(&world->nodes[CITY], &id, "of the grid"), 1);
	world_check_views(world);
	world_check_stores(world);
}

/* Killed between making its store and noting that it is owed something. */
static void a_kill_while_it_starts_does_not_skip_the_recovery(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id_maker maker = { .entropy = world->ids.entropy };
	struct kv_config config = { .limit_bytes = street->limit_bytes };
	struct store store;

	live(world);
	node_lose_store(street);
	assert_int_equal(store_open(&store, street->path, &config, street->name,
			     &maker, world->now_ms),
	    0);
	store_close(&store);
	node_start(street);
	assert_true(node_is_recovering(street));
	world_settle(world);
	world_check_views(world);
}

static void a_kill_while_it_recovers_is_no_end_of_it(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];

	live(world);
	node_lose_store(street);
	for (int i = 0; i < 20; i++) {
		node_start(street);
		world_run(world, 10 + 60 * i);
		node_kill(street);
	}
	node_start(street);
	world_settle(world);
	world_check_views(world);
	world_check_stores(world);
}

/* ---- old copies ---- */

static void copy_store(const char *from, const char *to)
{
	char source[256], target[256];
	uint8_t block[4096];
	size_t len;

	snprintf(source, sizeof(source), "%s/data.mdb", from);
	snprintf(target, sizeof(target), "%s/data.mdb", to);
	FILE *in = fopen(source, "r"), *out = fopen(target, "w");
	assert_true(in && out);
	while ((len = fread(block, 1, sizeof(block), in)) > 0)
		assert_int_equal(fwrite(block, 1, len, out), len);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static void put_back_old(struct world *world, unsigned index)
{
	struct world_node *node = &world->nodes[index];
	char copy[WORLD_PATH + 32];

	live(world);
	snprintf(copy, sizeof(copy), "%s.copy", node->path);
	assert_int_equal(mkdir(copy, 0700), 0);
	node_kill(node);
	copy_store(node->path, copy);
	node_start(node);
	world_settle(world);
	live(world);
	node_kill(node);
	copy_store(copy, node->path);
	node_start(node);
	world_run(world, 3000);
	world_settle(world);
	world_check_views(world);
	world_check_stores(world);
	live(world);
	world_check_views(world);
}

static void an_old_copy_of_a_street_catches_up(void **state)
{
	put_back_old(*state, STREET_1);
}

static void an_old_copy_of_a_grid_catches_up(void **state)
{
	put_back_old(*state, GRID_1);
}

static void an_old_copy_of_the_city_catches_up(void **state)
{
	put_back_old(*state, CITY);
}

static void an_old_copy_of_the_district_catches_up(void **state)
{
	put_back_old(*state, DISTRICT);
}

/* ---- what had not left ---- */

/* The whistle is known above, the callouts are not: the district was full. */
static void callouts_that_never_left_are_opened_again(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct world_node *district = &world->nodes[DISTRICT];
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;
	struct ticket parent;

	world_settle(world);
	node_kill(district);
	district->reserve_bytes = district->limit_bytes;
	node_start(district);
	world_run(world, 2000);
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-1", &request);
	world_run(world, 2000);
	parent = node_ticket(&world->nodes[CITY], &id);
	assert_int_equal(parent.state, STATE_WAITING);
	assert_false(node_knows(district, &parent.callouts[0].ticket));
	node_lose_store(street);
	node_kill(district);
	district->reserve_bytes = 0;
	node_start(district);
	node_start(street);
	world_settle(world);
	for (int i = 0; i < 2; i++) {
		struct id *callout = &parent.callouts[i].ticket;
		request = wish_to(VERB_CHECK_IN, callout);
		must(world, i ? "gaj" : "cgj", &request);
		request = wish_resolve(callout);
		must(world, i ? "gaj" : "cgj", &request);
		world_settle(world);
		request = wish_rate(callout);
		must(world, "street-1", &request);
	}
	world_settle(world);
	assert_int_equal(
	    node_ticket(&world->nodes[CITY], &id).state, STATE_ACCEPTED);
	world_check_views(world);
	world_check_stores(world);
}

/* Takes the second DATA frame of those on their way out. */
static void lose_second_frame(struct world_node *to)
{
	struct world *world = to->world;
	struct wire_frame frame;
	unsigned frames = 0;

	for (size_t i = 0; i < to->in_count; i++) {
		struct letter *letter = &to->in[i];
		arena_reset(world->arena);
		if (wire_frame_unpack(&frame, world->arena,
			bytes_of(letter->data, letter->len)) ||
		    frame.kind != FRAME_DATA || ++frames < 2)
			continue;
		letter->len = 0;
	}
	assert_true(frames >= 2);
}

/* The last rating has left, and the word that the ticket goes on has not. */
static void a_ticket_goes_on_though_that_was_lost(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request;
	struct id callout;

	world_settle(world);
	request = wish_whistle(&id, UNIT_CGJ, NULL);
	must(world, "street-1", &request);
	world_settle(world);
	callout = node_ticket(&world->nodes[CITY], &id).callouts[0].ticket;
	request = wish_to(VERB_CHECK_IN, &callout);
	must(world, "cgj", &request);
	request = wish_resolve(&callout);
	must(world, "cgj", &request);
	world_settle(world);

	/* so many rows that the rating ends a frame */
	world->nodes[STREET_1].is_cut = true;
	world->nodes[COMMUNITY_1].is_cut = true;
	world_run(world, 12 * 1000);
	for (int i = 0; i < LINK_FRAME_ROWS - 1; i++) {
		request = wish_note(&callout, "x");
		must(world, "street-1", &request);
	}
	request = wish_rate(&callout);
	must(world, "street-1", &request);
	assert_int_equal(node_ticket(street, &id).state, STATE_ACCEPTED);
	world->nodes[STREET_1].is_cut = false;
	for (int i = 0;
	     i < 400 && street->engine->neighbours[0].link.sent <
			    street->engine->neighbours[0].link.record.next - 1;
	     i++)
		world_run(world, WORLD_STEP_MS / 10 + 1);
	lose_second_frame(&world->nodes[DISTRICT]);
	node_lose_store(street);
	world_run(world, 1000);
	assert_int_equal(
	    node_ticket(&world->nodes[CITY], &callout).state, STATE_CLOSED);
	assert_int_equal(
	    node_ticket(&world->nodes[CITY], &id).state, STATE_WAITING);
	world->nodes[COMMUNITY_1].is_cut = false;
	node_start(street);
	world_settle(world);
	assert_int_equal(
	    node_ticket(&world->nodes[CITY], &id).state, STATE_ACCEPTED);
	world_check_views(world);
	world_check_stores(world);
}

/* More tickets than are offered in one turn. */
static void many_tickets_come_back(void **state)
{
	struct world *world = *state;
	struct wire_request request;

	for (int i = 0; i < 900; i++) {
		request = wish_open("hole", NULL);
		world_send(world, "grid-1", NULL, &request);
		if (i % 100 == 99)
			world_run(world, 100);
	}
	world_settle(world);
	assert_int_equal(node_count_tickets(&world->nodes[STREET_1]), 900);
	node_lose_store(&world->nodes[STREET_1]);
	node_start(&world->nodes[STREET_1]);
	world_settle(world);
	assert_int_equal(node_count_tickets(&world->nodes[STREET_1]), 900);
	world_check_stores(world);
}

/* The end of a log comes in the turn in which the recovery ends: what the
 * store has of it is not what it is any more. */
static void a_ticket_that_was_taken_is_not_mended(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request request = wish_to(VERB_TAKE_OVER, &id);
	struct ticket ticket;

	world_settle(world);
	world->nodes[COMMUNITY_1].is_cut =
	    true; /* it knows no more than that */
	request.command.what.text = "we do it";
	must(world, "district", &request);
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "district", &request);
	world_run(world, 1000);
	node_lose_store(&world->nodes[STREET_1]);
	world->nodes[COMMUNITY_1].is_cut = false;
	world->nodes[STREET_1].is_cut = true;
	node_start(&world->nodes[STREET_1]);
	world_run(world, 3000);
	assert_string_equal(
	    node_ticket(&world->nodes[STREET_1], &id).holder.s, UNIT_STREET_1);
	world->nodes[STREET_1].is_cut = false;
	world_settle(world);
	assert_int_equal(node_count_tickets(&world->nodes[STREET_1]), 1);
	ticket = node_ticket(&world->nodes[CITY], &id);
	request = wish_to(VERB_CHECK_IN, &ticket.callouts[0].ticket);
	must(world, "cgj", &request);
	world_settle(world);
	world_check_views(world);
	world_check_stores(world);
}

/* All is offered in the order of ids, which begin with a time of whoever
 * made them: by another clock a callout is older than what it is of. Of the
 * whistle nothing comes over the link that is cut. */
static struct ticket whistle_by_a_slow_clock(struct world *world, unsigned cut)
{
	struct wire_request request;
	struct ticket ticket;
	struct id id;

	world->nodes[GRID_1].skew_ms = MINUTE_MS;
	id = open_ticket(world, "grid-1", "hole", NULL);
	world_settle(world);
	world->nodes[cut].is_cut = true;
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-1", &request);
	world_run(world, 3000);
	ticket = node_ticket(&world->nodes[STREET_1], &id);
	assert_true(memcmp(&ticket.callouts[0].ticket, &id, ID_BYTES) < 0);
	return ticket;
}

static void a_callout_comes_before_the_whistle_that_names_it(void **state)
{
	struct world *world = *state;
	struct ticket ticket = whistle_by_a_slow_clock(world, STREET_1);

	node_lose_store(&world->nodes[DISTRICT]);
	node_start(&world->nodes[DISTRICT]);
	world_run(world, 3000); /* the city gives it what it has of it */
	assert_int_equal(
	    node_ticket(&world->nodes[DISTRICT], &ticket.id).state, STATE_OPEN);
	world->nodes[STREET_1].is_cut = false;
	world_settle(world);
	assert_true(
	    node_knows(&world->nodes[DISTRICT], &ticket.callouts[0].ticket));
	assert_true(
	    node_knows(&world->nodes[CITY], &ticket.callouts[0].ticket));
	world_check_views(world);
	world_check_stores(world);
}

/* The community gives back the ticket without its whistle, the district the
 * callouts before the ticket: nobody opens them anew. */
static void callouts_that_are_given_back_first_are_not_mended(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct ticket ticket = whistle_by_a_slow_clock(world, COMMUNITY_1);

	node_lose_store(street);
	street->is_cut = true;
	world->nodes[COMMUNITY_1].is_cut = false;
	world_forget_log(world);
	node_start(street);
	world_run(world, 3000); /* the community gives it what it has */
	assert_int_equal(node_ticket(street, &ticket.id).state, STATE_OPEN);
	street->is_cut = false;
	world_settle(world);
	assert_int_equal(node_ticket(street, &ticket.id).state, STATE_WAITING);
	assert_false(world_logged(world, "problem="));
	world_check_views(world);
	world_check_stores(world);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_founded_city_waits_for_nobody),
		IN_WORLD(a_grid_recovers),
		IN_WORLD(a_street_recovers),
		IN_WORLD(a_district_recovers),
		IN_WORLD(the_city_recovers),
		IN_WORLD(a_gateway_recovers),
		IN_WORLD(neighbours_that_lost_theirs_together_recover),
		IN_WORLD(nobody_is_done_who_waits_for_another),
		IN_WORLD(refuses_writes_and_answers_reads),
		IN_WORLD(a_late_timer_does_not_keep_it_busy),
		IN_WORLD(an_order_on_half_a_log_makes_no_fork),
		IN_WORLD(a_kill_while_it_starts_does_not_skip_the_recovery),
		IN_WORLD(a_kill_while_it_recovers_is_no_end_of_it),
		IN_WORLD(an_old_copy_of_a_street_catches_up),
		IN_WORLD(an_old_copy_of_a_grid_catches_up),
		IN_WORLD(an_old_copy_of_the_city_catches_up),
		IN_WORLD(an_old_copy_of_the_district_catches_up),
		IN_WORLD(callouts_that_never_left_are_opened_again),
		IN_WORLD(a_ticket_goes_on_though_that_was_lost),
		IN_WORLD(a_ticket_that_was_taken_is_not_mended),
		IN_WORLD(a_callout_comes_before_the_whistle_that_names_it),
		IN_WORLD(callouts_that_are_given_back_first_are_not_mended),
		IN_WORLD(many_tickets_come_back),
	};

	return cmocka_run_group_tests_name("engine/recover", tests, NULL, NULL);
}
