/*
 * Deadlines of tickets that units below hold: when their nodes should have
 * said that they have passed, and those of which they have not said it. At
 * most one of each a ticket.
 */
#ifndef WHISTLE_STORE_WATCHES_H
#define WHISTLE_STORE_WATCHES_H

#include "base/code.h"
#include "store/store.h"

int watches_put(struct kv_txn *txn, int64_t at_ms, const struct id *ticket);
int watches_del(struct kv_txn *txn, int64_t at_ms, const struct id *ticket);
/* The first one. ERR_NOT_FOUND. */
int watches_first(
    int64_t *at_ms_out, struct id *ticket_out, struct kv_txn *txn);

struct overdue_record {
	int64_t due_ms;
	struct unit_code holder;
};

int overdue_put(struct kv_txn *txn, const struct id *ticket,
    const struct overdue_record *record);
/* ERR_NOT_FOUND: *record_out is zero. */
int overdue_get(struct overdue_record *record_out, struct kv_txn *txn,
    const struct id *ticket);
int overdue_del(struct kv_txn *txn, const struct id *ticket);
/* Each of them, until `visit` returns nonzero, which is passed on. */
int overdue_each(struct kv_txn *txn,
    int (*visit)(void *context, const struct overdue_record *record),
    void *context);

#endif
