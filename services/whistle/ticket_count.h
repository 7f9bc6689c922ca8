/*
 * How many tickets there are by state, outcome and channel: what is under
 * way, what was solved and how, what could only be explained.
 */
#ifndef WHISTLE_CLI_TICKET_COUNT_H
#define WHISTLE_CLI_TICKET_COUNT_H

#include "cli.h"
#include "ticket/ticket.h"

struct ticket_count {
	uint64_t all;
	uint64_t of[STATE_COUNT][OUTCOME_COUNT][CHANNEL_COUNT];
};

void ticket_count_add(struct ticket_count *count, const struct ticket *ticket);
/* A line for each that there is, and one for all; JSON: without the last. */
int ticket_count_print(const struct cli *cli, const struct ticket_count *count);

#endif
