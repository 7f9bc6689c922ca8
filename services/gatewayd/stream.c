#include "gatewayd/stream.h"

#include <string.h>
#include "base/log.h"
#include "gatewayd/exchange.h"

enum { PIECE_BYTES = 32 * 1024 };

void stream_begin(struct exchange *exchange, const char *type,
    void (*more)(struct exchange *exchange))
{
	struct stream *stream = &exchange->stream;

	stream->is_begun = true;
	stream->more = more;
	exchange->answer.status = 200;
	exchange->answer.type = type;
	LIST_INSERT_HEAD(&exchange->gateway->streams, exchange, stream.others);
}

void stream_add(struct exchange *exchange, const void *data, size_t len)
{
	if (buf_add(&exchange->stream.said, data, len))
		stream_break(exchange);
}

bool stream_has_room(const struct exchange *exchange)
{
	const struct stream *stream = &exchange->stream;

	return !stream->is_over &&
	       stream->said.len - stream->taken < STREAM_ROOM_BYTES;
}

void stream_end(struct exchange *exchange)
{
	exchange->stream.is_over = true;
}

void stream_break(struct exchange *exchange)
{
	exchange->stream.is_over = exchange->stream.is_broken = true;
}

static bool has_news(const struct stream *stream)
{
	return stream->is_over || stream->said.len > stream->taken;
}

void stream_wake(struct exchange *exchange)
{
	if (!exchange->stream.is_queued || !exchange->is_suspended ||
	    !has_news(&exchange->stream))
		return;
	exchange->is_suspended = false;
	exchange->line->until_ms = steady_ms() + STREAM_TAKE_MS;
	MHD_resume_connection(exchange->connection);
}

static size_t give(struct exchange *exchange, char *out, size_t max)
{
	struct stream *stream = &exchange->stream;
	size_t len = stream->said.len - stream->taken;

	if (len > max)
		len = max;
	memcpy(out, stream->said.data + stream->taken, len);
	stream->taken += len;
	exchange->answer.len += len;
	if (stream->taken == stream->said.len) {
		buf_clear(&stream->said);
		stream->taken = 0;
	}
	exchange->line->until_ms = steady_ms() + STREAM_TAKE_MS;
	return len;
}

/*
 * libmicrohttpd's: it asks when the client has taken what it had. Without
 * news the connection is put aside, and its time does not run: the engine's
 * does, which always answers or is given up.
 */
static ssize_t take(void *context, uint64_t at, char *out, size_t max)
{
	struct exchange *exchange = context;
	struct stream *stream = &exchange->stream;

	(void)at;
	if (stream_has_room(exchange))
		stream->more(exchange);
	if (stream->said.len > stream->taken)
		return (ssize_t)give(exchange, out, max);
	if (stream->is_over)
		return stream->is_broken ? MHD_CONTENT_READER_END_WITH_ERROR
					 : MHD_CONTENT_READER_END_OF_STREAM;
	exchange->line->until_ms = INT64_MAX;
	exchange->is_suspended = true;
	MHD_suspend_connection(exchange->connection);
	return 0;
}

struct MHD_Response *stream_response(struct exchange *exchange)
{
	exchange->stream.is_queued = true;
	exchange->line->until_ms = steady_ms() + STREAM_TAKE_MS;
	return MHD_create_response_from_callback(
	    MHD_SIZE_UNKNOWN, PIECE_BYTES, take, exchange, NULL);
}

void stream_close(struct exchange *exchange)
{
	if (!exchange->stream.is_begun)
		return;
	LIST_REMOVE(exchange, stream.others);
	buf_free(&exchange->stream.said);
}

void streams_tick(struct gateway *gateway, int64_t now_ms)
{
	struct exchange *exchange;

	if (now_ms - gateway->streams_ticked_ms < STREAM_TICK_MS)
		return;
	gateway->streams_ticked_ms = now_ms;
	LIST_FOREACH(exchange, &gateway->streams, stream.others)
	{
		if (stream_has_room(exchange))
			exchange->stream.more(exchange);
		stream_wake(exchange);
	}
}
