/*
 * What an export asks of the node: events and tickets, a page at a time, as
 * rows in export->rows_*. Writes nothing, and moves no position.
 */
#ifndef WHISTLE_CLI_EXPORT_READ_H
#define WHISTLE_CLI_EXPORT_READ_H

#include "export_step.h"

enum { EXPORT_CURSOR_MAX = 64 };

/* One question; the reply lives until the next. */
enum export_fault export_ask(struct wire_reply *reply_out,
    struct export *export, struct wire_request *request);
/* *last_out: the journal's number up to which they go. */
enum export_fault export_read_events(uint64_t *last_out, struct export *export);
/* *is_other_out: the node has another store than that of the cursor, and
 * nothing was read. */
enum export_fault export_read_tickets(struct buf *cursor, bool *is_complete_out,
    bool *is_other_out, struct export *export);

#endif
