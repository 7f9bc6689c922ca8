#include "store/outbox.h"

#include <string.h>

enum { ROW_KEY = 2 + 8, ROW_REFERENCE = 1 + ID_BYTES + 8 };

static struct bytes row_key(uint8_t key[ROW_KEY], uint16_t link, uint64_t seq)
{
	key[0] = (uint8_t)(link >> 8);
	key[1] = (uint8_t)link;
	store_be64(key + 2, seq);
	return bytes_of(key, ROW_KEY);
}

int links_get(
    struct link_record *record_out, struct kv_txn *txn, const char *peer)
{
	struct bytes value;
	int rc = kv_get(&value, txn, KV_LINKS, bytes_of(peer, strlen(peer)));

	if (rc)
		return rc;
	if (value.len != sizeof(*record_out))
		return ERR_CORRUPT;
	memcpy(record_out, value.data, value.len);
	return strncmp(record_out->peer, peer, sizeof(record_out->peer))
		   ? ERR_CORRUPT
		   : 0;
}

int links_put(struct kv_txn *txn, const struct link_record *record)
{
	return kv_put(txn, KV_LINKS,
	    bytes_of(record->peer, strlen(record->peer)),
	    bytes_of(record, sizeof(*record)));
}

int links_make(
    struct link_record *record_out, struct kv_txn *txn, const char *peer)
{
	int rc = links_get(record_out, txn, peer);

	if (rc != ERR_NOT_FOUND)
		return rc;
	if (strlen(peer) >= sizeof(record_out->peer))
		return ERR_TOO_LARGE;
	memset(record_out, 0, sizeof(*record_out));
	strcpy(record_out->peer, peer);
	record_out->number = (uint16_t)(kv_count(txn, KV_LINKS) + 1);
	record_out->next = 1;
	return links_put(txn, record_out);
}

int links_next(struct link_record *record, struct kv_txn *txn)
{
	/* no name has a NUL: nothing is between a name and this */
	struct bytes key = bytes_of(record->peer, strlen(record->peer) + 1);
	struct kv_cursor *cursor = NULL;
	struct bytes value;
	int rc = kv_cursor_open(&cursor, txn, KV_LINKS);

	if (rc)
		return rc;
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc && value.len != sizeof(*record))
		rc = ERR_CORRUPT;
	if (!rc)
		memcpy(record, value.data, sizeof(*record));
	kv_cursor_close(&cursor);
	return rc;
}

/* A load is written behind the kind; a reference has a fixed form. */
static int put_load(
    struct kv_txn *txn, struct bytes key, const struct outbox_row *row)
{
	struct buf value = { 0 };
	uint8_t kind = (uint8_t)row->kind;
	int rc = buf_add(&value, &kind, 1);

	if (!rc)
		rc = buf_add(&value, row->load.data, row->load.len);
	if (!rc)
		rc = kv_put(
		    txn, KV_OUTBOX, key, bytes_of(value.data, value.len));
	buf_free(&value);
	return rc;
}

int outbox_put(struct kv_txn *txn, struct link_record *record,
    const struct outbox_row *row)
{
	uint8_t key_bytes[ROW_KEY], value[ROW_REFERENCE];
	struct bytes key = row_key(key_bytes, record->number, record->next);
	int rc;

	if (row->kind == OUTBOX_ORDER || row->kind == OUTBOX_ANSWER) {
		rc = put_load(txn, key, row);
	} else {
		value[0] = (uint8_t)row->kind;
		memcpy(value + 1, row->ticket.b, ID_BYTES);
		store_be32(value + 1 + ID_BYTES, row->first);
		store_be32(value + 1 + ID_BYTES + 4, row->last);
		rc =
		    kv_put(txn, KV_OUTBOX, key, bytes_of(value, sizeof(value)));
	}
	if (!rc)
		record->next++;
	return rc;
}

int outbox_get(struct outbox_row *row_out, struct kv_txn *txn,
    const struct link_record *record, uint64_t seq)
{
	uint8_t key[ROW_KEY];
	struct bytes value;
	int rc =
	    kv_get(&value, txn, KV_OUTBOX, row_key(key, record->number, seq));

	if (rc)
		return rc;
	if (value.len < 1 || value.data[0] > OUTBOX_WANT)
		return ERR_CORRUPT;
	*row_out = (struct outbox_row){ .kind = value.data[0] };
	if (row_out->kind == OUTBOX_ORDER || row_out->kind == OUTBOX_ANSWER) {
		row_out->load = bytes_of(value.data + 1, value.len - 1);
		return 0;
	}
	if (value.len != ROW_REFERENCE)
		return ERR_CORRUPT;
	memcpy(row_out->ticket.b, value.data + 1, ID_BYTES);
	row_out->first = store_read_be32(value.data + 1 + ID_BYTES);
	row_out->last = store_read_be32(value.data + 1 + ID_BYTES + 4);
	return 0;
}

int outbox_acked(struct kv_txn *txn, struct link_record *record, uint64_t seq)
{
	uint8_t key[ROW_KEY];

	while (record->acked < seq && record->acked + 1 < record->next) {
		int rc = kv_del(txn, KV_OUTBOX,
		    row_key(key, record->number, record->acked + 1));
		if (rc && rc != ERR_NOT_FOUND)
			return rc;
		record->acked++;
		record->unused = 0;
	}
	return 0;
}
