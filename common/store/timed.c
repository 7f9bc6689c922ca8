#include "store/timed.h"

#include <string.h>

enum { TIMED_KEY = 8 + ID_BYTES };

static struct bytes timed_key(
    uint8_t key[TIMED_KEY], int64_t at_ms, const struct id *ticket)
{
	store_be64(key, (uint64_t)at_ms);
	memcpy(key + 8, ticket->b, ID_BYTES);
	return bytes_of(key, TIMED_KEY);
}

int timed_put(struct kv_txn *txn, enum kv_table table, int64_t at_ms,
    const struct id *ticket)
{
	uint8_t key[TIMED_KEY];

	return kv_put(
	    txn, table, timed_key(key, at_ms, ticket), bytes_of(NULL, 0));
}

int timed_del(struct kv_txn *txn, enum kv_table table, int64_t at_ms,
    const struct id *ticket)
{
	uint8_t key[TIMED_KEY];
	int rc = kv_del(txn, table, timed_key(key, at_ms, ticket));

	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int timed_first(int64_t *at_ms_out, struct id *ticket_out, struct kv_txn *txn,
    enum kv_table table)
{
	static const uint8_t zero[1];
	struct kv_cursor *cursor = NULL;
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	int rc = kv_cursor_open(&cursor, txn, table);

	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc && key.len != TIMED_KEY)
		rc = ERR_CORRUPT;
	if (!rc) {
		*at_ms_out = (int64_t)store_read_be64(key.data);
		memcpy(ticket_out->b, key.data + 8, ID_BYTES);
	}
	kv_cursor_close(&cursor);
	return rc;
}
