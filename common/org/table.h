/*
 * A hash table from runs of bytes to numbers, for look-ups by code, name or
 * key. Filled while a city is read, only asked afterwards. Keys are
 * borrowed: their owner outlives the table. A key is never removed.
 */
#ifndef WHISTLE_ORG_TABLE_H
#define WHISTLE_ORG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_slot {
	const char *key; /* NULL: empty */
	uint32_t len;
	uint32_t hash;
	uint32_t value;
};

/* Zero-initialise; release with table_free. */
struct table {
	struct table_slot *slots;
	size_t size; /* a power of two, at least twice the count; or 0 */
	size_t count;
};

/* ERR_EXISTS, with the old value kept; ERR_NOMEM. */
int table_put(struct table *table, const char *key, size_t len, uint32_t value);
/* False when the key is not there; *value_out is then as it was. */
bool table_get(uint32_t *value_out, const struct table *table, const char *key,
    size_t len);
/* A place to change the value of a key; NULL when it is not there. Valid
 * until the next table_put. */
uint32_t *table_value(const struct table *table, const char *key, size_t len);
void table_free(struct table *table);

#endif
