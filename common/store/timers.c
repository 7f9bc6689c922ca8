#include "store/timers.h"

#include <string.h>

enum { TIMER_KEY = 8 + ID_BYTES };

static struct bytes timer_key(
    uint8_t key[TIMER_KEY], int64_t due_ms, const struct id *ticket)
{
	store_be64(key, (uint64_t)due_ms);
	memcpy(key + 8, ticket->b, ID_BYTES);
	return bytes_of(key, TIMER_KEY);
}

int timers_put(struct kv_txn *txn, int64_t due_ms, const struct id *ticket)
{
	uint8_t key[TIMER_KEY];

	return kv_put(
	    txn, KV_TIMERS, timer_key(key, due_ms, ticket), bytes_of(NULL, 0));
}

int timers_del(struct kv_txn *txn, int64_t due_ms, const struct id *ticket)
{
	uint8_t key[TIMER_KEY];
	int rc = kv_del(txn, KV_TIMERS, timer_key(key, due_ms, ticket));

	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int timers_first(int64_t *due_ms_out, struct id *ticket_out, struct kv_txn *txn)
{
	static const uint8_t zero[1];
	struct kv_cursor *cursor = NULL;
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	int rc = kv_cursor_open(&cursor, txn, KV_TIMERS);

	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc && key.len != TIMER_KEY)
		rc = ERR_CORRUPT;
	if (!rc) {
		*due_ms_out = (int64_t)store_read_be64(key.data);
		memcpy(ticket_out->b, key.data + 8, ID_BYTES);
	}
	kv_cursor_close(&cursor);
	return rc;
}
