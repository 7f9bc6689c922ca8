/*
 * Who gets which events: every event goes up to the root, and down to the
 * nodes of units that opened or have held the ticket, never back the way it
 * came. A neighbour that gets a ticket for the first time gets the whole
 * log.
 */
#include "engine/inside.h"

#include <stdlib.h>
#include <string.h>

bool is_shared(struct turn *turn, const struct neighbour *neighbour,
    const struct ticket *ticket)
{
	const struct engine *engine = turn->engine;

	if (neighbour->is_parent)
		return true;
	for (unsigned i = 0; i < ticket->stay_count; i++) {
		const struct unit *unit =
		    org_unit(engine->config.org, &ticket->stays[i].unit);
		if (unit && neighbour_toward(engine, unit) == neighbour)
			return true;
	}
	return stranded_toward(turn, neighbour, &ticket->id);
}

bool is_offered_later(const struct neighbour *to, const struct id *id)
{
	return to->link.record.is_offering &&
	       memcmp(id->b, to->link.record.offer_next.b, ID_BYTES) >= 0;
}

int rows_put(struct turn *turn, struct neighbour *to, const struct id *ticket,
    uint32_t first, uint32_t last)
{
	int rc = 0;

	for (; !rc && first <= last; first += DELIVERY_EVENTS_MAX) {
		struct outbox_row row = {
			.kind = OUTBOX_EVENTS,
			.ticket = *ticket,
			.first = first,
			.last = last - first < DELIVERY_EVENTS_MAX
				    ? last
				    : first + DELIVERY_EVENTS_MAX - 1,
		};
		rc = link_put(&to->link, turn->txn, &row);
	}
	return rc;
}

struct telling {
	struct turn *turn;
	struct neighbour *to;
	uint32_t told; /* the last seq */
	bool is_late;  /* behind the events of this turn */
};

static int tell_stranded(
    void *context, const struct stranded_key *key, struct bytes bytes)
{
	struct telling *telling = context;
	struct outbox_row row = {
		.kind = OUTBOX_EVENTS,
		.ticket = key->ticket,
		.first = key->seq,
		.last = key->seq,
	};

	(void)bytes;
	if (key->seq == telling->told)
		return 0; /* one row has all of that seq */
	telling->told = key->seq;
	return telling->is_late
		   ? late_row(telling->turn, telling->to, &row)
		   : link_put(&telling->to->link, telling->turn->txn, &row);
}

static int tell_all_stranded(struct telling *telling, const struct id *ticket)
{
	if (!stranded_count(telling->turn->txn))
		return 0;
	return stranded_each(
	    telling->turn->txn, ticket, 1, UINT32_MAX, tell_stranded, telling);
}

int rows_put_all(
    struct turn *turn, struct neighbour *to, const struct ticket *ticket)
{
	struct telling telling = { turn, to, 0, false };
	int rc = rows_put(turn, to, &ticket->id, 1, ticket->seq);

	return rc ? rc : tell_all_stranded(&telling, &ticket->id);
}

static int put_span(
    struct turn *turn, const struct draft *draft, const struct span *span)
{
	return rows_put(
	    turn, span->to, &draft->now.id, span->first, span->last);
}

static int add_span(struct turn *turn, struct draft *draft,
    struct neighbour *to, uint32_t first, uint32_t last)
{
	for (unsigned i = 0; i < draft->span_count; i++) {
		struct span *span = &draft->spans[i];
		if (span->to == to && span->last + 1 >= first) {
			if (first < span->first)
				span->first = first;
			span->last = last;
			return 0;
		}
	}
	if (draft->span_count == SPANS_MAX) {
		int rc = put_span(turn, draft, &draft->spans[0]);
		if (rc)
			return rc;
		memmove(draft->spans, draft->spans + 1,
		    (SPANS_MAX - 1) * sizeof(*draft->spans));
		draft->span_count--;
	}
	draft->spans[draft->span_count++] = (struct span){ to, first, last };
	return 0;
}

/* A neighbour that has not known it gets all of it. */
static int meet_ticket(
    struct turn *turn, struct draft *draft, struct neighbour *to)
{
	struct telling telling = { turn, to, 0, true };
	int rc = add_span(turn, draft, to, 1, draft->now.seq);

	return rc ? rc : tell_all_stranded(&telling, &draft->now.id);
}

int replicate(struct turn *turn, struct draft *draft, bool is_custody,
    const struct ticket *before, const struct neighbour *from)
{
	struct engine *engine = turn->engine;
	uint32_t seq = draft->now.seq;
	int rc = 0;

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (to == from || is_offered_later(to, &draft->now.id))
			continue;
		bool knew = seq > 1 && is_shared(turn, to, before);
		if (knew)
			rc = add_span(turn, draft, to, seq, seq);
		else if (is_custody && is_shared(turn, to, &draft->now))
			rc = meet_ticket(turn, draft, to);
	}
	return rc;
}

int replicate_flush(struct turn *turn, struct draft *draft)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < draft->span_count; i++)
		rc = put_span(turn, draft, &draft->spans[i]);
	draft->span_count = 0;
	return rc;
}

int late_row(
    struct turn *turn, struct neighbour *to, const struct outbox_row *row)
{
	if (turn->late_count == turn->late_cap) {
		size_t cap = turn->late_cap ? 2 * turn->late_cap : 64;
		void *late = realloc(turn->late, cap * sizeof(*turn->late));
		if (!late)
			return ERR_NOMEM;
		turn->late = late;
		turn->late_cap = cap;
	}
	struct late_row *late = &turn->late[turn->late_count];
	late->to = to;
	late->row = *row;
	int rc = turn_copy(&late->row.load, turn, row->load);
	if (!rc)
		turn->late_count++;
	return rc;
}

int late_flush(struct turn *turn)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < turn->late_count; i++)
		rc = link_put(
		    &turn->late[i].to->link, turn->txn, &turn->late[i].row);
	turn->late_count = 0;
	return rc;
}

/* ---- a neighbour whose store is new ---- */

struct offer {
	struct turn *turn;
	struct neighbour *to;
	unsigned left;
	struct id last;
};

static int offer_one(void *context, const struct ticket *ticket)
{
	struct offer *offer = context;

	if (offer->left-- == 0)
		return 1;
	offer->last = ticket->id;
	if (!is_shared(offer->turn, offer->to, ticket))
		return 0;
	return rows_put_all(offer->turn, offer->to, ticket);
}

/* The id after this one. */
static void id_after(struct id *id)
{
	for (int i = ID_BYTES - 1; i >= 0 && ++id->b[i] == 0; i--)
		;
}

/*
 * We can say that we have offered everything once nobody but the neighbour
 * itself still owes us something that we would have to pass on.
 */
static bool is_owed_by_others(
    const struct engine *engine, const struct neighbour *but)
{
	for (size_t i = 0; i < engine->neighbour_count; i++)
		if (&engine->neighbours[i] != but &&
		    engine->neighbours[i].link.record.is_owed)
			return true;
	return false;
}

static int offer_done(struct turn *turn, struct neighbour *to)
{
	struct outbox_row row = {
		.kind = OUTBOX_DONE,
		.ticket = to->link.record.peer_store,
	};

	if (is_owed_by_others(turn->engine, to))
		return 0;
	to->link.record.is_offering = 0;
	return link_put(&to->link, turn->txn, &row);
}

static int offer_some(struct turn *turn, struct neighbour *to)
{
	struct offer offer = { turn, to, OFFER_TICKETS, { { 0 } } };
	struct link_record *record = &to->link.record;
	int rc =
	    tickets_each(turn->txn, &record->offer_next, offer_one, &offer);

	if (rc < 0)
		return rc;
	if (!id_is_zero(&offer.last)) {
		record->offer_next = offer.last;
		id_after(&record->offer_next);
		to->link.is_dirty = true;
	}
	return rc == 0 ? offer_done(turn, to) : 0;
}

int offers(struct turn *turn)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (to->link.record.is_offering && to->link.record.is_met &&
		    outbox_length(&to->link.record) < OFFER_QUEUE_MAX)
			rc = offer_some(turn, to);
	}
	return rc;
}
