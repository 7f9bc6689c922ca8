/*
 * The bounds of what a node takes in and keeps, each at its edge: as much as
 * there may be is done, one more waits or is refused. deploy/limits.md lists
 * them.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
	return world_begin(state, 31);
}

static struct kv_txn *write_at(struct world *world, unsigned node)
{
	struct kv_txn *txn = NULL;

	assert_int_equal(
	    kv_begin(&txn, world->nodes[node].engine->config.store.kv, true),
	    0);
	return txn;
}

/* One turn of that node alone, in which all that was sent to it is there. */
static void take_turn(struct world *world, unsigned node)
{
	world->now_ms++;
	node_run(&world->nodes[node]);
}

/* ---- files that nobody has named ---- */

/* The first bytes of a picture of that size; which one the number says. */
static struct wire_request wish_put(unsigned number, uint64_t size)
{
	struct wire_request request = wish(ASK_PUT);

	memset(request.put.hash.b, 7, sizeof(request.put.hash.b));
	memcpy(request.put.hash.b, &number, sizeof(number));
	request.put.size = size;
	request.put.data = bytes_of("\xff\xd8\xff\xe0", 4);
	return request;
}

static void so_many_files_wait_for_a_name(void **state)
{
	struct world *world = *state;
	struct wire_request request;

	for (unsigned i = 0; i < UPLOADS_OPERATOR_MAX; i++) {
		request = wish_put(i, 100);
		must(world, "grid-1", &request);
	}
	request = wish_put(UPLOADS_OPERATOR_MAX, 100);
	must_not(world, "grid-1", &request, "file_quota");
	request = wish_put(0, 100); /* goes on */
	must(world, "grid-1", &request);
	request = wish_put(0, 100);
	must(world, "grid-1b", &request);
}

/* What others of the node have sent: all but so many bytes. */
static void let_others_send(struct world *world, uint64_t left)
{
	uint64_t bytes = UPLOADS_NODE_BYTES - left;
	struct kv_txn *txn = write_at(world, GRID_1);

	for (unsigned i = 0; bytes > 0; i++) {
		struct upload_record record = { .size = FILE_MAX_BYTES,
			.until_ms = world->now_ms + DAY_MS };
		struct hash hash = { { (uint8_t)i } };
		char name[NAME_MAX_BYTES];

		if (record.size > bytes)
			record.size = bytes;
		bytes -= record.size;
		snprintf(name, sizeof(name), "somebody-%u", i % 10);
		assert_int_equal(uploads_put(txn, name, &hash, &record), 0);
	}
	assert_int_equal(kv_commit(&txn), 0);
}

static void files_of_all_have_their_bound(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish_put(1, 1001);

	let_others_send(world, 1000);
	must_not(world, "grid-1", &request, "file_quota");
	request = wish_put(2, 1000);
	must(world, "grid-1", &request);
	request = wish_put(3, 4);
	must_not(world, "grid-1b", &request, "file_quota");
}

/* ---- commands that wait for the holder ---- */

static struct id remind(struct world *world, const struct id *ticket)
{
	struct wire_request request = wish_to(VERB_REMIND, ticket);

	request.command.what.text = "soon";
	world_send(world, "boss", NULL, &request);
	return request.id;
}

static void so_many_commands_wait_for_their_holder(void **state)
{
	struct world *world = *state;
	struct id ticket = open_ticket(world, "grid-1", "hole", NULL), last;
	struct engine *city = world->nodes[CITY].engine;
	struct wire_reply reply;

	world_settle(world);
	world->nodes[DISTRICT].is_cut = true;
	for (unsigned i = 0; i < WAITING_MAX; i++)
		last = remind(world, &ticket);
	for (unsigned i = 0; i < WAITING_MAX / TURN_MESSAGES_MAX; i++)
		take_turn(world, CITY);
	assert_int_equal(city->waiting_count, WAITING_MAX);
	assert_false(world_reply(world, &reply, &last));
	last = remind(world, &ticket);
	take_turn(world, CITY);
	assert_true(world_reply(world, &reply, &last));
	assert_int_equal(reply.result, RESULT_REFUSED);
	assert_string_equal(reply.refusal, "too_fast");
	world_run(world, WAITING_MS + 1000);
	last = remind(world, &ticket);
	take_turn(world, CITY);
	assert_false(world_reply(world, &reply, &last));
	world_run(world, WAITING_MS + 1000);
	assert_true(world_reply(world, &reply, &last));
	assert_int_equal(reply.result, RESULT_PENDING);
}

/* ---- a scoreboard ---- */

static uint64_t score_page(struct world *world, struct wire_request *request)
{
	static uint8_t cursor[256];
	struct wire_reply reply;

	memset(&request->id, 0, sizeof(request->id));
	reply = must(world, "boss", request);
	assert_int_equal(reply.score.count, 1);
	assert_true(reply.score.cursor.len <= sizeof(cursor));
	if (reply.score.cursor.len)
		memcpy(cursor, reply.score.cursor.data, reply.score.cursor.len);
	request->score.cursor = bytes_of(cursor, reply.score.cursor.len);
	return reply.score.lines[0].counts[SCORE_OPENED];
}

static void add_sums(struct world *world, unsigned from, unsigned to)
{
	int64_t by[SCORE_COUNT] = { [SCORE_OPENED] = 1 };
	struct kv_txn *txn = write_at(world, CITY);
	char item[ITEM_CODE_MAX];

	for (unsigned i = from; i < to; i++) {
		struct counters_key key = { UNIT_STREET_1, "2026-11", item,
			"" };

		snprintf(item, sizeof(item), "item-%u", i);
		assert_int_equal(counters_add(txn, &key, by, SCORE_COUNT), 0);
	}
	assert_int_equal(kv_commit(&txn), 0);
}

static void a_page_of_a_scoreboard_looks_at_so_many_rows(void **state)
{
	struct world *world = *state;
	struct wire_request request = wish(ASK_SCORE);

	add_sums(world, 0, SCORE_ROWS_MAX);
	assert_int_equal(score_page(world, &request), SCORE_ROWS_MAX);
	assert_int_equal(request.score.cursor.len, 0);
	add_sums(world, SCORE_ROWS_MAX, SCORE_ROWS_MAX + 1);
	assert_int_equal(score_page(world, &request), SCORE_ROWS_MAX);
	assert_true(request.score.cursor.len > 0);
	assert_int_equal(score_page(world, &request), 1);
	assert_int_equal(request.score.cursor.len, 0);
}

/* ---- what fences undid ---- */

enum { FENCES = STRANDED_SIBLINGS_MAX + 2 };

/* Behind the same event, by the same unit: what a node could write that lost
 * its store each time. */
static void make_fences(
    struct buf fences[FENCES], struct world *world, const struct id *ticket)
{
	for (int i = 0; i < FENCES; i++) {
		struct event event = forged_event(&world->nodes[STREET_1],
		    ticket, VERB_TAKE_OVER, UNIT_DISTRICT);

		event.term++;
		event.time_ms += i;
		event.what.to = code_of(UNIT_DISTRICT);
		event.what.text = "mine";
		fences[i] = pack_event(&event);
	}
}

static void deliver(struct world *world, const struct buf *fence)
{
	forge_event(&world->nodes[DISTRICT], &world->nodes[STREET_1],
	    bytes_of(fence->data, fence->len));
}

static void drop_fences(struct buf fences[FENCES])
{
	for (int i = 0; i < FENCES; i++)
		buf_free(&fences[i]);
}

static void so_many_of_one_number_are_kept(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id ticket = open_ticket(world, "grid-1", "hole", NULL);
	struct buf fences[FENCES];

	world_settle(world);
	make_fences(fences, world, &ticket);
	for (int i = 0; i < FENCES - 1; i++)
		deliver(world, &fences[i]);
	assert_int_equal(count_stranded(street, &ticket), FENCES - 2);
	assert_false(world_logged(world, "problem="));
	deliver(world, &fences[FENCES - 1]);
	assert_int_equal(count_stranded(street, &ticket), FENCES - 2);
	assert_true(world_logged(world, "problem=too_many_stranded"));
	drop_fences(fences);
}

/* Where they stand is all the same, so they stand behind the log. */
static void strand_before(
    struct world *world, const struct id *ticket, unsigned count)
{
	struct kv_txn *txn = write_at(world, STREET_1);

	for (unsigned i = 0; i < count; i++) {
		struct stranded_key key = { .ticket = *ticket,
			.seq = 1000 + i };
		struct bytes event = bytes_of("event", 5);

		hash_of(&key.hash, event);
		assert_int_equal(stranded_put(txn, &key, event), 0);
	}
	assert_int_equal(kv_commit(&txn), 0);
}

static void so_many_of_a_ticket_are_kept(void **state)
{
	struct world *world = *state;
	struct world_node *street = &world->nodes[STREET_1];
	struct id ticket = open_ticket(world, "grid-1", "hole", NULL);
	struct buf fences[FENCES];

	world_settle(world);
	make_fences(fences, world, &ticket);
	strand_before(world, &ticket, STRANDED_EVENTS_MAX - 1);
	deliver(world, &fences[0]);
	deliver(world, &fences[1]);
	assert_int_equal(count_stranded(street, &ticket), STRANDED_EVENTS_MAX);
	assert_false(world_logged(world, "problem="));
	deliver(world, &fences[2]);
	assert_int_equal(count_stranded(street, &ticket), STRANDED_EVENTS_MAX);
	assert_true(world_logged(world, "problem=too_many_stranded"));
	drop_fences(fences);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(so_many_files_wait_for_a_name),
		IN_WORLD(files_of_all_have_their_bound),
		IN_WORLD(so_many_commands_wait_for_their_holder),
		IN_WORLD(a_page_of_a_scoreboard_looks_at_so_many_rows),
		IN_WORLD(so_many_of_one_number_are_kept),
		IN_WORLD(so_many_of_a_ticket_are_kept),
	};

	return cmocka_run_group_tests_name("engine/limits", tests, NULL, NULL);
}
