/*
 * Events that are in no log any more, or never were in this store's: a fence
 * went before them. Kept as they were packed, for people to see; nothing is
 * made of them. A row is known by its hash, so that putting it again changes
 * nothing.
 *
 * And the take-overs that were ordered and have not been answered, which is
 * what a fence waits for.
 */
#ifndef WHISTLE_STORE_STRANDED_H
#define WHISTLE_STORE_STRANDED_H

#include "base/code.h"
#include "store/store.h"

struct stranded_key {
	struct id ticket;
	uint32_t seq;
	struct hash hash; /* of the event's bytes */
};

int stranded_put(
    struct kv_txn *txn, const struct stranded_key *key, struct bytes event);
/* Borrowed until the transaction's next write. ERR_NOT_FOUND. */
int stranded_get(struct bytes *event_out, struct kv_txn *txn,
    const struct stranded_key *key);
/*
 * Those of one ticket from `first` on up to `last`, in the order of seq and
 * hash, until `visit` returns nonzero, which is passed on. It may write to
 * other tables, when it has done with `event`.
 */
int stranded_each(struct kv_txn *txn, const struct id *ticket, uint32_t first,
    uint32_t last,
    int (*visit)(
	void *context, const struct stranded_key *key, struct bytes event),
    void *context);
/* The first ticket after `after` that has any. ERR_NOT_FOUND. */
int stranded_ticket(
    struct id *ticket_out, struct kv_txn *txn, const struct id *after);
uint64_t stranded_count(struct kv_txn *txn);

/* A take-over that somebody of this node has ordered: the first, as long as
 * nobody answers. */
struct silence_record {
	struct id command;
	int64_t asked_ms;
	struct unit_code holder; /* who was to answer */
};

int silences_put(struct kv_txn *txn, const struct id *ticket,
    const struct silence_record *record);
/* ERR_NOT_FOUND, ERR_CORRUPT. */
int silences_get(struct silence_record *record_out, struct kv_txn *txn,
    const struct id *ticket);
int silences_del(struct kv_txn *txn, const struct id *ticket);
/* The ticket that this command was for. ERR_NOT_FOUND. Looks at all. */
int silences_find(
    struct id *ticket_out, struct kv_txn *txn, const struct id *command);

#endif
