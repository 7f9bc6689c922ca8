/*
 * What a node does in one turn, each bound at its edge: as much as there may
 * be is done, one more waits for the next turn. deploy/limits.md lists them.
 */
#include "world.h"

#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 32);
}

/* One turn of that node alone, in which all that was sent to it is there. */
static void take_turn(struct world *world, unsigned node)
{
	world->now_ms++;
	node_run(&world->nodes[node]);
}

static void a_turn_takes_so_many_messages(void **state)
{
	struct world *world = *state;
	struct world_node *city = &world->nodes[CITY];
	struct wire_request request;

	for (int i = 0; i < TURN_MESSAGES_MAX + 1; i++) {
		request = wish(ASK_STATUS);
		world_send(world, "boss", NULL, &request);
	}
	take_turn(world, CITY);
	assert_int_equal(city->in_count, 1);
	take_turn(world, CITY);
	assert_int_equal(city->in_count, 0);
}

/* Nothing that could be read, from somebody who may ask. */
static void a_turn_takes_so_many_bytes(void **state)
{
	static uint8_t junk[EVENT_MAX_BYTES];
	struct world *world = *state;
	struct world_node *city = &world->nodes[CITY];
	const struct operator* boss = org_operator(world->org, "boss");

	for (size_t i = 0; i < TURN_BYTES_MAX / sizeof(junk) + 1; i++)
		node_inject_key(city, boss->public_key, "Oboss",
		    bytes_of(junk, sizeof(junk)));
	take_turn(world, CITY);
	assert_int_equal(city->in_count, 1);
	take_turn(world, CITY);
	assert_int_equal(city->in_count, 0);
}

/* Half of them are for what the turn's own work touches. A neighbour's frame
 * is taken whole. */
static void a_turn_touches_so_many_tickets(void **state)
{
	enum { TAKEN = TURN_DRAFTS_MAX / 2, MORE = 2 * LINK_FRAME_ROWS };
	struct world *world = *state;
	struct world_node *above = &world->nodes[COMMUNITY_1];

	for (int i = 0; i < TAKEN + MORE; i++) {
		struct wire_request request = wish_open("lamp", NULL);

		world_send(world, "grid-1", NULL, &request);
	}
	for (int i = 0; i < (TAKEN + MORE) / TURN_MESSAGES_MAX; i++)
		take_turn(world, GRID_1);
	assert_int_equal(above->in_count, (TAKEN + MORE) / LINK_FRAME_ROWS);
	take_turn(world, COMMUNITY_1);
	assert_int_equal(node_count_tickets(above), TAKEN);
	assert_int_equal(above->in_count, MORE / LINK_FRAME_ROWS);
	take_turn(world, COMMUNITY_1);
	assert_int_equal(node_count_tickets(above), TAKEN + MORE);
}

/* A post whose next message takes so much of a turn's memory besides. */
static struct post post_before;
static size_t greed;

static int receive_greedily(void *context, struct net_message *message_out)
{
	struct world_node *node = context;
	int rc = post_before.receive(context, message_out);

	if (rc == 1 && greed)
		assert_non_null(arena_alloc(node->engine->arena, greed));
	greed = 0;
	return rc;
}

static void be_greedy(struct world *world, size_t bytes)
{
	struct engine *city = world->nodes[CITY].engine;

	if (city->config.post.receive != receive_greedily)
		post_before = city->config.post;
	city->config.post.receive = receive_greedily;
	greed = bytes;
}

static struct id ask_list(struct world *world)
{
	struct wire_request request = wish(ASK_LIST);

	request.list.limit = LIST_PAGE_MAX;
	world_send(world, "boss", NULL, &request);
	return request.id;
}

static void a_turn_has_its_memory(void **state)
{
	struct world *world = *state;
	struct world_node *city = &world->nodes[CITY];
	struct id first = ask_list(world), second = ask_list(world);
	struct wire_reply reply;

	/* so much that the turn takes no more, but does what it has */
	be_greedy(world, TURN_ARENA_BYTES / 4);
	take_turn(world, CITY);
	assert_int_equal(city->in_count, 1);
	assert_true(world_reply(world, &reply, &first));
	assert_int_equal(reply.result, RESULT_DONE);
	/* nearly all that there may be: what it is to do has no room */
	be_greedy(world, TURN_ARENA_BYTES - 16 * 1024);
	take_turn(world, CITY);
	assert_true(world_reply(world, &reply, &second));
	assert_int_equal(reply.result, RESULT_FAILED);
	assert_string_equal(reply.detail, "memory_bound");
	assert_null(arena_alloc(city->engine->arena, TURN_ARENA_BYTES + 1));
	/* then one at a time, and all is well */
	first = ask_list(world);
	second = ask_list(world);
	take_turn(world, CITY);
	assert_int_equal(city->in_count, 1);
	take_turn(world, CITY);
	assert_true(world_reply(world, &reply, &first));
	assert_int_equal(reply.result, RESULT_DONE);
	assert_true(world_reply(world, &reply, &second));
	assert_int_equal(reply.result, RESULT_DONE);
}

/* Of whose tickets something has happened since they were opened. */
static unsigned count_moved(struct world_node *node)
{
	struct buf ids = node_tickets(node);
	unsigned moved = 0;

	for (size_t i = 0; i < ids.len / ID_BYTES; i++) {
		struct id id;

		memcpy(id.b, ids.data + i * ID_BYTES, ID_BYTES);
		moved += node_ticket(node, &id).seq > 1;
	}
	buf_free(&ids);
	return moved;
}

static void so_many_deadlines_fire_in_a_turn(void **state)
{
	struct world *world = *state;
	struct world_node *grid = &world->nodes[GRID_1];

	for (int i = 0; i < TURN_ALARMS_MAX + 1; i++) {
		struct wire_request request = wish_open("lamp", NULL);

		world_send(world, "grid-1", NULL, &request);
	}
	world_settle(world);
	assert_int_equal(
	    node_count_tickets(grid), (unsigned)TURN_ALARMS_MAX + 1);
	assert_int_equal(count_moved(grid), 0);
	world->now_ms += 2 * DAY_MS;
	take_turn(world, GRID_1);
	assert_int_equal(count_moved(grid), TURN_ALARMS_MAX);
	take_turn(world, GRID_1);
	assert_int_equal(count_moved(grid), TURN_ALARMS_MAX + 1);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_turn_takes_so_many_messages),
		IN_WORLD(a_turn_takes_so_many_bytes),
		IN_WORLD(a_turn_touches_so_many_tickets),
		IN_WORLD(a_turn_has_its_memory),
		IN_WORLD(so_many_deadlines_fire_in_a_turn),
	};

	return cmocka_run_group_tests_name("engine/turns", tests, NULL, NULL);
}
