/*
 * What the two halves of a store in memory share: kv_memory.c has the tables
 * and their transactions, kv_walk.c goes over them.
 */
#ifndef TESTS_SIM_KV_MEMORY_H
#define TESTS_SIM_KV_MEMORY_H

#include <sodium.h>
#include "disk.h"

enum {
	SUM_BYTES = crypto_shorthash_BYTES,
	DIR_BYTES = 256,
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

static inline struct bytes key_of(const struct item *item)
{
	return bytes_of(item->data, item->key_len);
}

/* Its value, if its sum is right. ERR_CORRUPT. */
int item_value(
    struct bytes *value_out, enum kv_table table, const struct item *item);
/* The first that is not before `key`. */
size_t table_find(const struct table *table, struct bytes key);
bool table_is_at(const struct table *table, size_t at, struct bytes key);
int kv_del_at(struct kv_txn *txn, enum kv_table table, size_t at);

#endif
