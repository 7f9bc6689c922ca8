/*
 * A walk over all of a table, sound or not: what is damaged is told and passed
 * by, and a table whose pages lead astray ends the walk and not the walker.
 */
#ifndef WHISTLE_STORE_KV_WALK_H
#define WHISTLE_STORE_KV_WALK_H

#include "store/kv.h"

enum { KV_KEY_MAX = 511 };

struct kv_walk {
	struct kv_cursor *cursor;
	bool has_begun;
	uint8_t last[KV_KEY_MAX]; /* the key before */
	size_t last_len;
};

/* From the first key after `after` on; empty: from the first of all. */
int kv_walk_open(struct kv_walk *walk_out, struct kv_txn *txn,
    enum kv_table table, struct bytes after);
/* 0; ERR_NOT_FOUND at the end; ERR_CORRUPT for a damaged record, with its key;
 * ERR_INVALID when the table cannot be followed any further; ERR_NOMEM. */
int kv_walk_step(
    struct bytes *key_out, struct bytes *value_out, struct kv_walk *walk);
void kv_walk_close(struct kv_walk *walk);

#endif
