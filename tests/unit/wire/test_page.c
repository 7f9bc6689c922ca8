#include "reply.h"

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
			TICKET_RAISED_RESOLVE | TICKET_URGENT | TICKET_IS_LEAD;
	ticket->ruled = sample_code("420704-zjj");
	ticket->extensions = 3;
	ticket->finding = FINDING_UNTRUE;
	ticket->suspended_ms = SAMPLE_TIME_MS + 7;
	ticket->until_ms = SAMPLE_TIME_MS + 8;
	ticket->return_by_ms = SAMPLE_TIME_MS + 9;
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

static void rows_that_say_next_to_nothing_come_back(void **state)
{
	static struct wire_ticket_row rows[LIST_PAGE_MAX];
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_LIST), out;
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < LIST_PAGE_MAX; i++)
		rows[i].ticket.id = sample_id(1);
	in.list.tickets = rows;
	in.list.count = LIST_PAGE_MAX;
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.list.count, LIST_PAGE_MAX);
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

static void survives_every_small_damage(void **state)
{
	struct wire_ticket_row rows[2];
	struct wire_reply reply = show_reply(rows);
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_reply_pack(&buf, &reply), 0);
	torment(judge, sample_bytes(&buf));
	torment_at_random(judge, sample_bytes(&buf), 5000);
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_page_comes_back),
		cmocka_unit_test(rows_that_say_next_to_nothing_come_back),
		cmocka_unit_test(an_empty_page_comes_back),
		cmocka_unit_test(a_ticket_comes_back_in_full),
		cmocka_unit_test(
		    a_ticket_without_contact_or_suggestion_comes_back),
		cmocka_unit_test(refuses_to_pack_more_than_a_frame),
		cmocka_unit_test(survives_every_small_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
