/* What is counted, what leaves the scores, and what is taken back. */
#include "world.h"

#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 5);
}

static int add_row(void *context, const struct counters_row *row)
{
	uint64_t *sums = context;

	for (unsigned i = 0; i < row->count && i < SCORE_COUNT; i++)
		sums[i] += row->sums[i];
	return 0;
}

static void sum(
    uint64_t sums[SCORE_COUNT], struct world_node *node, const char *unit)
{
	struct counters_range range = {
		.unit = unit, .is_exact = true, .from = "", .to = ""
	};
	struct kv_txn *txn = NULL;

	memset(sums, 0, SCORE_COUNT * sizeof(*sums));
	assert_int_equal(
	    kv_begin(&txn, node->engine->config.store.kv, false), 0);
	assert_int_equal(counters_walk(txn, &range, add_row, sums), 0);
	kv_abort(&txn);
}

/* A callout of the district's CGJ that has checked in. */
static struct id checked_in(struct world *world)
{
	struct id id = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct wire_request request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	struct id callout;

	must(world, "street-1", &request);
	world_settle(world);
	callout = node_ticket(&world->nodes[STREET_1], &id).callouts[0].ticket;
	request = wish_to(VERB_CHECK_IN, &callout);
	must(world, "cgj", &request);
	world_settle(world);
	return callout;
}

static void exclude(struct world *world, const struct id *ticket)
{
	struct wire_request request = wish_to(VERB_EXCLUDE, ticket);

	request.command.what.text = "out of scope";
	must(world, "boss", &request);
	world_settle(world);
}

static void an_excluded_ticket_leaves_the_scores(void **state)
{
	struct world *world = *state;
	struct world_node *city = &world->nodes[CITY];
	struct id callout = checked_in(world);
	uint64_t sums[SCORE_COUNT];

	sum(sums, city, UNIT_CGJ);
	assert_int_equal(sums[SCORE_ACCEPTED_IN_TIME], 1);
	exclude(world, &callout);
	sum(sums, city, UNIT_CGJ);
	assert_int_equal(sums[SCORE_ACCEPTED_IN_TIME], 0);
	assert_int_equal(sums[SCORE_LEFT_ACCEPTED_IN_TIME], 1);
	assert_int_equal(sums[SCORE_EXCLUDED], 1);
	assert_int_equal(sums[SCORE_CALLED], 1);
	assert_int_equal(sums[SCORE_RECEIVED], 1);
	world_check_stores(world);
}

/* ---- taking back ---- */

struct kept {
	struct buf bytes;
	struct event event;
	struct ticket before, after;
};

enum { KEPT_MAX = 32 };

static size_t keep_log(struct kept kept[KEPT_MAX], struct world *world,
    struct world_node *node, const struct id *id)
{
	struct ticket ticket = { .id = *id };
	size_t count = 0;
	struct hash hash;

	while (count < KEPT_MAX) {
		struct kept *one = &kept[count];

		one->bytes = node_event(node, id, (uint32_t)count + 1);
		if (!one->bytes.len)
			break;
		struct bytes bytes = bytes_of(one->bytes.data, one->bytes.len);
		assert_int_equal(
		    wire_event_unpack(&one->event, NULL, world->arena, bytes),
		    0);
		one->before = ticket;
		hash_of(&hash, bytes);
		assert_int_equal(ticket_fold(&ticket, &one->event, &hash), 0);
		one->after = ticket;
		count++;
	}
	return count;
}

static void drop_event(struct kv_txn *txn, const struct id *id, uint32_t seq)
{
	uint8_t key[ID_BYTES + 4];

	memcpy(key, id->b, ID_BYTES);
	store_be32(key + ID_BYTES, seq);
	assert_int_equal(kv_del(txn, KV_EVENTS, bytes_of(key, sizeof(key))), 0);
}

/* Takes all of a ticket back at one node, the oldest or the newest first. */
static void take_back(struct world *world, struct world_node *node,
    const struct id *id, bool is_oldest_first)
{
	static struct kept kept[KEPT_MAX];
	static struct turn turn;
	size_t count = keep_log(kept, world, node, id);

	turn.engine = node->engine;
	turn.tally_count = turn.counted_count = 0;
	assert_int_equal(
	    kv_begin(&turn.txn, node->engine->config.store.kv, true), 0);
	for (size_t i = 0; i < count; i++) {
		struct kept *one = &kept[is_oldest_first ? i : count - 1 - i];

		if (is_oldest_first)
			drop_event(turn.txn, id, one->event.seq);
		assert_int_equal(
		    tally_undo(&turn, &one->before, &one->after, &one->event),
		    0);
		buf_free(&one->bytes);
	}
	assert_int_equal(kv_commit(&turn.txn), 0);
}

static void take_back_all(struct world *world, bool is_oldest_first)
{
	struct world_node *city = &world->nodes[CITY];
	struct id callout = checked_in(world);
	struct ticket ticket;
	struct kv_txn *txn = NULL;

	exclude(world, &callout);
	ticket = node_ticket(city, &callout);
	for (unsigned i = 0; i < 2; i++) {
		struct ticket parent = node_ticket(city, &ticket.parent);
		take_back(
		    world, city, &parent.callouts[i].ticket, is_oldest_first);
	}
	take_back(world, city, &ticket.parent, is_oldest_first);
	assert_int_equal(
	    kv_begin(&txn, city->engine->config.store.kv, false), 0);
	assert_int_equal(kv_count(txn, KV_COUNTERS), 0);
	assert_int_equal(kv_count(txn, KV_COUNTED), 0);
	kv_abort(&txn);
}

static void what_was_counted_is_taken_back_newest_first(void **state)
{
	take_back_all(*state, false);
}

static void what_was_counted_is_taken_back_oldest_first(void **state)
{
	take_back_all(*state, true);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(an_excluded_ticket_leaves_the_scores),
		IN_WORLD(what_was_counted_is_taken_back_newest_first),
		IN_WORLD(what_was_counted_is_taken_back_oldest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
