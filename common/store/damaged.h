/*
 * Tickets whose logs were damaged here, and how many events each had: kept
 * until the neighbours have given them back.
 */
#ifndef WHISTLE_STORE_DAMAGED_H
#define WHISTLE_STORE_DAMAGED_H

#include "store/store.h"

int damaged_put(struct kv_txn *txn, const struct id *ticket, uint32_t seq);
/* ERR_NOT_FOUND: *seq_out is 0. */
int damaged_get(uint32_t *seq_out, struct kv_txn *txn, const struct id *ticket);
int damaged_del(struct kv_txn *txn, const struct id *ticket);
/* The next one after *ticket (zero: the first). ERR_NOT_FOUND: none. */
int damaged_next(struct id *ticket, uint32_t *seq_out, struct kv_txn *txn);

#endif
