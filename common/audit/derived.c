/*
 * What is stored beside the logs so that nobody need read them: indexes,
 * numbers of sources, timers, and the sealed contacts.
 */
#include <string.h>
#include "audit/inside.h"
#include "store/events.h"
#include "store/timed.h"
#include "wire/wire.h"

enum { TIMER_KEY = 8 + ID_BYTES };

static const enum kv_table indexes[] = { KV_HELD, KV_STATES, KV_PLACES,
	KV_QUEUE };
enum { INDEXES = sizeof(indexes) / sizeof(indexes[0]) };

static int check_indexed(
    struct audit *audit, struct bytes key, struct bytes value)
{
	uint8_t wanted[TICKETS_INDEX_KEY_MAX];
	struct ticket ticket;
	struct id id;
	int rc = 0;

	(void)value;
	memcpy(id.b, key.data, key.len == ID_BYTES ? ID_BYTES : 0);
	if (key.len != ID_BYTES || tickets_get(&ticket, audit->txn, &id))
		return 0;
	for (int i = 0; !rc && i < INDEXES; i++) {
		struct bytes found;
		struct bytes entry =
		    tickets_index_key(wanted, indexes[i], &ticket);

		if (entry.len && kv_get(&found, audit->txn, indexes[i],
				     entry) == ERR_NOT_FOUND)
			rc = audit_found_ticket(
			    audit, AUDIT_NO_INDEX, indexes[i], &id, 0);
	}
	return rc;
}

/* The ticket at an index key's end. ERR_CORRUPT: it is damaged, which has
 * been said; ERR_NOT_FOUND. */
static int ticket_of(
    struct ticket *ticket_out, struct audit *audit, struct bytes key)
{
	struct id id;

	if (key.len <= ID_BYTES)
		return ERR_NOT_FOUND;
	memcpy(id.b, key.data + key.len - ID_BYTES, ID_BYTES);
	return tickets_get(ticket_out, audit->txn, &id);
}

static int check_entry(
    struct audit *audit, enum kv_table table, struct bytes key)
{
	uint8_t wanted[TICKETS_INDEX_KEY_MAX];
	struct ticket ticket;
	int rc = ticket_of(&ticket, audit, key);

	if (rc == ERR_CORRUPT ||
	    (!rc &&
		bytes_equal(tickets_index_key(wanted, table, &ticket), key)))
		return 0;
	return audit_found_key(audit, AUDIT_STRAY_INDEX, table, key);
}

static int check_held(struct audit *audit, struct bytes key, struct bytes value)
{
	(void)value;
	return check_entry(audit, KV_HELD, key);
}

static int check_state(
    struct audit *audit, struct bytes key, struct bytes value)
{
	(void)value;
	return check_entry(audit, KV_STATES, key);
}

static int check_place(
    struct audit *audit, struct bytes key, struct bytes value)
{
	(void)value;
	return check_entry(audit, KV_PLACES, key);
}

static int check_queued(
    struct audit *audit, struct bytes key, struct bytes value)
{
	(void)value;
	return check_entry(audit, KV_QUEUE, key);
}

static int load(struct event *event_out, struct audit *audit,
    const struct id *ticket, uint32_t seq)
{
	struct bytes bytes;
	int rc = events_get(&bytes, audit->txn, ticket, seq);

	arena_reset(audit->arena);
	if (!rc)
		rc = wire_event_unpack(event_out, NULL, audit->arena, bytes);
	return rc == ERR_INVALID || rc == ERR_TOO_LARGE ? ERR_CORRUPT : rc;
}

/* The key is "UNIT/NUMBER" of the opening; the number is a person's. */
static bool is_number_of(const struct event *opening, struct bytes key)
{
	size_t unit = strlen(opening->unit.s);
	size_t number = strlen(opening->what.external_id);

	return key.len == unit + 1 + number &&
	       !memcmp(key.data, opening->unit.s, unit) &&
	       key.data[unit] == '/' &&
	       !memcmp(key.data + unit + 1, opening->what.external_id, number);
}

static int check_number(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct event opening;
	struct id id;
	int rc;

	if (value.len != ID_BYTES)
		return audit_found(audit, AUDIT_SHAPE, KV_INTAKE, "%s", "");
	memcpy(id.b, value.data, ID_BYTES);
	rc = load(&opening, audit, &id, 1);
	if (rc == ERR_CORRUPT || (!rc && is_number_of(&opening, key)))
		return 0;
	return audit_found_ticket(audit, AUDIT_STRAY_INTAKE, KV_INTAKE, &id, 0);
}

int audit_indexes(struct audit *audit)
{
	int rc = audit_each(audit, KV_TICKETS, check_indexed);

	if (!rc)
		rc = audit_each(audit, KV_HELD, check_held);
	if (!rc)
		rc = audit_each(audit, KV_STATES, check_state);
	if (!rc)
		rc = audit_each(audit, KV_PLACES, check_place);
	if (!rc)
		rc = audit_each(audit, KV_QUEUE, check_queued);
	return rc ? rc : audit_each(audit, KV_INTAKE, check_number);
}

/* ---- timers ---- */

static int64_t due_of(const struct ticket *ticket)
{
	return ticket_next_alarm(ticket).at_ms;
}

static bool is_ours(const struct audit *audit, const struct ticket *ticket)
{
	const struct audit_config *config = audit->config;

	return config->is_ours(config->context, &ticket->holder);
}

static int check_timer(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct ticket ticket;
	int rc;

	(void)value;
	if (key.len != TIMER_KEY)
		return audit_found_key(audit, AUDIT_SHAPE, KV_TIMERS, key);
	rc = ticket_of(&ticket, audit, key);
	if (rc == ERR_CORRUPT)
		return 0;
	if (rc || (int64_t)store_read_be64(key.data) != due_of(&ticket))
		return audit_found_key(
		    audit, AUDIT_WRONG_TIMER, KV_TIMERS, key);
	if (!audit->config->is_ours || is_ours(audit, &ticket))
		return 0;
	return audit_found_ticket(
	    audit, AUDIT_OTHERS_TIMER, KV_TIMERS, &ticket.id, 0);
}

static int check_timed(
    struct audit *audit, struct bytes key, struct bytes value)
{
	uint8_t wanted[TIMER_KEY];
	struct bytes found;
	struct ticket ticket;
	struct id id;

	(void)value;
	memcpy(id.b, key.data, key.len == ID_BYTES ? ID_BYTES : 0);
	if (key.len != ID_BYTES || tickets_get(&ticket, audit->txn, &id))
		return 0;
	int64_t due_ms = due_of(&ticket);
	if (!due_ms || !is_ours(audit, &ticket))
		return 0;
	store_be64(wanted, (uint64_t)due_ms);
	memcpy(wanted + 8, id.b, ID_BYTES);
	if (kv_get(&found, audit->txn, KV_TIMERS,
		bytes_of(wanted, sizeof(wanted))) != ERR_NOT_FOUND)
		return 0;
	return audit_found_ticket(audit,
	    due_ms > audit->config->now_ms ? AUDIT_NO_TIMER : AUDIT_PAST_TIMER,
	    KV_TIMERS, &id, 0);
}

int audit_timers(struct audit *audit)
{
	int rc = audit_each(audit, KV_TIMERS, check_timer);

	if (rc || !audit->config->is_ours)
		return rc;
	return audit_each(audit, KV_TICKETS, check_timed);
}

/* ---- contacts ---- */

/* The first event has the hash of what is sealed. */
static int check_contact(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct event opening;
	struct hash hash;
	struct id id;
	int rc;

	if (key.len != ID_BYTES)
		return audit_found_key(audit, AUDIT_SHAPE, KV_CONTACTS, key);
	memcpy(id.b, key.data, ID_BYTES);
	hash_of(&hash, value);
	rc = load(&opening, audit, &id, 1);
	if (rc == ERR_CORRUPT || (!rc && bytes_equal(opening.what.contact_hash,
					     bytes_of(hash.b, sizeof(hash.b)))))
		return 0;
	return audit_found_ticket(audit, AUDIT_CONTACT, KV_CONTACTS, &id, 0);
}

int audit_contacts(struct audit *audit)
{
	return audit_each(audit, KV_CONTACTS, check_contact);
}
