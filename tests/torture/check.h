/*
 * What must be true when all is quiet, read from the stores themselves, in a
 * process of its own: by records, events and nothing that a daemon says.
 *
 *  1  what was acknowledged is in the city's log, in the ticket that was
 *     named, once
 *  2  no mark is in two events
 *  3, 4, 5  every node that opened or held a ticket has it, and whoever has it
 *     has the same log; each store agrees with itself (common/audit): gapless
 *     logs, hash by hash, states as they fold
 *  6  no more ratings than rounds
 *  7  no deadline has been told twice, and none that passed has been missed
 */
#ifndef WHISTLE_TORTURE_CHECK_H
#define WHISTLE_TORTURE_CHECK_H

#include "harness/city.h"

struct check_sums {
	uint64_t tickets, events, stores, acknowledged, rung;
};

/*
 * NULL when all is true, else what is not: yours to free. What can still be
 * on its way is looked at again by the caller. `now_ms`: the daemons' time.
 */
char *check_all(struct check_sums *sums_out, const struct city *city,
    const char *ledger_path, int64_t now_ms);

#endif
