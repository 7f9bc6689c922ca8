/*
 * Every ticket's log, read from its first event to its last: what it makes
 * of the ticket, and what else follows from it.
 */
#include <stddef.h>
#include <string.h>
#include "audit/inside.h"
#include "store/attached.h"
#include "store/events.h"
#include "store/intake.h"
#include "wire/wire.h"

/* The bytes between the two halves are the compiler's. */
static bool is_same(const struct ticket *a, const struct ticket *b)
{
	size_t first = offsetof(struct ticket, parent) + sizeof(a->parent);
	size_t second = offsetof(struct ticket, opened_ms);

	return !memcmp(a, b, first) &&
	       !memcmp((const uint8_t *)a + second, (const uint8_t *)b + second,
		   sizeof(*a) - second);
}

static int check_intake(
    struct audit *audit, const struct id *ticket, const struct event *opening)
{
	struct id found;
	int rc;

	if (!opening->what.external_id[0])
		return 0;
	rc = intake_get(
	    &found, audit->txn, opening->unit.s, opening->what.external_id);
	if (!rc && id_equal(&found, ticket))
		return 0;
	return audit_found_ticket(audit, AUDIT_NO_INTAKE, KV_INTAKE, ticket, 0);
}

/* Somebody knows where the files are that it names. */
static int check_named(struct audit *audit, const struct event *event)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < event->what.attachment_count; i++)
		if (attached_is_named(audit->txn,
			&event->what.attachments[i].hash,
			&event->ticket) == ERR_NOT_FOUND)
			rc = audit_found_ticket(audit, AUDIT_NO_FILE, KV_NAMED,
			    &event->ticket, event->seq);
	return rc;
}

/*
 * One event onto the ticket as it is so far. 1: what comes after cannot be
 * judged.
 */
static int check_event(struct audit *audit, struct ticket *so_far, uint32_t seq)
{
	struct ticket before = *so_far;
	struct event event;
	struct bytes bytes;
	struct hash hash;
	enum audit_fault fault = AUDIT_NO_EVENT;
	int rc = events_get(&bytes, audit->txn, &so_far->id, seq);

	if (rc == ERR_CORRUPT)
		return 1; /* the tables' pass has said so */
	if (!rc) {
		arena_reset(audit->arena);
		fault = AUDIT_BAD_EVENT;
		rc = wire_event_unpack(&event, NULL, audit->arena, bytes);
	}
	if (!rc) {
		fault = AUDIT_BROKEN_LOG;
		hash_of(&hash, bytes);
		rc = id_equal(&event.ticket, &so_far->id)
			 ? ticket_fold(so_far, &event, &hash)
			 : ERR_INVALID;
	}
	if (rc) {
		rc = audit_found_ticket(
		    audit, fault, KV_EVENTS, &so_far->id, seq);
		return rc ? rc : 1;
	}
	audit->result->events++;
	rc = check_named(audit, &event);
	if (rc)
		return rc;
	rc = recount_event(audit->recount, &before, so_far, &event);
	return rc || seq > 1 ? rc : check_intake(audit, &so_far->id, &event);
}

static int check_log(struct audit *audit, const struct ticket *stored)
{
	struct ticket folded;
	int rc = 0;

	memset(&folded, 0, sizeof(folded));
	folded.id = stored->id;
	for (uint32_t seq = 1; !rc && seq <= stored->seq; seq++)
		rc = check_event(audit, &folded, seq);
	if (rc)
		return rc == 1 ? 0 : rc;
	if (is_same(&folded, stored))
		return 0;
	return audit_found_ticket(
	    audit, AUDIT_FOLD, KV_TICKETS, &stored->id, 0);
}

/* ---- whistles and their callouts ---- */

static bool names(const struct ticket *parent, const struct id *callout)
{
	for (unsigned i = 0; i < parent->callout_count; i++)
		if (id_equal(&parent->callouts[i].ticket, callout))
			return true;
	return false;
}

/* Of what a unit of ours has not written a liar may have told a part. */
static int found_callout(struct audit *audit, const struct unit_code *whistler,
    const struct id *callout)
{
	const struct audit_config *config = audit->config;
	bool is_told =
	    config->is_ours && !config->is_ours(config->context, whistler);

	return audit_found_ticket(audit,
	    is_told ? AUDIT_CALLOUT_TOLD : AUDIT_CALLOUT, KV_TICKETS, callout,
	    0);
}

/* A parent that is not here is none of this store's; of one that was fenced
 * the whistle may be stranded, here or still elsewhere. */
static int check_parent(struct audit *audit, const struct ticket *ticket)
{
	struct ticket parent;

	if (ticket->kind != KIND_CALLOUT ||
	    tickets_get(&parent, audit->txn, &ticket->parent) ||
	    parent.term > 1 || names(&parent, &ticket->id))
		return 0;
	return found_callout(audit, &ticket->origin, &ticket->id);
}

/* Who whistled has opened the callouts in the same transaction; to others
 * they come when they come. */
static int check_callouts(struct audit *audit, const struct ticket *ticket)
{
	const struct audit_config *config = audit->config;
	bool is_ours = config->is_ours &&
		       config->is_ours(config->context, &ticket->holder);
	struct ticket callout;
	int rc = 0;

	for (unsigned i = 0; !rc && i < ticket->callout_count; i++) {
		const struct id *id = &ticket->callouts[i].ticket;
		int got = tickets_get(&callout, audit->txn, id);

		if (got == ERR_CORRUPT ||
		    (!got && id_equal(&callout.parent, &ticket->id)) ||
		    (got && !(is_ours && ticket->state == STATE_WAITING &&
				i >= ticket->callouts_over)))
			continue;
		rc = found_callout(audit, &ticket->holder, id);
	}
	return rc;
}

static int check_ticket(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct ticket ticket;
	struct id id;
	int rc;

	(void)value;
	audit->result->tickets++;
	if (key.len != ID_BYTES)
		return audit_found_key(audit, AUDIT_SHAPE, KV_TICKETS, key);
	memcpy(id.b, key.data, ID_BYTES);
	if (tickets_get(&ticket, audit->txn, &id) || !id_equal(&ticket.id, &id))
		return audit_found_ticket(
		    audit, AUDIT_SHAPE, KV_TICKETS, &id, 0);
	rc = check_log(audit, &ticket);
	if (!rc)
		rc = check_parent(audit, &ticket);
	return rc ? rc : check_callouts(audit, &ticket);
}

/* ---- events that no ticket reaches ---- */

static int check_reached(
    struct audit *audit, struct bytes key, struct bytes value)
{
	struct ticket ticket;
	struct id id;
	uint32_t seq;
	int rc;

	(void)value;
	if (key.len != ID_BYTES + 4)
		return audit_found_key(audit, AUDIT_SHAPE, KV_EVENTS, key);
	memcpy(id.b, key.data, ID_BYTES);
	seq = store_read_be32(key.data + ID_BYTES);
	rc = tickets_get(&ticket, audit->txn, &id);
	if (rc == ERR_CORRUPT || (!rc && seq >= 1 && seq <= ticket.seq))
		return 0;
	return audit_found_ticket(
	    audit, AUDIT_STRAY_EVENT, KV_EVENTS, &id, seq);
}

int audit_logs(struct audit *audit)
{
	int rc = audit_each(audit, KV_TICKETS, check_ticket);

	return rc ? rc : audit_each(audit, KV_EVENTS, check_reached);
}
