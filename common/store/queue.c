#include "store/queue.h"

#include <string.h>

struct queue_spot queue_spot(const struct ticket *ticket)
{
	int64_t due_ms = ticket_next_due_ms(ticket);

	return (struct queue_spot){ due_ms ? due_ms : INT64_MAX, ticket->id };
}

int queue_compare(const struct queue_spot *a, const struct queue_spot *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return memcmp(a->id.b, b->id.b, ID_BYTES);
}

void queue_spot_pack(
    uint8_t bytes_out[QUEUE_SPOT_BYTES], const struct queue_spot *spot)
{
	store_be64(bytes_out, (uint64_t)spot->due_ms);
	memcpy(bytes_out + 8, spot->id.b, ID_BYTES);
}

struct queue_spot queue_spot_unpack(const uint8_t bytes[QUEUE_SPOT_BYTES])
{
	struct queue_spot spot = {
		.due_ms = (int64_t)store_read_be64(bytes),
	};

	memcpy(spot.id.b, bytes + 8, ID_BYTES);
	return spot;
}

/* The unit's code with its NUL; how long it is. */
static size_t put_unit(
    uint8_t key_out[QUEUE_KEY_MAX], const struct unit_code *unit)
{
	size_t len = strnlen(unit->s, sizeof(unit->s) - 1);

	memcpy(key_out, unit->s, len);
	key_out[len] = 0;
	return len + 1;
}

static struct bytes key_at(uint8_t key_out[QUEUE_KEY_MAX],
    const struct unit_code *holder, const struct queue_spot *spot)
{
	size_t len = put_unit(key_out, holder);

	queue_spot_pack(key_out + len, spot);
	return bytes_of(key_out, len + QUEUE_SPOT_BYTES);
}

struct bytes queue_key(
    uint8_t key_out[QUEUE_KEY_MAX], const struct ticket *ticket)
{
	struct queue_spot spot = queue_spot(ticket);

	if (!ticket->seq || !ticket_waits_for_person(ticket))
		return bytes_of(NULL, 0);
	return key_at(key_out, &ticket->holder, &spot);
}

int queue_move(
    struct kv_txn *txn, const struct ticket *before, const struct ticket *after)
{
	uint8_t old_bytes[QUEUE_KEY_MAX], new_bytes[QUEUE_KEY_MAX];
	struct bytes old = queue_key(old_bytes, before);
	struct bytes new = queue_key(new_bytes, after);
	int rc = 0;

	if (bytes_equal(old, new))
		return 0;
	if (old.len)
		rc = kv_del(txn, KV_QUEUE, old);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	return new.len ? kv_put(txn, KV_QUEUE, new, bytes_of(NULL, 0)) : 0;
}

int queue_walk(struct kv_txn *txn, const struct unit_code *holder,
    const struct queue_spot *after,
    int (*visit)(void *context, const struct queue_spot *spot), void *context)
{
	uint8_t wanted[QUEUE_KEY_MAX + 1];
	struct kv_cursor *cursor = NULL;
	size_t prefix = put_unit(wanted, holder);
	struct bytes key = bytes_of(wanted, prefix), value;
	int rc = kv_cursor_open(&cursor, txn, KV_QUEUE);

	if (rc)
		return rc;
	if (after) {
		key = key_at(wanted, holder, after);
		wanted[key.len++] = 0; /* behind it, and before the next */
	}
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		struct queue_spot spot;
		if (key.len != prefix + QUEUE_SPOT_BYTES ||
		    memcmp(key.data, wanted, prefix) != 0)
			break;
		spot = queue_spot_unpack(key.data + prefix);
		rc = visit(context, &spot);
		if (rc)
			break;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int queue_unit(struct unit_code *unit_out, struct kv_txn *txn,
    const struct unit_code *from, bool is_after)
{
	uint8_t wanted[QUEUE_KEY_MAX];
	struct kv_cursor *cursor = NULL;
	size_t len = put_unit(wanted, from);
	struct bytes key = bytes_of(wanted, len), value;
	int rc = kv_cursor_open(&cursor, txn, KV_QUEUE);

	if (rc)
		return rc;
	if (is_after)
		wanted[len - 1] = 1; /* behind its NUL; no code has that */
	rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	if (!rc && (memchr(key.data, 0, key.len) == NULL ||
		       code_set(unit_out, (const char *)key.data)))
		rc = ERR_CORRUPT;
	kv_cursor_close(&cursor);
	return rc;
}
