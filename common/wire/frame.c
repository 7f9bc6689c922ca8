#include "wire/wire.h"

#include "base/err.h"
#include "base/limits.h"
#include "link.pb-c.h"
#include "wire/data.h"
#include "wire/field.h"
#include "wire/message.h"

/* Points into itself: does not move. */
struct frame_message {
	Whistle__Frame frame;
	Whistle__Hello hello;
	Whistle__Ack ack;
	Whistle__Ping ping;
};

static void hello_fill(
    struct frame_message *message, const struct wire_frame *frame)
{
	Whistle__Hello *hello = &message->hello;

	whistle__hello__init(hello);
	hello->node = field_text(frame->hello.node);
	hello->version = frame->hello.version;
	hello->store = field_id(&frame->hello.store);
	hello->last_store = field_id(&frame->hello.last_store);
	hello->last_received = frame->hello.last_received;
	hello->recovering = frame->hello.recovering;
	hello->answer = frame->hello.answer;
	message->frame.say_case = WHISTLE__FRAME__SAY_HELLO;
	message->frame.hello = hello;
}

static void ack_fill(
    struct frame_message *message, const struct wire_frame *frame)
{
	whistle__ack__init(&message->ack);
	message->ack.store = frame->ack.store;
	message->ack.seq = frame->ack.seq;
	message->ack.again = frame->ack.again;
	message->frame.say_case = WHISTLE__FRAME__SAY_ACK;
	message->frame.ack = &message->ack;
}

static void ping_fill(
    struct frame_message *message, const struct wire_frame *frame)
{
	whistle__ping__init(&message->ping);
	message->ping.time_ms = (uint64_t)frame->ping_ms;
	message->frame.say_case = WHISTLE__FRAME__SAY_PING;
	message->frame.ping = &message->ping;
}

int wire_frame_pack(struct buf *out, const struct wire_frame *frame)
{
	struct frame_message message;

	if (frame->store == 0)
		return ERR_INVALID;
	whistle__frame__init(&message.frame);
	message.frame.store = frame->store;
	switch (frame->kind) {
	case FRAME_HELLO:
		hello_fill(&message, frame);
		break;
	case FRAME_DATA:
		return data_pack(out, frame);
	case FRAME_ACK:
		ack_fill(&message, frame);
		break;
	case FRAME_PING:
		ping_fill(&message, frame);
		break;
	default:
		return ERR_INVALID;
	}
	return message_pack(out, FRAME_MAX_BYTES, &message.frame);
}

uint64_t wire_store_low(const struct id *store)
{
	uint64_t low = 0;

	for (int i = ID_BYTES - 8; i < ID_BYTES; i++)
		low = low << 8 | store->b[i];
	return low;
}

static bool hello_read(struct wire_frame *frame, const Whistle__Hello *message)
{
	frame->kind = FRAME_HELLO;
	frame->hello.version = message->version;
	frame->hello.last_received = message->last_received;
	frame->hello.recovering = message->recovering;
	frame->hello.answer = message->answer;
	return field_read_text(
		   &frame->hello.node, message->node, NAME_MAX_BYTES) &&
	       message->node[0] && message->version > 0 &&
	       field_read_id(&frame->hello.store, message->store) &&
	       message->store.len != 0 &&
	       field_read_id(&frame->hello.last_store, message->last_store) &&
	       (message->last_store.len != 0 || message->last_received == 0);
}

static bool ack_read(struct wire_frame *frame, const Whistle__Ack *message)
{
	frame->kind = FRAME_ACK;
	frame->ack.store = message->store;
	frame->ack.seq = message->seq;
	frame->ack.again = message->again;
	return message->store != 0;
}

static bool ping_read(struct wire_frame *frame, const Whistle__Ping *message)
{
	frame->kind = FRAME_PING;
	return field_read_time(&frame->ping_ms, message->time_ms);
}

static bool say_read(struct wire_frame *frame, const Whistle__Frame *message)
{
	frame->store = message->store;
	if (frame->store == 0)
		return false;
	switch (message->say_case) {
	case WHISTLE__FRAME__SAY_HELLO:
		return hello_read(frame, message->hello);
	case WHISTLE__FRAME__SAY_ACK:
		return ack_read(frame, message->ack);
	case WHISTLE__FRAME__SAY_PING:
		return ping_read(frame, message->ping);
	default: /* DATA is data.c's */
		return false;
	}
}

int wire_frame_unpack(
    struct wire_frame *frame_out, struct arena *arena, struct bytes bytes)
{
	struct wire_frame frame = { 0 };
	Whistle__Frame *message;
	int rc;

	if (bytes.len > FRAME_MAX_BYTES)
		return ERR_TOO_LARGE;
	if (data_is(bytes))
		return data_unpack(frame_out, arena, bytes);
	rc = message_unpack(&message, arena, &whistle__frame__descriptor,
	    FRAME_MAX_BYTES, bytes);
	if (rc)
		return rc;
	if (!say_read(&frame, message))
		return ERR_INVALID;
	*frame_out = frame;
	return 0;
}
