/*
 * Keys of the sums and of the lists behind them, and the walk over a range
 * of either. Only for counters.c and counted.c.
 */
#ifndef WHISTLE_STORE_COUNTERS_INSIDE_H
#define WHISTLE_STORE_COUNTERS_INSIDE_H

#include "store/counters.h"

struct counters_bytes {
	uint8_t bytes[COUNTERS_KEY_MAX];
	size_t len;
};

void counters_key_put(struct counters_bytes *key, const void *data, size_t len);
/* unit NUL period NUL item NUL other NUL */
void counters_key_of(struct counters_bytes *key, const struct counters_key *of);
struct bytes counters_key_bytes(const struct counters_bytes *key);

struct counters_walk {
	const struct counters_range *range;
	struct kv_cursor *cursor;
	struct counters_bytes prefix;
	size_t number_len;
	struct counters_key at;
	struct bytes key, value; /* of the row that the walk is at */
};

/* To the first row within, from a key on (empty: the first of all).
 * ERR_NOT_FOUND past the last. Its cursor is the caller's to close. */
int counters_walk_open(struct counters_walk *walk, struct kv_txn *txn,
    enum kv_table table, const struct counters_range *range, struct bytes from);
int counters_walk_next(struct counters_walk *walk);

#endif
