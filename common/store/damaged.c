#include "store/damaged.h"

#include <string.h>

/* Among the node's own small values, of which there are few. */
static const char prefix[] = "damaged/";
enum { PREFIX = sizeof(prefix) - 1, DAMAGED_KEY = PREFIX + ID_BYTES };

static struct bytes key_of(
    uint8_t key_out[DAMAGED_KEY], const struct id *ticket)
{
	memcpy(key_out, prefix, PREFIX);
	memcpy(key_out + PREFIX, ticket->b, ID_BYTES);
	return bytes_of(key_out, DAMAGED_KEY);
}

int damaged_put(struct kv_txn *txn, const struct id *ticket, uint32_t seq)
{
	uint8_t key[DAMAGED_KEY], value[4];

	store_be32(value, seq);
	return kv_put(
	    txn, KV_META, key_of(key, ticket), bytes_of(value, sizeof(value)));
}

static int read_seq(uint32_t *seq_out, struct bytes value)
{
	if (value.len != 4)
		return ERR_CORRUPT;
	*seq_out = store_read_be32(value.data);
	return 0;
}

int damaged_get(uint32_t *seq_out, struct kv_txn *txn, const struct id *ticket)
{
	uint8_t key[DAMAGED_KEY];
	struct bytes value;
	int rc = kv_get(&value, txn, KV_META, key_of(key, ticket));

	*seq_out = 0;
	return rc ? rc : read_seq(seq_out, value);
}

int damaged_del(struct kv_txn *txn, const struct id *ticket)
{
	uint8_t key[DAMAGED_KEY];
	int rc = kv_del(txn, KV_META, key_of(key, ticket));

	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int damaged_next(struct id *ticket, uint32_t *seq_out, struct kv_txn *txn)
{
	uint8_t from[DAMAGED_KEY];
	struct bytes key = key_of(from, ticket), value;
	struct kv_cursor *cursor = NULL;
	int rc = kv_cursor_open(&cursor, txn, KV_META);

	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc && key.len == DAMAGED_KEY &&
	    !memcmp(key.data, from, DAMAGED_KEY))
		rc = kv_move(&key, &value, cursor, KV_NEXT);
	if (!rc && (key.len != DAMAGED_KEY || memcmp(key.data, prefix, PREFIX)))
		rc = ERR_NOT_FOUND;
	if (!rc)
		rc = read_seq(seq_out, value);
	if (!rc)
		memcpy(ticket->b, key.data + PREFIX, ID_BYTES);
	kv_cursor_close(&cursor);
	return rc;
}
