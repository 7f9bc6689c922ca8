/*
 * An answer that is made while it goes out: a file of any length in the
 * memory of a piece. A handler begins it in place of answering; from then on
 * `more` is called whenever there is room, and adds what it has, asks the
 * engine for what it has not, or ends it. Who takes it too slowly is cut off
 * as everywhere else.
 */
#ifndef WHISTLE_GATEWAYD_STREAM_H
#define WHISTLE_GATEWAYD_STREAM_H

#include <microhttpd.h>
#include "base/bytes.h"
#include "gatewayd/gateway.h"

struct exchange;

enum {
	STREAM_ROOM_BYTES = 64 * 1024, /* beyond it nothing more is made */
	STREAM_TAKE_MS = 30 * 1000,    /* for a client to take a piece */
	STREAM_TICK_MS = 200,
};

struct stream {
	LIST_ENTRY(exchange) others;
	struct buf said;
	size_t taken;	/* of it */
	bool is_begun;	/* the answer is this */
	bool is_queued; /* … and libmicrohttpd has it */
	bool is_over;	/* nothing comes behind `said` … */
	bool is_broken; /* … and what came is not all of it */
	void (*more)(struct exchange *exchange);
};

/* 200, of that type (borrowed). */
void stream_begin(struct exchange *exchange, const char *type,
    void (*more)(struct exchange *exchange));
/* Without memory the stream breaks. */
void stream_add(struct exchange *exchange, const void *data, size_t len);
bool stream_has_room(const struct exchange *exchange);
/* All is said. */
void stream_end(struct exchange *exchange);
/* What was said stays a part: the connection is closed behind it, so that
 * nobody takes it for the whole. */
void stream_break(struct exchange *exchange);
/* Whoever waits for more may have it. */
void stream_wake(struct exchange *exchange);
struct MHD_Response *stream_response(struct exchange *exchange);
void stream_close(struct exchange *exchange);

/* All that are under way, now and then: what has to wait for a time. */
void streams_tick(struct gateway *gateway, int64_t now_ms);

#endif
