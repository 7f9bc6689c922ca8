/*
 * A ticket and its events as JSON (DESIGN section 11).
 */
#ifndef WHISTLE_CLI_TICKET_JSON_H
#define WHISTLE_CLI_TICKET_JSON_H

#include "cli.h"
#include "json.h"
#include "ticket_log.h"

/* One element of `ticket list`; the head of `ticket show`. */
json_t *ticket_json_row(
    const struct cli *cli, const struct wire_ticket_row *row);
/* One event with the particulars that are set. */
json_t *ticket_json_event(const struct event *event, const struct hash *hash);
/* What a fence undid. */
json_t *ticket_json_stranded(const struct ticket_log *log);
/* All of a ticket, as `log` was checked. */
json_t *ticket_json_full(const struct cli *cli, const struct wire_reply *reply,
    const struct ticket_log *log);

#endif
