#include "store/overdue.h"

#include <string.h>

int overdue_put(struct kv_txn *txn, const struct id *ticket,
    const struct overdue_record *record)
{
	return kv_put(txn, KV_OVERDUE, bytes_of(ticket->b, ID_BYTES),
	    bytes_of(record, sizeof(*record)));
}

static int read_record(struct overdue_record *record_out, struct bytes value)
{
	if (value.len != sizeof(*record_out))
		return ERR_CORRUPT;
	memcpy(record_out, value.data, value.len);
	return code_is_padded(&record_out->holder) ? 0 : ERR_CORRUPT;
}

int overdue_get(struct overdue_record *record_out, struct kv_txn *txn,
    const struct id *ticket)
{
	struct bytes value;

	memset(record_out, 0, sizeof(*record_out));
	if (!kv_count(txn, KV_OVERDUE))
		return ERR_NOT_FOUND;
	int rc = kv_get(&value, txn, KV_OVERDUE, bytes_of(ticket->b, ID_BYTES));
	return rc ? rc : read_record(record_out, value);
}

int overdue_del(struct kv_txn *txn, const struct id *ticket)
{
	int rc = kv_del(txn, KV_OVERDUE, bytes_of(ticket->b, ID_BYTES));

	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int overdue_each(struct kv_txn *txn,
    int (*visit)(void *context, const struct overdue_record *record),
    void *context)
{
	static const uint8_t zero[1];
	struct bytes key = bytes_of(zero, sizeof(zero)), value;
	struct overdue_record record;
	struct kv_cursor *cursor = NULL;
	int rc = kv_cursor_open(&cursor, txn, KV_OVERDUE);

	if (rc)
		return rc;
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		rc = read_record(&record, value);
		if (!rc)
			rc = visit(context, &record);
		if (rc)
			break;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}
