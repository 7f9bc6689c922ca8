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
	line_rest(line, now_ms);
	LIST_INSERT_HEAD(&lines->open, line, others);
	return line;
}

/* Who is silent is gone after LINE_IDLE_MS, so whoever is still here at the
 * end of both had at least LINE_REQUEST_MS since its first byte. */
void line_rest(struct line *line, int64_t now_ms)
{
	line->is_answered = false;
	line->until_ms = now_ms + LINE_IDLE_MS + LINE_REQUEST_MS;
}

void line_begin(struct line *line, int64_t now_ms)
{
	if (line->until_ms > now_ms + LINE_REQUEST_MS)
		line->until_ms = now_ms + LINE_REQUEST_MS;
}

void line_close(struct line *line)
{
	if (!line)
		return;
	LIST_REMOVE(line, others);
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

void lines_sweep(struct lines *lines, int64_t now_ms)
{
	struct line *line;

	if (now_ms - lines->swept_ms < SWEEP_MS)
		return;
	lines->swept_ms = now_ms;
	LIST_FOREACH(line, &lines->open, others)
	{
		if (now_ms < line->until_ms || line->is_cut)
			continue;
		if (!line->is_answered)
			say_too_slow(line->fd);
		shutdown(line->fd, SHUT_RDWR);
		line->is_cut = true;
	}
}
