/* How nodes are, on its way between them. */
#include "hostile.h"

static const struct wire_link_status links[] = {
	{ .peer = "cityd",
	    .up = true,
	    .outbox = 3,
	    .heard_ms = SAMPLE_TIME_MS },
	{ .peer = "streetd-1", .up = false, .outbox = 0, .heard_ms = 0 },
};

static const struct wire_refusals refusals[] = {
	{ "no_power", 7 },
	{ "too_fast", UINT64_MAX },
};

static struct wire_status sample_status(void)
{
	return (struct wire_status){ .node = "districtd",
		.level = "district",
		.state = "running",
		.store = "01M",
		.version = "0.1.0",
		.tickets = 1,
		.held = 2,
		.outbox = 3,
		.commits = 4,
		.events = 5,
		.last_commit_ms = SAMPLE_TIME_MS,
		.started_ms = SAMPLE_TIME_MS,
		.store_bytes = 6,
		.store_limit_bytes = 7,
		.accept_due = 8,
		.resolve_due = 9,
		.accept_late = 10,
		.resolve_late = UINT64_MAX,
		.links = links,
		.link_count = 2,
		.refusals = refusals,
		.refusal_count = 2 };
}

static void a_status_comes_back_whole(void **state)
{
	struct wire_status in = sample_status(), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_status_pack(&buf, &in), 0);
	assert_int_equal(
	    wire_status_unpack(&out, arena, sample_bytes(&buf)), 0);
	assert_string_equal(out.node, "districtd");
	assert_true(out.accept_due == 8 && out.resolve_due == 9);
	assert_true(out.accept_late == 10 && out.resolve_late == UINT64_MAX);
	assert_int_equal(out.link_count, 2);
	assert_string_equal(out.links[1].peer, "streetd-1");
	assert_true(out.links[0].up && !out.links[1].up);
	assert_int_equal(out.refusal_count, 2);
	assert_string_equal(out.refusals[1].refusal, "too_fast");
	assert_true(out.refusals[1].count == UINT64_MAX);
	buf_free(&buf);
	arena_close(&arena);
}

static int judge_status(
    struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_status status;
	int rc = wire_status_unpack(&status, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_status_pack(again, &status), 0);
	return rc;
}

static int judge_frame(
    struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_frame frame;
	int rc = wire_frame_unpack(&frame, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_frame_pack(again, &frame), 0);
	return rc;
}

static void pack_news(
    struct buf *out, const struct wire_heard *rows, size_t count, bool wants)
{
	struct wire_frame frame = {
		.session = 9, .kind = FRAME_NEWS, .news = { rows, count, wants }
	};

	assert_int_equal(wire_frame_pack(out, &frame), 0);
}

static void news_come_back_whole(void **state)
{
	const struct wire_heard rows[] = { { bytes_of("one", 3), 0 },
		{ bytes_of("two", 3), 70000 } };
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	struct wire_frame out;

	(void)state;
	pack_news(&buf, rows, 2, true);
	assert_int_equal(wire_frame_unpack(&out, arena, sample_bytes(&buf)), 0);
	assert_int_equal(out.kind, FRAME_NEWS);
	assert_int_equal(out.news.count, 2);
	assert_true(out.news.wants);
	assert_true(out.news.nodes[1].age_ms == 70000);
	assert_bytes_equal(out.news.nodes[1].status, rows[1].status);
	buf_free(&buf);
	arena_close(&arena);
}

static void takes_a_status_in_its_one_form_only(void **state)
{
	struct wire_status in = sample_status();
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_status_pack(&buf, &in), 0);
	torment(judge_status, sample_bytes(&buf));
	buf_free(&buf);
}

static void takes_news_in_their_one_form_only(void **state)
{
	const struct wire_heard row = { bytes_of("one", 3), 300 };
	struct buf buf = { 0 };

	(void)state;
	pack_news(&buf, &row, 1, true);
	torment(judge_frame, sample_bytes(&buf));
	buf_free(&buf);
}

static void a_status_is_of_some_node(void **state)
{
	struct wire_status in = sample_status();
	struct buf buf = { 0 };

	(void)state;
	in.node = "";
	assert_int_equal(wire_status_pack(&buf, &in), ERR_INVALID);
	buf_free(&buf);
}

static void refuses_more_nodes_than_a_frame_may_have(void **state)
{
	static struct wire_heard rows[NEWS_NODES_MAX + 1];
	struct wire_frame frame = { .session = 9,
		.kind = FRAME_NEWS,
		.news = { rows, NEWS_NODES_MAX + 1, false } };
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i <= NEWS_NODES_MAX; i++)
		rows[i].status = bytes_of("x", 1);
	assert_int_equal(wire_frame_pack(&buf, &frame), ERR_INVALID);
	frame.news.count = NEWS_NODES_MAX;
	assert_int_equal(wire_frame_pack(&buf, &frame), 0);
	rows[3].status.len = 0;
	assert_int_equal(wire_frame_pack(&buf, &frame), ERR_INVALID);
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_comes_back_whole),
		cmocka_unit_test(news_come_back_whole),
		cmocka_unit_test(takes_a_status_in_its_one_form_only),
		cmocka_unit_test(takes_news_in_their_one_form_only),
		cmocka_unit_test(a_status_is_of_some_node),
		cmocka_unit_test(refuses_more_nodes_than_a_frame_may_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
