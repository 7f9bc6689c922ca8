/*
 * What makes a repeat harmless: which ticket a source's own number became,
 * and what became of a request. Both are written in the transaction that
 * does the work.
 */
#ifndef WHISTLE_STORE_INTAKE_H
#define WHISTLE_STORE_INTAKE_H

#include "store/store.h"

/* ERR_NOT_FOUND: the number is new. */
int intake_get(struct id *ticket_out, struct kv_txn *txn, const char *source,
    const char *external_id);
int intake_put(struct kv_txn *txn, const char *source, const char *external_id,
    const struct id *ticket);

/* What a command with this id led to. */
struct request_record {
	struct id ticket;
	int64_t made_ms; /* by our clock; an id's time is its maker's */
	uint32_t seq;
	uint8_t refusal;
	uint8_t existed;
	uint8_t is_passed; /* on to the holder, who has not answered yet */
	uint8_t pad;
};

int requests_get(struct request_record *record_out, struct kv_txn *txn,
    const struct id *request);
int requests_put(struct kv_txn *txn, const struct id *request,
    const struct request_record *record);
int requests_forget(struct kv_txn *txn, const struct id *request);
/*
 * Forget requests that were made before `before_ms` and whose ids, which
 * begin with a time of their makers', are as old. Looks at `limit` at most,
 * from *from on, and says where to go on; zero: from the beginning. An act
 * that is named by its old ticket is young and kept: it must not be all that
 * is ever looked at.
 */
int requests_expire(struct kv_txn *txn, struct id *from, int64_t before_ms,
    unsigned limit);

/*
 * That a unit's order passed through this node: whatever the holder's node
 * says that the unit wanted can then be believed. Kept with the ticket.
 */
int orders_put(struct kv_txn *txn, const struct id *ticket, unsigned verb,
    const char *unit);
/* 0, or ERR_NOT_FOUND: there was none. */
int orders_find(struct kv_txn *txn, const struct id *ticket, unsigned verb,
    const char *unit);

#endif
