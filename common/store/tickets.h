/*
 * What each ticket is now, and the indexes that lists walk. A ticket's
 * record and its index entries are always written together; the record can
 * be rebuilt from the log.
 */
#ifndef WHISTLE_STORE_TICKETS_H
#define WHISTLE_STORE_TICKETS_H

#include "store/store.h"
#include "ticket/ticket.h"

/* ERR_NOT_FOUND: *ticket_out is zero. */
int tickets_get(
    struct ticket *ticket_out, struct kv_txn *txn, const struct id *id);
/* `before` is what tickets_get gave (seq 0 for a new one): only index
 * entries that differ are touched. */
int tickets_put(struct kv_txn *txn, const struct ticket *before,
    const struct ticket *after);

enum { TICKETS_INDEX_KEY_MAX = 2 * UNIT_CODE_MAX + ITEM_CODE_MAX + ID_BYTES };

/* The key under which KV_HELD, KV_STATES, KV_PLACES or KV_QUEUE has the
 * ticket; empty where KV_QUEUE does not. */
struct bytes tickets_index_key(uint8_t key_out[TICKETS_INDEX_KEY_MAX],
    enum kv_table index, const struct ticket *ticket);

/* Which index a list walks: the narrowest that its filter allows. */
struct tickets_query {
	const struct unit_code *holder; /* NULL: any */
	enum state state;		/* STATE_NONE: any */
	struct id before;		/* zero: from the newest */
	const char *item; /* NULL: any; else those of it at `place`, and the
			     others above are no matter */
	const struct unit_code *place;
};

/*
 * Calls `visit` for tickets in the order of their ids, newest first, until
 * it returns nonzero, which is passed on, or there are no more: 0. `visit`
 * must not write. ERR_CORRUPT: an index names a ticket that is not there.
 */
int tickets_walk(struct kv_txn *txn, const struct tickets_query *query,
    int (*visit)(void *context, const struct ticket *ticket), void *context);

/* Tickets in the order of their ids from `from` on, oldest first, until
 * `visit` returns nonzero, which is passed on. It may write to other tables
 * than that of the tickets and their indexes. */
int tickets_each(struct kv_txn *txn, const struct id *from,
    int (*visit)(void *context, const struct ticket *ticket), void *context);

/* Is a merged ticket following it? */
bool tickets_is_followed(struct kv_txn *txn, const struct id *master);

uint64_t tickets_count(struct kv_txn *txn);

/* A merged ticket and whom it follows. */
struct duplicate {
	struct id master, ticket;
};

/* Merged tickets in the order of their masters, those after `after`, at most
 * `max`: how many there are. Negative: ERR_*. */
int tickets_duplicates(struct duplicate *list_out, struct kv_txn *txn,
    const struct duplicate *after, int max);

#endif
