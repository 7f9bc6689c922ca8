/*
 * Scores as they are answered, against a slow count of the same logs as they
 * are stored: thousands of random lawful tickets, WHISTLE_SCORE_TICKETS of
 * them if it is set (100000 is the long form). Whatever the law allows must
 * be counted as the definitions say, and every number's list be as long as
 * the number.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>
#include "chance.h"

enum { TICKETS = 2000, BATCH = 200 };

static size_t tickets_wanted(void)
{
	const char *said = getenv("WHISTLE_SCORE_TICKETS");

	return said ? strtoul(said, NULL, 10) : TICKETS;
}

static int setup(void **state)
{
	struct world *world = world_open(4);

	node_kill(&world->nodes[CITY]);
	world->nodes[CITY].limit_bytes = UINT64_C(64) << 30;
	node_start(&world->nodes[CITY]);
	world_settle(world);
	*state = world;
	return 0;
}

/* ---- into a store, as an engine writes ---- */

static void append(struct turn *turn, struct draft *draft, struct buf *packed)
{
	struct bytes bytes;
	struct event event;

	assert_int_equal(
	    turn_copy(&bytes, turn, bytes_of(packed->data, packed->len)), 0);
	assert_int_equal(
	    wire_event_unpack(&event, NULL, turn->engine->arena, bytes), 0);
	assert_int_equal(draft_append(turn, draft, &event, bytes, NULL), 0);
	buf_free(packed);
}

static void write_ticket(struct world *world, struct turn *turn, uint64_t seed)
{
	struct buf events[CHANCE_EVENTS_MAX];
	struct id id = world_id(world);
	struct draft *draft;
	size_t count = chance_log(events, &id, seed);

	assert_int_equal(draft_new(&draft, turn, &id), 0);
	for (size_t i = 0; i < count; i++)
		append(turn, draft, &events[i]);
}

/* One turn's worth of tickets, without the world around it. */
static void write_batch(struct world *world, size_t first, size_t count)
{
	struct engine *engine = world->nodes[CITY].engine;
	struct turn *turn = &engine->turn;

	arena_reset(engine->arena);
	memset(turn->slots, 0, sizeof(turn->slots));
	turn->draft_count = turn->tally_count = turn->counted_count = 0;
	turn->late_count = 0;
	turn->journal = engine->journal;
	turn->held = engine->held;
	buf_clear(&turn->lines);
	assert_int_equal(
	    kv_begin(&turn->txn, engine->config.store.kv, true), 0);
	for (size_t i = 0; i < count; i++)
		write_ticket(world, turn, first + i);
	assert_int_equal(drafts_flush(turn), 0);
	assert_int_equal(kv_commit(&turn->txn), 0);
	engine->journal = turn->journal;
	engine->held = turn->held;
	buf_clear(&turn->lines);
	turn->draft_count = 0;
}

/* ---- out of the store, slowly ---- */

static struct slow *count_slowly(struct world *world)
{
	struct slow *slow = slow_open();
	struct kv_cursor *cursor = NULL;
	struct kv_txn *txn = NULL;
	struct bytes key = bytes_of("\0", 1), value;
	int rc;

	assert_int_equal(
	    kv_begin(&txn, world->nodes[CITY].engine->config.store.kv, false),
	    0);
	assert_int_equal(kv_cursor_open(&cursor, txn, KV_EVENTS), 0);
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		if (store_read_be32(key.data + ID_BYTES) == 1)
			slow_begin(slow);
		slow_event(slow, value);
	}
	assert_int_equal(rc, ERR_NOT_FOUND);
	kv_cursor_close(&cursor);
	kv_abort(&txn);
	return slow;
}

static void compare_line(struct slow *slow, const struct wire_score_line *line)
{
	const uint64_t *counts = slow_take(
	    slow, line->unit.s, line->other.s, line->item, line->period);

	for (unsigned i = 0; i < SCORE_COUNT; i++) {
		uint64_t expected = counts ? counts[i] : 0;

		if (line->counts[i] != expected)
			fail_msg("%s %s %s %s %s: %lu, not %lu", line->unit.s,
			    line->period, line->item, line->other.s,
			    score_count_name((enum score_count)i),
			    (unsigned long)line->counts[i],
			    (unsigned long)expected);
	}
}

/* Every row there is, as it is answered to whoever asks. */
static void compare_all(struct world *world, struct slow *slow)
{
	static uint8_t cursor[256];
	struct wire_request request = wish(ASK_SCORE);
	struct wire_reply reply;

	request.score.by_item = request.score.by_month = true;
	request.score.by_other = true;
	do {
		memset(&request.id, 0, sizeof(request.id));
		reply = must(world, "boss", &request);
		for (size_t i = 0; i < reply.score.count; i++)
			compare_line(slow, &reply.score.lines[i]);
		if (reply.score.cursor.len)
			memcpy(cursor, reply.score.cursor.data,
			    reply.score.cursor.len);
		request.score.cursor = bytes_of(cursor, reply.score.cursor.len);
	} while (request.score.cursor.len);
	assert_int_equal(slow_left(slow), 0);
}

/* ---- the lists ---- */

static uint64_t count_listed(
    struct world *world, const char *unit, enum score_count count)
{
	static uint8_t cursor[256];
	struct wire_request request = wish(ASK_SCORE);
	struct wire_reply reply;
	uint64_t listed = 0;

	request.score.unit = code_of(unit);
	request.score.wants_events = true;
	request.score.events.any = UINT64_C(1) << count;
	request.score.events.limit = LIST_PAGE_MAX;
	do {
		memset(&request.id, 0, sizeof(request.id));
		reply = must(world, "boss", &request);
		assert_int_equal(reply.score.hidden, 0);
		listed += reply.score.ticket_count;
		for (size_t i = 0; i < reply.score.ticket_count; i++)
			assert_true(reply.score.events[i].counts >> count & 1);
		if (reply.score.cursor.len)
			memcpy(cursor, reply.score.cursor.data,
			    reply.score.cursor.len);
		request.score.cursor = bytes_of(cursor, reply.score.cursor.len);
	} while (request.score.cursor.len);
	return listed;
}

static void every_list_is_as_long_as_its_number(
    struct world *world, const char *unit)
{
	struct wire_request request = wish(ASK_SCORE);
	uint64_t counts[SCORE_COUNT];
	struct wire_reply reply;

	request.score.unit = code_of(unit);
	reply = must(world, "boss", &request);
	assert_int_equal(reply.score.count, 1);
	memcpy(counts, reply.score.lines[0].counts, sizeof(counts));
	for (unsigned i = 0; i < SCORE_COUNT; i++)
		assert_int_equal(
		    count_listed(world, unit, (enum score_count)i), counts[i]);
}

static void scores_are_the_slow_count_of_the_logs(void **state)
{
	struct world *world = *state;
	size_t wanted = tickets_wanted();

	for (size_t i = 0; i < wanted; i += BATCH)
		write_batch(world, i, wanted - i < BATCH ? wanted - i : BATCH);
	struct slow *slow = count_slowly(world);

	compare_all(world, slow);
	slow_close(&slow);
	every_list_is_as_long_as_its_number(world, UNIT_CGJ);
	every_list_is_as_long_as_its_number(world, UNIT_STREET_1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    scores_are_the_slow_count_of_the_logs, setup, world_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
