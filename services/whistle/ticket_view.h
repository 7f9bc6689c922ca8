/*
 * A ticket for people: a row of a list, or all of it.
 */
#ifndef WHISTLE_CLI_TICKET_VIEW_H
#define WHISTLE_CLI_TICKET_VIEW_H

#include "cli.h"
#include "table.h"
#include "ticket_log.h"

/* The table that ticket_view_row fills. ERR_NOMEM. */
int ticket_view_open(struct table **table_out);
void ticket_view_row(
    struct table *table, struct cli *cli, const struct wire_ticket_row *row);
/* On standard output. ERR_NOMEM, ERR_IO. `wants_contact`: says so when the
 * reply has none. */
int ticket_view_full(struct cli *cli, const struct wire_reply *reply,
    const struct ticket_log *log, bool wants_contact);

#endif
