/*
 * What was acknowledged: a file that is only ever added to, a line each.
 *
 *	VERB TICKET NODE BEGUN_MS ENDED_MS WHICH
 *
 * WHICH is an order's number, and of any other deed the number of its event
 * in the ticket's log; "?" where there never was an answer. NODE said so. The
 * times are those of the try that brought the answer.
 */
#ifndef WHISTLE_DEMO_RECORD_H
#define WHISTLE_DEMO_RECORD_H

#include "ticket/event.h"

struct record;

/* `path` NULL: nothing is written down. ERR_ACCESS, ERR_NOT_FOUND, ERR_IO. */
int record_open(struct record **record_out, const char *path);
/* From any thread. A line that cannot be written is told by record_close. */
void record_add(struct record *record, enum verb verb, const struct id *ticket,
    const char *which, const char *node, int64_t begun_ms);
int record_close(struct record **record);

struct record_line {
	struct id ticket;
	enum verb verb;
	char which[EXTERNAL_ID_MAX]; /* an order's number, or "" */
	uint32_t seq;		     /* of any other; 0: never answered */
	unsigned found;		     /* for whoever looks for it */
};

/* All lines of the file; release with free. ERR_INVALID: it is no such file;
 * *line_out says where. ERR_NOT_FOUND, ERR_NOMEM, ERR_IO. */
int record_read(struct record_line **lines_out, size_t *count_out,
    size_t *line_out, const char *path);

#endif
