#include "sample.h"
#include "event.pb-c.h"

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

static void refuses_a_contact_hash_that_is_none(void **state)
{
	Whistle__Opening opening = WHISTLE__OPENING__INIT;
	uint8_t hash[HASH_BYTES] = { 1 };
	struct raw raw;

	(void)state;
	raw_note(&raw);
	raw.event.verb = WHISTLE__VERB__OPEN;
	raw.event.seq = 1;
	raw.event.prev.len = 0;
	opening.kind = KIND_APPEAL;
	opening.source = SOURCE_VISIT;
	opening.contact_hash = (ProtobufCBinaryData){ HASH_BYTES, hash };
	raw.what.opening = &opening;
	assert_raw(&raw, 0, NULL);
	opening.contact_hash.len = 31;
	assert_raw(&raw, ERR_INVALID, "contact_hash: not a hash");
	opening.contact_hash.len = HASH_BYTES;
	hash[0] = 0;
	assert_raw(&raw, ERR_INVALID, "contact_hash: not a hash");
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
	assert_int_equal(wire_event_pack(&buf, &event), 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_protobuf_packs),
		cmocka_unit_test(refuses_ids_and_hashes_of_another_length),
		cmocka_unit_test(refuses_a_contact_key_that_is_none),
		cmocka_unit_test(refuses_numbers_outside_their_lists),
		cmocka_unit_test(refuses_names_that_are_none),
		cmocka_unit_test(refuses_parts_that_belong_to_another_verb),
		cmocka_unit_test(refuses_an_empty_call_in_an_open),
		cmocka_unit_test(refuses_a_contact_hash_that_is_none),
		cmocka_unit_test(names_the_field_that_the_law_refuses),
		cmocka_unit_test(refuses_text_that_is_not_text),
		cmocka_unit_test(refuses_what_follows_the_last_field),
		cmocka_unit_test(refuses_a_text_cut_short_by_nul),
		cmocka_unit_test(refuses_overlong_numbers),
		cmocka_unit_test(refuses_fields_out_of_order),
		cmocka_unit_test(refuses_a_truth_that_is_not_one),
		cmocka_unit_test(refuses_too_many_bytes_unread),
		cmocka_unit_test(refuses_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
