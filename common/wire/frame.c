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

/* Every frame but DATA, NEWS and CHUNK is far shorter. */
enum { TALK_MAX_BYTES = 1024, CHUNK_MAX_BYTES = FILE_CHUNK_BYTES + 256 };

/* Points into itself: does not move. */
struct frame_message {
	Whistle__Frame frame;
	Whistle__Hello hello;
	Whistle__Ack ack;
	Whistle__Ping ping;
	Whistle__News news;
	Whistle__WantChunk want_chunk;
	Whistle__Chunk chunk;
};

static void hello_fill(
    struct frame_message *message, const struct wire_frame *frame)
{
	Whistle__Hello *hello = &message->hello;

	whistle__hello__init(hello);
	hello->node = field_text(frame->hello.node);
	hello->version = frame->hello.version;
	hello->oldest = frame->hello.oldest;
	hello->speaks = frame->hello.speaks;
	hello->store = field_id(&frame->hello.store);
	hello->last_store = field_id(&frame->hello.last_store);
	hello->last_received = frame->hello.last_received;
	if (frame->hello.last_received > 0)
		hello->proof =
		    field_bytes(bytes_of(frame->hello.proof.b, PROOF_BYTES));
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

static void want_chunk_fill(
    struct frame_message *message, const struct wire_frame *frame)
{
	whistle__want_chunk__init(&message->want_chunk);
	message->want_chunk.hash = field_hash(&frame->want_chunk.hash);
	message->want_chunk.offset = frame->want_chunk.offset;
	message->frame.say_case = WHISTLE__FRAME__SAY_WANT_CHUNK;
	message->frame.want_chunk = &message->want_chunk;
}

static void chunk_fill(
    struct frame_message *message, const struct wire_frame *frame)
{
	whistle__chunk__init(&message->chunk);
	message->chunk.hash = field_hash(&frame->chunk.hash);
	message->chunk.offset = frame->chunk.offset;
	message->chunk.size = frame->chunk.size;
	message->chunk.data = field_bytes(frame->chunk.data);
	message->frame.say_case = WHISTLE__FRAME__SAY_CHUNK;
	message->frame.chunk = &message->chunk;
}

static bool hash_is_said(const struct hash *hash)
{
	static const struct hash none;

	return !hash_equal(hash, &none);
}

/* A piece lies within its file; one that is not here has none. */
static bool chunk_is_valid(const struct wire_frame *frame)
{
	uint64_t size = frame->chunk.size, offset = frame->chunk.offset;

	return hash_is_said(&frame->chunk.hash) && size <= FILE_MAX_BYTES &&
	       frame->chunk.data.len <= FILE_CHUNK_BYTES &&
	       (size == 0 ? offset < FILE_MAX_BYTES : offset < size) &&
	       (frame->chunk.data.len == 0 ||
		   frame->chunk.data.len + offset <= size);
}

uint32_t wire_version_of(
    const struct wire_versions *ours, uint32_t oldest, uint32_t newest)
{
	uint32_t version = newest < ours->newest ? newest : ours->newest;

	return version >= ours->oldest && version >= oldest ? version : 0;
}

static bool hello_is_valid(const struct wire_frame *frame)
{
	const char *node = frame->hello.node;

	if (id_is_zero(&frame->hello.last_store) &&
	    frame->hello.last_received > 0)
		return false;
	return node && node[0] && strlen(node) < NAME_MAX_BYTES &&
	       frame->hello.oldest > 0 &&
	       frame->hello.version >= frame->hello.oldest &&
	       frame->hello.version <= WIRE_VERSION_MAX &&
	       frame->hello.speaks > 0 &&
	       frame->hello.speaks <= WIRE_VERSION_MAX &&
	       !id_is_zero(&frame->hello.store);
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
	case FRAME_WANT_CHUNK:
		return hash_is_said(&frame->want_chunk.hash) &&
		       frame->want_chunk.offset < FILE_MAX_BYTES;
	case FRAME_CHUNK:
		return chunk_is_valid(frame);
	}
	return false;
}

int wire_frame_pack(struct buf *out, const struct wire_frame *frame)
{
	static void (*const fill[])(
	    struct frame_message * message, const struct wire_frame *frame) = {
		[FRAME_HELLO] = hello_fill,
		[FRAME_ACK] = ack_fill,
		[FRAME_PING] = ping_fill,
		[FRAME_WANT_CHUNK] = want_chunk_fill,
		[FRAME_CHUNK] = chunk_fill,
	};
	struct frame_message message;

	if (!frame_is_valid(frame))
		return ERR_INVALID;
	if (frame->kind == FRAME_DATA)
		return data_pack(out, frame);
	if (frame->kind == FRAME_NEWS)
		return news_pack(out, frame);
	whistle__frame__init(&message.frame);
	message.frame.session = frame->session;
	fill[frame->kind](&message, frame);
	return message_pack(out,
	    frame->kind == FRAME_CHUNK ? CHUNK_MAX_BYTES : TALK_MAX_BYTES,
	    &message.frame);
}

static bool hello_read(struct wire_frame *frame, const Whistle__Hello *message)
{
	frame->kind = FRAME_HELLO;
	frame->hello.node = message->node;
	frame->hello.version = message->version;
	frame->hello.oldest = message->oldest;
	frame->hello.speaks = message->speaks;
	frame->hello.last_received = message->last_received;
	if (message->proof.len != (message->last_received ? PROOF_BYTES : 0))
		return false;
	if (message->proof.len)
		memcpy(frame->hello.proof.b, message->proof.data, PROOF_BYTES);
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

static bool chunk_read(struct wire_frame *frame, const Whistle__Chunk *message)
{
	frame->kind = FRAME_CHUNK;
	frame->chunk.offset = message->offset;
	frame->chunk.size = message->size;
	return field_read_hash(&frame->chunk.hash, message->hash) &&
	       field_read_bytes(
		   &frame->chunk.data, message->data, FILE_CHUNK_BYTES);
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
	case WHISTLE__FRAME__SAY_WANT_CHUNK:
		frame->kind = FRAME_WANT_CHUNK;
		frame->want_chunk.offset = message->want_chunk->offset;
		return field_read_hash(
		    &frame->want_chunk.hash, message->want_chunk->hash);
	case WHISTLE__FRAME__SAY_CHUNK:
		return chunk_read(frame, message->chunk);
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
	    CHUNK_MAX_BYTES, GROWTH, bytes);
	if (rc)
		return rc;
	if (bytes.len > TALK_MAX_BYTES &&
	    message->say_case != WHISTLE__FRAME__SAY_CHUNK)
		return ERR_TOO_LARGE;
	if (!say_read(&frame, message) || !frame_is_valid(&frame))
		return ERR_INVALID;
	*frame_out = frame;
	return 0;
}
