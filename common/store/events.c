#include "store/events.h"

#include <string.h>

enum { EVENT_KEY = ID_BYTES + 4, JOURNAL_VALUE = ID_BYTES + 8 + HASH_BYTES };

static struct bytes event_key(
    uint8_t key[EVENT_KEY], const struct id *ticket, uint32_t seq)
{
	memcpy(key, ticket->b, ID_BYTES);
	store_be32(key + ID_BYTES, seq);
	return bytes_of(key, EVENT_KEY);
}

int events_put(struct kv_txn *txn, const struct id *ticket, uint32_t seq,
    struct bytes event)
{
	uint8_t key[EVENT_KEY];

	return kv_put(txn, KV_EVENTS, event_key(key, ticket, seq), event);
}

int events_get(struct bytes *event_out, struct kv_txn *txn,
    const struct id *ticket, uint32_t seq)
{
	uint8_t key[EVENT_KEY];

	return kv_get(event_out, txn, KV_EVENTS, event_key(key, ticket, seq));
}

int events_del(struct kv_txn *txn, const struct id *ticket, uint32_t seq)
{
	uint8_t key[EVENT_KEY];

	return kv_del(txn, KV_EVENTS, event_key(key, ticket, seq));
}

int contacts_put(
    struct kv_txn *txn, const struct id *ticket, struct bytes sealed)
{
	return kv_put(txn, KV_CONTACTS, bytes_of(ticket->b, ID_BYTES), sealed);
}

int contacts_get(
    struct bytes *sealed_out, struct kv_txn *txn, const struct id *ticket)
{
	return kv_get(
	    sealed_out, txn, KV_CONTACTS, bytes_of(ticket->b, ID_BYTES));
}

int contacts_del(struct kv_txn *txn, const struct id *ticket)
{
	return kv_del(txn, KV_CONTACTS, bytes_of(ticket->b, ID_BYTES));
}

int contacts_after(struct id *ids_out, size_t *count_out, size_t max,
    struct kv_txn *txn, const struct id *after)
{
	struct kv_cursor *cursor = NULL;
	struct bytes key = bytes_of(after->b, ID_BYTES), value;
	int rc = kv_cursor_open(&cursor, txn, KV_CONTACTS);

	*count_out = 0;
	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	while (!rc && *count_out < max) {
		if (key.len != ID_BYTES)
			rc = ERR_CORRUPT;
		else if (memcmp(key.data, after->b, ID_BYTES))
			memcpy(ids_out[(*count_out)++].b, key.data, ID_BYTES);
		if (!rc)
			rc = kv_move(&key, &value, cursor, KV_NEXT);
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int journal_put(struct kv_txn *txn, const struct journal_entry *entry)
{
	uint8_t key[8], value[JOURNAL_VALUE];

	store_be64(key, entry->number);
	memcpy(value, entry->ticket.b, ID_BYTES);
	store_be32(value + ID_BYTES, entry->first);
	store_be32(value + ID_BYTES + 4, entry->last);
	memcpy(value + ID_BYTES + 8, entry->hash.b, HASH_BYTES);
	return kv_put(txn, KV_JOURNAL, bytes_of(key, sizeof(key)),
	    bytes_of(value, sizeof(value)));
}

static int read_entry(
    struct journal_entry *entry_out, struct bytes key, struct bytes value)
{
	if (key.len != 8 || value.len != JOURNAL_VALUE)
		return ERR_CORRUPT;
	entry_out->number = store_read_be64(key.data);
	memcpy(entry_out->ticket.b, value.data, ID_BYTES);
	entry_out->first = store_read_be32(value.data + ID_BYTES);
	entry_out->last = store_read_be32(value.data + ID_BYTES + 4);
	memcpy(entry_out->hash.b, value.data + ID_BYTES + 8, HASH_BYTES);
	return 0;
}

int journal_at(
    struct journal_entry *entry_out, struct kv_txn *txn, uint64_t number)
{
	struct kv_cursor *cursor = NULL;
	uint8_t wanted[8];
	struct bytes key = bytes_of(wanted, sizeof(wanted)), value;
	int rc = kv_cursor_open(&cursor, txn, KV_JOURNAL);

	if (rc)
		return rc;
	store_be64(wanted, number);
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc)
		rc = read_entry(entry_out, key, value);
	kv_cursor_close(&cursor);
	return rc;
}

int journal_last(uint64_t *number_out, struct kv_txn *txn)
{
	struct kv_cursor *cursor = NULL;
	struct bytes key = bytes_of(NULL, 0), value;
	struct journal_entry entry = { .number = 0 };
	int rc = kv_cursor_open(&cursor, txn, KV_JOURNAL);

	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_LAST);
	if (!rc)
		rc = read_entry(&entry, key, value);
	kv_cursor_close(&cursor);
	if (rc == ERR_NOT_FOUND)
		rc = 0;
	if (!rc)
		*number_out = entry.number;
	return rc;
}

int moments_put(struct kv_txn *txn, int64_t time_ms, uint64_t number)
{
	uint8_t key[8], value[8];

	store_be64(key, (uint64_t)time_ms);
	store_be64(value, number);
	return kv_put(txn, KV_MOMENTS, bytes_of(key, sizeof(key)),
	    bytes_of(value, sizeof(value)));
}

static int find_moment(int64_t *time_ms_out, uint64_t *number_out,
    struct kv_txn *txn, int64_t time_ms, enum kv_move move)
{
	struct kv_cursor *cursor = NULL;
	uint8_t wanted[8];
	struct bytes key = bytes_of(wanted, sizeof(wanted)), value;
	int rc = kv_cursor_open(&cursor, txn, KV_MOMENTS);

	if (rc)
		return rc;
	store_be64(wanted, (uint64_t)time_ms);
	rc = kv_move(&key, &value, cursor, move);
	if (!rc && (key.len != 8 || value.len != 8))
		rc = ERR_CORRUPT;
	if (!rc) {
		*time_ms_out = (int64_t)store_read_be64(key.data);
		*number_out = store_read_be64(value.data);
	}
	kv_cursor_close(&cursor);
	return rc;
}

int moments_at(uint64_t *number_out, struct kv_txn *txn, int64_t time_ms)
{
	int64_t found_ms;

	return find_moment(&found_ms, number_out, txn, time_ms, KV_AT_OR_AFTER);
}

int moments_last(int64_t *time_ms_out, struct kv_txn *txn)
{
	uint64_t number;
	int rc = find_moment(time_ms_out, &number, txn, 0, KV_LAST);

	if (rc == ERR_NOT_FOUND)
		*time_ms_out = 0;
	return rc == ERR_NOT_FOUND ? 0 : rc;
}
