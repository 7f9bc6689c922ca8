/*
 * What fences have undone: each such event is what its key says, hangs on
 * the log or on another one of its kind, and is not in the log as well. And
 * the take-overs that nobody has answered, the deadlines that a parent
 * watches.
 */
#include <string.h>
#include "audit/inside.h"
#include "store/events.h"
#include "store/stranded.h"
#include "store/overdue.h"
#include "store/timed.h"
#include "wire/wire.h"

enum { STRANDED_KEY = ID_BYTES + 4 + HASH_BYTES };

static int is_in_log(bool *is_out, struct audit *audit,
    const struct ticket *ticket, uint32_t seq, const struct hash *hash)
{
	struct bytes bytes;
	struct hash ours;
	int rc = 0;

	*is_out = false;
	if (seq == 0 || seq > ticket->seq)
		return 0;
	rc = events_get(&bytes, audit->txn, &ticket->id, seq);
	if (rc)
		return ERR_CORRUPT; /* told by the pass over the logs */
	hash_of(&ours, bytes);
	*is_out = hash_equal(&ours, hash);
	return 0;
}

static int prev_of(
    struct hash *prev_out, struct audit *audit, const struct stranded_key *key)
{
	struct event event;
	struct bytes bytes;
	int rc = stranded_get(&bytes, audit->txn, key);

	if (rc)
		return rc;
	arena_reset(audit->arena);
	if (wire_event_unpack(&event, NULL, audit->arena, bytes))
		return ERR_CORRUPT;
	*prev_out = event.prev;
	return 0;
}

int audit_root(uint32_t *root_out, struct audit *audit,
    const struct ticket *ticket, uint32_t seq, const struct hash *hash)
{
	struct stranded_key key = { ticket->id, seq, *hash };
	bool is_ours = false;
	int rc = is_in_log(&is_ours, audit, ticket, seq, hash);

	while (!rc && !is_ours) {
		rc = prev_of(&key.hash, audit, &key);
		if (!rc && --key.seq == 0)
			rc = ERR_NOT_FOUND;
		if (!rc)
			rc = is_in_log(
			    &is_ours, audit, ticket, key.seq, &key.hash);
	}
	*root_out = key.seq;
	return rc;
}

static int note_top(
    void *context, const struct stranded_key *key, struct bytes event)
{
	(void)event;
	*(uint32_t *)context = key->seq;
	return 0;
}

uint32_t audit_top(struct audit *audit, const struct ticket *ticket)
{
	uint32_t top = 0;

	stranded_each(audit->txn, &ticket->id, 1, UINT32_MAX, note_top, &top);
	return top > ticket->seq ? top : ticket->seq;
}

/* 0, ERR_NOT_FOUND: it hangs on nothing; ERR_CORRUPT as audit_root. */
static int hangs_on(struct audit *audit, const struct stranded_key *key)
{
	struct ticket ticket;
	uint32_t root;
	int rc = tickets_get(&ticket, audit->txn, &key->ticket);

	if (!rc)
		rc = audit_root(&root, audit, &ticket, key->seq, &key->hash);
	/* in the log itself it is not stranded */
	return !rc && root == key->seq ? ERR_NOT_FOUND : rc;
}

static bool is_that_event(
    struct audit *audit, const struct stranded_key *key, struct bytes bytes)
{
	struct event event;
	struct hash hash;

	hash_of(&hash, bytes);
	arena_reset(audit->arena);
	return hash_equal(&hash, &key->hash) &&
	       !wire_event_unpack(&event, NULL, audit->arena, bytes) &&
	       event.seq == key->seq && id_equal(&event.ticket, &key->ticket);
}

static int check_one(
    struct audit *audit, struct bytes packed, struct bytes value)
{
	struct stranded_key key;

	if (packed.len != STRANDED_KEY)
		return audit_found_key(audit, AUDIT_SHAPE, KV_STRANDED, packed);
	memcpy(key.ticket.b, packed.data, ID_BYTES);
	key.seq = store_read_be32(packed.data + ID_BYTES);
	memcpy(key.hash.b, packed.data + ID_BYTES + 4, HASH_BYTES);
	if (!is_that_event(audit, &key, value))
		return audit_found_ticket(
		    audit, AUDIT_BAD_EVENT, KV_STRANDED, &key.ticket, key.seq);
	if (hangs_on(audit, &key) != ERR_NOT_FOUND)
		return 0;
	return audit_found_ticket(
	    audit, AUDIT_STRANDED, KV_STRANDED, &key.ticket, key.seq);
}

static int check_silence(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct silence_record record;
	struct id id;

	(void)value;
	if (key.len == ID_BYTES) {
		memcpy(id.b, key.data, ID_BYTES);
		if (!silences_get(&record, audit->txn, &id))
			return 0;
	}
	return audit_found_key(audit, AUDIT_SHAPE, KV_SILENCES, key);
}

static int check_overdue(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct overdue_record record;
	struct id id;

	(void)value;
	if (key.len == ID_BYTES) {
		memcpy(id.b, key.data, ID_BYTES);
		if (!overdue_get(&record, audit->txn, &id))
			return 0;
	}
	return audit_found_key(audit, AUDIT_SHAPE, KV_OVERDUE, key);
}

/* Of a ticket that is there, and at a time that follows from it. */
static int check_watch(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct overdue_record told;
	struct ticket ticket;
	struct id id;

	(void)value;
	if (key.len != 8 + ID_BYTES)
		return audit_found_key(audit, AUDIT_SHAPE, KV_WATCHES, key);
	memcpy(id.b, key.data + 8, ID_BYTES);
	int rc = tickets_get(&ticket, audit->txn, &id);
	if (!rc)
		rc = overdue_get(&told, audit->txn, &id);
	int64_t at_ms = ticket_unsaid_due_ms(NULL, &ticket, told.due_ms);
	if (at_ms)
		at_ms = at_ms < EVENT_TIME_MAX_MS - OVERDUE_GRACE_MS
			    ? at_ms + OVERDUE_GRACE_MS
			    : EVENT_TIME_MAX_MS;
	if (rc == ERR_CORRUPT ||
	    (ticket.seq && at_ms &&
		(int64_t)store_read_be64(key.data) == at_ms))
		return 0;
	return audit_found_key(audit, AUDIT_WRONG_TIMER, KV_WATCHES, key);
}

int audit_stranded(struct audit *audit)
{
	int rc = audit_each(audit, KV_STRANDED, check_one);

	if (!rc)
		rc = audit_each(audit, KV_SILENCES, check_silence);
	if (!rc)
		rc = audit_each(audit, KV_OVERDUE, check_overdue);
	return rc ? rc : audit_each(audit, KV_WATCHES, check_watch);
}
