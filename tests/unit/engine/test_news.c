/* Every node can be heard of where somebody wants to know of all. */
#include "world.h"

#include <string.h>

static struct world *world;

static int setup(void **state)
{
	(void)state;
	world = world_open(11);
	world_settle(world);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

enum { HEARD_MS = 20 * 1000 };

static const struct heard_node *heard_by(unsigned by, unsigned of)
{
	const struct node *node = org_node(world->org, world->nodes[of].name);

	return &world->nodes[by].engine->heard[node->index];
}

static int64_t age_at(unsigned by, unsigned of)
{
	return world->now_ms - heard_by(by, of)->said_ms;
}

static void status_at(struct wire_status *status, unsigned by, unsigned of)
{
	const struct heard_node *heard = heard_by(by, of);

	arena_reset(world->arena);
	assert_int_equal(wire_status_unpack(status, world->arena,
			     bytes_of(heard->status.data, heard->status.len)),
	    0);
}

static void who_wants_hears_of_every_node(void **state)
{
	struct wire_status status;
	(void)state;

	world_run(world, HEARD_MS);
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		status_at(&status, GATEWAY, i);
		assert_string_equal(status.node, world->nodes[i].name);
		assert_string_equal(status.state, "running");
		assert_true(age_at(GATEWAY, i) < 10 * 1000);
	}
}

static void who_does_not_hears_of_what_is_below(void **state)
{
	(void)state;
	world_run(world, HEARD_MS);
	assert_true(heard_by(STREET_1, GRID_1)->status.len > 0);
	assert_int_equal(heard_by(STREET_1, GRID_2)->status.len, 0);
	assert_int_equal(heard_by(STREET_1, CITY)->status.len, 0);
	assert_int_equal(heard_by(GRID_1, GATEWAY)->status.len, 0);
}

static void the_silence_of_a_node_shows(void **state)
{
	(void)state;
	world_run(world, HEARD_MS);
	node_kill(&world->nodes[COMMUNITY_1]);
	world_run(world, 60 * 1000);
	assert_true(age_at(GATEWAY, COMMUNITY_1) >= 60 * 1000);
	assert_true(age_at(GATEWAY, GRID_1) >= 60 * 1000);
	assert_true(age_at(GATEWAY, GRID_2) < 10 * 1000);
	node_start(&world->nodes[COMMUNITY_1]);
	world_run(world, HEARD_MS);
	assert_true(age_at(GATEWAY, COMMUNITY_1) < 10 * 1000);
	assert_true(age_at(GATEWAY, GRID_1) < 10 * 1000);
}

static void who_starts_anew_is_told_all_at_once(void **state)
{
	(void)state;
	world_run(world, HEARD_MS);
	node_kill(&world->nodes[GATEWAY]);
	node_start(&world->nodes[GATEWAY]);
	world_run(world, 3000);
	for (unsigned i = 0; i < WORLD_NODES; i++)
		assert_true(heard_by(GATEWAY, i)->status.len > 0);
}

/* ---- what is not believed ---- */

static void tell(unsigned from, unsigned to, const struct wire_status *status)
{
	struct world_node *liar = &world->nodes[from];
	struct world_node *at = &world->nodes[to];
	struct buf packed = { 0 }, bytes = { 0 };
	struct wire_heard row = { 0 };
	struct wire_frame frame = {
		.session = node_neighbour(liar, at)->link.session,
		.kind = FRAME_NEWS,
		.news = { .nodes = &row, .count = 1 },
	};

	assert_int_equal(wire_status_pack(&packed, status), 0);
	row.status = bytes_of(packed.data, packed.len);
	assert_int_equal(wire_frame_pack(&bytes, &frame), 0);
	node_inject(at, liar, bytes_of(bytes.data, bytes.len));
	world_run(world, 50);
	buf_free(&packed);
	buf_free(&bytes);
}

/* 424242 tickets are what only a liar has. */
static bool is_believed(unsigned at, unsigned of)
{
	struct wire_status status;

	if (heard_by(at, of)->status.len == 0)
		return false;
	status_at(&status, at, of);
	return status.tickets == 424242;
}

static struct wire_status lie_of(unsigned node)
{
	return (struct wire_status){ .node = world->nodes[node].name,
		.level = "grid",
		.state = "running",
		.store = "",
		.version = "",
		.tickets = 424242 };
}

static void speaks_of_what_is_below_it(void **state)
{
	struct wire_status lie;
	(void)state;

	lie = lie_of(GRID_1);
	tell(COMMUNITY_1, STREET_1, &lie);
	assert_true(is_believed(STREET_1, GRID_1));
	lie = lie_of(COMMUNITY_1);
	tell(COMMUNITY_1, STREET_1, &lie);
	assert_true(is_believed(STREET_1, COMMUNITY_1));
}

static void does_not_speak_of_others(void **state)
{
	static const unsigned others[] = { GRID_2, CITY, STREET_1, GATEWAY };
	struct wire_status lie;
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		lie = lie_of(others[i]);
		tell(COMMUNITY_1, STREET_1, &lie);
		assert_false(is_believed(STREET_1, others[i]));
	}
	lie = lie_of(GRID_1);
	lie.node = "nobody";
	tell(COMMUNITY_1, STREET_1, &lie);
}

static void says_nothing_that_a_node_cannot(void **state)
{
	static char text[200];
	struct wire_link_status links[2] = { { .peer = "community-1" },
		{ .peer = "community-1" } };
	struct wire_refusals refusals[2] = { { "too_fast", 1 },
		{ "no_power", 1 } };
	struct wire_status lies[4];
	(void)state;

	memset(text, 'x', sizeof(text) - 1);
	for (size_t i = 0; i < 4; i++)
		lies[i] = lie_of(GRID_1);
	lies[0].links = links; /* one twice */
	lies[0].link_count = 2;
	lies[1].links = links + 1;
	lies[1].link_count = 1;
	links[1].peer = "grid-2";
	lies[2].refusals = refusals; /* not in the law's order */
	lies[2].refusal_count = 2;
	lies[3].version = text;
	for (size_t i = 0; i < 4; i++) {
		links[1].peer = i == 1 ? "grid-2" : "community-1";
		tell(COMMUNITY_1, STREET_1, &lies[i]);
		assert_false(is_believed(STREET_1, GRID_1));
	}
}

/* ---- what a node says ---- */

static void counts_refusals_by_their_reason(void **state)
{
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);
	struct wire_request request;
	struct wire_status status;
	uint64_t count = 0;
	(void)state;

	for (int i = 0; i < 3; i++) {
		request = wish_forward(&id, UNIT_COMMUNITY_2);
		must_not(world, "grid-1", &request, "bad_target");
	}
	world_run(world, HEARD_MS);
	status_at(&status, GATEWAY, GRID_1);
	for (size_t i = 0; i < status.refusal_count; i++)
		if (!strcmp(status.refusals[i].refusal, "bad_target"))
			count = status.refusals[i].count;
	assert_true(count == 3);
}

/* Of all nodes: whoever holds the ticket. */
static void expect_due(uint64_t accept_due, uint64_t accept_late)
{
	uint64_t due = 0, late = 0;

	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct wire_status status;
		status_at(&status, GATEWAY, i);
		due += status.accept_due;
		late += status.accept_late;
	}
	assert_int_equal(due, accept_due);
	assert_int_equal(late, accept_late);
}

static void tells_what_is_due_and_what_is_late(void **state)
{
	struct id id;
	(void)state;

	id = open_ticket(world, "grid-1", "hole", NULL);
	world_run(world, HEARD_MS);
	expect_due(1, 0);
	world_run_by(world, 6 * HOUR_MS, 2 * MINUTE_MS);
	world_run(world, HEARD_MS);
	assert_true(count_verb(&world->nodes[CITY], &id, VERB_SUPERVISE) > 0);
	expect_due(0, 1);
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		node_kill(&world->nodes[i]);
		node_start(&world->nodes[i]);
	}
	world_run(world, HEARD_MS);
	expect_due(0, 1);
	world_check_stores(world);
}

static void a_page_of_nodes_goes_on_where_it_ended(void **state)
{
	struct wire_request request = wish(ASK_NODES);
	struct wire_reply reply;
	(void)state;

	world_run(world, HEARD_MS);
	reply = world_ask(world, "boss", &request);
	assert_int_equal(reply.result, RESULT_DONE);
	assert_int_equal(reply.nodes.count, WORLD_NODES);
	assert_int_equal(reply.nodes.next, 0);
	request = wish(ASK_NODES);
	request.nodes.from = WORLD_NODES - 2;
	reply = world_ask(world, "boss", &request);
	assert_int_equal(reply.nodes.count, 2);
	request = wish(ASK_NODES);
	request.nodes.from = UINT32_MAX;
	reply = world_ask(world, "boss", &request);
	assert_int_equal(reply.nodes.count, 0);
	assert_int_equal(reply.nodes.next, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_wants_hears_of_every_node),
		TEST(who_does_not_hears_of_what_is_below),
		TEST(the_silence_of_a_node_shows),
		TEST(who_starts_anew_is_told_all_at_once),
		TEST(speaks_of_what_is_below_it),
		TEST(does_not_speak_of_others),
		TEST(says_nothing_that_a_node_cannot),
		TEST(counts_refusals_by_their_reason),
		TEST(tells_what_is_due_and_what_is_late),
		TEST(a_page_of_nodes_goes_on_where_it_ended),
	};

	return cmocka_run_group_tests_name("engine/news", tests, NULL, NULL);
}
