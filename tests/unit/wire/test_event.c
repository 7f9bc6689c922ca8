#include "sample.h"
#include "event.pb-c.h"

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

/* ---- round trips ---- */

static void every_verb_comes_back_whole(void **state)
{
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < SAMPLE_VERBS; i++) {
		struct event in = sample_event(sample_verbs[i]), out;
		const char *problem = "not touched";

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
		assert_what_equal(&out.what, &in.what);
	}
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

/* ---- what no writer may write ---- */

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

/* ---- what no reader may take ---- */

/* An event as protobuf-c alone would have it, to be made wrong. */
struct raw {
	Whistle__Event event;
	Whistle__Particulars what;
	struct id ticket;
	struct hash prev;
};

static void raw_note(struct raw *raw)
{
	raw->ticket = sample_id(0x11);
	raw->prev = sample_hash(0x44);
	whistle__event__init(&raw->event);
	whistle__particulars__init(&raw->what);
	raw->event.ticket = (ProtobufCBinaryData){ 16, raw->ticket.b };
	raw->event.prev = (ProtobufCBinaryData){ 32, raw->prev.b };
	raw->event.seq = 2;
	raw->event.term = 1;
	raw->event.time_ms = SAMPLE_TIME_MS;
	raw->event.verb = WHISTLE__VERB__NOTE;
	raw->event.unit = (char *)"420704001";
	raw->event.operator_ = (char *)"wang-li";
	raw->event.what = &raw->what;
	raw->what.text = (char *)"看过了";
}

static struct buf raw_pack(const struct raw *raw)
{
	struct buf buf = { 0 };
	uint8_t *room;

	assert_int_equal(
	    buf_grow(&room, &buf, whistle__event__get_packed_size(&raw->event)),
	    0);
	whistle__event__pack(&raw->event, room);
	return buf;
}

static void assert_raw(const struct raw *raw, int rc, const char *problem)
{
	struct buf buf = raw_pack(raw);

	assert_int_equal(refused(sample_bytes(&buf), problem), rc);
	buf_free(&buf);
}

static void takes_what_protobuf_packs(void **state)
{
	struct raw raw;

	(void)state;
	raw_note(&raw);
	assert_raw(&raw, 0, NULL);
}

static void refuses_ids_and_hashes_of_another_length(void **state)
{
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.event.ticket.len = 15;
	assert_raw(&raw, ERR_INVALID, "ticket: not an id");
	raw_note(&raw);
	raw.event.ticket.len = 0;
	assert_raw(&raw, ERR_INVALID, "ticket: is missing");
	raw_note(&raw);
	raw.event.prev.len = 31;
	assert_raw(&raw, ERR_INVALID, "prev: not a hash");
	raw_note(&raw);
	raw.prev = sample_hash(0);
	assert_raw(&raw, ERR_INVALID, "prev: not a hash");
	raw_note(&raw);
	raw.event.prev.len = 0;
	assert_raw(&raw, ERR_INVALID, "prev: in every event but the first");
}

static void refuses_a_contact_key_that_is_none(void **state)
{
	uint8_t key[129] = { 1 };
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.event.verb = WHISTLE__VERB__FORWARD;
	raw.what.to = (char *)"420704001";
	raw.what.contact_key = (ProtobufCBinaryData){ 128, key };
	assert_raw(&raw, 0, NULL);
	raw.what.contact_key.len = 129;
	assert_raw(&raw, ERR_INVALID, "contact_key: too long");
}

static void refuses_numbers_outside_their_lists(void **state)
{
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.event.verb = (Whistle__Verb)VERB_COUNT;
	assert_raw(&raw, ERR_INVALID, "verb: not in the list");
	raw_note(&raw);
	raw.event.verb = (Whistle__Verb)-1;
	assert_raw(&raw, ERR_INVALID, "verb: not in the list");
	raw_note(&raw);
	raw.what.colour = COLOUR_COUNT;
	assert_raw(&raw, ERR_INVALID, "colour: not in the list");
	raw_note(&raw);
	raw.event.time_ms = UINT64_MAX;
	assert_raw(&raw, ERR_INVALID, "time_ms: not a time");
	raw_note(&raw);
	raw.what.due_ms = (uint64_t)EVENT_TIME_MAX_MS + 1;
	assert_raw(&raw, ERR_INVALID, "due_ms: not a time");
}

static void refuses_names_that_are_none(void **state)
{
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.event.unit = (char *)"DROP TABLE";
	assert_raw(&raw, ERR_INVALID, "unit: not a unit's code");
	raw_note(&raw);
	raw.event.operator_ = (char *)"@root";
	assert_raw(&raw, ERR_INVALID, "operator: not a name");
	raw_note(&raw);
	raw.what.to = (char *)"420704001001003999999999";
	assert_raw(&raw, ERR_INVALID, "to: not a unit's code");
}

static void refuses_parts_that_belong_to_another_verb(void **state)
{
	Whistle__Verdict verdict = WHISTLE__VERDICT__INIT;
	Whistle__Opening opening = WHISTLE__OPENING__INIT;
	Whistle__Call call = WHISTLE__CALL__INIT;
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.what.verdict = &verdict;
	assert_raw(&raw, ERR_INVALID, "verdict: with rate, and with rate only");
	raw_note(&raw);
	raw.what.opening = &opening;
	assert_raw(&raw, ERR_INVALID, "opening: with open, and with open only");
	raw_note(&raw);
	raw.what.call = &call;
	assert_raw(
	    &raw, ERR_INVALID, "call: with whistle, and else with open only");
	raw_note(&raw);
	raw.event.verb = WHISTLE__VERB__RATE;
	assert_raw(&raw, ERR_INVALID, "verdict: with rate, and with rate only");
	raw_note(&raw);
	raw.event.what = NULL;
	assert_raw(&raw, ERR_INVALID, "what: is missing");
}

static void refuses_an_empty_call_in_an_open(void **state)
{
	Whistle__Opening opening = WHISTLE__OPENING__INIT;
	Whistle__Call call = WHISTLE__CALL__INIT;
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.event.verb = WHISTLE__VERB__OPEN;
	raw.event.seq = 1;
	raw.event.prev.len = 0;
	opening.kind = KIND_APPEAL;
	opening.source = SOURCE_VISIT;
	raw.what.opening = &opening;
	assert_raw(&raw, 0, NULL);
	raw.what.call = &call;
	assert_raw(&raw, ERR_INVALID, "call: is empty");
}

static void names_the_field_that_the_law_refuses(void **state)
{
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.what.outcome = OUTCOME_SOLVED;
	assert_raw(&raw, ERR_INVALID, "outcome: not said by this verb");
}

static void refuses_text_that_is_not_text(void **state)
{
	static const char *const bad[] = { "\xff", "\xc0\x80", "\xed\xa0\x80",
		"\xe4\xb8", "\xf5\x80\x80\x80" };
	struct raw raw;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		raw_note(&raw);
		raw.what.text = (char *)bad[i];
		assert_raw(&raw, ERR_INVALID, "event: not an event's bytes");
	}
}

/* ---- what protobuf's parser lets through ---- */

static struct buf note_bytes(void)
{
	struct raw raw;

	raw_note(&raw);
	return raw_pack(&raw);
}

static void refuses_what_follows_the_last_field(void **state)
{
	static const struct bytes tails[] = {
		{ (const uint8_t *)"\xa0\x06\x01", 3 },	    /* unknown field */
		{ (const uint8_t *)"\x10\x02", 2 },	    /* seq, again */
		{ (const uint8_t *)"\x4a\x00", 2 },	    /* what, merged */
		{ (const uint8_t *)"\x4a\x02\x28\x00", 4 }, /* a default */
		{ (const uint8_t *)"\x00\x00", 2 },	    /* field 0 */
		{ (const uint8_t *)"\x0b\x0c", 2 },	    /* a group */
	};
	struct buf good = note_bytes();

	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		struct buf bad = { 0 };

		assert_int_equal(buf_add(&bad, good.data, good.len), 0);
		assert_int_equal(buf_add(&bad, tails[i].data, tails[i].len), 0);
		assert_int_equal(
		    refused(sample_bytes(&bad), NULL), ERR_INVALID);
		buf_free(&bad);
	}
	buf_free(&good);
}

/* The text is the last thing in the bytes: its length byte, and those of
 * `what`, are known. */
static void refuses_a_text_cut_short_by_nul(void **state)
{
	struct buf buf = note_bytes();

	(void)state;
	buf.data[buf.len - 3] = '\0';
	assert_int_equal(refused(sample_bytes(&buf), NULL), ERR_INVALID);
	memset(buf.data + buf.len - 9, 0, 9);
	assert_int_equal(refused(sample_bytes(&buf), NULL), ERR_INVALID);
	buf_free(&buf);
}

static void refuses_overlong_numbers(void **state)
{
	struct buf good = note_bytes(), bad = { 0 };

	(void)state;
	/* ticket is 18 bytes; then seq: 10 02 */
	assert_int_equal(good.data[18], 0x10);
	assert_int_equal(buf_add(&bad, good.data, 19), 0);
	assert_int_equal(buf_add(&bad, "\x82\x00", 2), 0);
	assert_int_equal(buf_add(&bad, good.data + 20, good.len - 20), 0);
	assert_int_equal(refused(sample_bytes(&bad), NULL), ERR_INVALID);
	/* a key of two bytes */
	buf_clear(&bad);
	assert_int_equal(buf_add(&bad, good.data, 18), 0);
	assert_int_equal(buf_add(&bad, "\x90\x00", 2), 0);
	assert_int_equal(buf_add(&bad, good.data + 19, good.len - 19), 0);
	assert_int_equal(refused(sample_bytes(&bad), NULL), ERR_INVALID);
	buf_free(&good);
	buf_free(&bad);
}

static void refuses_fields_out_of_order(void **state)
{
	struct buf good = note_bytes(), bad = { 0 };

	(void)state;
	/* 10 02 18 01, seq and term, swapped */
	assert_memory_equal(good.data + 18, "\x10\x02\x18\x01", 4);
	assert_int_equal(buf_add(&bad, good.data, 18), 0);
	assert_int_equal(buf_add(&bad, "\x18\x01\x10\x02", 4), 0);
	assert_int_equal(buf_add(&bad, good.data + 22, good.len - 22), 0);
	assert_int_equal(refused(sample_bytes(&bad), NULL), ERR_INVALID);
	buf_free(&good);
	buf_free(&bad);
}

static void refuses_a_truth_that_is_not_one(void **state)
{
	struct event event = sample_event(VERB_RATE);
	struct buf buf = { 0 };
	size_t found = 0;

	(void)state;
	assert_int_equal(pack(&buf, &event), 0);
	/* Verdict: 7a 06 08 01 10 01 18 02 */
	for (size_t i = 0; i + 8 <= buf.len; i++) {
		if (memcmp(buf.data + i, "\x7a\x06\x08\x01\x10\x01", 6) == 0)
			found = i;
	}
	assert_int_not_equal(found, 0);
	buf.data[found + 3] = 2;
	assert_int_equal(refused(sample_bytes(&buf), NULL), ERR_INVALID);
	buf_free(&buf);
}

static void refuses_too_many_bytes_unread(void **state)
{
	uint8_t *bytes = calloc(1, EVENT_MAX_BYTES + 1);

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(
	    refused(bytes_of(bytes, EVENT_MAX_BYTES + 1), NULL), ERR_TOO_LARGE);
	free(bytes);
}

static void refuses_no_bytes(void **state)
{
	(void)state;
	assert_int_equal(refused(bytes_of(NULL, 0), NULL), ERR_INVALID);
	assert_int_equal(refused(bytes_of("", 0), NULL), ERR_INVALID);
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
	    ERR_INVALID);
	assert_true(arena_used(arena) <= DECODE_MAX_BYTES);
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
		cmocka_unit_test(an_event_packs_to_the_same_bytes_each_time),
		cmocka_unit_test(packing_adds_to_what_is_there),
		cmocka_unit_test(says_who_acted_on_its_own),
		cmocka_unit_test(refuses_to_pack_what_nobody_could_read),
		cmocka_unit_test(refuses_to_pack_more_than_an_event_may_hold),
		cmocka_unit_test(
		    refuses_to_pack_more_callouts_than_a_ticket_has),
		cmocka_unit_test(takes_what_protobuf_packs),
		cmocka_unit_test(refuses_ids_and_hashes_of_another_length),
		cmocka_unit_test(refuses_a_contact_key_that_is_none),
		cmocka_unit_test(refuses_numbers_outside_their_lists),
		cmocka_unit_test(refuses_names_that_are_none),
		cmocka_unit_test(refuses_parts_that_belong_to_another_verb),
		cmocka_unit_test(refuses_an_empty_call_in_an_open),
		cmocka_unit_test(names_the_field_that_the_law_refuses),
		cmocka_unit_test(refuses_text_that_is_not_text),
		cmocka_unit_test(refuses_what_follows_the_last_field),
		cmocka_unit_test(refuses_a_text_cut_short_by_nul),
		cmocka_unit_test(refuses_overlong_numbers),
		cmocka_unit_test(refuses_fields_out_of_order),
		cmocka_unit_test(refuses_a_truth_that_is_not_one),
		cmocka_unit_test(refuses_too_many_bytes_unread),
		cmocka_unit_test(refuses_no_bytes),
		cmocka_unit_test(refuses_what_does_not_fit_in_the_arena),
		cmocka_unit_test(a_flood_of_empty_parts_stays_within_the_arena),
		cmocka_unit_test(survives_every_small_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
