/*
 * The open connections and the time each has left. libmicrohttpd only knows
 * idle connections; one that sends a byte now and then would stay for ever.
 * So each has a moment at which it is cut off, whatever it does.
 */
#ifndef WHISTLE_GATEWAYD_LINES_H
#define WHISTLE_GATEWAYD_LINES_H

#include <stdint.h>
#include <sys/queue.h>
#include "client/peer.h"

enum {
	LINES_MAX = 1000,
	LINES_ADDRESS_MAX = 200, /* from one address */
	/* Beyond either, so many are let in to be told so, and soon leave;
	 * from one address so many. The next are hung up on. */
	LINES_SPARE = 64,
	LINES_ADDRESS_SPARE = 8,
	LINE_SPARE_MS = 5 * 1000,
	/* Without a byte; also between two requests. */
	LINE_IDLE_MS = 10 * 1000,
	/* From the first byte of a request to its last. */
	LINE_REQUEST_MS = 30 * 1000,
	/* For the client to take the answer in. */
	LINE_ANSWER_MS = 10 * 1000,
};

struct line {
	LIST_ENTRY(line) others;
	int fd;
	int64_t until_ms;
	bool is_answered; /* what is under way has an answer */
	bool is_cut;
	bool is_spare;	 /* one too many */
	bool is_proxied; /* others' requests come by it */
	bool is_busy;	 /* a request is under way */
	bool is_awaited; /* … and not all of its body is there */
	struct in6_addr peer;
	struct in6_addr client; /* of the request under way */
	struct lines *lines;
};

struct lines {
	LIST_HEAD(, line) open;
	size_t count;
	bool is_tls; /* what we said by hand would not be understood */
	int64_t swept_ms;
};

/* NULL without memory: the connection then has no such moment, and whoever
 * opened it must refuse it. */
struct line *line_open(struct lines *lines, int fd, int64_t now_ms);
/* May one more from there be let in at all? */
bool lines_have_room(const struct lines *lines, const struct in6_addr *peer,
    const struct proxies *proxies);
/* Whose it is: makes it spare if it is one too many. Right after line_open. */
void line_is_from(struct line *line, const struct in6_addr *peer,
    const struct proxies *proxies, int64_t now_ms);
/* Requests of that client that are under way. */
size_t lines_busy(const struct lines *lines, const struct in6_addr *client);
/* The first line of a request is there. */
void line_begin(struct line *line, int64_t now_ms);
/* A request is done and the next may come, or none. */
void line_rest(struct line *line, int64_t now_ms);
void line_close(struct line *line);
/* The client will send no more, and all that it sent has been read. That it
 * has closed its side libmicrohttpd does not notice when it comes together
 * with the last bytes: a body would be waited for in vain, and a connection
 * that nobody will use again stays open. */
bool line_is_half(const struct line *line);

/* Cuts off those whose time has come, or who left in the middle of a body;
 * says why to those that still wait for an answer. Looks once a second at most.
 */
void lines_sweep(struct lines *lines, int64_t now_ms);

#endif
