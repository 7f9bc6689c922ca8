/*
 * Tickets in the order of a time, at most one row a ticket in each table:
 * KV_TIMERS, the next deadline of what this node's units hold; KV_WATCHES,
 * when a child should have said that a deadline has passed.
 */
#ifndef WHISTLE_STORE_TIMED_H
#define WHISTLE_STORE_TIMED_H

#include "store/store.h"

int timed_put(struct kv_txn *txn, enum kv_table table, int64_t at_ms,
    const struct id *ticket);
/* 0 too when there is no such row. */
int timed_del(struct kv_txn *txn, enum kv_table table, int64_t at_ms,
    const struct id *ticket);
/* The first row. ERR_NOT_FOUND, ERR_CORRUPT. */
int timed_first(int64_t *at_ms_out, struct id *ticket_out, struct kv_txn *txn,
    enum kv_table table);

#endif
