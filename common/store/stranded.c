#include "store/stranded.h"

#include <string.h>

enum { STRANDED_KEY = ID_BYTES + 4 + HASH_BYTES };

static struct bytes pack_key(
    uint8_t out[STRANDED_KEY], const struct stranded_key *key)
{
	memcpy(out, key->ticket.b, ID_BYTES);
	store_be32(out + ID_BYTES, key->seq);
	memcpy(out + ID_BYTES + 4, key->hash.b, HASH_BYTES);
	return bytes_of(out, STRANDED_KEY);
}

static int read_key(struct stranded_key *key_out, struct bytes key)
{
	if (key.len != STRANDED_KEY)
		return ERR_CORRUPT;
	memcpy(key_out->ticket.b, key.data, ID_BYTES);
	key_out->seq = store_read_be32(key.data + ID_BYTES);
	memcpy(key_out->hash.b, key.data + ID_BYTES + 4, HASH_BYTES);
	return 0;
}

int stranded_put(
    struct kv_txn *txn, const struct stranded_key *key, struct bytes event)
{
	uint8_t packed[STRANDED_KEY];

	return kv_put(txn, KV_STRANDED, pack_key(packed, key), event);
}

int stranded_get(
    struct bytes *event_out, struct kv_txn *txn, const struct stranded_key *key)
{
	uint8_t packed[STRANDED_KEY];

	return kv_get(event_out, txn, KV_STRANDED, pack_key(packed, key));
}

int stranded_each(struct kv_txn *txn, const struct id *ticket, uint32_t first,
    uint32_t last,
    int (*visit)(
	void *context, const struct stranded_key *key, struct bytes event),
    void *context)
{
	struct stranded_key at = { .ticket = *ticket, .seq = first };
	uint8_t packed[STRANDED_KEY];
	struct bytes key = pack_key(packed, &at), value;
	struct kv_cursor *cursor = NULL;
	int rc = kv_cursor_open(&cursor, txn, KV_STRANDED);

	if (rc)
		return rc;
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		rc = read_key(&at, key);
		if (rc || !id_equal(&at.ticket, ticket) || at.seq > last)
			break;
		rc = visit(context, &at, value);
		if (rc)
			break;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int stranded_ticket(
    struct id *ticket_out, struct kv_txn *txn, const struct id *after)
{
	struct stranded_key at = { .ticket = *after, .seq = UINT32_MAX };
	uint8_t packed[STRANDED_KEY];
	struct bytes key = pack_key(packed, &at), value;
	struct kv_cursor *cursor = NULL;
	int rc = kv_cursor_open(&cursor, txn, KV_STRANDED);

	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc)
		rc = read_key(&at, key);
	if (!rc)
		*ticket_out = at.ticket;
	kv_cursor_close(&cursor);
	return rc;
}

uint64_t stranded_count(struct kv_txn *txn)
{
	return kv_count(txn, KV_STRANDED);
}

/* ---- take-overs that nobody answers ---- */

int silences_put(struct kv_txn *txn, const struct id *ticket,
    const struct silence_record *record)
{
	return kv_put(txn, KV_SILENCES, bytes_of(ticket->b, ID_BYTES),
	    bytes_of(record, sizeof(*record)));
}

static int read_silence(struct silence_record *record_out, struct bytes value)
{
	if (value.len != sizeof(*record_out))
		return ERR_CORRUPT;
	memcpy(record_out, value.data, value.len);
	return code_is_padded(&record_out->holder) ? 0 : ERR_CORRUPT;
}

int silences_get(struct silence_record *record_out, struct kv_txn *txn,
    const struct id *ticket)
{
	struct bytes value;
	int rc =
	    kv_get(&value, txn, KV_SILENCES, bytes_of(ticket->b, ID_BYTES));

	return rc ? rc : read_silence(record_out, value);
}

int silences_del(struct kv_txn *txn, const struct id *ticket)
{
	int rc = 0;

	if (kv_count(txn, KV_SILENCES))
		rc = kv_del(txn, KV_SILENCES, bytes_of(ticket->b, ID_BYTES));
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int silences_find(
    struct id *ticket_out, struct kv_txn *txn, const struct id *command)
{
	static const uint8_t zero[1];
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	struct silence_record record;
	struct kv_cursor *cursor = NULL;
	int rc = kv_cursor_open(&cursor, txn, KV_SILENCES);

	if (rc)
		return rc;
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		if (key.len != ID_BYTES || read_silence(&record, value)) {
			rc = ERR_CORRUPT;
			break;
		}
		if (!id_equal(&record.command, command))
			continue;
		memcpy(ticket_out->b, key.data, ID_BYTES);
		break;
	}
	kv_cursor_close(&cursor);
	return rc;
}
