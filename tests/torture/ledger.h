/*
 * What people were told is done, written down outside of what is tortured:
 * one line an acknowledgement in a file that is only ever added to, and synced
 * before anybody goes by it.
 *
 *	VERB TICKET MARK
 *
 * The mark is in the event's text (and is an opening's own number), so that
 * it can be found again in the logs, and is of that wish alone.
 */
#ifndef WHISTLE_TORTURE_LEDGER_H
#define WHISTLE_TORTURE_LEDGER_H

#include "ticket/event.h"

enum { MARK_TEXT = 24 };

struct ledger;

void ledger_open(struct ledger **ledger_out, const char *path);
void ledger_add(struct ledger *ledger, enum verb verb, const struct id *ticket,
    const char *mark);
/* Of all that was added since. */
void ledger_sync(struct ledger *ledger);
void ledger_close(struct ledger **ledger);

struct ledger_line {
	enum verb verb;
	struct id ticket;
	char mark[MARK_TEXT];
};

/* All that is in the file; release with free. */
struct ledger_line *ledger_read(size_t *count_out, const char *path);

#endif
