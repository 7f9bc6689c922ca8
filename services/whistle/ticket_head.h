/*
 * The table of pairs that `ticket show` begins with: who has it, what it is,
 * when it was and has to be.
 */
#ifndef WHISTLE_CLI_TICKET_HEAD_H
#define WHISTLE_CLI_TICKET_HEAD_H

#include "cli.h"
#include "ticket_log.h"

/* `wants_contact`: the caller was asked for, and is told, or why not. */
int ticket_head(struct cli *cli, const struct wire_reply *reply,
    const struct ticket_log *log, bool wants_contact);

#endif
