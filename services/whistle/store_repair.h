/*
 * A store that is damaged, made whole by its daemon's own program: whatever in
 * it is sound goes into a new one, as engine/repair.h has it.
 */
#ifndef WHISTLE_CLI_STORE_REPAIR_H
#define WHISTLE_CLI_STORE_REPAIR_H

#include "store_look.h"

/*
 * *report_out, yours: store, node, tickets, events, again, asked, lost, kept,
 * findings (fate, table, record; the first thousand of those not made again).
 * ERR_BUSY: its daemon runs; ERR_CORRUPT: it could not be
 * done, and standard error says why.
 */
int store_make_whole(json_t **report_out, const struct cli *cli,
    const struct node *node, const char *dir);

void store_repair_print(const json_t *report);

#endif
