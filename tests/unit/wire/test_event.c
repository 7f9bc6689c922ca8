#include "hostile.h"
#include <stdio.h>

static int pack(struct buf *out, const struct event *event)
{
	buf_clear(out);
	return wire_event_pack(out, event);
}

static int refused(struct bytes bytes, const char *problem)
{
	struct arena *arena = sample_arena();
	const char *said = NULL;
	struct event event;
	int rc = wire_event_unpack(&event, &said, arena, bytes);

	if (problem && rc)
		assert_string_equal(said, problem);
	arena_close(&arena);
	return rc;
}

static void every_verb_comes_back_whole(void **state)
{
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < SAMPLE_VERBS; i++) {
		struct event in = sample_event(sample_verbs[i]), out;
		const char *problem = "not touched";

		in.command = sample_id((uint8_t)(i % 2 ? 0x71 : 0));
		assert_int_equal(pack(&buf, &in), 0);
		assert_int_equal(wire_event_unpack(
				     &out, &problem, arena, sample_bytes(&buf)),
		    0);
		assert_null(problem);
		assert_true(id_equal(&out.ticket, &in.ticket));
		assert_int_equal(out.seq, in.seq);
		assert_int_equal(out.term, in.term);
		assert_true(hash_equal(&out.prev, &in.prev));
		assert_int_equal(out.time_ms, in.time_ms);
		assert_int_equal(out.verb, in.verb);
		assert_string_equal(out.unit.s, in.unit.s);
		assert_string_equal(out.operator, in.operator);
		assert_true(id_equal(&out.command, &in.command));
		assert_what_equal(&out.what, &in.what);
	}
	buf_free(&buf);
	arena_close(&arena);
}

static void as_many_callouts_as_there_may_be_come_back(void **state)
{
	struct event in = sample_event(VERB_WHISTLE), out;
	struct callout callouts[TICKET_CALLOUTS_MAX] = { 0 };
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	char code[8];

	(void)state;
	for (uint8_t i = 0; i < TICKET_CALLOUTS_MAX; i++) {
		snprintf(code, sizeof(code), "4207-%c", 'a' + i);
		callouts[i].ticket = sample_id((uint8_t)(i + 1));
		callouts[i].department = sample_code(code);
	}
	in.what.callouts = callouts;
	in.what.callout_count = TICKET_CALLOUTS_MAX;
	assert_int_equal(pack(&buf, &in), 0);
	assert_int_equal(
	    wire_event_unpack(&out, NULL, arena, sample_bytes(&buf)), 0);
	assert_what_equal(&out.what, &in.what);
	buf_free(&buf);
	arena_close(&arena);
}

static void an_event_packs_to_the_same_bytes_each_time(void **state)
{
	struct event event = sample_event(VERB_WHISTLE);
	struct buf a = { 0 }, b = { 0 };

	(void)state;
	assert_int_equal(pack(&a, &event), 0);
	assert_int_equal(pack(&b, &event), 0);
	assert_bytes_equal(sample_bytes(&a), sample_bytes(&b));
	buf_free(&a);
	buf_free(&b);
}

static void packing_adds_to_what_is_there(void **state)
{
	struct event event = sample_event(VERB_NOTE);
	struct buf alone = { 0 }, after = { 0 };

	(void)state;
	assert_int_equal(pack(&alone, &event), 0);
	assert_int_equal(buf_add(&after, "abc", 3), 0);
	assert_int_equal(wire_event_pack(&after, &event), 0);
	assert_memory_equal(after.data, "abc", 3);
	assert_bytes_equal(
	    bytes_of(after.data + 3, after.len - 3), sample_bytes(&alone));
	buf_free(&alone);
	buf_free(&after);
}

static void says_who_acted_on_its_own(void **state)
{
	struct event event = sample_event(VERB_NOTE);
	struct buf buf = { 0 };

	(void)state;
	event.operator= OPERATOR_TIMER;
	assert_int_equal(pack(&buf, &event), 0);
	assert_int_equal(refused(sample_bytes(&buf), NULL), 0);
	event.operator= OPERATOR_AUTOPILOT;
	assert_int_equal(pack(&buf, &event), 0);
	assert_int_equal(refused(sample_bytes(&buf), NULL), 0);
	buf_free(&buf);
}

static void refuses_to_pack_what_nobody_could_read(void **state)
{
	struct event good = sample_event(VERB_NOTE), bad[9];
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < 9; i++)
		bad[i] = good;
	bad[0].ticket = sample_id(0);
	bad[1].seq = 0;
	bad[2].term = 0;
	bad[3].prev = sample_hash(0);
	bad[4].seq = 1;
	bad[5].time_ms = -1;
	bad[6].verb = VERB_COUNT;
	bad[7].unit = (struct unit_code){ "" };
	bad[8].operator= "two words";
	for (size_t i = 0; i < 9; i++) {
		assert_int_equal(pack(&buf, &bad[i]), ERR_INVALID);
		assert_int_equal(buf.len, 0);
	}
	buf_free(&buf);
}

static void refuses_to_pack_more_than_an_event_may_hold(void **state)
{
	struct event event = sample_event(VERB_NOTE);
	char *text = malloc(EVENT_MAX_BYTES + 1);
	struct buf buf = { 0 };

	(void)state;
	assert_non_null(text);
	memset(text, 'x', EVENT_MAX_BYTES);
	text[EVENT_MAX_BYTES] = '\0';
	event.what.text = text;
	assert_int_equal(pack(&buf, &event), ERR_TOO_LARGE);
	assert_int_equal(buf.len, 0);
	free(text);
	buf_free(&buf);
}

static void refuses_to_pack_more_callouts_than_a_ticket_has(void **state)
{
	struct event event = sample_event(VERB_WHISTLE);
	struct callout callouts[TICKET_CALLOUTS_MAX + 1] = { 0 };
	struct buf buf = { 0 };

	(void)state;
	event.what.callouts = callouts;
	event.what.callout_count = TICKET_CALLOUTS_MAX + 1;
	assert_int_equal(pack(&buf, &event), ERR_TOO_LARGE);
	buf_free(&buf);
}

static void refuses_what_does_not_fit_in_the_arena(void **state)
{
	struct event in = sample_event(VERB_WHISTLE), out = in;
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(pack(&buf, &in), 0);
	for (size_t limit = 64; limit < 1024; limit += 64) {
		struct arena *arena;
		int rc;

		assert_int_equal(arena_open(&arena, limit), 0);
		rc = wire_event_unpack(&out, NULL, arena, sample_bytes(&buf));
		assert_true(rc == ERR_TOO_LARGE || rc == 0);
		assert_true(arena_used(arena) <= limit);
		arena_close(&arena);
	}
	buf_free(&buf);
}

/* Callouts that say nothing take two bytes each and unpack to far more. */
static void a_flood_of_empty_parts_stays_within_the_arena(void **state)
{
	uint8_t *bytes = malloc(EVENT_MAX_BYTES);
	struct arena *arena = sample_arena();
	size_t inner = EVENT_MAX_BYTES - 16;
	struct event event;

	(void)state;
	assert_non_null(bytes);
	memcpy(bytes, "\x4a", 1);
	bytes[1] = (uint8_t)((inner + 4) | 0x80);
	bytes[2] = (uint8_t)((inner + 4) >> 7 | 0x80);
	bytes[3] = (uint8_t)((inner + 4) >> 14);
	bytes[4] = 11 << 3 | 2;
	bytes[5] = (uint8_t)(inner | 0x80);
	bytes[6] = (uint8_t)(inner >> 7 | 0x80);
	bytes[7] = (uint8_t)(inner >> 14);
	for (size_t i = 0; i < inner; i += 2)
		memcpy(bytes + 8 + i, "\x2a\x00", 2);
	assert_int_equal(
	    wire_event_unpack(&event, NULL, arena, bytes_of(bytes, inner + 8)),
	    ERR_TOO_LARGE);
	assert_true(arena_used(arena) < 10 * EVENT_MAX_BYTES);
	arena_close(&arena);
	free(bytes);
}

static int judge(struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct event event;
	const char *problem = NULL;
	int rc = wire_event_unpack(&event, &problem, arena, bytes);

	if (rc) {
		assert_non_null(problem);
		return rc;
	}
	assert_int_equal(wire_event_pack(again, &event), 0);
	return 0;
}

static void survives_every_small_damage(void **state)
{
	static const enum verb verbs[] = { VERB_OPEN, VERB_WHISTLE, VERB_RATE };

	(void)state;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		struct event event = sample_event(verbs[i]);
		struct buf buf = { 0 };

		assert_int_equal(pack(&buf, &event), 0);
		torment(judge, sample_bytes(&buf));
		torment_at_random(judge, sample_bytes(&buf), 20000);
		buf_free(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verb_comes_back_whole),
		cmocka_unit_test(as_many_callouts_as_there_may_be_come_back),
		cmocka_unit_test(an_event_packs_to_the_same_bytes_each_time),
		cmocka_unit_test(packing_adds_to_what_is_there),
		cmocka_unit_test(says_who_acted_on_its_own),
		cmocka_unit_test(refuses_to_pack_what_nobody_could_read),
		cmocka_unit_test(refuses_to_pack_more_than_an_event_may_hold),
		cmocka_unit_test(
		    refuses_to_pack_more_callouts_than_a_ticket_has),
		cmocka_unit_test(refuses_what_does_not_fit_in_the_arena),
		cmocka_unit_test(a_flood_of_empty_parts_stays_within_the_arena),
		cmocka_unit_test(survives_every_small_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
