/*
 * Rows of the export's tables in COPY's text format. What a row leaves out
 * is the point: names of people, callers and attachments are in none, and
 * words are only in those that may have them.
 */
#ifndef WHISTLE_CLI_PG_ROWS_H
#define WHISTLE_CLI_PG_ROWS_H

#include "catalogue/catalogue.h"
#include "score_lines.h"
#include "wire/wire.h"

/* Each appends one row to `out`. ERR_NOMEM: nothing is appended that could
 * be used. */
int pg_rows_unit(struct buf *out, const struct unit *unit);
int pg_rows_item(struct buf *out, const struct catalogue *catalogue,
    const struct item *item);
int pg_rows_ticket(struct buf *out, const struct wire_ticket_row *row,
    int generation, bool with_words);
int pg_rows_event(struct buf *out, const struct event *event,
    const struct hash *hash, bool with_words);
int pg_rows_score(struct buf *out, const struct score_line *line);

#endif
