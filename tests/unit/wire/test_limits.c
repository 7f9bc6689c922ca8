/*
 * Bounds of what one neighbour may say to another, each at its edge: as much
 * as there may be is packed and read, a byte more is neither, though somebody
 * else has packed it. deploy/limits.md lists them.
 */
#include "control.pb-c.h"
#include "link.pb-c.h"
#include "sample.h"
#include "wire/field.h"

static uint8_t *many(size_t len)
{
	uint8_t *bytes = test_malloc(len);

	memset(bytes, 'a', len);
	return bytes;
}

/* ---- a sealed contact ---- */

static struct wire_frame frame_of(const struct wire_row *row)
{
	static const struct proof proof;
	struct wire_frame frame = { .session = 7, .kind = FRAME_DATA };

	frame.data.first = 1;
	frame.data.proofs = &proof;
	frame.data.rows = row;
	frame.data.row_count = 1;
	return frame;
}

/* The same frame with another contact, packed by protobuf-c alone. */
static void put_contact(struct buf *out, struct bytes bytes, size_t len)
{
	Whistle__Frame *frame =
	    whistle__frame__unpack(NULL, bytes.len, bytes.data);
	uint8_t *contact = many(len), *room;
	ProtobufCBinaryData kept;

	assert_non_null(frame);
	kept = frame->data->rows[0]->delivery->contact;
	frame->data->rows[0]->delivery->contact =
	    (ProtobufCBinaryData){ len, contact };
	assert_int_equal(
	    buf_grow(&room, out, whistle__frame__get_packed_size(frame)), 0);
	out->len = whistle__frame__pack(frame, room);
	frame->data->rows[0]->delivery->contact = kept;
	whistle__frame__free_unpacked(frame, NULL);
	test_free(contact);
}

static void a_sealed_contact_has_its_length(void **state)
{
	struct arena *arena = sample_arena();
	uint8_t *contact = many(SEALED_CONTACT_MAX + 1);
	struct bytes event = { sample_run, sizeof(sample_run) };
	struct wire_row row = { .kind = ROW_DELIVERY,
		.events = &event,
		.event_count = 1,
		.contact = { contact, SEALED_CONTACT_MAX } };
	struct wire_frame in = frame_of(&row), out;
	struct buf good = { 0 }, same = { 0 }, longer = { 0 };

	(void)state;
	assert_int_equal(wire_frame_pack(&good, &in), 0);
	put_contact(&same, sample_bytes(&good), SEALED_CONTACT_MAX);
	assert_bytes_equal(sample_bytes(&same), sample_bytes(&good));
	assert_int_equal(
	    wire_frame_unpack(&out, arena, sample_bytes(&same)), 0);
	assert_int_equal(out.data.rows[0].contact.len, SEALED_CONTACT_MAX);
	put_contact(&longer, sample_bytes(&good), SEALED_CONTACT_MAX + 1);
	assert_int_equal(
	    wire_frame_unpack(&out, arena, sample_bytes(&longer)), ERR_INVALID);
	row.contact.len++;
	assert_int_equal(wire_frame_pack(&longer, &in), ERR_INVALID);
	buf_free(&good);
	buf_free(&same);
	buf_free(&longer);
	test_free(contact);
	arena_close(&arena);
}

/* ---- how a node is ---- */

/* A status that is packed into so many bytes. */
static void pack_status_of(struct buf *out, size_t len)
{
	Whistle__NodeStatus status = WHISTLE__NODE_STATUS__INIT;
	char *version = (char *)many(len + 1);
	size_t more;
	uint8_t *room;

	version[len] = '\0';
	status.node = status.level = status.state = status.store = "x";
	status.version = version;
	more = whistle__node_status__get_packed_size(&status) - len;
	version[len - more] = '\0';
	assert_int_equal(whistle__node_status__get_packed_size(&status), len);
	assert_int_equal(buf_grow(&room, out, len), 0);
	out->len = whistle__node_status__pack(&status, room);
	test_free(version);
}

static void how_a_node_is_has_its_length(void **state)
{
	struct arena *arena = sample_arena();
	struct buf good = { 0 }, longer = { 0 }, again = { 0 };
	struct wire_status status;
	char *version;
	size_t len;

	(void)state;
	pack_status_of(&good, STATUS_MAX_BYTES);
	pack_status_of(&longer, STATUS_MAX_BYTES + 1);
	assert_int_equal(
	    wire_status_unpack(&status, arena, sample_bytes(&longer)),
	    ERR_TOO_LARGE);
	assert_int_equal(
	    wire_status_unpack(&status, arena, sample_bytes(&good)), 0);
	assert_int_equal(wire_status_pack(&again, &status), 0);
	assert_bytes_equal(sample_bytes(&again), sample_bytes(&good));
	len = strlen(status.version);
	version = (char *)many(len + 2);
	version[len + 1] = '\0';
	status.version = version;
	buf_clear(&again);
	assert_int_equal(wire_status_pack(&again, &status), ERR_TOO_LARGE);
	test_free(version);
	buf_free(&good);
	buf_free(&longer);
	buf_free(&again);
	arena_close(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sealed_contact_has_its_length),
		cmocka_unit_test(how_a_node_is_has_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
