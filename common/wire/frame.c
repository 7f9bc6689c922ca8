#include "wire/wire.h"

#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "link.pb-c.h"
#include "wire/data.h"
#include "wire/field.h"
#include "wire/message.h"
#include "wire/status.h"
#include "wire/varint.h"

/* Every frame but DATA and NEWS is far shorter. */
enum { TALK_MAX_BYTES = 1024 };

/* Points into itself: does not move. */
struct frame_message {
	Whistle__Frame frame;
	Whistle__Hello hello;
	Whistle__Ack ack;
	Whistle__Ping ping;
	Whistle__News news;
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
	hello->lost = frame->hello.lost;
	message->frame.say_case = WHISTLE__FRAME__SAY_HELLO;
	message->frame.hello = hello;
}

static void ack_fill(
    struct frame_message *message, const struct wire_frame *frame)
{
	whistle__ack__init(&message->ack);
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

/* Its list takes memory, which the packed frame does not need. */
static int news_pack(struct buf *out, const struct wire_frame *frame)
{
	struct frame_message message;
	struct arena *scratch;
	int rc = arena_open(&scratch, DECODE_MAX_BYTES);

	if (rc)
		return rc;
	whistle__frame__init(&message.frame);
	whistle__news__init(&message.news);
	message.frame.session = frame->session;
	message.frame.say_case = WHISTLE__FRAME__SAY_NEWS;
	message.frame.news = &message.news;
	message.news.wants = frame->news.wants;
	message.news.n_nodes = frame->news.count;
	rc = heard_fill(
	    &message.news.nodes, scratch, frame->news.nodes, frame->news.count);
	if (!rc)
		rc = message_pack(out, FRAME_MAX_BYTES, &message.frame);
	arena_close(&scratch);
	return rc;
}

static bool hello_is_valid(const struct wire_frame *frame)
{
	const char *node = frame->hello.node;

	if (id_is_zero(&frame->hello.last_store) &&
	    frame->hello.last_received > 0)
		return false;
	return node && node[0] && strlen(node) < NAME_MAX_BYTES &&
	       frame->hello.version > 0 && !id_is_zero(&frame->hello.store);
}

/* What must hold on both sides, but for DATA. */
static bool frame_is_valid(const struct wire_frame *frame)
{
	if (frame->session == 0)
		return false;
	switch (frame->kind) {
	case FRAME_HELLO:
		return hello_is_valid(frame);
	case FRAME_DATA:
	case FRAME_ACK:
	case FRAME_NEWS:
		return true;
	case FRAME_PING:
		return frame->ping_ms >= 0 &&
		       frame->ping_ms <= EVENT_TIME_MAX_MS;
	}
	return false;
}

int wire_frame_pack(struct buf *out, const struct wire_frame *frame)
{
	struct frame_message message;

	if (!frame_is_valid(frame))
		return ERR_INVALID;
	if (frame->kind == FRAME_DATA)
		return data_pack(out, frame);
	if (frame->kind == FRAME_NEWS)
		return news_pack(out, frame);
	whistle__frame__init(&message.frame);
	message.frame.session = frame->session;
	if (frame->kind == FRAME_HELLO)
		hello_fill(&message, frame);
	else if (frame->kind == FRAME_ACK)
		ack_fill(&message, frame);
	else
		ping_fill(&message, frame);
	return message_pack(out, TALK_MAX_BYTES, &message.frame);
}

static bool hello_read(struct wire_frame *frame, const Whistle__Hello *message)
{
	frame->kind = FRAME_HELLO;
	frame->hello.node = message->node;
	frame->hello.version = message->version;
	frame->hello.last_received = message->last_received;
	frame->hello.recovering = message->recovering;
	frame->hello.answer = message->answer;
	frame->hello.lost = message->lost;
	return field_read_id(&frame->hello.store, message->store) &&
	       field_read_id(&frame->hello.last_store, message->last_store);
}

static bool is_news(struct bytes bytes)
{
	uint64_t session;

	return number_take(&session, &bytes, KEY_NUMBER(1)) &&
	       key_is(bytes, KEY_BYTES(6));
}

static int news_unpack(
    struct wire_frame *frame_out, struct arena *arena, struct bytes bytes)
{
	struct wire_frame frame = { .kind = FRAME_NEWS };
	Whistle__Frame *message;
	int rc = message_unpack(&message, arena, &whistle__frame__descriptor,
	    FRAME_MAX_BYTES, GROWTH_OF_LISTS, bytes);

	if (rc)
		return rc;
	if (message->say_case != WHISTLE__FRAME__SAY_NEWS ||
	    message->session == 0)
		return ERR_INVALID;
	frame.session = message->session;
	frame.news.wants = message->news->wants;
	frame.news.count = message->news->n_nodes;
	rc = heard_read(&frame.news.nodes, arena, message->news->nodes,
	    message->news->n_nodes);
	if (!rc)
		*frame_out = frame;
	return rc;
}

static bool say_read(struct wire_frame *frame, const Whistle__Frame *message)
{
	frame->session = message->session;
	switch (message->say_case) {
	case WHISTLE__FRAME__SAY_HELLO:
		return hello_read(frame, message->hello);
	case WHISTLE__FRAME__SAY_ACK:
		frame->kind = FRAME_ACK;
		frame->ack.seq = message->ack->seq;
		frame->ack.again = message->ack->again;
		return true;
	case WHISTLE__FRAME__SAY_PING:
		frame->kind = FRAME_PING;
		return field_read_time(&frame->ping_ms, message->ping->time_ms);
	default: /* DATA is data.c's, NEWS not so short */
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
	if (is_news(bytes))
		return news_unpack(frame_out, arena, bytes);
	rc = message_unpack(&message, arena, &whistle__frame__descriptor,
	    TALK_MAX_BYTES, GROWTH, bytes);
	if (rc)
		return rc;
	if (!say_read(&frame, message) || !frame_is_valid(&frame))
		return ERR_INVALID;
	*frame_out = frame;
	return 0;
}
