/*
 * store/kv.h in memory, linked into the simulator instead of LMDB: a sorted
 * array a table, and a list of what a transaction has changed, which undoes
 * it. A disk outlives the process that has it open: what is committed is
 * there when the next one opens it. The checksums are those of store/kv.c, so
 * that a changed bit has to be found, and is not merely known.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"

enum {
	SUM_BYTES = crypto_shorthash_BYTES,
	DIR_BYTES = 256,
	DISKS_MAX = 64,
	PAGE_SHARE = 3, /* LMDB's pages are two thirds full */
};

struct item {
	uint32_t key_len, value_len; /* the value with its sum */
	uint8_t data[];
};

struct table {
	struct item **items;
	size_t count, cap;
};

struct change {
	enum kv_table table;
	struct item *was, *is; /* NULL: not there */
};

struct kv {
	char dir[DIR_BYTES];
	struct table tables[KV_TABLE_COUNT];
	uint64_t bytes, limit_bytes;
	struct change *changes; /* of the transaction that writes */
	size_t change_count, change_cap;
};

struct kv_txn {
	struct kv *kv;
	bool is_write, is_dirty;
};

struct kv_cursor {
	struct kv_txn *txn;
	enum kv_table table;
	size_t at;
	const struct item *item; /* NULL: nowhere yet */
};

static struct kv *disks[DISKS_MAX];

/* ---- items ---- */

static struct bytes key_of(const struct item *item)
{
	return bytes_of(item->data, item->key_len);
}

static void checksum(uint8_t out[SUM_BYTES], enum kv_table table,
    struct bytes key, struct bytes value)
{
	uint8_t seed[crypto_shorthash_KEYBYTES] = "whistle records";
	uint8_t chained[crypto_shorthash_KEYBYTES];

	seed[sizeof(seed) - 1] = (uint8_t)table;
	memcpy(chained, seed, sizeof(chained));
	crypto_shorthash(chained, key.data, key.len, seed);
	crypto_shorthash(out, value.data, value.len, chained);
}

static int checked(
    struct bytes *value_out, enum kv_table table, const struct item *item)
{
	uint8_t sum[SUM_BYTES];
	struct bytes value =
	    bytes_of(item->data + item->key_len, item->value_len - SUM_BYTES);

	checksum(sum, table, key_of(item), value);
	if (memcmp(sum, value.data + value.len, SUM_BYTES))
		return ERR_CORRUPT;
	*value_out = value;
	return 0;
}

static struct item *item_new(
    enum kv_table table, struct bytes key, struct bytes value)
{
	struct item *item =
	    malloc(sizeof(*item) + key.len + value.len + SUM_BYTES);

	if (!item)
		return NULL;
	item->key_len = (uint32_t)key.len;
	item->value_len = (uint32_t)(value.len + SUM_BYTES);
	memcpy(item->data, key.data, key.len);
	if (value.len)
		memcpy(item->data + key.len, value.data, value.len);
	checksum(item->data + key.len + value.len, table, key, value);
	return item;
}

static uint64_t size_of(const struct item *item)
{
	return item ? item->key_len + item->value_len + 16 : 0;
}

/* ---- tables ---- */

static int compare(struct bytes a, struct bytes b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The first that is not before `key`. */
static size_t find(const struct table *table, struct bytes key)
{
	size_t low = 0, high = table->count;

	/* most keys grow with time */
	if (high && compare(key_of(table->items[high - 1]), key) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(key_of(table->items[middle]), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct table *table, size_t at, struct bytes key)
{
	return at < table->count && bytes_equal(key_of(table->items[at]), key);
}

static bool make_room(struct table *table)
{
	size_t cap = table->cap ? 2 * table->cap : 16;
	struct item **items;

	if (table->count < table->cap)
		return true;
	items = realloc(table->items, cap * sizeof(struct item *));
	if (!items)
		return false;
	table->items = items;
	table->cap = cap;
	return true;
}

static void take_out(struct table *table, size_t at)
{
	memmove(table->items + at, table->items + at + 1,
	    (--table->count - at) * sizeof(struct item *));
}

/* There is room. */
static void put_in(struct table *table, size_t at, struct item *item)
{
	memmove(table->items + at + 1, table->items + at,
	    (table->count++ - at) * sizeof(struct item *));
	table->items[at] = item;
}

/* ---- disks ---- */

static struct kv **slot_of(const char *dir)
{
	struct kv **empty = NULL;

	for (unsigned i = 0; i < DISKS_MAX; i++) {
		if (disks[i] && !strcmp(disks[i]->dir, dir))
			return &disks[i];
		if (!disks[i] && !empty)
			empty = &disks[i];
	}
	return empty;
}

static void free_disk(struct kv *kv)
{
	for (unsigned t = 0; t < KV_TABLE_COUNT; t++) {
		for (size_t i = 0; i < kv->tables[t].count; i++)
			free(kv->tables[t].items[i]);
		free(kv->tables[t].items);
	}
	free(kv->changes);
	free(kv);
}

void disk_lose(const char *dir)
{
	struct kv **slot = slot_of(dir);

	if (slot && *slot) {
		free_disk(*slot);
		*slot = NULL;
	}
}

static void copy_table(struct table *to, const struct table *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct item *item = from->items[i];
		size_t size = sizeof(*item) + item->key_len + item->value_len;
		struct item *copy = malloc(size);
		panic_if(!copy || !make_room(to));
		memcpy(copy, item, size);
		put_in(to, to->count, copy);
	}
}

bool disk_copy(const char *to, const char *from)
{
	struct kv **source = slot_of(from), **slot;
	struct kv *copy;

	if (!source || !*source)
		return false;
	disk_lose(to);
	slot = slot_of(to);
	copy = calloc(1, sizeof(*copy));
	panic_if(!slot || !copy || strlen(to) >= DIR_BYTES);
	memcpy(copy->dir, to, strlen(to));
	copy->bytes = (*source)->bytes;
	copy->limit_bytes = (*source)->limit_bytes;
	for (unsigned t = 0; t < KV_TABLE_COUNT; t++)
		copy_table(&copy->tables[t], &(*source)->tables[t]);
	*slot = copy;
	return true;
}

bool disk_flip(const char *dir, uint32_t random)
{
	struct kv **slot = slot_of(dir);
	size_t count = 0;

	for (unsigned t = 0; slot && *slot && t < KV_TABLE_COUNT; t++)
		count += (*slot)->tables[t].count;
	if (!count)
		return false;
	size_t at = random % count;
	for (unsigned t = 0; t < KV_TABLE_COUNT; t++) {
		struct table *table = &(*slot)->tables[t];
		if (at < table->count) {
			struct item *item = table->items[at];
			item->data[item->key_len +
				   random / 8 % item->value_len] ^=
			    (uint8_t)(1 << random % 8);
			return true;
		}
		at -= table->count;
	}
	return false;
}

bool disk_holds(const char *dir, const char *text)
{
	struct kv **slot = slot_of(dir);

	for (unsigned t = 0; slot && *slot && t < KV_TABLE_COUNT; t++)
		for (size_t i = 0; i < (*slot)->tables[t].count; i++) {
			const struct item *item = (*slot)->tables[t].items[i];
			if (memmem(item->data, item->key_len + item->value_len,
				text, strlen(text)))
				return true;
		}
	return false;
}

int kv_open(struct kv **kv_out, const char *dir, const struct kv_config *config)
{
	struct kv **slot = slot_of(dir);

	if (sodium_init() < 0 || config->is_copy || config->is_read_only ||
	    !slot || strlen(dir) >= DIR_BYTES)
		return ERR_INVALID;
	if (!*slot) {
		*slot = calloc(1, sizeof(**slot));
		if (!*slot)
			return ERR_NOMEM;
		memcpy((*slot)->dir, dir, strlen(dir));
	}
	(*slot)->limit_bytes = config->limit_bytes;
	*kv_out = *slot;
	return 0;
}

void kv_close(struct kv **kv)
{
	*kv = NULL; /* the disk stays */
}

/* ---- transactions ---- */

int kv_begin(struct kv_txn **txn_out, struct kv *kv, bool is_write)
{
	struct kv_txn *txn = calloc(1, sizeof(*txn));

	if (!txn)
		return ERR_NOMEM;
	panic_if(kv->change_count); /* somebody else writes */
	txn->kv = kv;
	txn->is_write = is_write;
	*txn_out = txn;
	return 0;
}

bool kv_is_dirty(const struct kv_txn *txn)
{
	return txn->is_dirty;
}

int kv_commit(struct kv_txn **txn)
{
	struct kv *kv = (*txn)->kv;

	for (size_t i = 0; i < kv->change_count; i++)
		free(kv->changes[i].was);
	kv->change_count = 0;
	free(*txn);
	*txn = NULL;
	return 0;
}

static void undo(struct kv *kv, const struct change *change)
{
	struct table *table = &kv->tables[change->table];
	struct bytes key = key_of(change->is ? change->is : change->was);
	size_t at = find(table, key);

	kv->bytes = kv->bytes + size_of(change->was) - size_of(change->is);
	if (change->was && change->is)
		table->items[at] = change->was;
	else if (change->was)
		put_in(table, at, change->was);
	else
		take_out(table, at);
	free(change->is);
}

void kv_abort(struct kv_txn **txn)
{
	struct kv *kv;

	if (!*txn)
		return;
	kv = (*txn)->kv;
	if ((*txn)->is_write)
		while (kv->change_count > 0)
			undo(kv, &kv->changes[--kv->change_count]);
	free(*txn);
	*txn = NULL;
}

static struct change *next_change(struct kv *kv)
{
	size_t cap = kv->change_cap ? 2 * kv->change_cap : 64;
	struct change *changes;

	if (kv->change_count < kv->change_cap)
		return &kv->changes[kv->change_count];
	changes = realloc(kv->changes, cap * sizeof(*changes));
	if (!changes)
		return NULL;
	kv->changes = changes;
	kv->change_cap = cap;
	return &kv->changes[kv->change_count];
}

int kv_get(struct bytes *value_out, struct kv_txn *txn, enum kv_table table,
    struct bytes key)
{
	const struct table *in = &txn->kv->tables[table];
	size_t at = find(in, key);

	return is_at(in, at, key) ? checked(value_out, table, in->items[at])
				  : ERR_NOT_FOUND;
}

int kv_put(struct kv_txn *txn, enum kv_table table, struct bytes key,
    struct bytes value)
{
	struct kv *kv = txn->kv;
	struct table *in = &kv->tables[table];
	struct change *change = next_change(kv);
	struct item *item = item_new(table, key, value);
	size_t at = find(in, key);

	panic_if(!txn->is_write || key.len == 0);
	txn->is_dirty = true;
	if (!change || !item || !make_room(in) ||
	    kv->bytes + size_of(item) > kv->limit_bytes) {
		free(item);
		return ERR_FULL;
	}
	*change = (struct change){ table, NULL, item };
	if (is_at(in, at, key)) {
		change->was = in->items[at];
		in->items[at] = item;
	} else
		put_in(in, at, item);
	kv->bytes = kv->bytes + size_of(item) - size_of(change->was);
	kv->change_count++;
	return 0;
}

static int del_at(struct kv_txn *txn, enum kv_table table, size_t at)
{
	struct kv *kv = txn->kv;
	struct change *change = next_change(kv);

	panic_if(!txn->is_write);
	if (!change)
		return ERR_NOMEM;
	*change = (struct change){ table, kv->tables[table].items[at], NULL };
	take_out(&kv->tables[table], at);
	kv->bytes -= size_of(change->was);
	kv->change_count++;
	return 0;
}

int kv_del(struct kv_txn *txn, enum kv_table table, struct bytes key)
{
	size_t at = find(&txn->kv->tables[table], key);

	txn->is_dirty = true;
	return is_at(&txn->kv->tables[table], at, key) ? del_at(txn, table, at)
						       : ERR_NOT_FOUND;
}

/* ---- walks ---- */

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
	at = find(in, key_of(cursor->item));
	*is_there = is_at(in, at, key_of(cursor->item));
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
		return find(in, key);
	case KV_BEFORE:
		return find(in, key) - 1;
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
		return is_there ? del_at(cursor->txn, cursor->table, at)
				: ERR_NOT_FOUND;
	}
	at = target_of_move(cursor, in, *key, move);
	if (at >= in->count)
		return ERR_NOT_FOUND;
	cursor->at = at;
	cursor->item = in->items[at];
	*key = key_of(cursor->item);
	return checked(value_out, cursor->table, cursor->item);
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
