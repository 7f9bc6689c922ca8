/*
 * A ticket's log as a node showed it, unpacked and checked by us: the
 * numbers without a gap, each event with the hash of the one before, and
 * the state that follows from them the one that the node says.
 */
#ifndef WHISTLE_CLI_TICKET_LOG_H
#define WHISTLE_CLI_TICKET_LOG_H

#include "cli.h"

enum { TICKET_LOG_PROBLEM = 256 };

struct ticket_log {
	struct arena *arena;
	size_t count;
	struct event *events;
	struct hash *hashes; /* computed here */
	size_t stranded_count;
	struct event *stranded; /* what a fence undid: in no log */
	struct hash *stranded_hashes;
	struct ticket ticket; /* folded here, as far as the log holds */
	char problem[TICKET_LOG_PROBLEM]; /* translated; "" when it holds */
};

/*
 * Reads reply->show. What comes out borrows from the reply. ERR_NOMEM; a
 * log that does not hold is no error but log->problem.
 */
int ticket_log_read(struct ticket_log *log_out, const struct wire_reply *reply);
void ticket_log_close(struct ticket_log *log);

/* The first event's particulars, all "" when the log is empty. */
const struct particulars *ticket_log_opening(const struct ticket_log *log);
/* The resolve that stands, or stood last; NULL before there is one. */
const struct event *ticket_log_closing(const struct ticket_log *log);
/* Events that are callouts of this ticket: the folded list's row, or NULL.
 */
const struct wire_ticket_row *ticket_log_callout(
    const struct wire_reply *reply, const struct callout *callout);

#endif
