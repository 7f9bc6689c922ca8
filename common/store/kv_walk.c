#include "store/kv_walk.h"

#include <string.h>

static const uint8_t zero[1];

int kv_walk_open(struct kv_walk *walk, struct kv_txn *txn, enum kv_table table,
    struct bytes after)
{
	*walk = (struct kv_walk){ .cursor = NULL };
	if (after.len > sizeof(walk->last))
		return ERR_INVALID;
	if (after.len)
		memcpy(walk->last, after.data, after.len);
	walk->last_len = after.len;
	return kv_cursor_open(&walk->cursor, txn, table);
}

void kv_walk_close(struct kv_walk *walk)
{
	kv_cursor_close(&walk->cursor);
}

/* 0: it is the key before itself. Less than that: out of order. */
static int order_of(const struct kv_walk *walk, struct bytes key)
{
	size_t len = key.len < walk->last_len ? key.len : walk->last_len;
	int order = len ? memcmp(key.data, walk->last, len) : 0;

	if (order)
		return order;
	return (key.len > walk->last_len) - (key.len < walk->last_len);
}

static int move(
    struct bytes *key, struct bytes *value, struct kv_walk *walk, bool is_first)
{
	struct bytes from = bytes_of(zero, sizeof(zero));
	int rc;

	if (walk->last_len)
		from = bytes_of(walk->last, walk->last_len);
	*key = is_first ? from : bytes_of(NULL, 0);
	rc = kv_move(
	    key, value, walk->cursor, is_first ? KV_AT_OR_AFTER : KV_NEXT);
	if (rc && rc != ERR_NOT_FOUND && rc != ERR_NOMEM &&
	    (rc != ERR_CORRUPT || !key->data || key->data == from.data))
		return ERR_INVALID;
	return rc;
}

int kv_walk_step(
    struct bytes *key_out, struct bytes *value_out, struct kv_walk *walk)
{
	bool is_first = !walk->has_begun;
	int rc = move(key_out, value_out, walk, is_first);

	walk->has_begun = true;
	if (is_first && (!rc || rc == ERR_CORRUPT) &&
	    order_of(walk, *key_out) == 0)
		rc = move(key_out, value_out, walk, false);
	if (rc && rc != ERR_CORRUPT)
		return rc;
	if (key_out->len == 0 || key_out->len > sizeof(walk->last) ||
	    order_of(walk, *key_out) <= 0)
		return ERR_INVALID;
	memcpy(walk->last, key_out->data, key_out->len);
	walk->last_len = key_out->len;
	return rc;
}
