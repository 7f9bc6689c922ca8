/*
 * Deadlines of the tickets that this node's units hold, in the order in
 * which they fall due. At most one timer a ticket: the next one.
 */
#ifndef WHISTLE_STORE_TIMERS_H
#define WHISTLE_STORE_TIMERS_H

#include "store/store.h"

int timers_put(struct kv_txn *txn, int64_t due_ms, const struct id *ticket);
int timers_del(struct kv_txn *txn, int64_t due_ms, const struct id *ticket);
/* The first timer. ERR_NOT_FOUND. */
int timers_first(
    int64_t *due_ms_out, struct id *ticket_out, struct kv_txn *txn);

#endif
