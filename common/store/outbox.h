/*
 * What still has to go to a neighbour, and how far each link is. A row is
 * a reference to events (which are in the log already) or, for what is not
 * in the log, the packed load itself. Rows are numbered without a gap and
 * deleted when the neighbour has acknowledged them. No number is given twice:
 * who has a row's proof was sent a row of that number by this store.
 */
#ifndef WHISTLE_STORE_OUTBOX_H
#define WHISTLE_STORE_OUTBOX_H

#include "store/store.h"

/* One neighbour, as this store remembers it. Numbers start again when the
 * neighbour's store is another one. */
struct link_record {
	char peer[NAME_MAX_BYTES];
	uint16_t number;     /* in outbox keys; given once */
	uint8_t is_offering; /* everything shared is being offered to it */
	uint8_t is_owed;     /* it has yet to offer us what it shares */
	uint8_t is_met;	     /* our rows are numbered for that store of its */
	uint8_t pad[3];
	struct id peer_store; /* zero: never met */
	int64_t silent_ms;    /* last heard then, and too long ago; 0: is not */
	struct id offer_next; /* tickets before this one have been offered */
	uint64_t received;    /* the last row of its that is committed here */
	struct proof proof;   /* … as it came with that row */
	uint64_t next;	      /* the number that our next row gets */
	uint64_t acked;	      /* our last row that it has committed */
	/* Of the numbers up to `acked`, the last so many were given to rows
	 * that this store of its never had, and never will. */
	uint64_t unused;
};

/* ERR_NOT_FOUND, ERR_CORRUPT. */
int links_get(
    struct link_record *record_out, struct kv_txn *txn, const char *peer);
/* Finds it or makes one with an unused number. */
int links_make(
    struct link_record *record_out, struct kv_txn *txn, const char *peer);
int links_put(struct kv_txn *txn, const struct link_record *record);
/* The next after `*record` in the order of names (an empty name: the first).
 * ERR_NOT_FOUND: none. */
int links_next(struct link_record *record, struct kv_txn *txn);

enum outbox_kind {
	OUTBOX_EVENTS,
	OUTBOX_ORDER,
	OUTBOX_ANSWER,
	OUTBOX_DONE,
	OUTBOX_WANT
};

struct outbox_row {
	enum outbox_kind kind;
	struct id ticket; /* events, want; done: a store's id */
	uint32_t first, last;
	struct bytes load; /* order, answer */
};

/*
 * Queue a row for the link; `record` gets its number and must be put by the
 * caller in the same transaction. ERR_FULL.
 */
int outbox_put(struct kv_txn *txn, struct link_record *record,
    const struct outbox_row *row);
/* ERR_NOT_FOUND: acknowledged, or not yet queued. */
int outbox_get(struct outbox_row *row_out, struct kv_txn *txn,
    const struct link_record *record, uint64_t seq);
/* Delete the rows up to `seq` and note it in `record`. */
int outbox_acked(struct kv_txn *txn, struct link_record *record, uint64_t seq);

static inline uint64_t outbox_length(const struct link_record *record)
{
	return record->next - 1 - record->acked;
}

#endif
