/*
 * Deadlines of tickets that units below hold, and of which their nodes have
 * not said that they have passed. At most one a ticket.
 */
#ifndef WHISTLE_STORE_OVERDUE_H
#define WHISTLE_STORE_OVERDUE_H

#include "base/code.h"
#include "store/store.h"

struct overdue_record {
	int64_t due_ms;
	struct unit_code holder;
};

int overdue_put(struct kv_txn *txn, const struct id *ticket,
    const struct overdue_record *record);
/* ERR_NOT_FOUND: *record_out is zero; ERR_CORRUPT. */
int overdue_get(struct overdue_record *record_out, struct kv_txn *txn,
    const struct id *ticket);
int overdue_del(struct kv_txn *txn, const struct id *ticket);
/* Each of them, until `visit` returns nonzero, which is passed on. */
int overdue_each(struct kv_txn *txn,
    int (*visit)(void *context, const struct overdue_record *record),
    void *context);

#endif
