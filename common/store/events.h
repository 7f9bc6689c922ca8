/*
 * The logs themselves: each event's bytes as its writer packed them, the
 * sealed contacts beside them, and the journal, which numbers what this
 * node committed in the order of its commits.
 */
#ifndef WHISTLE_STORE_EVENTS_H
#define WHISTLE_STORE_EVENTS_H

#include "store/store.h"

int events_put(struct kv_txn *txn, const struct id *ticket, uint32_t seq,
    struct bytes event);
/* It is stranded: see stranded.h. */
int events_del(struct kv_txn *txn, const struct id *ticket, uint32_t seq);
/* Borrowed until the transaction's next write. */
int events_get(struct bytes *event_out, struct kv_txn *txn,
    const struct id *ticket, uint32_t seq);

int contacts_put(
    struct kv_txn *txn, const struct id *ticket, struct bytes sealed);
int contacts_get(
    struct bytes *sealed_out, struct kv_txn *txn, const struct id *ticket);
/* ERR_NOT_FOUND: there was none. */
int contacts_del(struct kv_txn *txn, const struct id *ticket);
/* Up to `max` tickets after `after` that have one, in the order of ids. */
int contacts_after(struct id *ids_out, size_t *count_out, size_t max,
    struct kv_txn *txn, const struct id *after);

struct journal_entry {
	uint64_t number;
	struct id ticket;
	uint32_t first, last;
	/* Of event `last`, and so of all before it: a log that a fence has
	 * changed since has another there, or none. */
	struct hash hash;
};

/* `number` is one more than that of the entry before. */
int journal_put(struct kv_txn *txn, const struct journal_entry *entry);
/* The first entry with a number of at least `number`. ERR_NOT_FOUND. */
int journal_at(
    struct journal_entry *entry_out, struct kv_txn *txn, uint64_t number);
/*
 * Each commit's first number, by this node's clock: where to begin for what
 * has happened since. `time_ms` is later than that of the moment before.
 */
int moments_put(struct kv_txn *txn, int64_t time_ms, uint64_t number);
/* The first number of what was committed at `time_ms` or later.
 * ERR_NOT_FOUND: nothing was. */
int moments_at(uint64_t *number_out, struct kv_txn *txn, int64_t time_ms);
/* 0 when there is none. */
int moments_last(int64_t *time_ms_out, struct kv_txn *txn);
/* The number of the last entry; 0 when there is none. */
int journal_last(uint64_t *number_out, struct kv_txn *txn);

#endif
