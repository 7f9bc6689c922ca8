/*
 * A dispatcher's queue: what a unit has to do, how long there is left for
 * it, and how grave it is.
 */
#ifndef WHISTLE_CLI_QUEUE_VIEW_H
#define WHISTLE_CLI_QUEUE_VIEW_H

#include "cli.h"
#include "json.h"
#include "table.h"

/* The table that queue_view_row fills; `has_holders`: of several units.
 * ERR_NOMEM. */
int queue_view_open(struct table **table_out, bool has_holders);
void queue_view_row(struct table *table, struct cli *cli,
    const struct wire_ticket_row *row, bool has_holders);
/* As an element of `ticket list`, and `due`, `left_s` (negative: late),
 * `to_do`. */
json_t *queue_view_json(
    const struct cli *cli, const struct wire_ticket_row *row);

enum { QUEUE_LEFT_TEXT = 1100 };
/* "2 hours left", "3 days late"; "" when nothing is due. */
char *queue_view_left(
    char text_out[QUEUE_LEFT_TEXT], int64_t due_ms, int64_t now_ms);

#endif
