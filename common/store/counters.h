/*
 * Sums per unit, month, item and counterpart, kept as events are applied so
 * that a scoreboard never scans tickets; and beside each row of sums the
 * list of the events that made it, so that whatever was counted can be
 * looked up. A list grows at its end, a few dozen events a record. What is
 * counted is score's.
 */
#ifndef WHISTLE_STORE_COUNTERS_H
#define WHISTLE_STORE_COUNTERS_H

#include "store/store.h"

enum {
	COUNTERS_WIDTH_MAX = 64, /* so many sums, as a list's bits */
	COUNTERS_KEY_MAX = 2 * UNIT_CODE_MAX + ITEM_CODE_MAX + 16,
};

/* Which row; in this order rows stand. All are texts without NUL, of which
 * only the unit is never "". */
struct counters_key {
	const char *unit, *period, *item, *other;
};

/* Adds each of `by`, `count` of them, to the row's sum of that place; a
 * negative one takes away what was added before. */
int counters_add(struct kv_txn *txn, const struct counters_key *key,
    const int64_t *by, unsigned count);

struct counters_row {
	struct counters_key key;
	struct bytes cursor; /* go on after this row; dies with the visit */
	unsigned count;
	uint64_t sums[COUNTERS_WIDTH_MAX]; /* count of them */
};

struct counters_range {
	const char *unit;      /* the code begins so; "": all */
	bool is_exact;	       /* … and is this one */
	const char *from, *to; /* periods, both within; "": no bound */
	struct bytes after;    /* a row's cursor; empty: from the first */
};

/* Calls `visit` for the rows of a range in their order, until it returns
 * nonzero, which is passed on. */
int counters_walk(struct kv_txn *txn, const struct counters_range *range,
    int (*visit)(void *context, const struct counters_row *row), void *context);

/* ---- the lists ---- */

/* Bit N of `counts`: the event added one to sum N of the row. */
struct counted {
	struct id ticket;
	uint32_t seq;
	uint64_t counts;
};

enum { COUNTED_BYTES = ID_BYTES + 4 + 8, COUNTED_CHUNK = 32 };

/* Adds to the end of the row's list. */
int counted_add(struct kv_txn *txn, const struct counters_key *key,
    const struct counted *list, size_t count);
/*
 * The event does not count as `from` in that row any more but as `to`
 * (either may be 0); when nothing is left of it, it leaves the list.
 * ERR_NOT_FOUND: it is not in the list as `from`.
 */
int counted_change(struct kv_txn *txn, const struct counters_key *key,
    const struct counted *event, uint64_t from, uint64_t to);

struct counted_row {
	struct counters_key key;
	struct counted event;
	struct bytes cursor; /* go on after this event; dies with the visit */
};

/* The events of a range's lists: rows in their order, and each list in the
 * order in which it grew. */
int counted_walk(struct kv_txn *txn, const struct counters_range *range,
    int (*visit)(void *context, const struct counted_row *row), void *context);

/* Takes a record of a list apart, for whoever walks them all. ERR_CORRUPT. */
int counted_read(struct counted list_out[COUNTED_CHUNK], size_t *count_out,
    struct bytes value);
/* The same for a key of either table; `number_len` is how many bytes it has
 * after its texts. ERR_CORRUPT. The texts are borrowed from `key`. */
int counters_key_read(
    struct counters_key *key_out, struct bytes key, size_t number_len);

enum { COUNTED_NUMBER_BYTES = 4 };

#endif
