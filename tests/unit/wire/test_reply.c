#include "reply.h"

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

static void many_short_links_come_back(void **state)
{
	static struct wire_link_status links[1000];
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_STATUS), out;
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		links[i].peer = "g";
	in.status.links = links;
	in.status.link_count = 1000;
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.status.link_count, 1000);
	buf_free(&buf);
	arena_close(&arena);
}

static void scores_come_back(void **state)
{
	static const uint64_t counts[] = { 0, 1, UINT64_MAX, 0 };
	static const uint64_t ratings[WIRE_RATINGS] = { 7, 6, 5 };
	const struct wire_score_line lines[] = {
		{ .unit = sample_code("420704"),
		    .other = sample_code("4207"),
		    .item = "CJ-0301",
		    .domain = "safe",
		    .period = "2026-11",
		    .counts = counts,
		    .count_count = 4,
		    .by_raters = ratings,
		    .by_raters_count = WIRE_RATINGS,
		    .is_partial = true,
		    .unaccepted = 3,
		    .unrated = 4 },
		{ .unit = sample_code("420704001"),
		    .item = "",
		    .domain = "",
		    .period = "" },
	};
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_SCORE), out;
	struct buf buf = { 0 };

	(void)state;
	in.score.lines = lines;
	in.score.count = 2;
	in.score.cursor = bytes_of(sample_run, 40);
	in.score.formula = (struct wire_score_formula){ .is_given = true,
		.weights = { 30, 40, 30 },
		.mostly_halves = 1,
		.raters = "street",
		.raters_part = 40 };
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.score.count, 2);
	assert_string_equal(out.score.lines[0].unit.s, "420704");
	assert_string_equal(out.score.lines[0].item, "CJ-0301");
	assert_string_equal(out.score.lines[0].period, "2026-11");
	assert_int_equal(out.score.lines[0].count_count, 4);
	assert_memory_equal(out.score.lines[0].counts, counts, sizeof(counts));
	assert_string_equal(out.score.lines[0].other.s, "4207");
	assert_string_equal(out.score.lines[0].domain, "safe");
	assert_memory_equal(
	    out.score.lines[0].by_raters, ratings, sizeof(ratings));
	assert_true(out.score.lines[0].is_partial);
	assert_int_equal(out.score.lines[0].unaccepted, 3);
	assert_int_equal(out.score.lines[0].unrated, 4);
	assert_int_equal(out.score.lines[1].count_count, 0);
	assert_int_equal(out.score.lines[1].by_raters_count, 0);
	assert_bytes_equal(out.score.cursor, in.score.cursor);
	assert_true(out.score.formula.is_given);
	assert_int_equal(out.score.formula.weights[1], 40);
	assert_int_equal(out.score.formula.mostly_halves, 1);
	assert_string_equal(out.score.formula.raters, "street");
	assert_int_equal(out.score.formula.raters_part, 40);
	buf_free(&buf);
	arena_close(&arena);
}

static void the_events_behind_a_score_arrive(void **state)
{
	struct wire_ticket_row tickets[] = {
		{ .title = "a lamp", .external_id = "" },
		{ .title = "a hole", .external_id = "EZ-1" },
	};
	const struct wire_scored events[] = {
		{ .seq = 3,
		    .counts = UINT64_C(1) << 63,
		    .time_ms = SAMPLE_TIME_MS,
		    .item = "CJ-0301",
		    .period = "2026-11",
		    .other = sample_code("4207") },
		{ .seq = 1, .item = "", .period = "" },
	};
	struct arena *arena = sample_arena();
	struct wire_reply in = sample_reply(ASK_SCORE), out;
	struct buf buf = { 0 };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		tickets[i].ticket.id = sample_id((uint8_t)(i + 1));
		tickets[i].ticket.state = STATE_OPEN;
		tickets[i].ticket.kind = KIND_APPEAL;
	}
	in.score.tickets = tickets;
	in.score.events = events;
	in.score.ticket_count = 2;
	in.score.hidden = 9;
	answer(&out, arena, &buf, &in);
	assert_int_equal(out.score.ticket_count, 2);
	assert_int_equal(out.score.hidden, 9);
	assert_false(out.score.formula.is_given);
	assert_string_equal(out.score.tickets[1].title, "a hole");
	assert_int_equal(out.score.events[0].seq, 3);
	assert_true(out.score.events[0].counts == UINT64_C(1) << 63);
	assert_int_equal(out.score.events[0].time_ms, SAMPLE_TIME_MS);
	assert_string_equal(out.score.events[0].period, "2026-11");
	assert_string_equal(out.score.events[0].other.s, "4207");
	buf_free(&buf);
	arena_close(&arena);
}

static struct wire_reply status_reply(void)
{
	static const struct wire_link_status links[] = {
		{ .peer = "cityd",
		    .up = true,
		    .outbox = 5,
		    .heard_ms = SAMPLE_TIME_MS,
		    .held = 2 },
		{ .peer = "gridd",
		    .silent_ms = SAMPLE_TIME_MS,
		    .held = 3,
		    .overdue = 1 },
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

static void survives_every_small_damage(void **state)
{
	static const struct wire_followed followed = { 7, { sample_run, 9 } };
	static const uint64_t counts[] = { 0, 300 };
	const struct wire_score_line line = { .unit = sample_code("420704"),
		.item = "CJ",
		.domain = "",
		.period = "2026-11",
		.counts = counts,
		.count_count = 2 };
	struct wire_reply replies[3];
	struct buf buf = { 0 };

	(void)state;
	replies[0] = status_reply();
	replies[1] = sample_reply(ASK_FOLLOW);
	replies[1].follow.events = &followed;
	replies[1].follow.count = 1;
	replies[2] = sample_reply(ASK_SCORE);
	replies[2].score.lines = &line;
	replies[2].score.count = 1;
	for (size_t i = 0; i < 3; i++) {
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
		cmocka_unit_test(many_short_links_come_back),
		cmocka_unit_test(scores_come_back),
		cmocka_unit_test(the_events_behind_a_score_arrive),
		cmocka_unit_test(a_status_comes_back),
		cmocka_unit_test(followed_events_come_back),
		cmocka_unit_test(refuses_to_pack_what_makes_no_reply),
		cmocka_unit_test(survives_every_small_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
