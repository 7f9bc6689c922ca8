/*
 * Somebody with a node's disk and all of our tools writes a log anew, hashes
 * and all: whoever has a neighbour's copy finds it, ticket by ticket.
 */
#include "harness/harness.h"

#include <stdlib.h>
#include <string.h>
#include "store/events.h"
#include "store/tickets.h"

#define STREET	  "street-420704001"
#define DISTRICT  "echeng"
#define NODE	  "streetd"
#define NEIGHBOUR "districtd"

enum { TICKETS = 6, LOG_MAX = 16 };

static struct city city;
static struct id tickets[TICKETS];
static const char *copy; /* the neighbour's backup */

static void note(const struct id *ticket, const char *text)
{
	struct wish wish;

	wish_start(&wish, VERB_NOTE, ticket);
	wish.what->text = text;
	wish_do(&city, STREET, &wish);
}

/* Open, accept and three notes each. */
static int open_city(void **state)
{
	struct wish wish;

	(void)state;
	city_open(&city);
	for (int i = 0; i < TICKETS; i++) {
		wish_start(&wish, VERB_OPEN, NULL);
		wish.what->title = "有件事想请人看看";
		tickets[i] = wish_do(&city, STREET, &wish);
		wish_start(&wish, VERB_ACCEPT, &tickets[i]);
		wish_do(&city, STREET, &wish);
		note(&tickets[i], "第一次到现场");
		note(&tickets[i], "第二次到现场");
		note(&tickets[i], "来电人又问");
	}
	city_wait_quiet(&city);
	copy = city_path(&city, "copy");
	cli_exits(0, &city, "admin", "--node", NEIGHBOUR, "backup", copy, NULL);
	city_stop(&city);
	return 0;
}

/* ---- a log written anew ---- */

struct log {
	struct arena *arena;
	struct event events[LOG_MAX];
	size_t count;
};

static void log_read(struct log *log, struct kv_txn *txn, const struct id *id)
{
	struct bytes bytes;

	memset(log, 0, sizeof(*log));
	assert_int_equal(arena_open(&log->arena, DECODE_MAX_BYTES), 0);
	while (!events_get(&bytes, txn, id, (uint32_t)log->count + 1)) {
		assert_int_equal(wire_event_unpack(&log->events[log->count++],
				     NULL, log->arena, bytes),
		    0);
		assert_true(log->count < LOG_MAX);
	}
}

/* With numbers and hashes as they should be, and the ticket that it makes. */
static void log_write(struct log *log, struct kv_txn *txn, const struct id *id)
{
	struct ticket before, after = { .id = *id };

	assert_int_equal(tickets_get(&before, txn, id), 0);
	for (uint32_t seq = 1; seq <= before.seq; seq++)
		assert_int_equal(events_del(txn, id, seq), 0);
	for (size_t i = 0; i < log->count; i++) {
		struct event *event = &log->events[i];
		struct buf packed = { 0 };
		struct hash hash;

		event->seq = (uint32_t)i + 1;
		event->prev = after.last;
		assert_int_equal(wire_event_pack(&packed, event), 0);
		hash_of(&hash, bytes_of(packed.data, packed.len));
		assert_int_equal(ticket_fold(&after, event, &hash), 0);
		assert_int_equal(events_put(txn, id, event->seq,
				     bytes_of(packed.data, packed.len)),
		    0);
		buf_free(&packed);
	}
	assert_int_equal(tickets_put(txn, &before, &after), 0);
	arena_close(&log->arena);
}

static void change(struct log *log)
{
	log->events[3].what.text = "已当场修好";
}

static void cut(struct log *log)
{
	log->count -= 2;
}

static void swap(struct log *log)
{
	struct event third = log->events[2];

	log->events[2] = log->events[3];
	log->events[3] = third;
}

static void leave_out(struct log *log)
{
	log->events[2] = log->events[3];
	log->events[3] = log->events[4];
	log->count--;
}

static void remove_all(struct log *log, struct kv_txn *txn, const struct id *id)
{
	for (uint32_t seq = 1; seq <= log->count; seq++)
		assert_int_equal(events_del(txn, id, seq), 0);
	assert_int_equal(kv_del(txn, KV_TICKETS, bytes_of(id->b, ID_BYTES)), 0);
	arena_close(&log->arena);
}

static const struct {
	void (*tamper)(struct log *log);
	const char *fault;
	int seq;
} lies[TICKETS] = {
	{ NULL, NULL, 0 },
	{ change, "changed", 4 },
	{ cut, "cut", 4 },
	{ swap, "reordered", 3 },
	{ leave_out, "left_out", 3 },
	{ NULL, "removed", 1 },
};

static void tamper_with_all(void)
{
	struct kv_config config = { .limit_bytes = 64 * 1024 * 1024 };
	struct kv_txn *txn;
	struct kv *kv;
	struct log log;

	assert_int_equal(
	    kv_open(&kv, city_path(&city, "data/" NODE), &config), 0);
	assert_int_equal(kv_begin(&txn, kv, true), 0);
	for (int i = 1; i < TICKETS; i++) {
		log_read(&log, txn, &tickets[i]);
		assert_int_equal(log.count, 5);
		if (!lies[i].tamper) {
			remove_all(&log, txn, &tickets[i]);
			continue;
		}
		lies[i].tamper(&log);
		log_write(&log, txn, &tickets[i]);
	}
	assert_int_equal(kv_commit(&txn), 0);
	kv_close(&kv);
}

/* ---- found ---- */

static void compare(struct run *run, const char *store, const char *other,
    const char *option, const char *value)
{
	cli(run, &city, "admin", "store", "compare", store, other, option,
	    value, NULL);
}

static void an_honest_store_is_the_same_as_its_neighbours_copy(void **state)
{
	struct run run;
	(void)state;

	compare(&run, city_path(&city, "data/" NODE), copy, "--json", NULL);
	assert_int_equal(run.code, 0);
	json_t *report = json_loads(run_text(&run.out), 0, NULL);
	assert_int_equal(json_number_at(report, "same"), TICKETS);
	assert_int_equal(json_number_at(report, "findings_count"), 0);
	json_decref(report);
	run_free(&run);
	/* and a store with a store, the other way round */
	compare(&run, city_path(&city, "data/" NEIGHBOUR),
	    city_path(&city, "data/" NODE), NULL, NULL);
	assert_int_equal(run.code, 0);
	run_free(&run);
}

static void check_finding(json_t *findings, int lie)
{
	char id[ID_TEXT];
	json_t *finding;
	size_t i;

	id_format(id, &tickets[lie]);
	json_array_foreach(findings, i, finding)
	{
		if (strcmp(json_text_at(finding, "ticket"), id) != 0)
			continue;
		assert_string_equal(
		    json_text_at(finding, "fault"), lies[lie].fault);
		assert_int_equal(json_number_at(finding, "seq"), lies[lie].seq);
		/* the liar made the chain again: only the copy tells */
		assert_true(json_is_null(json_at(finding, "store.broken_at")));
		assert_true(json_is_null(json_at(finding, "copy.broken_at")));
		assert_int_equal(json_number_at(finding, "copy.events"), 5);
		return;
	}
	fail_msg("%s was not found", lies[lie].fault);
}

static void every_log_that_was_written_anew_is_found(void **state)
{
	struct run run;
	(void)state;

	tamper_with_all();
	compare(&run, city_path(&city, "data/" NODE), copy, "--json", NULL);
	assert_int_equal(run.code, 1);
	json_t *report = json_loads(run_text(&run.out), 0, NULL);
	assert_int_equal(json_number_at(report, "same"), 1);
	assert_int_equal(json_number_at(report, "findings_count"), TICKETS - 1);
	for (int i = 1; i < TICKETS; i++)
		check_finding(json_at(report, "findings"), i);
	json_decref(report);
	run_free(&run);
}

static void people_are_told_in_their_language(void **state)
{
	static const char *const said[][2] = {
		{ "en", "this event is another" }, { "zh", "该事件与副本不同" },
		{ "en", "its chain holds" }, { "zh", "哈希链完好" }
	};
	struct run run;
	(void)state;

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		compare(&run, city_path(&city, "data/" NODE), copy, "--lang",
		    said[i][0]);
		assert_int_equal(run.code, 1);
		if (!strstr(run_text(&run.out), said[i][1]))
			fail_msg(
			    "no “%s” in:\n%s", said[i][1], run_text(&run.out));
		run_free(&run);
	}
	compare(&run, city_path(&city, "data/nothing"), copy, NULL, NULL);
	assert_int_equal(run.code, 4);
	run_free(&run);
	compare(&run, city_path(&city, "data/" NODE),
	    city_path(&city, "operators.csv"), NULL, NULL);
	assert_int_equal(run.code, 5);
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_honest_store_is_the_same_as_its_neighbours_copy),
		cmocka_unit_test(every_log_that_was_written_anew_is_found),
		cmocka_unit_test(people_are_told_in_their_language),
	};

	return flow_end(
	    cmocka_run_group_tests_name("tamper", tests, open_city, NULL));
}
