#include "hostile.h"
#include "link.pb-c.h"
#include "wire/data.h"

static const struct bytes sample_events[] = {
	{ sample_run, 1 },
	{ sample_run, 64 },
	{ sample_run, 33 },
};

static uint8_t long_event[300];

/* As many as a frame may have rows, and one more. */
static const struct proof sample_proofs[LINK_FRAME_ROWS + 1] = {
	{ { 1, 2, 3 } }, { { 4 } }, { { 0xff } }
};

/* One row of each kind, small and large. */
static size_t all_rows(struct wire_row rows[8])
{
	static struct bytes large = { long_event, sizeof(long_event) };

	memset(rows, 0, 8 * sizeof(rows[0]));
	memset(long_event, 0x0a, sizeof(long_event));
	rows[0] = (struct wire_row){ .kind = ROW_DELIVERY,
		.events = sample_events,
		.event_count = 3,
		.contact = { sample_run, 60 } };
	rows[1] = (struct wire_row){
		.kind = ROW_DELIVERY, .events = &large, .event_count = 1
	};
	rows[2] =
	    (struct wire_row){ .kind = ROW_ORDER, .load = { sample_run, 50 } };
	rows[3] = (struct wire_row){ .kind = ROW_ANSWER,
		.load = { long_event, 200 } };
	rows[4] = (struct wire_row){ .kind = ROW_DONE, .id = sample_id(7) };
	rows[5] = (struct wire_row){ .kind = ROW_SKIP };
	rows[6] = (struct wire_row){ .kind = ROW_WANT, .id = sample_id(8) };
	return 7;
}

static struct wire_frame data_frame(const struct wire_row *rows, size_t count)
{
	struct wire_frame frame = { .session = 7, .kind = FRAME_DATA };

	frame.data.first = 130;
	frame.data.rows = rows;
	frame.data.row_count = count;
	frame.data.proofs = sample_proofs;
	return frame;
}

static int pack_and_unpack(struct wire_frame *out, struct arena *arena,
    struct buf *buf, const struct wire_frame *in)
{
	int rc;

	buf_clear(buf);
	rc = wire_frame_pack(buf, in);
	return rc ? rc : wire_frame_unpack(out, arena, sample_bytes(buf));
}

static void assert_row_equal(const struct wire_row *a, const struct wire_row *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->event_count, b->event_count);
	for (size_t i = 0; i < a->event_count; i++)
		assert_bytes_equal(a->events[i], b->events[i]);
	assert_bytes_equal(a->contact, b->contact);
	assert_bytes_equal(a->load, b->load);
	assert_true(id_equal(&a->id, &b->id));
}

static void rows_come_back_whole(void **state)
{
	struct wire_row rows[8];
	struct wire_frame in = data_frame(rows, all_rows(rows)), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_int_equal(out.kind, FRAME_DATA);
	assert_true(out.session == 7);
	assert_true(out.data.first == 130);
	assert_int_equal(out.data.row_count, in.data.row_count);
	assert_true(out.data.unused == 0);
	for (size_t i = 0; i < in.data.row_count; i++) {
		assert_row_equal(&out.data.rows[i], &rows[i]);
		assert_true(
		    proof_equal(&out.data.proofs[i], &sample_proofs[i]));
	}
	in.data.unused = 129;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_true(out.data.unused == 129);
	in.data.unused = 130;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), ERR_INVALID);
	buf_free(&buf);
	arena_close(&arena);
}

static void events_are_borrowed_from_the_frame(void **state)
{
	struct wire_row rows[8];
	struct wire_frame in = data_frame(rows, all_rows(rows)), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	const uint8_t *event;

	(void)state;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	event = out.data.rows[0].events[0].data;
	assert_true(event > buf.data && event < buf.data + buf.len);
	buf_free(&buf);
	arena_close(&arena);
}

/* A DATA frame taken apart and put together by protobuf-c alone; `out` is
 * empty when it finds no DATA frame of ours. */
static void protobuf_again(struct buf *out, struct bytes bytes)
{
	Whistle__Frame *frame =
	    whistle__frame__unpack(NULL, bytes.len, bytes.data);
	uint8_t *room;

	if (!frame)
		return;
	if (frame->say_case == WHISTLE__FRAME__SAY_DATA) {
		assert_int_equal(buf_grow(&room, out,
				     whistle__frame__get_packed_size(frame)),
		    0);
		whistle__frame__pack(frame, room);
	}
	whistle__frame__free_unpacked(frame, NULL);
}

static void data_is_what_protobuf_packs(void **state)
{
	struct wire_row rows[8];
	struct wire_frame frame = data_frame(rows, all_rows(rows));
	struct buf ours = { 0 }, theirs = { 0 };

	(void)state;
	assert_int_equal(wire_frame_pack(&ours, &frame), 0);
	protobuf_again(&theirs, sample_bytes(&ours));
	assert_bytes_equal(sample_bytes(&theirs), sample_bytes(&ours));
	buf_free(&ours);
	buf_free(&theirs);
}

static void protobuf_reads_in_data_what_we_wrote(void **state)
{
	struct wire_row rows[8];
	struct wire_frame in = data_frame(rows, all_rows(rows));
	Whistle__Frame *frame;
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_frame_pack(&buf, &in), 0);
	frame = whistle__frame__unpack(NULL, buf.len, buf.data);
	assert_non_null(frame);
	assert_true(frame->session == 7 && frame->data->first == 130);
	assert_int_equal(frame->data->n_rows, 7);
	assert_int_equal(frame->data->rows[0]->delivery->n_events, 3);
	assert_int_equal(frame->data->rows[0]->delivery->contact.len, 60);
	assert_int_equal(frame->data->rows[2]->order.len, 50);
	assert_int_equal(frame->data->rows[3]->answer.len, 200);
	assert_int_equal(frame->data->rows[4]->done.len, 16);
	assert_true(frame->data->rows[5]->skip);
	assert_int_equal(frame->data->rows[6]->want.len, 16);
	whistle__frame__free_unpacked(frame, NULL);
	buf_free(&buf);
}

static void sizes_at_which_a_length_grows_a_byte(void **state)
{
	static const size_t sizes[] = { 1, 125, 126, 127, 128, 129, 16379,
		16380, 16381, 16382, 16383, 16384, 16385, EVENT_MAX_BYTES };
	uint8_t *event = calloc(1, EVENT_MAX_BYTES);
	struct arena *arena = sample_arena();
	struct buf buf = { 0 }, theirs = { 0 };

	(void)state;
	assert_non_null(event);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bytes bytes = { event, sizes[i] };
		struct wire_row row = {
			.kind = ROW_DELIVERY, .events = &bytes, .event_count = 1
		};
		struct wire_frame in = data_frame(&row, 1), out;

		in.data.first = (uint64_t)1 << (4 * i);
		in.session = UINT64_MAX >> i;
		arena_reset(arena);
		assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
		buf_clear(&theirs);
		protobuf_again(&theirs, sample_bytes(&buf));
		assert_bytes_equal(sample_bytes(&theirs), sample_bytes(&buf));
	}
	free(event);
	buf_free(&buf);
	buf_free(&theirs);
	arena_close(&arena);
}

static void assert_not_packed(const struct wire_frame *frame, int rc)
{
	struct buf buf = { 0 };

	assert_int_equal(wire_frame_pack(&buf, frame), rc);
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
}

static void refuses_to_pack_rows_that_nobody_would_take(void **state)
{
	static uint8_t large[EVENT_MAX_BYTES + 1];
	struct bytes event = { large, sizeof(large) };
	struct wire_row rows[5] = {
		{ .kind = ROW_DELIVERY },
		{ .kind = ROW_DELIVERY, .events = &event, .event_count = 1 },
		{ .kind = ROW_ORDER },
		{ .kind = ROW_DONE },
		{ .kind = ROW_WANT },
	};
	struct wire_frame frame;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		frame = data_frame(&rows[i], 1);
		assert_not_packed(&frame, ERR_INVALID);
	}
	frame = data_frame(rows, 0);
	assert_not_packed(&frame, ERR_INVALID);
	rows[0].kind = ROW_SKIP;
	frame = data_frame(rows, 1);
	frame.data.first = UINT64_MAX;
	assert_not_packed(&frame, ERR_INVALID);
}

static void refuses_to_pack_a_delivery_over_its_limits(void **state)
{
	static struct bytes events[TICKET_EVENTS_MAX + 1];
	struct wire_row row = { .kind = ROW_DELIVERY, .events = events };
	struct wire_frame frame = data_frame(&row, 1);
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i <= TICKET_EVENTS_MAX; i++)
		events[i] = bytes_of(sample_run, 1);
	row.event_count = TICKET_EVENTS_MAX;
	row.contact = bytes_of(long_event, 1);
	assert_int_equal(wire_frame_pack(&buf, &frame), 0);
	row.event_count++;
	assert_not_packed(&frame, ERR_INVALID);
	row.event_count = 1;
	row.contact = bytes_of(NULL, 1025);
	assert_not_packed(&frame, ERR_INVALID);
	buf_free(&buf);
}

static void refuses_to_pack_more_than_a_frame(void **state)
{
	static uint8_t large[EVENT_MAX_BYTES];
	struct bytes events[16];
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = events, .event_count = 16
	};
	struct wire_frame frame = data_frame(&row, 1);
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < 16; i++)
		events[i] = bytes_of(large, sizeof(large));
	assert_not_packed(&frame, ERR_TOO_LARGE);
	row.event_count = 15;
	assert_int_equal(wire_frame_pack(&buf, &frame), 0);
	buf_free(&buf);
}

static void a_frame_full_of_rows_fits(void **state)
{
	static struct wire_row rows[LINK_FRAME_ROWS + 1];
	struct wire_frame in = data_frame(rows, LINK_FRAME_ROWS), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i <= LINK_FRAME_ROWS; i++)
		rows[i].kind = ROW_SKIP;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_int_equal(out.data.row_count, LINK_FRAME_ROWS);
	in.data.row_count++;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), ERR_INVALID);
	buf_free(&buf);
	arena_close(&arena);
}

static void assert_refused(const void *data, size_t len, int rc)
{
	struct arena *arena = sample_arena();
	struct wire_frame frame;

	assert_int_equal(
	    wire_frame_unpack(&frame, arena, bytes_of(data, len)), rc);
	arena_close(&arena);
}

/* A frame of session 7 around what is in its DATA: `rows` from the number of
 * the first on, then `rest`. */
static void assert_data(const char *rows, size_t rows_len, const char *rest,
    size_t rest_len, int rc)
{
	uint8_t frame[128] = { 0x08, 0x07, 0x1a };
	size_t len = 4;

	assert_true(rows_len + rest_len < 0x7f);
	frame[3] = (uint8_t)(rows_len + rest_len);
	memcpy(frame + len, rows, rows_len);
	len += rows_len;
	memcpy(frame + len, rest, rest_len);
	assert_refused(frame, len + rest_len, rc);
}

#define ONE_PROOF                                                              \
	"\x1a\x10"                                                             \
	"0123456789abcdef"
#define ONE_ROW	     "\x08\x09\x12\x02\x28\x01"
#define ROWS(text)   (text), sizeof(text) - 1, ONE_PROOF, sizeof(ONE_PROOF) - 1
#define BEHIND(text) ONE_ROW, sizeof(ONE_ROW) - 1, (text), sizeof(text) - 1

static void refuses_rows_that_are_not_canonical(void **state)
{
	(void)state;
	assert_data(ROWS("\x08\x01\x12\x02\x28\x01"), 0);
	/* skip 0, skip 2, skip twice, an overlong skip */
	assert_data(ROWS("\x08\x01\x12\x02\x28\x00"), ERR_INVALID);
	assert_data(ROWS("\x08\x01\x12\x02\x28\x02"), ERR_INVALID);
	assert_data(ROWS("\x08\x01\x12\x04\x28\x01\x28\x01"), ERR_INVALID);
	assert_data(ROWS("\x08\x01\x12\x03\x28\x81\x00"), ERR_INVALID);
	/* an unknown row, an empty row, first 0, no rows */
	assert_data(ROWS("\x08\x01\x12\x02\x38\x01"), ERR_INVALID);
	assert_data(ROWS("\x08\x01\x12\x00"), ERR_INVALID);
	assert_data(ROWS("\x08\x00\x12\x02\x28\x01"), ERR_INVALID);
	assert_data(ROWS("\x08\x01"), ERR_INVALID);
	/* a delivery without events, an empty event, an empty contact */
	assert_data(ROWS("\x08\x01\x12\x02\x0a\x00"), ERR_INVALID);
	assert_data(ROWS("\x08\x01\x12\x04\x0a\x02\x0a\x00"), ERR_INVALID);
	assert_data(ROWS("\x08\x01\x12\x07\x0a\x05\x0a\x01"
			 "A\x12\x00"),
	    ERR_INVALID);
}

static void refuses_rows_without_a_proof_for_each(void **state)
{
	(void)state;
	assert_data(BEHIND(ONE_PROOF), 0);
	assert_data(BEHIND(""), ERR_INVALID);
	assert_data(BEHIND("\x1a\x00"), ERR_INVALID);
	assert_data(BEHIND("\x1a\x0f"
			   "0123456789abcde"),
	    ERR_INVALID);
	assert_data(BEHIND("\x1a\x20"
			   "0123456789abcdef0123456789abcdef"),
	    ERR_INVALID);
	assert_data(BEHIND(ONE_PROOF ONE_PROOF), ERR_INVALID);
	assert_data(BEHIND(ONE_PROOF "\x12\x02\x28\x01"), ERR_INVALID);
}

static void unused_numbers_are_before_the_first(void **state)
{
	(void)state;
	assert_data(BEHIND(ONE_PROOF "\x20\x01"), 0);
	assert_data(BEHIND(ONE_PROOF "\x20\x08"), 0);
	assert_data(BEHIND(ONE_PROOF "\x20\x09"), ERR_INVALID);
	assert_data(BEHIND(ONE_PROOF "\x20\x00"), ERR_INVALID);
	assert_data(BEHIND(ONE_PROOF "\x20\x01\x20\x01"), ERR_INVALID);
	assert_data(BEHIND("\x20\x01" ONE_PROOF), ERR_INVALID);
}

static void refuses_lengths_and_numbers_that_are_not_canonical(void **state)
{
	static const char long_length[] =
	    "\x08\x07\x1a\x98\x00" ONE_ROW ONE_PROOF;
	static const char long_session[] =
	    "\x08\x81\x80\x80\x80\x80\x80\x80\x80\x80\x02"
	    "\x1a\x18" ONE_ROW ONE_PROOF;

	(void)state;
	assert_refused(long_length, sizeof(long_length) - 1, ERR_INVALID);
	assert_refused(long_session, sizeof(long_session) - 1, ERR_INVALID);
}

static int judge(struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_frame frame;
	int rc = wire_frame_unpack(&frame, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_frame_pack(again, &frame), 0);
	return rc;
}

/* By hand and by protobuf-c: whoever of them takes it gives it back. */
static int judge_data(
    struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct buf theirs = { 0 };
	int rc = judge(again, arena, bytes);

	if (rc == 0 && data_is(bytes)) {
		protobuf_again(&theirs, bytes);
		assert_bytes_equal(sample_bytes(&theirs), bytes);
	}
	buf_free(&theirs);
	return rc;
}

static void data_survives_every_small_damage(void **state)
{
	struct wire_row rows[8];
	struct wire_frame frame = data_frame(rows, all_rows(rows));
	struct buf buf = { 0 };

	(void)state;
	long_event[0] = 0x12;
	assert_int_equal(wire_frame_pack(&buf, &frame), 0);
	torment(judge_data, sample_bytes(&buf));
	torment_at_random(judge_data, sample_bytes(&buf), 20000);
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_back_whole),
		cmocka_unit_test(events_are_borrowed_from_the_frame),
		cmocka_unit_test(data_is_what_protobuf_packs),
		cmocka_unit_test(protobuf_reads_in_data_what_we_wrote),
		cmocka_unit_test(sizes_at_which_a_length_grows_a_byte),
		cmocka_unit_test(refuses_to_pack_rows_that_nobody_would_take),
		cmocka_unit_test(refuses_to_pack_a_delivery_over_its_limits),
		cmocka_unit_test(refuses_to_pack_more_than_a_frame),
		cmocka_unit_test(a_frame_full_of_rows_fits),
		cmocka_unit_test(refuses_rows_that_are_not_canonical),
		cmocka_unit_test(refuses_rows_without_a_proof_for_each),
		cmocka_unit_test(unused_numbers_are_before_the_first),
		cmocka_unit_test(
		    refuses_lengths_and_numbers_that_are_not_canonical),
		cmocka_unit_test(data_survives_every_small_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
