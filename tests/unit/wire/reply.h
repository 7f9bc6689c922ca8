/* Replies, and how they come back. */
#ifndef WHISTLE_TESTS_WIRE_REPLY_H
#define WHISTLE_TESTS_WIRE_REPLY_H

#include "hostile.h"

static inline struct wire_reply sample_reply(enum ask_kind kind)
{
	return (struct wire_reply){ .id = sample_id(0x91),
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "420704001",
		.has_body = true,
		.kind = kind };
}

static inline void answer(struct wire_reply *out, struct arena *arena,
    struct buf *buf, const struct wire_reply *in)
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

static inline int judge(
    struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_reply reply;
	int rc = wire_reply_unpack(&reply, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_reply_pack(again, &reply), 0);
	return rc;
}

#endif
