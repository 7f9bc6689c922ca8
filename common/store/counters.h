/*
 * Sums per unit, item and period, kept as events are applied so that a
 * scoreboard never scans tickets. What is counted is score's.
 */
#ifndef WHISTLE_STORE_COUNTERS_H
#define WHISTLE_STORE_COUNTERS_H

#include "store/store.h"

enum { COUNTERS_WIDTH_MAX = 64 };

/* Adds each of `by`, `count` of them, to the row's sum of that place. */
int counters_add(struct kv_txn *txn, const char *unit, const char *item,
    const char *period, const uint64_t *by, unsigned count);

struct counters_row {
	const char *unit, *item, *period;
	unsigned count;
	uint64_t sums[COUNTERS_WIDTH_MAX]; /* count of them */
};

/* Calls `visit` for the rows of units whose code starts with `prefix`, in
 * the order unit, item, period, until it returns nonzero. */
int counters_walk(struct kv_txn *txn, const char *prefix,
    int (*visit)(void *context, const struct counters_row *row), void *context);

#endif
