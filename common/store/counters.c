#include "store/counters_inside.h"

#include <stdio.h>
#include <string.h>

/* ---- keys ---- */

void counters_key_put(struct counters_bytes *key, const void *data, size_t len)
{
	panic_if(len > sizeof(key->bytes) - key->len);
	memcpy(key->bytes + key->len, data, len);
	key->len += len;
}

static void key_text(struct counters_bytes *key, const char *text)
{
	counters_key_put(key, text, strlen(text) + 1);
}

/* unit NUL period NUL item NUL other NUL */
void counters_key_of(struct counters_bytes *key, const struct counters_key *of)
{
	key->len = 0;
	key_text(key, of->unit);
	key_text(key, of->period);
	key_text(key, of->item);
	key_text(key, of->other);
}

struct bytes counters_key_bytes(const struct counters_bytes *key)
{
	return bytes_of(key->bytes, key->len);
}

int counters_key_read(
    struct counters_key *key_out, struct bytes key, size_t number_len)
{
	const char *fields[4];
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		const uint8_t *end = memchr(key.data + at, 0, key.len - at);

		if (!end)
			return ERR_CORRUPT;
		fields[i] = (const char *)key.data + at;
		at = (size_t)(end - key.data) + 1;
	}
	if (key.len - at != number_len || key.len > COUNTERS_KEY_MAX)
		return ERR_CORRUPT;
	*key_out =
	    (struct counters_key){ fields[0], fields[1], fields[2], fields[3] };
	return 0;
}

/* ---- sums ---- */

static bool is_nothing(const uint64_t *sums, size_t width)
{
	for (size_t i = 0; i < width; i++)
		if (sums[i])
			return false;
	return true;
}

int counters_add(struct kv_txn *txn, const struct counters_key *key,
    const int64_t *by, unsigned count)
{
	uint64_t sums[COUNTERS_WIDTH_MAX] = { 0 };
	struct bytes value = bytes_of(NULL, 0);
	struct counters_bytes at;
	int rc;

	panic_if(count > COUNTERS_WIDTH_MAX);
	counters_key_of(&at, key);
	rc = kv_get(&value, txn, KV_COUNTERS, counters_key_bytes(&at));
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (value.len > sizeof(sums) || value.len % sizeof(*sums))
		return ERR_CORRUPT;
	if (value.len)
		memcpy(sums, value.data, value.len);
	for (unsigned i = 0; i < count; i++)
		sums[i] += (uint64_t)by[i];
	size_t width = value.len / sizeof(*sums);
	if (width < count)
		width = count;
	if (is_nothing(sums, width)) {
		rc = kv_del(txn, KV_COUNTERS, counters_key_bytes(&at));
		return rc == ERR_NOT_FOUND ? 0 : rc;
	}
	return kv_put(txn, KV_COUNTERS, counters_key_bytes(&at),
	    bytes_of(sums, width * sizeof(*sums)));
}

/* ---- a walk over the rows of a range, in either table ---- */

static int seek(struct counters_walk *walk, const struct counters_bytes *to)
{
	walk->key = counters_key_bytes(to);
	return kv_move(&walk->key, &walk->value, walk->cursor, KV_AT_OR_AFTER);
}

/* To the first period of a unit that is within, or behind the unit. */
static int seek_period(
    struct counters_walk *walk, const char *unit, bool is_past)
{
	struct counters_bytes to = { .len = 0 };

	counters_key_put(&to, unit, strlen(unit));
	counters_key_put(&to, is_past ? "\1" : "\0", 1);
	if (!is_past)
		counters_key_put(
		    &to, walk->range->from, strlen(walk->range->from));
	return seek(walk, &to);
}

/* From where the walk is, on to the first row that is within. */
static int range_settle(struct counters_walk *walk, int rc)
{
	const struct counters_range *range = walk->range;

	for (;;) {
		if (rc)
			return rc;
		if (walk->key.len < walk->prefix.len ||
		    memcmp(walk->key.data, walk->prefix.bytes,
			walk->prefix.len) != 0)
			return ERR_NOT_FOUND;
		rc = counters_key_read(&walk->at, walk->key, walk->number_len);
		if (rc)
			return rc;
		if (range->from[0] && strcmp(walk->at.period, range->from) < 0)
			rc = seek_period(walk, walk->at.unit, false);
		else if (range->to[0] && strcmp(walk->at.period, range->to) > 0)
			rc = seek_period(walk, walk->at.unit, true);
		else
			return 0;
	}
}

int counters_walk_open(struct counters_walk *walk, struct kv_txn *txn,
    enum kv_table table, const struct counters_range *range, struct bytes from)
{
	struct counters_bytes start = { .len = 0 };
	int rc;

	*walk = (struct counters_walk){ .range = range,
		.number_len =
		    table == KV_COUNTED ? (size_t)COUNTED_NUMBER_BYTES : 0 };
	if (strlen(range->unit) >= UNIT_CODE_MAX ||
	    from.len > sizeof(start.bytes) - 1)
		return ERR_INVALID;
	counters_key_put(&walk->prefix, range->unit,
	    strlen(range->unit) + (range->is_exact ? 1 : 0));
	if (from.len)
		counters_key_put(&start, from.data, from.len);
	else if (walk->prefix.len)
		start = walk->prefix;
	else
		counters_key_put(&start, "\1", 1);
	rc = kv_cursor_open(&walk->cursor, txn, table);
	return rc ? rc : range_settle(walk, seek(walk, &start));
}

int counters_walk_next(struct counters_walk *walk)
{
	return range_settle(
	    walk, kv_move(&walk->key, &walk->value, walk->cursor, KV_NEXT));
}

static int read_row(struct counters_row *row, const struct counters_walk *walk)
{
	struct bytes value = walk->value;

	if (value.len > sizeof(row->sums) || value.len % sizeof(*row->sums))
		return ERR_CORRUPT;
	row->key = walk->at;
	row->cursor = walk->key;
	row->count = (unsigned)(value.len / sizeof(*row->sums));
	memcpy(row->sums, value.data, value.len);
	return 0;
}

int counters_walk(struct kv_txn *txn, const struct counters_range *range,
    int (*visit)(void *context, const struct counters_row *row), void *context)
{
	struct counters_walk walk;
	struct counters_row row;
	struct counters_bytes after = { .len = 0 };
	int rc;

	/* behind a row, and before the next */
	if (range->after.len >= sizeof(after.bytes))
		return ERR_INVALID;
	if (range->after.len) {
		counters_key_put(&after, range->after.data, range->after.len);
		counters_key_put(&after, "\0", 1);
	}
	for (rc = counters_walk_open(
		 &walk, txn, KV_COUNTERS, range, counters_key_bytes(&after));
	     !rc; rc = counters_walk_next(&walk)) {
		rc = read_row(&row, &walk);
		if (!rc)
			rc = visit(context, &row);
		if (rc)
			goto out;
	}
	if (rc == ERR_NOT_FOUND)
		rc = 0;
out:
	kv_cursor_close(&walk.cursor);
	return rc;
}
