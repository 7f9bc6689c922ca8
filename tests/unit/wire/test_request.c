#include "hostile.h"
#include <stdio.h>
#include "control.pb-c.h"

enum { ASK_COUNT = ASK_GET + 1 };

static struct buf contact_bytes(void)
{
	struct wire_contact contact = { "张三", "13800000000" };
	struct buf buf = { 0 };

	assert_int_equal(wire_contact_pack(&buf, &contact), 0);
	return buf;
}

/* Asks all that can be asked of `kind`. */
static struct wire_request sample_request(enum ask_kind kind)
{
	struct wire_request request = { .id = sample_id(0x71), .kind = kind };

	request.command = sample_command(VERB_WHISTLE);
	request.list.state = "accepted";
	request.list.item = "CJ-0301";
	request.list.kind = "appeal";
	request.list.outcome = "solved";
	request.list.channel = "mediation";
	request.list.external_id = "12345-1";
	request.list.holder = sample_code("420704001");
	request.list.under = sample_code("420704");
	request.list.place = sample_code("420704001001");
	request.list.limit = LIST_PAGE_MAX;
	request.list.cursor = bytes_of(sample_run, 40);
	request.list.by_change = true;
	request.list.since_ms = EVENT_TIME_MAX_MS;
	request.show.ticket = sample_id(0x72);
	request.show.external_id = "";
	request.show.contact = true;
	request.score.under = sample_code("420704");
	request.score.kind = "department";
	request.score.period = "2026-11";
	request.score.by_item = true;
	request.score.unit = sample_code("420704-zjj");
	request.score.from = "2026-01";
	request.score.to = "2026-12";
	request.score.item = "CJ-0301";
	request.score.domain = "safe";
	request.score.by_domain = request.score.by_month = true;
	request.score.by_other = true;
	request.score.cursor = bytes_of(sample_run, 40);
	request.score.wants_events = true;
	request.score.events.any = UINT64_C(1) << 63;
	request.score.events.none = 5;
	request.score.events.open = "";
	request.score.events.other = sample_code("420704");
	request.score.events.limit = LIST_PAGE_MAX;
	request.status.reload = true;
	request.follow.after = UINT64_C(1) << 60;
	request.follow.limit = 7;
	request.nodes.from = 300;
	request.follow.ticket = sample_id(0x73);
	request.follow.from_now = true;
	request.put.hash = sample_hash(0x74);
	request.put.size = FILE_MAX_BYTES;
	request.put.offset = 3;
	request.put.data = bytes_of(sample_run, 50);
	request.get.ticket = sample_id(0x75);
	request.get.hash = sample_hash(0x76);
	request.get.offset = FILE_MAX_BYTES - 1;
	return request;
}

static int ask(struct wire_request *out, const char **problem,
    struct arena *arena, struct buf *buf, const struct wire_request *in)
{
	int rc;

	buf_clear(buf);
	rc = wire_request_pack(buf, in);
	return rc ? rc
		  : wire_request_unpack(out, problem, arena, sample_bytes(buf));
}

static void assert_request_equal(
    const struct wire_request *a, const struct wire_request *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_true(id_equal(&a->id, &b->id));
	switch (a->kind) {
	case ASK_COMMAND:
		assert_true(id_equal(&a->command.id, &b->id));
		assert_string_equal(a->command.operator, b->command.operator);
		assert_what_equal(&a->command.what, &b->command.what);
		return;
	case ASK_LIST:
		assert_int_equal(a->list.queue, b->list.queue);
		assert_string_equal(a->list.state, b->list.state);
		assert_string_equal(a->list.item, b->list.item);
		assert_string_equal(a->list.kind, b->list.kind);
		assert_string_equal(a->list.outcome, b->list.outcome);
		assert_string_equal(a->list.channel, b->list.channel);
		assert_string_equal(a->list.external_id, b->list.external_id);
		assert_string_equal(a->list.holder.s, b->list.holder.s);
		assert_string_equal(a->list.under.s, b->list.under.s);
		assert_string_equal(a->list.place.s, b->list.place.s);
		assert_int_equal(a->list.limit, b->list.limit);
		assert_bytes_equal(a->list.cursor, b->list.cursor);
		assert_int_equal(a->list.by_change, b->list.by_change);
		assert_int_equal(a->list.around, b->list.around);
		assert_int_equal(a->list.since_ms, b->list.since_ms);
		return;
	case ASK_SHOW:
		assert_true(id_equal(&a->show.ticket, &b->show.ticket));
		assert_string_equal(a->show.external_id, b->show.external_id);
		assert_int_equal(a->show.contact, b->show.contact);
		return;
	case ASK_SCORE:
		assert_string_equal(a->score.under.s, b->score.under.s);
		assert_string_equal(a->score.kind, b->score.kind);
		assert_string_equal(a->score.period, b->score.period);
		assert_int_equal(a->score.by_item, b->score.by_item);
		assert_string_equal(a->score.unit.s, b->score.unit.s);
		assert_string_equal(a->score.from, b->score.from);
		assert_string_equal(a->score.to, b->score.to);
		assert_string_equal(a->score.item, b->score.item);
		assert_string_equal(a->score.domain, b->score.domain);
		assert_int_equal(a->score.by_domain, b->score.by_domain);
		assert_int_equal(a->score.by_month, b->score.by_month);
		assert_int_equal(a->score.by_other, b->score.by_other);
		assert_bytes_equal(a->score.cursor, b->score.cursor);
		assert_int_equal(a->score.wants_events, b->score.wants_events);
		assert_true(a->score.events.any == b->score.events.any);
		assert_true(a->score.events.none == b->score.events.none);
		assert_string_equal(a->score.events.open, b->score.events.open);
		assert_string_equal(
		    a->score.events.other.s, b->score.events.other.s);
		assert_int_equal(a->score.events.limit, b->score.events.limit);
		return;
	case ASK_STATUS:
		assert_int_equal(a->status.reload, b->status.reload);
		return;
	case ASK_FOLLOW:
		assert_true(a->follow.after == b->follow.after);
		assert_int_equal(a->follow.limit, b->follow.limit);
		assert_true(id_equal(&a->follow.ticket, &b->follow.ticket));
		assert_int_equal(a->follow.from_now, b->follow.from_now);
		return;
	case ASK_NODES:
		assert_int_equal(a->nodes.from, b->nodes.from);
		return;
	case ASK_PUT:
		assert_true(hash_equal(&a->put.hash, &b->put.hash));
		assert_true(a->put.size == b->put.size);
		assert_true(a->put.offset == b->put.offset);
		assert_bytes_equal(a->put.data, b->put.data);
		return;
	case ASK_GET:
		assert_true(id_equal(&a->get.ticket, &b->get.ticket));
		assert_true(hash_equal(&a->get.hash, &b->get.hash));
		assert_true(a->get.offset == b->get.offset);
		return;
	}
	fail();
}

static void every_question_comes_back_whole(void **state)
{
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	for (int kind = 0; kind < ASK_COUNT; kind++) {
		struct wire_request in = sample_request((enum ask_kind)kind),
				    out;
		const char *problem = "not touched";

		assert_int_equal(ask(&out, &problem, arena, &buf, &in), 0);
		assert_null(problem);
		assert_request_equal(&out, &in);
	}
	buf_free(&buf);
	arena_close(&arena);
}

static void a_question_may_say_nothing_more(void **state)
{
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	for (int kind = ASK_LIST; kind < ASK_COUNT; kind++) {
		struct wire_request in = { .id = sample_id(1),
			.kind = (enum ask_kind)kind };
		struct wire_request out;

		in.show.external_id = "12345-1";
		in.put.hash = in.get.hash = sample_hash(2);
		in.put.size = 1;
		assert_int_equal(ask(&out, NULL, arena, &buf, &in), 0);
		assert_int_equal(out.kind, kind);
	}
	assert_int_equal(buf.len, 20 + 2 + HASH_BYTES);
	buf_free(&buf);
	arena_close(&arena);
}

static void a_queue_is_no_other_list(void **state)
{
	struct wire_request in = sample_request(ASK_LIST), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	const char *problem;

	(void)state;
	in.list.queue = true;
	assert_int_equal(ask(&out, &problem, arena, &buf, &in), ERR_INVALID);
	assert_string_equal(
	    problem, "queue: not together with by_change or around");
	in.list.by_change = false;
	assert_int_equal(ask(&out, NULL, arena, &buf, &in), 0);
	assert_true(out.list.queue);
	buf_free(&buf);
	arena_close(&arena);
}

static void an_open_brings_its_contact(void **state)
{
	struct wire_request in = sample_request(ASK_COMMAND), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 }, contact = contact_bytes();

	(void)state;
	in.command = sample_command(VERB_OPEN);
	in.command.contact = sample_bytes(&contact);
	assert_int_equal(ask(&out, NULL, arena, &buf, &in), 0);
	assert_bytes_equal(out.command.contact, sample_bytes(&contact));
	contact.data[0] = 0x7a;
	assert_int_equal(ask(&out, NULL, arena, &buf, &in), ERR_INVALID);
	in.command = sample_command(VERB_NOTE);
	in.command.contact = bytes_of(sample_run, 3);
	assert_int_equal(ask(&out, NULL, arena, &buf, &in), ERR_INVALID);
	buf_free(&buf);
	buf_free(&contact);
	arena_close(&arena);
}

static void a_whistle_may_be_short_and_call_many(void **state)
{
	struct wire_request in = sample_request(ASK_COMMAND), out;
	struct callout callouts[TICKET_CALLOUTS_MAX] = { 0 };
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	char code[8];

	(void)state;
	for (int i = 0; i < TICKET_CALLOUTS_MAX; i++) {
		snprintf(code, sizeof(code), "4207-%c", 'a' + i);
		callouts[i].department = sample_code(code);
	}
	particulars_clear(&in.command.what);
	in.command.what.colour = COLOUR_RED;
	in.command.what.callouts = callouts;
	in.command.what.callout_count = TICKET_CALLOUTS_MAX;
	assert_int_equal(ask(&out, NULL, arena, &buf, &in), 0);
	assert_what_equal(&out.command.what, &in.command.what);
	buf_free(&buf);
	arena_close(&arena);
}

static void the_key_says_who_asks(void **state)
{
	struct wire_request in = sample_request(ASK_COMMAND), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	in.command.operator= NULL;
	in.command.role = ROLE_NONE;
	in.command.unit = (struct unit_code){ "" };
	assert_int_equal(ask(&out, NULL, arena, &buf, &in), 0);
	assert_string_equal(out.command.operator, "");
	in.command.operator= OPERATOR_TIMER;
	assert_int_equal(ask(&out, NULL, arena, &buf, &in), ERR_INVALID);
	buf_free(&buf);
	arena_close(&arena);
}

static void says_what_is_wrong_with_a_question(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_request out, in[9];
	const char *const phrases[9] = { "state: no such state",
		"kind: no such kind", "limit: more than a page can hold",
		"cursor: too long", "item: too long",
		"ticket: either it or external_id",
		"ticket: either it or external_id", "kind: area or department",
		"limit: more than a page can hold" };
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < 9; i++)
		in[i] = sample_request(i < 5   ? ASK_LIST
				       : i < 7 ? ASK_SHOW
				       : i < 8 ? ASK_SCORE
					       : ASK_FOLLOW);
	in[0].list.state = "opened";
	in[1].list.kind = "none";
	in[2].list.limit = LIST_PAGE_MAX + 1;
	in[3].list.cursor.len = 300;
	in[3].list.cursor.data = calloc(1, 300);
	in[4].list.item = "CJ-0301-CJ-0301-CJ-0301-CJ-0301-CJ-0301";
	in[5].show.external_id = "1";
	in[6].show.ticket = sample_id(0);
	in[7].score.kind = "hotline";
	in[8].follow.limit = LIST_PAGE_MAX + 1;
	for (size_t i = 0; i < 9; i++) {
		const char *problem = NULL;

		assert_int_equal(
		    ask(&out, &problem, arena, &buf, &in[i]), ERR_INVALID);
		assert_string_equal(problem, phrases[i]);
		assert_true(id_equal(&out.id, &in[i].id));
	}
	free((void *)in[3].list.cursor.data);
	buf_free(&buf);
	arena_close(&arena);
}

static void names_the_field_that_the_law_refuses(void **state)
{
	struct wire_request in = sample_request(ASK_COMMAND), out;
	struct arena *arena = sample_arena();
	const char *problem = NULL;
	struct buf buf = { 0 };

	(void)state;
	in.command.what.due_ms = 1;
	assert_int_equal(ask(&out, &problem, arena, &buf, &in), ERR_INVALID);
	assert_memory_equal(problem, "due_ms: ", 8);
	buf_free(&buf);
	arena_close(&arena);
}

static void a_bad_request_can_still_be_answered(void **state)
{
	static const uint8_t bad[] = { 0x0a, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		11, 12, 13, 14, 15, 16, 0xff, 0xff };
	struct arena *arena = sample_arena();
	struct wire_request out;

	(void)state;
	assert_int_equal(
	    wire_request_unpack(&out, NULL, arena, bytes_of(bad, sizeof(bad))),
	    ERR_INVALID);
	assert_memory_equal(out.id.b, bad + 2, ID_BYTES);
	assert_int_equal(
	    wire_request_unpack(&out, NULL, arena, bytes_of(bad, 17)),
	    ERR_INVALID);
	assert_true(id_is_zero(&out.id));
	arena_close(&arena);
}

static void a_request_asks_something_and_has_an_id(void **state)
{
	struct wire_request request = sample_request(ASK_STATUS);
	struct arena *arena = sample_arena();
	Whistle__Request raw = WHISTLE__REQUEST__INIT;
	const char *problem = NULL;
	uint8_t bytes[64];
	size_t len;

	(void)state;
	raw.id = (ProtobufCBinaryData){ ID_BYTES, request.id.b };
	len = whistle__request__pack(&raw, bytes);
	assert_int_equal(wire_request_unpack(
			     &request, &problem, arena, bytes_of(bytes, len)),
	    ERR_INVALID);
	assert_string_equal(problem, "ask: nothing is asked");
	raw.id.len = 0;
	len = whistle__request__pack(&raw, bytes);
	assert_int_equal(wire_request_unpack(
			     &request, &problem, arena, bytes_of(bytes, len)),
	    ERR_INVALID);
	assert_string_equal(problem, "id: not an id");
	arena_close(&arena);
}

static void refuses_a_command_of_another_id(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_request request = sample_request(ASK_COMMAND);
	Whistle__Request *raw;
	struct buf buf = { 0 };
	const char *problem = NULL;

	(void)state;
	assert_int_equal(wire_request_pack(&buf, &request), 0);
	raw = whistle__request__unpack(NULL, buf.len, buf.data);
	assert_non_null(raw);
	raw->command->id.data[3] ^= 1;
	whistle__request__pack(raw, buf.data);
	assert_int_equal(
	    wire_request_unpack(&request, &problem, arena, sample_bytes(&buf)),
	    ERR_INVALID);
	assert_string_equal(problem, "id: the command's is not the request's");
	whistle__request__free_unpacked(raw, NULL);
	buf_free(&buf);
	arena_close(&arena);
}

/* ---- hostile bytes ---- */

static int judge(struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_request request;
	const char *problem = NULL;
	int rc = wire_request_unpack(&request, &problem, arena, bytes);

	if (rc) {
		assert_non_null(problem);
		return rc;
	}
	assert_int_equal(wire_request_pack(again, &request), 0);
	return 0;
}

static void survives_every_small_damage(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (int kind = 0; kind < ASK_COUNT; kind++) {
		struct wire_request request =
		    sample_request((enum ask_kind)kind);

		buf_clear(&buf);
		assert_int_equal(wire_request_pack(&buf, &request), 0);
		torment(judge, sample_bytes(&buf));
		torment_at_random(judge, sample_bytes(&buf), 5000);
	}
	buf_free(&buf);
}

static void a_flood_of_empty_parts_stays_within_the_arena(void **state)
{
	uint8_t *bytes = malloc(EVENT_MAX_BYTES + 2);
	struct arena *arena = sample_arena();
	struct wire_request request;

	(void)state;
	assert_non_null(bytes);
	for (unsigned key = 0; key < 256; key++) {
		for (size_t at = 0; at < EVENT_MAX_BYTES; at += 2) {
			bytes[at] = (uint8_t)key;
			bytes[at + 1] = 0;
		}
		arena_reset(arena);
		assert_int_not_equal(wire_request_unpack(&request, NULL, arena,
					 bytes_of(bytes, EVENT_MAX_BYTES)),
		    0);
		assert_true(arena_used(arena) < 10 * EVENT_MAX_BYTES);
		key += key < 0x40 ? 0 : 15;
	}
	assert_int_equal(wire_request_unpack(&request, NULL, arena,
			     bytes_of(bytes, EVENT_MAX_BYTES + 1)),
	    ERR_TOO_LARGE);
	arena_close(&arena);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_question_comes_back_whole),
		cmocka_unit_test(a_question_may_say_nothing_more),
		cmocka_unit_test(a_queue_is_no_other_list),
		cmocka_unit_test(an_open_brings_its_contact),
		cmocka_unit_test(a_whistle_may_be_short_and_call_many),
		cmocka_unit_test(the_key_says_who_asks),
		cmocka_unit_test(says_what_is_wrong_with_a_question),
		cmocka_unit_test(names_the_field_that_the_law_refuses),
		cmocka_unit_test(a_bad_request_can_still_be_answered),
		cmocka_unit_test(a_request_asks_something_and_has_an_id),
		cmocka_unit_test(refuses_a_command_of_another_id),
		cmocka_unit_test(survives_every_small_damage),
		cmocka_unit_test(a_flood_of_empty_parts_stays_within_the_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
