/*
 * The ticket that a word means: its own id, or the number that its source
 * gave it.
 */
#ifndef WHISTLE_CLI_TICKET_ID_H
#define WHISTLE_CLI_TICKET_ID_H

#include "cli.h"

/*
 * Shows the ticket; the reply lives until the next request. CLI_DONE only
 * with result "done" and a body. `contact`: with the caller.
 */
enum cli_exit ticket_id_show(struct wire_reply *reply_out, struct cli *cli,
    const char *word, bool contact);
/* The id alone: asks a node only when the word is not one. */
enum cli_exit ticket_id_find(
    struct id *id_out, struct cli *cli, const char *word);

#endif
