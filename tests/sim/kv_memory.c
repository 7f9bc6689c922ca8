/*
 * store/kv.h in memory, linked into the simulator instead of LMDB: a sorted
 * array a table, and a list of what a transaction has changed, which undoes
 * it. A disk outlives the process that has it open: what is committed is
 * there when the next one opens it. The checksums are those of store/kv.c, so
 * that a changed bit has to be found, and is not merely known.
 */
#include <stdlib.h>
#include <string.h>
#include "kv_memory.h"

enum { DISKS_MAX = 64 };

static struct kv *disks[DISKS_MAX];

/* ---- items ---- */

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

int item_value(
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

size_t table_find(const struct table *table, struct bytes key)
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

bool table_is_at(const struct table *table, size_t at, struct bytes key)
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
	size_t at = table_find(table, key);

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
	size_t at = table_find(in, key);

	return table_is_at(in, at, key)
		   ? item_value(value_out, table, in->items[at])
		   : ERR_NOT_FOUND;
}

int kv_put(struct kv_txn *txn, enum kv_table table, struct bytes key,
    struct bytes value)
{
	struct kv *kv = txn->kv;
	struct table *in = &kv->tables[table];
	struct change *change = next_change(kv);
	struct item *item = item_new(table, key, value);
	size_t at = table_find(in, key);

	panic_if(!txn->is_write || key.len == 0);
	txn->is_dirty = true;
	if (!change || !item || !make_room(in) ||
	    kv->bytes + size_of(item) > kv->limit_bytes) {
		free(item);
		return ERR_FULL;
	}
	*change = (struct change){ table, NULL, item };
	if (table_is_at(in, at, key)) {
		change->was = in->items[at];
		in->items[at] = item;
	} else
		put_in(in, at, item);
	kv->bytes = kv->bytes + size_of(item) - size_of(change->was);
	kv->change_count++;
	return 0;
}

int kv_del_at(struct kv_txn *txn, enum kv_table table, size_t at)
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
	size_t at = table_find(&txn->kv->tables[table], key);

	txn->is_dirty = true;
	return table_is_at(&txn->kv->tables[table], at, key)
		   ? kv_del_at(txn, table, at)
		   : ERR_NOT_FOUND;
}
