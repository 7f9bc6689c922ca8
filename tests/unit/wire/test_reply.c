#include "sample.h"
#include "control.pb-c.h"

static struct wire_ticket_row sample_row(void)
{
	struct wire_ticket_row row = { .title = "楼道堆放杂物",
		.external_id = "12345-1" };
	struct ticket *ticket = &row.ticket;

	ticket->id = sample_id(0x81);
	ticket->parent = sample_id(0x82);
	ticket->seq = 9;
	ticket->state = STATE_CLOSED;
	ticket->kind = KIND_CALLOUT;
	ticket->colour = COLOUR_RED;
	ticket->source = SOURCE_WHISTLE;
	ticket->outcome = OUTCOME_SOLVED;
	ticket->channel = CHANNEL_MARKET;
	ticket->reopens = 255;
	ticket->returns = 2;
	ticket->flags = TICKET_LATE_ACCEPT | TICKET_LATE_RESOLVE |
			TICKET_URGENT | TICKET_IS_LEAD;
	ticket->origin = sample_code("420704001");
	ticket->holder = sample_code("420704-zjj");
	ticket->sender = sample_code("4207");
	ticket->resolver = sample_code("4207-12345");
	ticket->place = sample_code("420704001001003");
	strcpy(ticket->item, "CJ-0301");
	ticket->opened_ms = SAMPLE_TIME_MS;
	ticket->updated_ms = SAMPLE_TIME_MS + 1;
	ticket->accepted_ms = SAMPLE_TIME_MS + 2;
	ticket->resolved_ms = SAMPLE_TIME_MS + 3;
	ticket->closed_ms = SAMPLE_TIME_MS + 4;
	ticket->accept_by_ms = SAMPLE_TIME_MS + 5;
	ticket->resolve_by_ms = SAMPLE_TIME_MS + 6;
	ticket->rating = (struct rating){ 1, 1, 0, SATISFACTION_DISSATISFIED };
	return row;
}

/* As row, but not rated, and most things absent. */
static struct wire_ticket_row bare_row(void)
{
	struct wire_ticket_row row = { .title = "", .external_id = "" };

	row.ticket.id = sample_id(0x83);
	row.ticket.state = STATE_OPEN;
	return row;
}

/* struct ticket has no pointers; what a row does not carry is zero in both.
 */
static void assert_row_equal(
    const struct wire_ticket_row *a, const struct wire_ticket_row *b)
{
	assert_string_equal(a->title, b->title);
	assert_string_equal(a->external_id, b->external_id);
	assert_memory_equal(&a->ticket, &b->ticket, sizeof(a->ticket));
}

static struct wire_reply sample_reply(enum ask_kind kind)
{
	return (struct wire_reply){ .id = sample_id(0x91),
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "420704001",
		.has_body = true,
		.kind = kind };
}

static void answer(struct wire_reply *out, struct arena *arena, struct buf *buf,
    const struct wire_reply *in)
{
	buf_clear(buf);
	assert_int_equal(wire_reply_pack(buf, in), 0);
	assert_int_equal(wire_reply_unpack(out, arena, sample_bytes(buf)), 0);
	assert_true(id_equal(&out->id, &in->id));
	assert_int_equal(out->result, in->result);
	assert_string_equal(out->refusal, in->refusal);
	assert_string_equal(out->detail, in->detail);
	assert_int_equal(out->has_body, in->has_body);
	if (in->has_body)
		assert_int_equal(out->kind, in->kind);
}

/* ---- round trips ---- */

static void each_result_comes_back(void **state)
{
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	for (unsigned i = 0; i < RESULT_COUNT; i++) {
		struct wire_reply in = sample_reply(ASK_LIST), out;

		in.has_body = false;
		in.result = (enum result)i;
		in.refusal = i == RESULT_REFUSED ? "no_power" : "";
		answer(&out, arena, &buf, &in);
	}
	assert_string_equal(result_name(RESULT_NOT_FOUND), "not_found");
	assert_string_equal(result_name(RESULT_COUNT), "?");
	buf_free(&buf);
	arena_close(&arena);
}

static void a_reply_to_nobody_known_has_no_id(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_LIST), out;
	struct buf buf = { 0 };

	(void)state;
	in.id = sample_id(0);
	in.has_body = false;
	in.result = RESULT_INVALID;
	answer(&out, arena, &buf, &in);
	buf_free(&buf);
	arena_close(&arena);
}

static void what_a_command_became_comes_back(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_COMMAND), out;
	struct buf buf = { 0 };

	(void)state;
	in.command.ticket = sample_id(0x92);
	in.command.seq = 4;
	in.command.state = STATE_WAITING;
	in.command.holder = sample_code("420704001");
	in.command.existed = true;
	answer(&out, arena, &buf, &in);
	assert_true(id_equal(&out.command.ticket, &in.command.ticket));
	assert_int_equal(out.command.seq, 4);
	assert_int_equal(out.command.state, STATE_WAITING);
	assert_string_equal(out.command.holder.s, "420704001");
	assert_true(out.command.existed);
	buf_free(&buf);
	arena_close(&arena);
}

static void a_full_page_comes_back(void **state)
{
	static struct wire_ticket_row rows[LIST_PAGE_MAX + 1];
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_LIST), out;
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < LIST_PAGE_MAX; i++)
		rows[i] = i % 2 ? bare_row() : sample_row();
	in.list.tickets = rows;
	in.list.count = LIST_PAGE_MAX;
	in.list.cursor = bytes_of(sample_run, 64);
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.list.count, LIST_PAGE_MAX);
	for (size_t i = 0; i < LIST_PAGE_MAX; i++)
		assert_row_equal(&out.list.tickets[i], &rows[i]);
	assert_bytes_equal(out.list.cursor, in.list.cursor);
	buf_free(&buf);
	arena_close(&arena);
}

static void an_empty_page_comes_back(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_LIST), out;
	struct buf buf = { 0 };

	(void)state;
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.list.count, 0);
	assert_int_equal(out.list.cursor.len, 0);
	buf_free(&buf);
	arena_close(&arena);
}

static struct wire_reply show_reply(struct wire_ticket_row *rows)
{
	static const struct bytes events[] = { { sample_run, 64 },
		{ sample_run, 5 } };
	struct wire_reply reply = sample_reply(ASK_SHOW);
	struct wire_suggestion *suggestion = &reply.show.suggestion;

	rows[0] = sample_row();
	rows[1] = bare_row();
	reply.show.row = &rows[0];
	reply.show.events = events;
	reply.show.event_count = 2;
	reply.show.callouts = rows;
	reply.show.callout_count = 2;
	reply.show.has_contact = true;
	reply.show.contact = (struct wire_contact){ "张三", "13800000000" };
	suggestion->verb = "whistle";
	suggestion->reason = "item_needs_departments";
	suggestion->item = "CJ-0301";
	suggestion->place = sample_code("420704001001");
	suggestion->to = sample_code("420704001");
	suggestion->colour = COLOUR_YELLOW;
	suggestion->departments[0] = sample_code("420704-zjj");
	suggestion->departments[1] = sample_code("420704-csgl");
	suggestion->department_count = 2;
	return reply;
}

static void a_ticket_comes_back_in_full(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_ticket_row rows[2];
	struct wire_reply in = show_reply(rows), out;
	const struct wire_suggestion *said = &out.show.suggestion;
	struct buf buf = { 0 };

	(void)state;
	answer(&out, arena, &buf, &in);
	assert_row_equal(out.show.row, &rows[0]);
	assert_int_equal(out.show.event_count, 2);
	assert_bytes_equal(out.show.events[0], in.show.events[0]);
	assert_bytes_equal(out.show.events[1], in.show.events[1]);
	assert_int_equal(out.show.callout_count, 2);
	assert_row_equal(&out.show.callouts[1], &rows[1]);
	assert_true(out.show.has_contact);
	assert_string_equal(out.show.contact.name, "张三");
	assert_string_equal(out.show.contact.phone, "13800000000");
	assert_string_equal(said->verb, "whistle");
	assert_string_equal(said->reason, "item_needs_departments");
	assert_string_equal(said->item, "CJ-0301");
	assert_string_equal(said->place.s, "420704001001");
	assert_string_equal(said->to.s, "420704001");
	assert_int_equal(said->colour, COLOUR_YELLOW);
	assert_int_equal(said->department_count, 2);
	assert_string_equal(said->departments[1].s, "420704-csgl");
	buf_free(&buf);
	arena_close(&arena);
}

static void a_ticket_without_contact_or_suggestion_comes_back(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_ticket_row row = bare_row();
	struct wire_reply in = sample_reply(ASK_SHOW), out;
	struct buf buf = { 0 };

	(void)state;
	in.show.row = &row;
	answer(&out, arena, &buf, &in);
	assert_false(out.show.has_contact);
	assert_string_equal(out.show.suggestion.verb, "");
	assert_int_equal(out.show.event_count, 0);
	buf_free(&buf);
	arena_close(&arena);
}

static void scores_come_back(void **state)
{
	static const uint64_t counts[] = { 0, 1, UINT64_MAX, 0 };
	const struct wire_score_line lines[] = {
		{ sample_code("420704"), "CJ-0301", "2026-11", counts, 4 },
		{ sample_code("420704001"), "", "", NULL, 0 },
	};
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_SCORE), out;
	struct buf buf = { 0 };

	(void)state;
	in.score.lines = lines;
	in.score.count = 2;
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.score.count, 2);
	assert_string_equal(out.score.lines[0].unit.s, "420704");
	assert_string_equal(out.score.lines[0].item, "CJ-0301");
	assert_string_equal(out.score.lines[0].period, "2026-11");
	assert_int_equal(out.score.lines[0].count_count, 4);
	assert_memory_equal(out.score.lines[0].counts, counts, sizeof(counts));
	assert_int_equal(out.score.lines[1].count_count, 0);
	buf_free(&buf);
	arena_close(&arena);
}

static struct wire_reply status_reply(void)
{
	static const struct wire_link_status links[] = {
		{ "cityd", true, 5, SAMPLE_TIME_MS },
		{ "gridd", false, 0, 0 },
	};
	struct wire_reply reply = sample_reply(ASK_STATUS);

	reply.status = (struct wire_status){
		.node = "streetd",
		.level = "street",
		.state = "running",
		.store = "01J9ZZZZZZZZZZZZZZZZZZZZZZ",
		.version = "0.1.0",
		.tickets = 1,
		.held = 2,
		.outbox = 3,
		.commits = 4,
		.events = 5,
		.last_commit_ms = SAMPLE_TIME_MS,
		.started_ms = SAMPLE_TIME_MS + 1,
		.store_bytes = 6,
		.store_limit_bytes = UINT64_C(1) << 40,
		.links = links,
		.link_count = 2,
	};
	return reply;
}

static void a_status_comes_back(void **state)
{
	struct arena *arena = sample_arena();
	struct wire_reply in = status_reply(), out;
	const struct wire_status *a = &out.status, *b = &in.status;
	struct buf buf = { 0 };

	(void)state;
	answer(&out, arena, &buf, &in);
	assert_string_equal(a->node, b->node);
	assert_string_equal(a->level, b->level);
	assert_string_equal(a->state, b->state);
	assert_string_equal(a->store, b->store);
	assert_string_equal(a->version, b->version);
	assert_true(a->tickets == b->tickets && a->held == b->held);
	assert_true(a->outbox == b->outbox && a->commits == b->commits);
	assert_true(a->events == b->events);
	assert_true(a->last_commit_ms == b->last_commit_ms);
	assert_true(a->started_ms == b->started_ms);
	assert_true(a->store_bytes == b->store_bytes);
	assert_true(a->store_limit_bytes == b->store_limit_bytes);
	assert_int_equal(a->link_count, 2);
	assert_string_equal(a->links[0].peer, "cityd");
	assert_true(a->links[0].up && a->links[0].outbox == 5);
	assert_true(a->links[0].heard_ms == SAMPLE_TIME_MS);
	assert_false(a->links[1].up);
	buf_free(&buf);
	arena_close(&arena);
}

static void followed_events_come_back(void **state)
{
	static const struct wire_followed events[] = {
		{ UINT64_C(1) << 50, { sample_run, 64 } },
		{ 2, { sample_run, 1 } },
	};
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_FOLLOW), out;
	struct buf buf = { 0 };

	(void)state;
	in.follow.events = events;
	in.follow.count = 2;
	in.follow.last = UINT64_C(1) << 50;
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.follow.count, 2);
	assert_true(out.follow.events[0].number == UINT64_C(1) << 50);
	assert_bytes_equal(out.follow.events[0].event, events[0].event);
	assert_true(out.follow.last == UINT64_C(1) << 50);
	buf_free(&buf);
	arena_close(&arena);
}

/* ---- limits ---- */

static void refuses_to_pack_more_than_a_frame(void **state)
{
	static uint8_t large[EVENT_MAX_BYTES];
	struct bytes events[17];
	struct wire_ticket_row row = bare_row();
	struct wire_reply reply = sample_reply(ASK_SHOW);
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < 17; i++)
		events[i] = bytes_of(large, sizeof(large));
	reply.show.row = &row;
	reply.show.events = events;
	reply.show.event_count = 17;
	assert_int_equal(wire_reply_pack(&buf, &reply), ERR_TOO_LARGE);
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
}

static void refuses_to_pack_what_makes_no_reply(void **state)
{
	struct wire_reply reply = sample_reply(ASK_SHOW);
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_reply_pack(&buf, &reply), ERR_INVALID);
	reply = sample_reply((enum ask_kind)99);
	assert_int_equal(wire_reply_pack(&buf, &reply), ERR_INVALID);
	reply = sample_reply(ASK_LIST);
	reply.result = RESULT_COUNT;
	assert_int_equal(wire_reply_pack(&buf, &reply), ERR_INVALID);
	buf_free(&buf);
}

/* ---- hostile bytes ---- */

static int judge(struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_reply reply;
	int rc = wire_reply_unpack(&reply, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_reply_pack(again, &reply), 0);
	return rc;
}

static void survives_every_small_damage(void **state)
{
	static const struct wire_followed followed = { 7, { sample_run, 9 } };
	static const uint64_t counts[] = { 0, 300 };
	const struct wire_score_line line = { sample_code("420704"), "CJ",
		"2026-11", counts, 2 };
	struct wire_ticket_row rows[2];
	struct wire_reply replies[4];
	struct buf buf = { 0 };

	(void)state;
	replies[0] = show_reply(rows);
	replies[1] = status_reply();
	replies[2] = sample_reply(ASK_FOLLOW);
	replies[2].follow.events = &followed;
	replies[2].follow.count = 1;
	replies[3] = sample_reply(ASK_SCORE);
	replies[3].score.lines = &line;
	replies[3].score.count = 1;
	for (size_t i = 0; i < 4; i++) {
		buf_clear(&buf);
		assert_int_equal(wire_reply_pack(&buf, &replies[i]), 0);
		torment(judge, sample_bytes(&buf));
		torment_at_random(judge, sample_bytes(&buf), 5000);
	}
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_result_comes_back),
		cmocka_unit_test(a_reply_to_nobody_known_has_no_id),
		cmocka_unit_test(what_a_command_became_comes_back),
		cmocka_unit_test(a_full_page_comes_back),
		cmocka_unit_test(an_empty_page_comes_back),
		cmocka_unit_test(a_ticket_comes_back_in_full),
		cmocka_unit_test(
		    a_ticket_without_contact_or_suggestion_comes_back),
		cmocka_unit_test(scores_come_back),
		cmocka_unit_test(a_status_comes_back),
		cmocka_unit_test(followed_events_come_back),
		cmocka_unit_test(refuses_to_pack_more_than_a_frame),
		cmocka_unit_test(refuses_to_pack_what_makes_no_reply),
		cmocka_unit_test(survives_every_small_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
