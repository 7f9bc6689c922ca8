#include "store/tickets.h"

#include <stddef.h>
#include <string.h>

/* An index key: some codes, each closed by a NUL, then the id. */
struct index_key {
	uint8_t bytes[2 * UNIT_CODE_MAX + ITEM_CODE_MAX + ID_BYTES];
	size_t len;
};

static void key_text(struct index_key *key, const char *text)
{
	size_t len = strlen(text) + 1;

	memcpy(key->bytes + key->len, text, len);
	key->len += len;
}

static void key_byte(struct index_key *key, uint8_t byte)
{
	key->bytes[key->len++] = byte;
}

static void key_id(struct index_key *key, const struct id *id)
{
	memcpy(key->bytes + key->len, id->b, ID_BYTES);
	key->len += ID_BYTES;
}

static struct bytes key_of(const struct index_key *key)
{
	return bytes_of(key->bytes, key->len);
}

static void held_key(struct index_key *key, const struct ticket *ticket)
{
	key->len = 0;
	key_text(key, ticket->holder.s);
	key_byte(key, ticket->state);
	key_id(key, &ticket->id);
}

static void state_key(struct index_key *key, const struct ticket *ticket)
{
	key->len = 0;
	key_byte(key, ticket->state);
	key_id(key, &ticket->id);
}

static void place_key(struct index_key *key, const struct ticket *ticket)
{
	key->len = 0;
	key_text(key, ticket->item);
	key_text(key, ticket->place.s);
	key_id(key, &ticket->id);
}

/* Replace one index entry when it has changed. */
static int index_move(struct kv_txn *txn, enum kv_table table,
    void (*make)(struct index_key *, const struct ticket *),
    const struct ticket *before, const struct ticket *after)
{
	struct index_key old, new;
	int rc = 0;

	make(&new, after);
	if (before->seq) {
		make(&old, before);
		if (bytes_equal(key_of(&old), key_of(&new)))
			return 0;
		rc = kv_del(txn, table, key_of(&old));
		if (rc && rc != ERR_NOT_FOUND)
			return rc;
	}
	return kv_put(txn, table, key_of(&new), bytes_of(NULL, 0));
}

/*
 * A record is the struct without what is unused of its two lists: the head,
 * the callouts, the stays.
 */
enum { RECORD_HEAD = offsetof(struct ticket, callouts) };

static size_t pack_record(
    uint8_t record[sizeof(struct ticket)], const struct ticket *ticket)
{
	size_t callouts = ticket->callout_count * sizeof(struct callout);
	size_t stays = ticket->stay_count * sizeof(struct stay);

	memcpy(record, ticket, RECORD_HEAD);
	memcpy(record + RECORD_HEAD, ticket->callouts, callouts);
	memcpy(record + RECORD_HEAD + callouts, ticket->stays, stays);
	return RECORD_HEAD + callouts + stays;
}

static int unpack_record(struct ticket *ticket_out, struct bytes record)
{
	if (record.len < RECORD_HEAD)
		return ERR_CORRUPT;
	memcpy(ticket_out, record.data, RECORD_HEAD);
	if (ticket_out->callout_count > TICKET_CALLOUTS_MAX ||
	    ticket_out->stay_count > TICKET_UNITS_MAX)
		return ERR_CORRUPT;
	size_t callouts = ticket_out->callout_count * sizeof(struct callout);
	size_t stays = ticket_out->stay_count * sizeof(struct stay);
	if (record.len != RECORD_HEAD + callouts + stays)
		return ERR_CORRUPT;
	memset((uint8_t *)ticket_out + RECORD_HEAD, 0,
	    sizeof(*ticket_out) - RECORD_HEAD);
	memcpy(ticket_out->callouts, record.data + RECORD_HEAD, callouts);
	memcpy(ticket_out->stays, record.data + RECORD_HEAD + callouts, stays);
	return 0;
}

int tickets_put(
    struct kv_txn *txn, const struct ticket *before, const struct ticket *after)
{
	uint8_t record[sizeof(struct ticket)];
	int rc = kv_put(txn, KV_TICKETS, bytes_of(after->id.b, ID_BYTES),
	    bytes_of(record, pack_record(record, after)));

	if (!rc)
		rc = index_move(txn, KV_HELD, held_key, before, after);
	if (!rc)
		rc = index_move(txn, KV_STATES, state_key, before, after);
	if (!rc)
		rc = index_move(txn, KV_PLACES, place_key, before, after);
	return rc;
}

int tickets_get(
    struct ticket *ticket_out, struct kv_txn *txn, const struct id *id)
{
	struct bytes value;
	int rc = kv_get(&value, txn, KV_TICKETS, bytes_of(id->b, ID_BYTES));

	if (rc) {
		memset(ticket_out, 0, sizeof(*ticket_out));
		return rc;
	}
	return unpack_record(ticket_out, value);
}

/* Newest first through all keys that start with `prefix`. */
static int walk_prefix(struct kv_txn *txn, enum kv_table table,
    const struct index_key *prefix, const struct id *before,
    int (*visit)(void *, const struct ticket *), void *context)
{
	struct kv_cursor *cursor = NULL;
	struct index_key from = *prefix;
	struct ticket ticket;
	struct bytes key, value;
	struct id end;
	int rc = kv_cursor_open(&cursor, txn, table);

	if (rc)
		return rc;
	memset(end.b, 0xff, sizeof(end.b));
	key_id(&from, id_is_zero(before) ? &end : before);
	key = key_of(&from);
	for (rc = kv_move(&key, &value, cursor, KV_BEFORE); !rc;
	     rc = kv_move(&key, &value, cursor, KV_PREVIOUS)) {
		struct id id;
		if (key.len != prefix->len + ID_BYTES ||
		    memcmp(key.data, prefix->bytes, prefix->len))
			break;
		memcpy(id.b, key.data + prefix->len, ID_BYTES);
		rc = tickets_get(&ticket, txn, &id);
		if (!rc)
			rc = visit(context, &ticket);
		if (rc)
			break;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int walk_all(struct kv_txn *txn, const struct id *before,
    int (*visit)(void *, const struct ticket *), void *context)
{
	struct kv_cursor *cursor = NULL;
	struct ticket ticket;
	struct bytes key, value;
	struct id from;
	int rc = kv_cursor_open(&cursor, txn, KV_TICKETS);

	if (rc)
		return rc;
	memset(from.b, 0xff, sizeof(from.b));
	if (!id_is_zero(before))
		from = *before;
	key = bytes_of(from.b, ID_BYTES);
	for (rc = kv_move(&key, &value, cursor, KV_BEFORE); !rc;
	     rc = kv_move(&key, &value, cursor, KV_PREVIOUS)) {
		rc = unpack_record(&ticket, value);
		if (!rc)
			rc = visit(context, &ticket);
		if (rc)
			break;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int tickets_walk(struct kv_txn *txn, const struct tickets_query *query,
    int (*visit)(void *context, const struct ticket *ticket), void *context)
{
	struct index_key prefix = { .len = 0 };
	int rc = 0;

	if (!query->holder && query->state == STATE_NONE)
		return walk_all(txn, &query->before, visit, context);
	if (!query->holder) {
		key_byte(&prefix, (uint8_t)query->state);
		return walk_prefix(
		    txn, KV_STATES, &prefix, &query->before, visit, context);
	}
	for (unsigned state = STATE_OPEN; state < STATE_COUNT; state++) {
		if (query->state != STATE_NONE && state != query->state)
			continue;
		prefix.len = 0;
		key_text(&prefix, query->holder->s);
		key_byte(&prefix, (uint8_t)state);
		rc = walk_prefix(
		    txn, KV_HELD, &prefix, &query->before, visit, context);
		if (rc)
			break;
	}
	return rc;
}

int tickets_each(struct kv_txn *txn, const struct id *from,
    int (*visit)(void *context, const struct ticket *ticket), void *context)
{
	struct kv_cursor *cursor = NULL;
	struct ticket ticket;
	struct bytes key = bytes_of(from->b, ID_BYTES), value;
	int rc = kv_cursor_open(&cursor, txn, KV_TICKETS);

	if (rc)
		return rc;
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		rc = unpack_record(&ticket, value);
		if (!rc)
			rc = visit(context, &ticket);
		if (rc)
			break;
	}
	kv_cursor_close(&cursor);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

uint64_t tickets_count(struct kv_txn *txn)
{
	return kv_count(txn, KV_TICKETS);
}
