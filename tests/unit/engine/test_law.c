/* The verbs of those above and of time, in a city that is all in here. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 7);
}

static struct wire_request saying(
    enum verb verb, const struct id *ticket, const char *text)
{
	struct wire_request request = wish_to(verb, ticket);

	request.command.what.text = text;
	return request;
}

static void does(struct world *world, const char *who, enum verb verb,
    const struct id *ticket, const char *text)
{
	struct wire_request request = saying(verb, ticket, text);

	must(world, who, &request);
	world_settle(world);
}

static struct ticket at(struct world *world, unsigned node, const struct id *id)
{
	world_settle(world);
	return node_ticket(&world->nodes[node], id);
}

static void check_all(struct world *world)
{
	world_settle(world);
	world_check_views(world);
	world_check_stores(world);
}

/* ---- time ---- */

static unsigned count_lateness(
    struct world *world, const struct id *id, unsigned *reminders_out)
{
	struct world_node *node = &world->nodes[CITY];

	world_settle(world);
	*reminders_out = count_verb(node, id, VERB_REMIND);
	return count_verb(node, id, VERB_SUPERVISE);
}

/* A lamp at the grid: accept in a day, resolve in three; raised at two and
 * at six. The clock of its node goes a day back, and a day ahead. */
static void each_lateness_is_told_once_whatever_the_clock_does(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct id id = open_ticket(world, "grid-1", "lamp", UNIT_GRID_1);
	unsigned reminders;

	world_run_by(world, 26 * HOUR_MS, MINUTE_MS);
	assert_int_equal(count_lateness(world, &id, &reminders), 1);
	grid->skew_ms = -(int64_t)DAY_MS;
	world_run_by(world, 2 * HOUR_MS, MINUTE_MS);
	assert_int_equal(count_lateness(world, &id, &reminders), 1);
	grid->skew_ms = DAY_MS;
	world_run_by(world, 2 * HOUR_MS, MINUTE_MS);
	assert_int_equal(count_lateness(world, &id, &reminders), 2);
	assert_int_equal(reminders, 1);
	node_kill(grid);
	world_run_by(world, 9 * (int64_t)DAY_MS, 10 * MINUTE_MS);
	grid->skew_ms = 0;
	node_start(grid);
	assert_int_equal(count_lateness(world, &id, &reminders), 4);
	node_kill(grid);
	node_start(grid);
	assert_int_equal(count_lateness(world, &id, &reminders), 4);
	assert_int_equal(reminders, 1);
	check_all(world);
}

static void a_suspended_ticket_goes_on_after_its_time_though_down(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", UNIT_GRID_1);
	struct wire_request request;
	struct ticket before, after;

	does(world, "grid-1", VERB_ACCEPT, &id, "");
	before = at(world, CITY, &id);
	request = saying(VERB_SUSPEND, &id, "in spring");
	request.command.what.until_ms = world->now_ms + 90 * (int64_t)DAY_MS;
	must(world, "boss", &request);
	assert_int_equal(at(world, CITY, &id).state, STATE_SUSPENDED);
	node_kill(&world->nodes[GRID_1]);
	world_run_by(world, 91 * (int64_t)DAY_MS, HOUR_MS);
	node_start(&world->nodes[GRID_1]);
	after = at(world, CITY, &id);
	assert_int_equal(after.state, STATE_ACCEPTED);
	assert_true(after.resolve_by_ms - before.resolve_by_ms >=
		    91 * (int64_t)DAY_MS - (int64_t)HOUR_MS);
	assert_int_equal(after.flags & TICKET_LATE_RESOLVE, 0);
	check_all(world);
}

/* ---- those above ---- */

static void an_order_reaches_a_holder_that_is_cut_off_later(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];
	struct id id = open_ticket(world, "grid-1", "lamp", UNIT_GRID_1);
	struct wire_request request = saying(VERB_SUPERVISE, &id, "hurry");

	world_settle(world);
	grid->is_cut = true;
	world_send(world, "boss", NULL, &request);
	world_run(world, 60 * 1000);
	assert_int_equal(
	    count_verb(&world->nodes[CITY], &id, VERB_SUPERVISE), 0);
	grid->is_cut = false;
	world_run(world, 60 * 1000);
	world_settle(world);
	assert_int_equal(
	    count_verb(&world->nodes[CITY], &id, VERB_SUPERVISE), 1);
	check_all(world);
}

static void routine_leaves_a_ticket_alone_that_was_taken_over(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "hole", UNIT_GRID_1);

	world_settle(world);
	does(world, "boss", VERB_TAKE_OVER, &id, "no word from them");
	assert_string_equal(at(world, CITY, &id).holder.s, UNIT_CITY);
	node_lose_store(&world->nodes[CITY]);
	node_start(&world->nodes[CITY]);
	world_run(world, 60 * 1000);
	assert_string_equal(at(world, CITY, &id).holder.s, UNIT_CITY);
	check_all(world);
}

/* ---- whistles that are called off ---- */

static struct id whistled(struct world *world, struct id callouts_out[2])
{
	struct id id = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct wire_request request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	struct ticket ticket;

	must(world, "street-1", &request);
	ticket = at(world, STREET_1, &id);
	assert_int_equal(ticket.state, STATE_WAITING);
	for (unsigned i = 0; i < 2; i++)
		callouts_out[i] = ticket.callouts[i].ticket;
	return id;
}

static void a_callout_excluded_from_above_lets_the_street_go_on(void **state)
{
	struct world *world = *state;
	struct id callouts[2];
	struct id id = whistled(world, callouts);

	node_kill(&world->nodes[STREET_1]);
	for (unsigned i = 0; i < 2; i++) {
		struct wire_request request =
		    saying(VERB_EXCLUDE, &callouts[i], "not needed");
		must(world, "boss", &request);
	}
	node_start(&world->nodes[STREET_1]);
	world_run(world, 30 * 1000);
	assert_int_equal(at(world, CITY, &id).state, STATE_ACCEPTED);
	check_all(world);
}

/* Its store is lost with the news that the last callout has ended. */
static void a_recovered_street_looks_at_what_waits(void **state)
{
	struct world *world = *state;
	struct id callouts[2];
	struct id id = whistled(world, callouts);

	node_lose_store(&world->nodes[STREET_1]);
	for (unsigned i = 0; i < 2; i++) {
		struct wire_request request =
		    saying(VERB_EXCLUDE, &callouts[i], "not needed");
		must(world, "boss", &request);
	}
	node_start(&world->nodes[STREET_1]);
	world_run(world, 60 * 1000);
	assert_int_equal(at(world, CITY, &id).state, STATE_ACCEPTED);
	check_all(world);
}

/* ---- duplicates ---- */

enum { MANY = 300 }; /* more than one turn ends */

static void ends_more_duplicates_than_a_turn_holds(void **state)
{
	struct world *world = *state;
	struct id master = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct id *ids = calloc(MANY, sizeof(*ids));
	struct wire_request request;

	assert_non_null(ids);
	for (int i = 0; i < MANY; i++) {
		ids[i] = open_ticket(world, "street-1", "", UNIT_STREET_1);
		request = wish_to(VERB_MERGE, &ids[i]);
		request.command.what.master = master;
		must(world, "street-1", &request);
	}
	request = wish_resolve(&master);
	must(world, "street-1", &request);
	node_kill(&world->nodes[STREET_1]); /* half-way, or nearly */
	node_start(&world->nodes[STREET_1]);
	world_run(world, 10 * 1000);
	world_settle(world);
	for (int i = 0; i < MANY; i++) {
		struct ticket ticket =
		    node_ticket(&world->nodes[CITY], &ids[i]);
		assert_int_equal(ticket.state, STATE_RESOLVED);
		assert_true(id_equal(&ticket.parent, &master));
	}
	free(ids);
	check_all(world);
}

static void a_duplicate_of_a_ticket_that_moved_on_ends_with_it(void **state)
{
	struct world *world = *state;
	struct id master = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct id id = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct wire_request request = wish_to(VERB_MERGE, &id);

	request.command.what.master = master;
	must(world, "street-1", &request);
	request = wish_forward(&master, UNIT_DISTRICT);
	must(world, "street-1", &request);
	world_settle(world);
	request = wish_resolve(&master);
	must(world, "district", &request);
	assert_int_equal(at(world, CITY, &id).state, STATE_RESOLVED);
	check_all(world);
}

/* ---- anything at all ---- */

enum { TICKETS = 40, WISHES = 12000, WORLDS = 3 };

static const char *const people[] = { "boss", "hotline", "zjj", "district",
	"cgj", "gaj", "street-1", "street-2", "community-1", "community-2",
	"grid-1", "grid-1b", "grid-2" };
static const char *const places[] = { UNIT_CITY, UNIT_DISTRICT, UNIT_CGJ,
	UNIT_GAJ, UNIT_STREET_1, UNIT_STREET_2, UNIT_COMMUNITY_1, UNIT_GRID_1,
	UNIT_GRID_1B, UNIT_GRID_2 };

#define ANY(world, list)                                                       \
	list[world_random(world) % (sizeof(list) / sizeof(list[0]))]

/* One of the tickets, or a callout of it. */
static struct id any_ticket(struct world *world, const struct id *ids)
{
	struct world_node *city = &world->nodes[CITY];
	struct id id = ids[world_random(world) % TICKETS];
	struct ticket ticket;

	if (!city->engine || world_chance(world, 40))
		return id;
	ticket = node_ticket(city, &id);
	if (ticket.callout_count == 0)
		return id;
	return ticket.callouts[world_random(world) % ticket.callout_count]
	    .ticket;
}

static struct wire_request any_wish(struct world *world, const struct id *ids)
{
	enum verb verb =
	    (enum verb)(2 + world_random(world) % (VERB_COUNT - 2));
	struct id id = any_ticket(world, ids);
	struct wire_request request;
	struct particulars *what = &request.command.what;

	/* it would end them all too soon */
	if (verb == VERB_EXCLUDE && !world_chance(world, 5))
		verb = VERB_ACCEPT;
	request = wish_to(verb, &id);
	switch (verb) {
	case VERB_WHISTLE:
		return wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	case VERB_RESOLVE:
		return wish_resolve(&id);
	case VERB_RATE:
		return wish_rate(&id);
	case VERB_FORWARD:
	case VERB_RULE:
		what->to = code_of(ANY(world, places));
		break;
	case VERB_RETURN:
		what->basis = "the duty list";
		break;
	case VERB_ERASE_CONTACT:
		what->basis = "the caller's wish";
		break;
	case VERB_SUSPEND:
		if (world_chance(world, 50))
			what->until_ms = world->now_ms + 30 * 1000;
		break;
	case VERB_MERGE:
		what->master = ids[world_random(world) % TICKETS];
		break;
	default:
		break;
	}
	if (verb != VERB_ACCEPT && verb != VERB_CHECK_IN)
		what->text = "because";
	return request;
}

static void mend(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		world->nodes[i].is_cut = false;
		if (!world->nodes[i].engine)
			node_start(&world->nodes[i]);
	}
}

/* One node at a time is cut off, or dead. */
static void disturb(struct world *world)
{
	struct world_node *node =
	    &world->nodes[world_random(world) % WORLD_NODES];

	mend(world);
	if (world_chance(world, 30))
		node_kill(node);
	else
		node->is_cut = true;
}

static void live(struct world *world, const struct id *ids)
{
	world->lose = 5;
	world->repeat = 5;
	world->delay_ms = 40;
	for (unsigned i = 0; i < WISHES; i++) {
		struct wire_request request = any_wish(world, ids);

		world_send(world, ANY(world, people), NULL, &request);
		world_run(world, WORLD_STEP_MS);
		if (i % 100 == 0)
			disturb(world);
	}
	world_heal(world);
	mend(world);
	world_run(world, 60 * 1000);
}

static uint32_t verbs_of(struct world_node *node, const struct id *id)
{
	uint32_t seen = 0;

	for (unsigned v = 1; v < VERB_COUNT; v++)
		if (count_verb(node, id, v) > 0)
			seen |= UINT32_C(1) << v;
	return seen;
}

static uint32_t verbs_of_all(struct world_node *node, const struct id *ids)
{
	uint32_t seen = 0;

	for (unsigned i = 0; i < TICKETS; i++) {
		struct ticket ticket = node_ticket(node, &ids[i]);

		seen |= verbs_of(node, &ids[i]);
		for (unsigned k = 0; k < ticket.callout_count; k++)
			seen |= verbs_of(node, &ticket.callouts[k].ticket);
	}
	return seen;
}

/* Whatever people ask for, whatever the network does: all nodes end with
 * the same logs, and every store is true to itself. */
static void whatever_is_wished_views_converge(void **state)
{
	struct id ids[TICKETS];
	uint32_t seen = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct world *world = world_open(seed);

		world_settle(world);
		for (unsigned i = 0; i < TICKETS; i++)
			ids[i] =
			    open_called(world, i % 2 ? "grid-1" : "street-1",
				"", i % 2 ? UNIT_GRID_1 : UNIT_STREET_1);
		live(world, ids);
		check_all(world);
		seen |= verbs_of_all(&world->nodes[CITY], ids);
		world_close(&world);
	}
	for (unsigned v = 1; v < VERB_COUNT; v++)
		if (!(seen >> v & 1))
			fail_msg(
			    "no %s was ever done", word_name(WORD_VERB, v));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(each_lateness_is_told_once_whatever_the_clock_does),
		IN_WORLD(a_suspended_ticket_goes_on_after_its_time_though_down),
		IN_WORLD(an_order_reaches_a_holder_that_is_cut_off_later),
		IN_WORLD(routine_leaves_a_ticket_alone_that_was_taken_over),
		IN_WORLD(a_callout_excluded_from_above_lets_the_street_go_on),
		IN_WORLD(a_recovered_street_looks_at_what_waits),
		IN_WORLD(ends_more_duplicates_than_a_turn_holds),
		IN_WORLD(a_duplicate_of_a_ticket_that_moved_on_ends_with_it),
		cmocka_unit_test(whatever_is_wished_views_converge),
	};

	return cmocka_run_group_tests_name("engine/law", tests, NULL, NULL);
}
