#include "org/table.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum { FIRST_SIZE = 64 };

/* FNV-1a: keys are short and come from the city's own files. */
static uint32_t hash(const char *key, size_t len)
{
	uint32_t sum = UINT32_C(2166136261);

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (uint8_t)key[i]) * UINT32_C(16777619);
	return sum ^ sum >> 15;
}

/* The key's slot, or the empty one where it would go. */
static struct table_slot *find(
    const struct table *table, const char *key, size_t len, uint32_t sum)
{
	size_t at = sum & (table->size - 1);

	for (;;) {
		struct table_slot *slot = &table->slots[at];

		if (slot->key == NULL)
			return slot;
		if (slot->hash == sum && slot->len == len &&
		    memcmp(slot->key, key, len) == 0)
			return slot;
		at = (at + 1) & (table->size - 1);
	}
}

static int enlarge(struct table *table)
{
	struct table bigger = { 0 };

	bigger.size = table->size == 0 ? FIRST_SIZE : 2 * table->size;
	bigger.slots = calloc(bigger.size, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < table->size; i++) {
		const struct table_slot *old = &table->slots[i];

		if (old->key != NULL)
			*find(&bigger, old->key, old->len, old->hash) = *old;
	}
	bigger.count = table->count;
	free(table->slots);
	*table = bigger;
	return 0;
}

int table_put(struct table *table, const char *key, size_t len, uint32_t value)
{
	uint32_t sum = hash(key, len);
	struct table_slot *slot;
	int err;

	if (2 * (table->count + 1) > table->size) {
		err = enlarge(table);
		if (err != 0)
			return err;
	}
	slot = find(table, key, len, sum);
	if (slot->key != NULL)
		return ERR_EXISTS;
	*slot = (struct table_slot){ key, (uint32_t)len, sum, value };
	table->count++;
	return 0;
}

uint32_t *table_value(const struct table *table, const char *key, size_t len)
{
	struct table_slot *slot;

	if (table->size == 0)
		return NULL;
	slot = find(table, key, len, hash(key, len));
	return slot->key == NULL ? NULL : &slot->value;
}

bool table_get(
    uint32_t *value_out, const struct table *table, const char *key, size_t len)
{
	const uint32_t *value = table_value(table, key, len);

	if (value == NULL)
		return false;
	*value_out = *value;
	return true;
}

void table_free(struct table *table)
{
	free(table->slots);
	*table = (struct table){ 0 };
}
