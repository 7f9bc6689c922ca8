/*
 * A log that somebody wrote anew is found by whoever has a copy: changed,
 * cut, reordered, shortened in the middle, lengthened, removed; with the
 * chain left as it was, and with the chain made again.
 */
#include "audit/compare.h"
#include "world.h"

enum { LOG = 9, EVENTS = 6 };

/* Two stores with the same tickets: the one that is looked at, the copy. */
struct pair {
	void *store, *copy;
	struct compare_finding finding;
	unsigned found;
	struct compare_result result;
	bool must_have;
};

static struct kv_txn *txn_of(void *world)
{
	return world_txn(world);
}

/* ---- a log written as somebody likes it ---- */

struct line {
	enum verb verb;
	const char *text;
};

static const struct line honest[EVENTS] = { { VERB_OPEN, "路灯不亮" },
	{ VERB_ACCEPT, "" }, { VERB_NOTE, "第一次到现场" },
	{ VERB_NOTE, "第二次到现场" }, { VERB_NOTE, "来电人又问" },
	{ VERB_NOTE, "今天修" } };

/* The ticket's log as these lines, with a chain that holds. */
static void write_log(void *world, const struct line *lines, size_t count)
{
	struct story story = story_new();
	struct ticket before;

	story.ticket.id = id_of_number(LOG);
	tickets_get(&before, txn_of(world), &story.ticket.id);
	for (uint32_t seq = 1; seq <= EVENTS; seq++)
		events_del(txn_of(world), &story.ticket.id, seq);
	for (size_t i = 0; i < count; i++) {
		struct event event =
		    i == 0 ? opening(&story, GRID)
			   : story_event(&story, lines[i].verb, GRID);
		struct buf packed = { 0 };
		struct hash hash;

		event.ticket = story.ticket.id;
		event.what.text = lines[i].text;
		/* a line keeps its time wherever it stands */
		event.time_ms = STORY_START_MS;
		assert_int_equal(wire_event_pack(&packed, &event), 0);
		hash_of(&hash, bytes_of(packed.data, packed.len));
		assert_int_equal(ticket_fold(&story.ticket, &event, &hash), 0);
		assert_int_equal(
		    events_put(txn_of(world), &event.ticket, event.seq,
			bytes_of(packed.data, packed.len)),
		    0);
		buf_free(&packed);
	}
	assert_int_equal(tickets_put(txn_of(world), &before, &story.ticket), 0);
}

static int pair_setup(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	assert_non_null(pair);
	assert_int_equal(world_setup(&pair->store), 0);
	assert_int_equal(world_setup(&pair->copy), 0);
	write_log(pair->store, honest, EVENTS);
	write_log(pair->copy, honest, EVENTS);
	pair->must_have = true;
	*state = pair;
	return 0;
}

static int pair_teardown(void **state)
{
	struct pair *pair = *state;

	world_teardown(&pair->store);
	world_teardown(&pair->copy);
	free(pair);
	return 0;
}

static int found(void *context, const struct compare_finding *finding)
{
	struct pair *pair = context;

	pair->finding = *finding;
	pair->found++;
	return 0;
}

static bool must_have(void *context, const struct ticket *ticket)
{
	const struct pair *pair = context;

	(void)ticket;
	return pair->must_have;
}

static void compare(struct pair *pair)
{
	struct compare_config config = { must_have, found, pair };

	pair->found = 0;
	assert_int_equal(compare_stores(&pair->result, txn_of(pair->store),
			     txn_of(pair->copy), &config),
	    0);
	assert_int_equal(pair->result.findings, pair->found);
}

/* One log differs, there, and in that way; both chains hold unless said. */
static void finds(struct pair *pair, enum compare_fault fault, uint32_t seq,
    uint32_t broken_at)
{
	struct id id = id_of_number(LOG);

	compare(pair);
	assert_int_equal(pair->found, 1);
	assert_true(id_equal(&pair->finding.ticket, &id));
	if (pair->finding.fault != fault)
		fail_msg("%s, not %s", compare_word(pair->finding.fault),
		    compare_word(fault));
	assert_int_equal(pair->finding.seq, seq);
	assert_int_equal(pair->finding.store.broken_at, broken_at);
	assert_int_equal(pair->finding.copy.broken_at, 0);
}

/* ---- the tests ---- */

static void the_same_logs_have_no_findings(void **state)
{
	struct pair *pair = *state;

	compare(pair);
	assert_int_equal(pair->found, 0);
	assert_int_equal(pair->result.same, 4);
}

static void finds_an_event_that_was_changed_and_the_chain_made_again(
    void **state)
{
	struct pair *pair = *state;
	struct line lines[EVENTS];

	memcpy(lines, honest, sizeof(lines));
	lines[2].text = "从未到过现场";
	write_log(pair->store, lines, EVENTS);
	finds(pair, COMPARE_CHANGED, 3, 0);
	assert_int_equal(pair->finding.verb, VERB_NOTE);
}

/* Whoever changed it left the chain as it was: that alone would tell. */
static void says_where_a_chain_breaks(void **state)
{
	struct pair *pair = *state;
	struct id id = id_of_number(LOG);
	struct bytes third, copy;
	uint8_t bytes[1024];

	assert_int_equal(events_get(&third, txn_of(pair->store), &id, 3), 0);
	assert_true(third.len < sizeof(bytes));
	memcpy(bytes, third.data, third.len);
	bytes[third.len - 1] = 'x'; /* of the text's last character */
	bytes[third.len - 2] = 'y';
	bytes[third.len - 3] = 'z';
	copy = bytes_of(bytes, third.len);
	assert_int_equal(events_put(txn_of(pair->store), &id, 3, copy), 0);
	finds(pair, COMPARE_CHANGED, 3, 4);
}

static void finds_a_tail_that_was_cut(void **state)
{
	struct pair *pair = *state;

	write_log(pair->store, honest, 4);
	finds(pair, COMPARE_CUT, 5, 0);
	/* the other way round the one only goes on */
	write_log(pair->store, honest, EVENTS);
	write_log(pair->copy, honest, 4);
	compare(pair);
	assert_int_equal(pair->found, 0);
	assert_int_equal(pair->result.longer, 1);
}

static void finds_events_that_changed_places(void **state)
{
	struct pair *pair = *state;
	struct line lines[EVENTS];

	memcpy(lines, honest, sizeof(lines));
	lines[2] = honest[3];
	lines[3] = honest[2];
	write_log(pair->store, lines, EVENTS);
	finds(pair, COMPARE_REORDERED, 3, 0);
}

static void finds_an_event_that_was_left_out_or_put_in(void **state)
{
	struct pair *pair = *state;
	struct line lines[EVENTS];

	memcpy(lines, honest, sizeof(lines));
	memmove(&lines[2], &lines[3], 3 * sizeof(*lines));
	write_log(pair->store, lines, EVENTS - 1);
	finds(pair, COMPARE_LEFT_OUT, 3, 0);
	write_log(pair->store, honest, EVENTS);
	write_log(pair->copy, lines, EVENTS - 1);
	finds(pair, COMPARE_PUT_IN, 3, 0);
}

static void finds_a_hole_that_the_ticket_still_counts(void **state)
{
	struct pair *pair = *state;
	struct id id = id_of_number(LOG);

	assert_int_equal(events_del(txn_of(pair->store), &id, 5), 0);
	finds(pair, COMPARE_CUT, 5, 5);
}

static void finds_a_ticket_that_was_removed_where_it_must_be(void **state)
{
	struct pair *pair = *state;
	struct id id = id_of_number(LOG);

	write_log(pair->store, honest, 0);
	assert_int_equal(
	    kv_del(txn_of(pair->store), KV_TICKETS, bytes_of(id.b, ID_BYTES)),
	    0);
	finds(pair, COMPARE_REMOVED, 1, 0);
	assert_int_equal(pair->finding.verb, VERB_OPEN);
	pair->must_have = false;
	compare(pair);
	assert_int_equal(pair->found, 0);
	assert_int_equal(pair->result.elsewhere, 1);
}

/* The same on both sides, and yet no log. */
static void finds_a_log_that_is_broken_alike_on_both_sides(void **state)
{
	struct pair *pair = *state;
	struct id id = id_of_number(LOG);

	events_put(txn_of(pair->store), &id, 4, text_bytes("no event"));
	events_put(txn_of(pair->copy), &id, 4, text_bytes("no event"));
	compare(pair);
	assert_int_equal(pair->found, 1);
	assert_int_equal(pair->finding.fault, COMPARE_BROKEN);
	assert_int_equal(pair->finding.seq, 4);
	assert_int_equal(pair->finding.copy.broken_at, 4);
}

/* What a fence has put aside is there, in another table: nobody lied. */
static void a_fence_is_no_lie(void **state)
{
	struct pair *pair = *state;
	struct stranded_key key = { .ticket = id_of_number(LOG), .seq = 5 };
	struct line lines[EVENTS];
	struct bytes old;

	assert_int_equal(
	    events_get(&old, txn_of(pair->copy), &key.ticket, 5), 0);
	hash_of(&key.hash, old);
	memcpy(lines, honest, sizeof(lines));
	lines[4].text = "区里接过去了";
	write_log(pair->store, lines, EVENTS);
	assert_int_equal(stranded_put(txn_of(pair->store), &key, old), 0);
	compare(pair);
	assert_int_equal(pair->found, 0);
	assert_int_equal(pair->result.fenced, 1);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, pair_setup, pair_teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_same_logs_have_no_findings),
		TEST(finds_an_event_that_was_changed_and_the_chain_made_again),
		TEST(says_where_a_chain_breaks),
		TEST(finds_a_tail_that_was_cut),
		TEST(finds_events_that_changed_places),
		TEST(finds_an_event_that_was_left_out_or_put_in),
		TEST(finds_a_hole_that_the_ticket_still_counts),
		TEST(finds_a_ticket_that_was_removed_where_it_must_be),
		TEST(finds_a_log_that_is_broken_alike_on_both_sides),
		TEST(a_fence_is_no_lie),
	};
#undef TEST

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
