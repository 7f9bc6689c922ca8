#include "store/counters.h"

#include <stdio.h>
#include <string.h>

enum { COUNTER_KEY = UNIT_CODE_MAX + ITEM_CODE_MAX + 16 };

/* unit NUL item NUL period NUL */
static size_t counter_key(char key[COUNTER_KEY], const char *unit,
    const char *item, const char *period)
{
	int len = snprintf(
	    key, COUNTER_KEY, "%s%c%s%c%s%c", unit, 0, item, 0, period, 0);

	panic_if(len < 0 || len >= COUNTER_KEY);
	return (size_t)len;
}

int counters_add(struct kv_txn *txn, const char *unit, const char *item,
    const char *period, const uint64_t *by, unsigned count)
{
	char key_bytes[COUNTER_KEY];
	uint64_t sums[COUNTERS_WIDTH_MAX] = { 0 };
	struct bytes key =
	    bytes_of(key_bytes, counter_key(key_bytes, unit, item, period));
	struct bytes value = bytes_of(NULL, 0);
	int rc = kv_get(&value, txn, KV_COUNTERS, key);

	panic_if(count > COUNTERS_WIDTH_MAX);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (value.len > sizeof(sums) || value.len % sizeof(*sums))
		return ERR_CORRUPT;
	if (value.len)
		memcpy(sums, value.data, value.len);
	for (unsigned i = 0; i < count; i++)
		sums[i] += by[i];
	size_t width = value.len / sizeof(*sums);
	if (width < count)
		width = count;
	return kv_put(
	    txn, KV_COUNTERS, key, bytes_of(sums, width * sizeof(*sums)));
}

static int read_row(
    struct counters_row *row, struct bytes key, struct bytes value)
{
	const char *text = (const char *)key.data;
	const char *fields[3];
	size_t at = 0;

	for (int i = 0; i < 3; i++) {
		fields[i] = text + at;
		const char *end = memchr(text + at, 0, key.len - at);
		if (!end)
			return ERR_CORRUPT;
		at = (size_t)(end - text) + 1;
	}
	if (value.len > sizeof(row->sums) || value.len % sizeof(*row->sums))
		return ERR_CORRUPT;
	row->unit = fields[0];
	row->item = fields[1];
	row->period = fields[2];
	row->count = (unsigned)(value.len / sizeof(*row->sums));
	memcpy(row->sums, value.data, value.len);
	return 0;
}

static bool has_prefix(struct bytes key, const char *prefix, size_t len)
{
	return key.len >= len && !memcmp(key.data, prefix, len);
}

int counters_walk(struct kv_txn *txn, const char *prefix,
    int (*visit)(void *context, const struct counters_row *row), void *context)
{
	struct kv_cursor *cursor = NULL;
	struct counters_row row;
	size_t len = strlen(prefix);
	struct bytes key = len ? bytes_of(prefix, len) : bytes_of("0", 1);
	struct bytes value;
	int rc = kv_cursor_open(&cursor, txn, KV_COUNTERS);

	if (rc)
		return rc;
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		if (!has_prefix(key, prefix, len))
			goto out;
		rc = read_row(&row, key, value);
		if (!rc)
			rc = visit(context, &row);
		if (rc)
			goto out;
	}
	if (rc == ERR_NOT_FOUND)
		rc = 0;
out:
	kv_cursor_close(&cursor);
	return rc;
}
