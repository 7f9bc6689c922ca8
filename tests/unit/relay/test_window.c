/*
 * How much is on its way over a link at one time, each bound at its edge:
 * when it is reached nothing more is sent, and each acknowledgement makes
 * room again. deploy/limits.md lists the bounds.
 */
#include "pair.h"

enum { ROW_BYTES = 32 * 1024 };

static int setup(void **state)
{
	struct pair *pair = pair_open(41);

	for (int i = 0; i < 5; i++) {
		pair->now_ms += 10;
		side_run(&pair->a);
		side_run(&pair->b);
	}
	assert_true(pair->a.link.is_up);
	assert_int_equal(pair->b.in_count, 0);
	*state = pair;
	return 0;
}

static int teardown(void **state)
{
	struct pair *pair = *state;

	pair_close(&pair);
	return 0;
}

static void queue(struct side *side, unsigned count)
{
	side_begin(side);
	while (count-- > 0)
		side_queue(side);
	side_finish(side, true);
}

/* As if the other end had said so. */
static void acknowledge(struct side *side, uint64_t seq)
{
	struct link_ops ops = side_ops(side);
	struct wire_frame frame = {
		.session = side->link.session, .kind = FRAME_ACK, .ack.seq = seq
	};

	side_begin(side);
	struct link_turn turn = side_turn(side, &ops);
	assert_int_equal(link_heard(&side->link, &turn, &frame), 0);
	side_finish(side, true);
}

/* One row a frame, as each is sent when it is there. */
static void so_many_frames_are_under_way(void **state)
{
	struct pair *pair = *state;
	struct side *a = &pair->a;
	uint64_t acked = a->link.acked;

	for (unsigned i = 0; i < LINK_FRAMES_MAX; i++)
		queue(a, 1);
	assert_int_equal(pair->b.in_count, LINK_FRAMES_MAX);
	queue(a, 1);
	assert_int_equal(pair->b.in_count, LINK_FRAMES_MAX);
	acknowledge(a, acked + 1);
	assert_int_equal(pair->b.in_count, LINK_FRAMES_MAX + 1);
}

/* In frames that are full, so that none goes beyond it. */
static void so_many_rows_are_under_way(void **state)
{
	enum { FRAMES = LINK_WINDOW_ROWS / LINK_FRAME_ROWS };
	struct pair *pair = *state;
	struct side *a = &pair->a;
	uint64_t acked = a->link.acked;

	queue(a, LINK_WINDOW_ROWS + 1);
	assert_int_equal(pair->b.in_count, FRAMES);
	assert_true(a->link.sent - acked == LINK_WINDOW_ROWS);
	acknowledge(a, acked + LINK_FRAME_ROWS);
	assert_int_equal(pair->b.in_count, FRAMES + 1);
	assert_true(a->link.sent - acked == LINK_WINDOW_ROWS + 1);
}

/* ---- bytes ---- */

static unsigned frames; /* that would have been sent */

static int load_large(
    void *context, struct wire_row *row_out, const struct outbox_row *row)
{
	static const uint8_t load[ROW_BYTES];

	(void)context;
	(void)row;
	*row_out = (struct wire_row){ .kind = ROW_ORDER,
		.load = bytes_of(load, sizeof(load)) };
	return 0;
}

static int count_frame(
    void *context, struct link *link, const struct wire_frame *frame)
{
	(void)context;
	(void)link;
	frames += frame->kind == FRAME_DATA;
	return 0;
}

/* A pump of rows that are large. */
static void pump(struct side *side, const struct wire_frame *heard)
{
	struct link_ops ops = side_ops(side);

	ops.load = load_large;
	ops.emit = count_frame;
	side_begin(side);
	struct link_turn turn = side_turn(side, &ops);
	if (heard)
		assert_int_equal(link_heard(&side->link, &turn, heard), 0);
	assert_int_equal(link_pump(&side->link, &turn), 0);
	assert_int_equal(kv_commit(&side->txn), 0);
}

static void put_rows(struct side *side, unsigned count)
{
	side_begin(side);
	while (count-- > 0)
		side_queue(side);
	assert_int_equal(link_save(&side->link, side->txn), 0);
	assert_int_equal(kv_commit(&side->txn), 0);
}

/* The frame with which they are reached is the last. */
static void so_many_bytes_are_under_way(void **state)
{
	struct pair *pair = *state;
	struct side *a = &pair->a;
	struct wire_frame ack = { .session = a->link.session,
		.kind = FRAME_ACK };
	uint64_t before = a->link.acked;
	size_t each;

	frames = 0;
	put_rows(a, 2 * LINK_WINDOW_BYTES / ROW_BYTES);
	pump(a, NULL);
	assert_true(frames > 1 && frames < LINK_FRAMES_MAX);
	each = a->link.flight_bytes / frames;
	assert_true(a->link.flight_bytes >= LINK_WINDOW_BYTES);
	assert_true(a->link.flight_bytes - each < LINK_WINDOW_BYTES);
	unsigned sent = frames;
	pump(a, NULL);
	assert_int_equal(frames, sent);
	ack.ack.seq = before + (a->link.sent - before) / sent;
	pump(a, &ack);
	assert_int_equal(frames, sent + 1);
}

#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PAIR(so_many_frames_are_under_way),
		IN_PAIR(so_many_rows_are_under_way),
		IN_PAIR(so_many_bytes_are_under_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
