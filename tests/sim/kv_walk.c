/* Walks over tables in memory, and how much room they take. */
#include <stdlib.h>
#include "kv_memory.h"

enum { PAGE_SHARE = 3 /* LMDB's pages are two thirds full */ };

struct kv_cursor {
	struct kv_txn *txn;
	enum kv_table table;
	size_t at;
	const struct item *item; /* NULL: nowhere yet */
};

int kv_cursor_open(
    struct kv_cursor **cursor_out, struct kv_txn *txn, enum kv_table table)
{
	struct kv_cursor *cursor = calloc(1, sizeof(*cursor));

	if (!cursor)
		return ERR_NOMEM;
	cursor->txn = txn;
	cursor->table = table;
	*cursor_out = cursor;
	return 0;
}

void kv_cursor_close(struct kv_cursor **cursor)
{
	free(*cursor);
	*cursor = NULL;
}

/* Where it stands, or would if nobody had deleted that: an item that is gone
 * stays in memory until the transaction ends. */
static size_t place_of(
    const struct kv_cursor *cursor, const struct table *in, bool *is_there)
{
	size_t at = cursor->at;

	*is_there = at < in->count && in->items[at] == cursor->item;
	if (*is_there)
		return at;
	at = table_find(in, key_of(cursor->item));
	*is_there = table_is_at(in, at, key_of(cursor->item));
	return at;
}

/* SIZE_MAX: past an end. */
static size_t target_of_move(const struct kv_cursor *cursor,
    const struct table *in, struct bytes key, enum kv_move move)
{
	bool is_there = false;
	size_t at;

	switch (move) {
	case KV_AT_OR_AFTER:
		return table_find(in, key);
	case KV_BEFORE:
		return table_find(in, key) - 1;
	case KV_NEXT:
		if (!cursor->item)
			return 0;
		at = place_of(cursor, in, &is_there);
		return is_there ? at + 1 : at;
	case KV_PREVIOUS:
		return cursor->item ? place_of(cursor, in, &is_there) - 1
				    : in->count - 1;
	case KV_LAST:
	default:
		return in->count - 1;
	}
}

int kv_move(struct bytes *key, struct bytes *value_out,
    struct kv_cursor *cursor, enum kv_move move)
{
	struct table *in = &cursor->txn->kv->tables[cursor->table];
	bool is_there;
	size_t at;

	if (move == KV_CURRENT_DEL) {
		if (!cursor->item)
			return ERR_INVALID;
		at = place_of(cursor, in, &is_there);
		cursor->txn->is_dirty = true;
		return is_there ? kv_del_at(cursor->txn, cursor->table, at)
				: ERR_NOT_FOUND;
	}
	at = target_of_move(cursor, in, *key, move);
	if (at >= in->count)
		return ERR_NOT_FOUND;
	cursor->at = at;
	cursor->item = in->items[at];
	*key = key_of(cursor->item);
	return item_value(value_out, cursor->table, cursor->item);
}

/* ---- the rest ---- */

uint64_t kv_count(struct kv_txn *txn, enum kv_table table)
{
	return txn->kv->tables[table].count;
}

int kv_room(struct kv_room *room_out, struct kv *kv)
{
	*room_out = (struct kv_room){
		.used_bytes = kv->bytes * PAGE_SHARE / 2,
		.limit_bytes = kv->limit_bytes,
		.disk_bytes = UINT64_C(1) << 40,
	};
	return 0;
}

int kv_check_pages(struct kv_txn *txn)
{
	(void)txn;
	return 0; /* there are none */
}

/* Nobody makes a file of what is in memory. */
int kv_copy(struct kv *kv, int fd)
{
	(void)kv;
	(void)fd;
	return ERR_INVALID;
}
