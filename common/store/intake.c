#include "store/intake.h"

#include <stdio.h>
#include <string.h>

static struct bytes intake_key(char key[NAME_MAX_BYTES + EXTERNAL_ID_MAX],
    const char *source, const char *external_id)
{
	size_t size = NAME_MAX_BYTES + EXTERNAL_ID_MAX;
	int len = snprintf(key, size, "%s/%s", source, external_id);

	panic_if(len < 0 || (size_t)len >= size);
	return bytes_of(key, (size_t)len);
}

int intake_get(struct id *ticket_out, struct kv_txn *txn, const char *source,
    const char *external_id)
{
	char key[NAME_MAX_BYTES + EXTERNAL_ID_MAX];
	struct bytes value;
	int rc = kv_get(
	    &value, txn, KV_INTAKE, intake_key(key, source, external_id));

	if (rc)
		return rc;
	if (value.len != ID_BYTES)
		return ERR_CORRUPT;
	memcpy(ticket_out->b, value.data, ID_BYTES);
	return 0;
}

int intake_put(struct kv_txn *txn, const char *source, const char *external_id,
    const struct id *ticket)
{
	char key[NAME_MAX_BYTES + EXTERNAL_ID_MAX];

	return kv_put(txn, KV_INTAKE, intake_key(key, source, external_id),
	    bytes_of(ticket->b, ID_BYTES));
}

int requests_get(struct request_record *record_out, struct kv_txn *txn,
    const struct id *request)
{
	struct bytes value;
	int rc =
	    kv_get(&value, txn, KV_REQUESTS, bytes_of(request->b, ID_BYTES));

	if (rc)
		return rc;
	if (value.len != sizeof(*record_out))
		return ERR_CORRUPT;
	memcpy(record_out, value.data, value.len);
	return 0;
}

int requests_put(struct kv_txn *txn, const struct id *request,
    const struct request_record *record)
{
	return kv_put(txn, KV_REQUESTS, bytes_of(request->b, ID_BYTES),
	    bytes_of(record, sizeof(*record)));
}

int requests_forget(struct kv_txn *txn, const struct id *request)
{
	int rc = kv_del(txn, KV_REQUESTS, bytes_of(request->b, ID_BYTES));

	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* An old id may be of a young request, whose maker's clock is wrong. */
static bool is_kept(struct bytes value, int64_t before_ms)
{
	struct request_record record;

	if (value.len != sizeof(record))
		return false;
	memcpy(&record, value.data, sizeof(record));
	return record.made_ms >= before_ms;
}

/* Where it stopped, or zero when there is nothing older behind. */
static void go_on_from(
    struct id *from, int rc, struct bytes key, const uint8_t bound[6])
{
	memset(from, 0, sizeof(*from));
	if (!rc && key.len == ID_BYTES && memcmp(key.data, bound, 6) < 0)
		memcpy(from->b, key.data, ID_BYTES);
}

int requests_expire(
    struct kv_txn *txn, struct id *from, int64_t before_ms, unsigned limit)
{
	struct kv_cursor *cursor = NULL;
	struct id start = *from;
	struct bytes key = bytes_of(start.b, ID_BYTES), value;
	uint8_t bound[8];
	int rc;

	if (before_ms <= 0)
		return 0;
	rc = kv_cursor_open(&cursor, txn, KV_REQUESTS);
	if (rc)
		return rc;
	store_be64(bound, (uint64_t)before_ms << 16);
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	     !rc && limit > 0 && memcmp(key.data, bound, 6) < 0; limit--) {
		if (!is_kept(value, before_ms))
			rc = kv_move(&key, &value, cursor, KV_CURRENT_DEL);
		if (!rc)
			rc = kv_move(&key, &value, cursor, KV_NEXT);
	}
	go_on_from(from, rc, key, bound);
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static struct bytes order_key(uint8_t key[ID_BYTES + 1 + UNIT_CODE_MAX],
    const struct id *ticket, unsigned verb, const char *unit)
{
	size_t len = strlen(unit);

	panic_if(len >= UNIT_CODE_MAX || verb > UINT8_MAX);
	memcpy(key, ticket->b, ID_BYTES);
	key[ID_BYTES] = (uint8_t)verb;
	memcpy(key + ID_BYTES + 1, unit, len);
	return bytes_of(key, ID_BYTES + 1 + len);
}

int orders_put(struct kv_txn *txn, const struct id *ticket, unsigned verb,
    const char *unit)
{
	uint8_t key[ID_BYTES + 1 + UNIT_CODE_MAX];

	return kv_put(txn, KV_ORDERS, order_key(key, ticket, verb, unit),
	    bytes_of(NULL, 0));
}

int orders_find(struct kv_txn *txn, const struct id *ticket, unsigned verb,
    const char *unit)
{
	uint8_t key[ID_BYTES + 1 + UNIT_CODE_MAX];
	struct bytes value;

	return kv_get(
	    &value, txn, KV_ORDERS, order_key(key, ticket, verb, unit));
}
