/*
 * What waits for a person, unit by unit and soonest deadline first: the
 * open, accepted and resolved tickets that the unit holds. An index that
 * tickets_put keeps and that can be rebuilt from the tickets.
 */
#ifndef WHISTLE_STORE_QUEUE_H
#define WHISTLE_STORE_QUEUE_H

#include "store/store.h"
#include "ticket/ticket.h"

/* A place in a queue; what has no deadline stands behind all that have. */
struct queue_spot {
	int64_t due_ms;
	struct id id;
};

enum {
	QUEUE_SPOT_BYTES = 8 + ID_BYTES,
	QUEUE_KEY_MAX = UNIT_CODE_MAX + QUEUE_SPOT_BYTES,
};

struct queue_spot queue_spot(const struct ticket *ticket);
int queue_compare(const struct queue_spot *a, const struct queue_spot *b);
/* As the index and a cursor have it. */
void queue_spot_pack(
    uint8_t bytes_out[QUEUE_SPOT_BYTES], const struct queue_spot *spot);
struct queue_spot queue_spot_unpack(const uint8_t bytes[QUEUE_SPOT_BYTES]);

/* The key under which KV_QUEUE has the ticket; empty: it is in no queue. */
struct bytes queue_key(
    uint8_t key_out[QUEUE_KEY_MAX], const struct ticket *ticket);
/* For tickets_put: `before` has seq 0 when the ticket is new. */
int queue_move(struct kv_txn *txn, const struct ticket *before,
    const struct ticket *after);

/*
 * Calls `visit` for the places of a unit's queue behind `after` (NULL: all)
 * until it returns nonzero, which is passed on, or there are no more: 0.
 */
int queue_walk(struct kv_txn *txn, const struct unit_code *holder,
    const struct queue_spot *after,
    int (*visit)(void *context, const struct queue_spot *spot), void *context);

/* The first unit with a queue whose code is `from` or, `is_after`, behind it,
 * in the order of codes. ERR_NOT_FOUND. */
int queue_unit(struct unit_code *unit_out, struct kv_txn *txn,
    const struct unit_code *from, bool is_after);

#endif
