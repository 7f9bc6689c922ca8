#include "store/tickets.h"

#include <stddef.h>
#include <string.h>
#include "store/queue.h"

/* An index key: some codes, each closed by a NUL, then the id. */
struct index_key {
	uint8_t bytes[TICKETS_INDEX_KEY_MAX];
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

struct bytes tickets_index_key(uint8_t key_out[TICKETS_INDEX_KEY_MAX],
    enum kv_table index, const struct ticket *ticket)
{
	struct index_key key;

	panic_if(index != KV_HELD && index != KV_STATES && index != KV_PLACES &&
		 index != KV_QUEUE);
	if (index == KV_QUEUE)
		return queue_key(key_out, ticket);
	if (index == KV_HELD)
		held_key(&key, ticket);
	else if (index == KV_STATES)
		state_key(&key, ticket);
	else
		place_key(&key, ticket);
	memcpy(key_out, key.bytes, key.len);
	return bytes_of(key_out, key.len);
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

static struct bytes duplicate_key(
    struct index_key *key, const struct ticket *ticket)
{
	key->len = 0;
	key_id(key, &ticket->parent);
	key_id(key, &ticket->id);
	return key_of(key);
}

/* Only merged tickets have an entry. */
static int index_duplicate(
    struct kv_txn *txn, const struct ticket *before, const struct ticket *after)
{
	struct index_key key;
	bool was = before->seq && before->state == STATE_MERGED;
	bool is = after->state == STATE_MERGED;
	int rc = 0;

	if (was && (!is || !id_equal(&before->parent, &after->parent)))
		rc = kv_del(txn, KV_DUPLICATES, duplicate_key(&key, before));
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!is || (was && id_equal(&before->parent, &after->parent)))
		return 0;
	return kv_put(
	    txn, KV_DUPLICATES, duplicate_key(&key, after), bytes_of(NULL, 0));
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
	    ticket_out->callouts_over > ticket_out->callout_count ||
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
	if (!rc)
		rc = queue_move(txn, before, after);
	return rc ? rc : index_duplicate(txn, before, after);
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

/* A place in one run of index keys that share a prefix, newest first. */
struct run {
	struct kv_cursor *cursor;
	struct index_key prefix;
	struct id id; /* zero: past the end */
};

static int run_take(struct run *run, int rc, struct bytes key)
{
	size_t len = run->prefix.len;

	memset(&run->id, 0, sizeof(run->id));
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	if (key.len == len + ID_BYTES &&
	    !memcmp(key.data, run->prefix.bytes, len))
		memcpy(run->id.b, key.data + len, ID_BYTES);
	return 0;
}

static int run_open(struct run *run, struct kv_txn *txn, enum kv_table table,
    const struct id *before)
{
	struct index_key from = run->prefix;
	struct bytes key, value;
	struct id end;
	int rc = kv_cursor_open(&run->cursor, txn, table);

	if (rc)
		return rc;
	memset(end.b, 0xff, sizeof(end.b));
	key_id(&from, id_is_zero(before) ? &end : before);
	key = key_of(&from);
	rc = kv_move(&key, &value, run->cursor, KV_BEFORE);
	return run_take(run, rc, key);
}

static int run_next(struct run *run)
{
	struct bytes key = bytes_of(NULL, 0), value;
	int rc = kv_move(&key, &value, run->cursor, KV_PREVIOUS);

	return run_take(run, rc, key);
}

/* The run whose next ticket is the newest; NULL at the end of all. */
static struct run *newest_run(struct run *runs, unsigned count)
{
	struct run *newest = NULL;

	for (unsigned i = 0; i < count; i++)
		if (!id_is_zero(&runs[i].id) &&
		    (!newest ||
			memcmp(runs[i].id.b, newest->id.b, ID_BYTES) > 0))
			newest = &runs[i];
	return newest;
}

/* An entry without its ticket is damage, and not the end of the list. */
static int visit_one(struct kv_txn *txn, const struct id *id,
    int (*visit)(void *, const struct ticket *), void *context)
{
	struct ticket ticket;
	int rc = tickets_get(&ticket, txn, id);

	if (rc)
		return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
	return visit(context, &ticket);
}

/* Several runs as one list, newest first. */
static int walk_runs(struct kv_txn *txn, enum kv_table table, struct run *runs,
    unsigned count, const struct id *before,
    int (*visit)(void *, const struct ticket *), void *context)
{
	struct run *run;
	int rc = 0;

	for (unsigned i = 0; !rc && i < count; i++)
		rc = run_open(&runs[i], txn, table, before);
	while (!rc && (run = newest_run(runs, count))) {
		rc = visit_one(txn, &run->id, visit, context);
		if (!rc)
			rc = run_next(run);
	}
	for (unsigned i = 0; i < count; i++)
		kv_cursor_close(&runs[i].cursor);
	return rc;
}

/* Every ticket from `from` on, that way. */
static int walk_all(struct kv_txn *txn, const struct id *from,
    enum kv_move first, enum kv_move then,
    int (*visit)(void *, const struct ticket *), void *context)
{
	struct kv_cursor *cursor = NULL;
	struct ticket ticket;
	struct bytes key = bytes_of(from->b, ID_BYTES), value;
	int rc = kv_cursor_open(&cursor, txn, KV_TICKETS);

	if (rc)
		return rc;
	for (rc = kv_move(&key, &value, cursor, first); !rc;
	     rc = kv_move(&key, &value, cursor, then)) {
		rc = unpack_record(&ticket, value);
		if (!rc)
			rc = visit(context, &ticket);
		if (rc)
			goto out;
	}
	if (rc == ERR_NOT_FOUND)
		rc = 0;
out:
	kv_cursor_close(&cursor);
	return rc;
}

static int walk_back(struct kv_txn *txn, const struct id *before,
    int (*visit)(void *, const struct ticket *), void *context)
{
	struct id from = *before;

	if (id_is_zero(before))
		memset(from.b, 0xff, sizeof(from.b));
	return walk_all(txn, &from, KV_BEFORE, KV_PREVIOUS, visit, context);
}

int tickets_walk(struct kv_txn *txn, const struct tickets_query *query,
    int (*visit)(void *context, const struct ticket *ticket), void *context)
{
	struct run runs[STATE_COUNT] = { 0 };
	enum kv_table table = query->holder ? KV_HELD : KV_STATES;
	unsigned count = 0;

	if (query->item) {
		key_text(&runs[0].prefix, query->item);
		key_text(&runs[0].prefix, query->place->s);
		return walk_runs(
		    txn, KV_PLACES, runs, 1, &query->before, visit, context);
	}
	if (!query->holder && query->state == STATE_NONE)
		return walk_back(txn, &query->before, visit, context);
	for (unsigned state = STATE_OPEN; state < STATE_COUNT; state++) {
		struct index_key *prefix = &runs[count].prefix;
		if (query->state != STATE_NONE && state != query->state)
			continue;
		if (query->holder)
			key_text(prefix, query->holder->s);
		key_byte(prefix, (uint8_t)state);
		count++;
	}
	return walk_runs(
	    txn, table, runs, count, &query->before, visit, context);
}

int tickets_each(struct kv_txn *txn, const struct id *from,
    int (*visit)(void *context, const struct ticket *ticket), void *context)
{
	return walk_all(txn, from, KV_AT_OR_AFTER, KV_NEXT, visit, context);
}

uint64_t tickets_count(struct kv_txn *txn)
{
	return kv_count(txn, KV_TICKETS);
}

int tickets_duplicates(struct duplicate *list_out, struct kv_txn *txn,
    const struct duplicate *after, int max)
{
	struct kv_cursor *cursor = NULL;
	struct index_key from = { .len = 0 };
	struct bytes key, value;
	int count = 0;
	int rc = kv_cursor_open(&cursor, txn, KV_DUPLICATES);

	if (rc)
		return rc;
	key_id(&from, &after->master);
	key_id(&from, &after->ticket);
	key_byte(&from, 0); /* behind it, and before the next */
	key = key_of(&from);
	for (rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER);
	     !rc && count < max; rc = kv_move(&key, &value, cursor, KV_NEXT)) {
		if (key.len != 2 * ID_BYTES) {
			rc = ERR_CORRUPT;
			break;
		}
		memcpy(list_out[count].master.b, key.data, ID_BYTES);
		memcpy(list_out[count].ticket.b, key.data + ID_BYTES, ID_BYTES);
		count++;
	}
	kv_cursor_close(&cursor);
	return rc && rc != ERR_NOT_FOUND ? rc : count;
}

bool tickets_is_followed(struct kv_txn *txn, const struct id *master)
{
	struct duplicate after = { .master = *master }, first;

	return tickets_duplicates(&first, txn, &after, 1) > 0 &&
	       id_equal(&first.master, master);
}
