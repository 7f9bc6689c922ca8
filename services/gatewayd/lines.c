#include "gatewayd/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "gatewayd/problem.h"

enum { SWEEP_MS = 1000 };

struct line *line_open(struct lines *lines, int fd, int64_t now_ms)
{
	struct line *line = calloc(1, sizeof(*line));

	if (!line)
		return NULL;
	line->fd = fd;
	line->lines = lines;
	line_rest(line, now_ms);
	LIST_INSERT_HEAD(&lines->open, line, others);
	lines->count++;
	return line;
}

static size_t count_from(const struct lines *lines, const struct in6_addr *peer)
{
	const struct line *line;
	size_t count = 0;

	LIST_FOREACH(line, &lines->open, others)
	count += peer_equal(&line->peer, peer);
	return count;
}

/* A proxy's connections are many people's. */
bool lines_have_room(const struct lines *lines, const struct in6_addr *peer,
    const struct proxies *proxies)
{
	if (lines->count >= LINES_MAX + LINES_SPARE)
		return false;
	return proxies_has(proxies, peer) ||
	       count_from(lines, peer) <
		   LINES_ADDRESS_MAX + LINES_ADDRESS_SPARE;
}

void line_is_from(struct line *line, const struct in6_addr *peer,
    const struct proxies *proxies, int64_t now_ms)
{
	const struct lines *lines = line->lines;

	line->peer = line->client = *peer;
	line->is_proxied = proxies_has(proxies, peer);
	line->is_spare =
	    lines->count > LINES_MAX ||
	    (!line->is_proxied && count_from(lines, peer) > LINES_ADDRESS_MAX);
	if (line->is_spare)
		line->until_ms = now_ms + LINE_SPARE_MS;
}

size_t lines_busy(const struct lines *lines, const struct in6_addr *client)
{
	const struct line *line;
	size_t count = 0;

	LIST_FOREACH(line, &lines->open, others)
	count += line->is_busy && peer_equal(&line->client, client);
	return count;
}

/* Who is silent is gone after LINE_IDLE_MS, so whoever is still here at the
 * end of both had at least LINE_REQUEST_MS since its first byte. */
void line_rest(struct line *line, int64_t now_ms)
{
	line->is_answered = false;
	line->is_busy = false;
	line->is_awaited = false;
	line->until_ms = now_ms + LINE_IDLE_MS + LINE_REQUEST_MS;
}

void line_begin(struct line *line, int64_t now_ms)
{
	line->is_busy = true;
	if (line->until_ms > now_ms + LINE_REQUEST_MS)
		line->until_ms = now_ms + LINE_REQUEST_MS;
}

void line_close(struct line *line)
{
	if (!line)
		return;
	LIST_REMOVE(line, others);
	line->lines->count--;
	free(line);
}

/* By hand: libmicrohttpd takes no answer while it waits for the rest of a
 * request, and it has sent nothing on this connection that we could cut. */
static void say_too_slow(int fd)
{
	struct http_problem problem = problem_of(PROBLEM_TOO_SLOW);
	char *body = problem_render(&problem, false);
	char text[1024];
	int len;

	if (!body)
		return;
	len = snprintf(text, sizeof(text),
	    "HTTP/1.1 408 Request Timeout\r\n"
	    "Connection: close\r\n"
	    "Content-Type: application/problem+json\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    strlen(body), body);
	free(body);
	if (len < (int)sizeof(text))
		send(fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool line_is_half(const struct line *line)
{
	char byte;

	return recv(line->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void cut(const struct lines *lines, struct line *line)
{
	if (!line->is_answered && !lines->is_tls)
		say_too_slow(line->fd);
	shutdown(line->fd, SHUT_RDWR);
	line->is_cut = true;
}

void lines_sweep(struct lines *lines, int64_t now_ms)
{
	struct line *line;

	if (now_ms - lines->swept_ms < SWEEP_MS)
		return;
	lines->swept_ms = now_ms;
	LIST_FOREACH(line, &lines->open, others)
	{
		if (!line->is_cut &&
		    (now_ms >= line->until_ms ||
			(line->is_awaited && line_is_half(line))))
			cut(lines, line);
	}
}
