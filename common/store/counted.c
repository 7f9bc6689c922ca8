/* The lists of events behind the sums. */
#include "store/counters_inside.h"

#include <string.h>

static void pack(uint8_t out[COUNTED_BYTES], const struct counted *counted)
{
	memcpy(out, counted->ticket.b, ID_BYTES);
	store_be32(out + ID_BYTES, counted->seq);
	store_be64(out + ID_BYTES + 4, counted->counts);
}

int counted_read(struct counted list_out[COUNTED_CHUNK], size_t *count_out,
    struct bytes value)
{
	size_t count = value.len / COUNTED_BYTES;

	if (count == 0 || count > COUNTED_CHUNK || value.len % COUNTED_BYTES)
		return ERR_CORRUPT;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *at = value.data + i * COUNTED_BYTES;

		memcpy(list_out[i].ticket.b, at, ID_BYTES);
		list_out[i].seq = store_read_be32(at + ID_BYTES);
		list_out[i].counts = store_read_be64(at + ID_BYTES + 4);
	}
	*count_out = count;
	return 0;
}

static int put_chunk(struct kv_txn *txn, const struct counters_bytes *row,
    uint32_t number, const struct counted *list, size_t count)
{
	uint8_t value[COUNTED_CHUNK * COUNTED_BYTES], be[COUNTED_NUMBER_BYTES];
	struct counters_bytes key = *row;

	store_be32(be, number);
	counters_key_put(&key, be, sizeof(be));
	for (size_t i = 0; i < count; i++)
		pack(value + i * COUNTED_BYTES, &list[i]);
	if (count == 0)
		return kv_del(txn, KV_COUNTED, counters_key_bytes(&key));
	return kv_put(txn, KV_COUNTED, counters_key_bytes(&key),
	    bytes_of(value, count * COUNTED_BYTES));
}

/* The record before number `before` of a row's list. ERR_NOT_FOUND. */
static int chunk_before(struct counted list_out[COUNTED_CHUNK],
    size_t *count_out, uint32_t *number_out, struct kv_txn *txn,
    const struct counters_bytes *row, uint32_t before)
{
	struct kv_cursor *cursor = NULL;
	uint8_t be[COUNTED_NUMBER_BYTES];
	struct counters_bytes end = *row;
	struct bytes key, value;
	int rc = kv_cursor_open(&cursor, txn, KV_COUNTED);

	if (rc)
		return rc;
	store_be32(be, before);
	counters_key_put(&end, be, sizeof(be));
	key = counters_key_bytes(&end);
	rc = kv_move(&key, &value, cursor, KV_BEFORE);
	if (!rc &&
	    (key.len != end.len || memcmp(key.data, row->bytes, row->len) != 0))
		rc = ERR_NOT_FOUND;
	if (!rc) {
		*number_out = store_read_be32(key.data + row->len);
		rc = counted_read(list_out, count_out, value);
	}
	kv_cursor_close(&cursor);
	return rc;
}

int counted_add(struct kv_txn *txn, const struct counters_key *key,
    const struct counted *list, size_t count)
{
	struct counted chunk[COUNTED_CHUNK];
	uint32_t number = 0;
	size_t used = 0;
	struct counters_bytes row;
	int rc;

	counters_key_of(&row, key);
	rc = chunk_before(chunk, &used, &number, txn, &row, UINT32_MAX);
	if (rc == ERR_NOT_FOUND)
		rc = 0;
	for (size_t i = 0; !rc && i < count;) {
		if (used == COUNTED_CHUNK) {
			used = 0;
			number++;
		}
		while (used < COUNTED_CHUNK && i < count)
			chunk[used++] = list[i++];
		rc = put_chunk(txn, &row, number, chunk, used);
	}
	return rc;
}

/* ERR_NOT_FOUND: not in this record. */
static int change_in(struct counted *list, size_t *count,
    const struct counted *event, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < *count; i++) {
		if (list[i].seq != event->seq ||
		    !id_equal(&list[i].ticket, &event->ticket) ||
		    (list[i].counts & from) != from)
			continue;
		list[i].counts = (list[i].counts & ~from) | to;
		if (!list[i].counts) {
			memmove(&list[i], &list[i + 1],
			    (*count - i - 1) * sizeof(*list));
			--*count;
		}
		return 0;
	}
	return ERR_NOT_FOUND;
}

/* Newest first: what is taken back has mostly just been counted. */
int counted_change(struct kv_txn *txn, const struct counters_key *key,
    const struct counted *event, uint64_t from, uint64_t to)
{
	struct counted chunk[COUNTED_CHUNK];
	uint32_t number = UINT32_MAX;
	size_t count;
	struct counters_bytes row;
	int rc;

	counters_key_of(&row, key);
	do {
		rc = chunk_before(chunk, &count, &number, txn, &row, number);
		if (rc)
			return rc;
		rc = change_in(chunk, &count, event, from, to);
	} while (rc == ERR_NOT_FOUND);
	return rc ? rc : put_chunk(txn, &row, number, chunk, count);
}

/* The record's place and how many of its events have been seen. */
static struct bytes event_cursor(struct counters_bytes *cursor,
    const struct counters_walk *walk, size_t seen)
{
	uint8_t byte = (uint8_t)seen;

	cursor->len = 0;
	counters_key_put(cursor, walk->key.data, walk->key.len);
	counters_key_put(cursor, &byte, 1);
	return counters_key_bytes(cursor);
}

/* One record's events from `first` on. */
static int visit_chunk(const struct counters_walk *walk, size_t first,
    int (*visit)(void *context, const struct counted_row *row), void *context)
{
	struct counted list[COUNTED_CHUNK];
	struct counters_bytes cursor;
	size_t count;
	int rc = counted_read(list, &count, walk->value);

	for (size_t i = first; !rc && i < count; i++) {
		struct counted_row row = { walk->at, list[i],
			event_cursor(&cursor, walk, i + 1) };
		rc = visit(context, &row);
	}
	return rc;
}

int counted_walk(struct kv_txn *txn, const struct counters_range *range,
    int (*visit)(void *context, const struct counted_row *row), void *context)
{
	struct counters_walk walk;
	struct bytes from = range->after;
	size_t first = 0;
	int rc;

	if (from.len) /* but its last byte, which counts */
		from.len--;
	for (rc = counters_walk_open(&walk, txn, KV_COUNTED, range, from); !rc;
	     rc = counters_walk_next(&walk)) {
		first = range->after.len && bytes_equal(walk.key, from)
			    ? range->after.data[from.len]
			    : 0;
		rc = visit_chunk(&walk, first, visit, context);
		if (rc)
			goto out;
	}
	if (rc == ERR_NOT_FOUND)
		rc = 0;
out:
	kv_cursor_close(&walk.cursor);
	return rc;
}
