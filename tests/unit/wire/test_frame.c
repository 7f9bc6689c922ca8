#include "hostile.h"

static struct wire_frame hello_frame(void)
{
	return (struct wire_frame){
		.session = UINT64_C(0xfedcba9876543210),
		.kind = FRAME_HELLO,
		.hello = { .node = "streetd-07",
		    .version = WIRE_VERSION,
		    .oldest = WIRE_OLDEST,
		    .speaks = 1,
		    .store = sample_id(0x61),
		    .last_store = sample_id(0x62),
		    .last_received = UINT64_C(1) << 40,
		    .proof = { { 0x63, 0x64 } },
		    .recovering = true,
		    .answer = true,
		    .lost = true },
	};
}

static int pack_and_unpack(struct wire_frame *out, struct arena *arena,
    struct buf *buf, const struct wire_frame *in)
{
	int rc;

	buf_clear(buf);
	rc = wire_frame_pack(buf, in);
	return rc ? rc : wire_frame_unpack(out, arena, sample_bytes(buf));
}

static void a_hello_comes_back_whole(void **state)
{
	struct wire_frame in = hello_frame(), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_int_equal(out.kind, FRAME_HELLO);
	assert_true(out.session == in.session);
	assert_string_equal(out.hello.node, in.hello.node);
	assert_int_equal(out.hello.version, in.hello.version);
	assert_int_equal(out.hello.oldest, in.hello.oldest);
	assert_int_equal(out.hello.speaks, in.hello.speaks);
	assert_true(id_equal(&out.hello.store, &in.hello.store));
	assert_true(id_equal(&out.hello.last_store, &in.hello.last_store));
	assert_true(out.hello.last_received == in.hello.last_received);
	assert_true(proof_equal(&out.hello.proof, &in.hello.proof));
	assert_true(out.hello.recovering);
	assert_true(out.hello.answer);
	assert_true(out.hello.lost);
	buf_free(&buf);
	arena_close(&arena);
}

static void a_first_hello_knows_no_peer(void **state)
{
	struct wire_frame in = hello_frame(), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	in.hello.last_store = sample_id(0);
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), ERR_INVALID);
	in.hello.last_received = 0;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_true(id_is_zero(&out.hello.last_store));
	assert_true(proof_equal(&out.hello.proof, &(struct proof){ { 0 } }));
	buf_free(&buf);
	arena_close(&arena);
}

static void ack_and_ping_come_back_whole(void **state)
{
	struct wire_frame in = { .session = 1, .kind = FRAME_ACK }, out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	in.ack.seq = UINT64_MAX;
	in.ack.again = true;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_int_equal(out.kind, FRAME_ACK);
	assert_true(out.ack.seq == UINT64_MAX);
	assert_true(out.ack.again);
	in.kind = FRAME_PING;
	in.ping_ms = SAMPLE_TIME_MS;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_int_equal(out.kind, FRAME_PING);
	assert_true(out.ping_ms == SAMPLE_TIME_MS);
	buf_free(&buf);
	arena_close(&arena);
}

static void pieces_of_files_come_back_whole(void **state)
{
	struct wire_frame in = { .session = 1, .kind = FRAME_WANT_CHUNK }, out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };
	uint8_t *piece = calloc(1, FILE_CHUNK_BYTES);

	(void)state;
	assert_non_null(piece);
	in.want_chunk.hash = sample_hash(0x33);
	in.want_chunk.offset = FILE_MAX_BYTES - 1;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_int_equal(out.kind, FRAME_WANT_CHUNK);
	assert_true(hash_equal(&out.want_chunk.hash, &in.want_chunk.hash));
	assert_true(out.want_chunk.offset == FILE_MAX_BYTES - 1);
	in.kind = FRAME_CHUNK;
	in.chunk.hash = sample_hash(0x34);
	in.chunk.offset = 7;
	in.chunk.size = FILE_CHUNK_BYTES + 7;
	in.chunk.data = bytes_of(piece, FILE_CHUNK_BYTES);
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_int_equal(out.kind, FRAME_CHUNK);
	assert_true(out.chunk.size == in.chunk.size);
	assert_true(out.chunk.offset == 7);
	assert_bytes_equal(out.chunk.data, in.chunk.data);
	in.chunk.data = bytes_of(NULL, 0);
	in.chunk.size = 0;
	assert_int_equal(pack_and_unpack(&out, arena, &buf, &in), 0);
	assert_true(out.chunk.size == 0);
	free(piece);
	buf_free(&buf);
	arena_close(&arena);
}

static void assert_not_packed(const struct wire_frame *frame, int rc)
{
	struct buf buf = { 0 };

	assert_int_equal(wire_frame_pack(&buf, frame), rc);
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
}

static void refuses_pieces_that_no_file_can_have(void **state)
{
	static const struct {
		uint64_t offset, size;
		size_t len;
	} bad[] = {
		{ 0, FILE_MAX_BYTES + 1, 1 }, /* too large a file */
		{ 5, 5, 0 },		      /* beyond its end */
		{ 0, 9, 10 },		      /* longer than the file */
		{ 4, 9, 6 },		      /* reaches beyond its end */
		{ 0, 0, 1 },		      /* of a file that is not here */
		{ UINT64_MAX, 9, 2 },	      /* the sum overflows */
		{ UINT64_MAX, 0, 0 },
		{ 0, FILE_MAX_BYTES, FILE_CHUNK_BYTES + 1 },
	};
	uint8_t *piece = calloc(1, FILE_CHUNK_BYTES + 1);

	(void)state;
	assert_non_null(piece);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wire_frame frame = { .session = 1, .kind = FRAME_CHUNK };

		frame.chunk.hash = sample_hash(1);
		frame.chunk.offset = bad[i].offset;
		frame.chunk.size = bad[i].size;
		frame.chunk.data = bytes_of(piece, bad[i].len);
		assert_not_packed(&frame, ERR_INVALID);
	}
	struct wire_frame want = { .session = 1, .kind = FRAME_WANT_CHUNK };
	assert_not_packed(&want, ERR_INVALID);
	want.want_chunk.hash = sample_hash(1);
	want.want_chunk.offset = FILE_MAX_BYTES;
	assert_not_packed(&want, ERR_INVALID);
	free(piece);
}

static void refuses_to_pack_a_frame_that_says_too_little(void **state)
{
	char name[NAME_MAX_BYTES + 1];
	struct wire_frame bad[6];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[NAME_MAX_BYTES] = '\0';
	for (size_t i = 0; i < 6; i++)
		bad[i] = hello_frame();
	bad[0].session = 0;
	bad[1].hello.node = "";
	bad[2].hello.node = name;
	bad[3].hello.version = 0;
	bad[4].hello.store = sample_id(0);
	bad[5].kind = FRAME_PING;
	bad[5].ping_ms = -1;
	for (size_t i = 0; i < 6; i++)
		assert_not_packed(&bad[i], ERR_INVALID);
}

static void assert_refused(const void *data, size_t len, int rc)
{
	struct arena *arena = sample_arena();
	struct wire_frame frame;

	assert_int_equal(
	    wire_frame_unpack(&frame, arena, bytes_of(data, len)), rc);
	arena_close(&arena);
}

static void refuses_frames_that_say_nothing_or_too_much(void **state)
{
	uint8_t *large = calloc(1, FRAME_MAX_BYTES + 1);

	(void)state;
	assert_non_null(large);
	assert_refused("", 0, ERR_INVALID);
	assert_refused("\x08\x01", 2, ERR_INVALID);
	assert_refused(large, FRAME_MAX_BYTES + 1, ERR_TOO_LARGE);
	/* a HELLO that says nothing; an ACK of nothing yet; a PING of no time
	 */
	assert_refused("\x08\x01\x22\x00", 4, 0);
	assert_refused("\x08\x01\x12\x00", 4, ERR_INVALID);
	assert_refused("\x08\x01\x2a\x00", 4, 0);
	/* DATA of session 0, of none, or before it */
	assert_refused(
	    "\x08\x00\x1a\x06\x08\x01\x12\x02\x28\x01", 10, ERR_INVALID);
	assert_refused("\x1a\x06\x08\x01\x12\x02\x28\x01", 8, ERR_INVALID);
	assert_refused(
	    "\x1a\x06\x08\x01\x12\x02\x28\x01\x08\x07", 10, ERR_INVALID);
	free(large);
}

static int judge(struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_frame frame;
	int rc = wire_frame_unpack(&frame, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_frame_pack(again, &frame), 0);
	return rc;
}

static void survives_every_small_damage(void **state)
{
	struct wire_frame frame = hello_frame();
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_frame_pack(&buf, &frame), 0);
	torment(judge, sample_bytes(&buf));
	buf_clear(&buf);
	frame = (struct wire_frame){ .session = 9, .kind = FRAME_ACK };
	frame.ack.seq = 300;
	frame.ack.seq = 300;
	assert_int_equal(wire_frame_pack(&buf, &frame), 0);
	torment(judge, sample_bytes(&buf));
	buf_free(&buf);
}

/* 2 bytes a row or event, as many as a frame can hold. */
static void assert_flood_is_refused(
    const uint8_t *head, size_t head_len, const char *piece)
{
	uint8_t *bytes = malloc(FRAME_MAX_BYTES);
	struct arena *arena = sample_arena();
	struct wire_frame frame;
	int rc;

	assert_non_null(bytes);
	memcpy(bytes, head, head_len);
	for (size_t at = head_len; at + 2 <= FRAME_MAX_BYTES; at += 2)
		memcpy(bytes + at, piece, 2);
	rc = wire_frame_unpack(&frame, arena, bytes_of(bytes, FRAME_MAX_BYTES));
	assert_true(rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	assert_true(arena_used(arena) <= DECODE_MAX_BYTES);
	arena_close(&arena);
	free(bytes);
}

/* The lengths, of three bytes each, reach to the end of the frame. */
static void a_megabyte_of_empty_parts_stays_within_the_arena(void **state)
{
	static const struct {
		struct bytes head;
		const char *piece;
	} floods[] = {
		/* rows; the events of one row */
		{ { (const uint8_t *)"\x08\x07\x1a\xfa\xff\x3f\x08\x01", 8 },
		    "\x12\x00" },
		{ { (const uint8_t *)"\x08\x07\x1a\xfa\xff\x3f\x08\x01"
				     "\x12\xf4\xff\x3f\x0a\xf0\xff\x3f",
		      16 },
		    "\x0a\x00" },
		/* without a session, so that protobuf-c gets it: rows, ACKs,
		 * fields that are not known */
		{ { (const uint8_t *)"\x1a\xfc\xff\x3f\x08\x01", 6 },
		    "\x12\x00" },
		{ { (const uint8_t *)"", 0 }, "\x22\x00" },
		{ { (const uint8_t *)"", 0 }, "\x7a\x00" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++)
		assert_flood_is_refused(
		    floods[i].head.data, floods[i].head.len, floods[i].piece);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hello_comes_back_whole),
		cmocka_unit_test(a_first_hello_knows_no_peer),
		cmocka_unit_test(ack_and_ping_come_back_whole),
		cmocka_unit_test(pieces_of_files_come_back_whole),
		cmocka_unit_test(refuses_pieces_that_no_file_can_have),
		cmocka_unit_test(refuses_to_pack_a_frame_that_says_too_little),
		cmocka_unit_test(refuses_frames_that_say_nothing_or_too_much),
		cmocka_unit_test(survives_every_small_damage),
		cmocka_unit_test(
		    a_megabyte_of_empty_parts_stays_within_the_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
