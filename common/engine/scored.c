/*
 * What is behind a unit's numbers: the events that were counted, from the
 * lists that are kept as they are applied, and the tickets that do not count
 * yet. Whoever asks is told of those tickets that it may see, and how many
 * others there are. Every answer is bounded.
 */
#include "engine/inside.h"

#include <string.h>

enum {
	SCORED_DEFAULT = 50,
	SCORED_LOOKED_MAX = 5000, /* events, for one page */
	UNACCEPTED_MAX = 20000,	  /* counted at most */
};

struct scored {
	struct turn *turn;
	const struct actor *actor;
	const struct wire_request *request;
	struct wire_ticket_row *tickets;
	struct wire_scored *events;
	size_t count, limit, looked;
	uint32_t hidden;
	struct buf last; /* cursor */
	bool is_cut;
};

/* ERR_FULL: the page is. */
static int look(struct scored *scored)
{
	if (scored->count == scored->limit ||
	    scored->looked == SCORED_LOOKED_MAX) {
		scored->is_cut = true;
		return ERR_FULL;
	}
	scored->looked++;
	scored->turn->looked++;
	return 0;
}

static int pass(struct scored *scored, struct bytes cursor)
{
	buf_clear(&scored->last);
	return buf_add(&scored->last, cursor.data, cursor.len);
}

/* Adds a ticket to the page, or to those that are not shown. */
static int add_ticket(struct scored *scored, const struct ticket *ticket,
    const struct wire_scored *event)
{
	int rc;

	if (!may_see(scored->turn, scored->actor, ticket)) {
		scored->hidden++;
		return 0;
	}
	rc = fill_row(&scored->tickets[scored->count], scored->turn, ticket);
	if (!rc)
		scored->events[scored->count++] = *event;
	return rc;
}

/* ---- events that were counted ---- */

static bool is_open_wanted(const struct wire_request *request)
{
	return request->score.events.open[0] != '\0';
}

/* An event that settled it, until somebody verifies: of several rounds only
 * the last. */
static bool awaits_rating(
    const struct ticket *ticket, const struct counted_row *row, int64_t time_ms)
{
	return ticket->state == STATE_RESOLVED &&
	       !strcmp(ticket->resolver.s, row->key.unit) &&
	       ticket->resolved_ms == time_ms;
}

static bool is_counted(
    const struct scored *scored, const struct counted_row *row)
{
	const struct wire_score_query *query = &scored->request->score;
	uint64_t counts = row->event.counts;
	uint64_t any = is_open_wanted(scored->request)
			   ? SCORE_BIT(SOLVED) | SCORE_BIT(EXPLAINED)
			   : query->events.any;

	return (counts & any) && !(counts & query->events.none) &&
	       (code_is_empty(&query->events.other) ||
		   !strcmp(query->events.other.s, row->key.other));
}

static int add_event(struct scored *scored, const struct counted_row *row)
{
	struct arena *arena = scored->turn->engine->arena;
	struct wire_scored scored_event = {
		.seq = row->event.seq,
		.counts = row->event.counts,
		.item = arena_text(arena, row->key.item, strlen(row->key.item)),
		.period =
		    arena_text(arena, row->key.period, strlen(row->key.period)),
	};
	struct event event;
	struct ticket ticket;
	int rc = scored_event.item && scored_event.period ? 0 : ERR_NOMEM;

	if (!rc && row->key.other[0])
		rc = code_set(&scored_event.other, row->key.other);
	if (!rc)
		rc =
		    tickets_get(&ticket, scored->turn->txn, &row->event.ticket);
	if (!rc)
		rc = event_load(
		    &event, scored->turn, &row->event.ticket, row->event.seq);
	if (rc)
		return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
	scored_event.time_ms = event.time_ms;
	if (is_open_wanted(scored->request) &&
	    !awaits_rating(&ticket, row, event.time_ms))
		return 0;
	return add_ticket(scored, &ticket, &scored_event);
}

static int scored_one(void *context, const struct counted_row *row)
{
	struct scored *scored = context;
	int rc = look(scored);

	if (!rc && is_counted(scored, row) &&
	    score_has_item(
		scored->turn->engine, scored->request, row->key.item))
		rc = add_event(scored, row);
	return rc ? rc : pass(scored, row->cursor);
}

/* What is open is open, whatever the month. */
static int walk_events(
    struct scored *scored, const struct wire_request *request)
{
	bool is_open = is_open_wanted(request);
	struct counters_range range = {
		.unit = request->score.unit.s,
		.is_exact = true,
		.from = "",
		.to = "",
		.after = request->score.cursor,
	};

	if (!is_open)
		score_months(&range.from, &range.to, request);
	return counted_walk(scored->turn->txn, &range, scored_one, scored);
}

/* ---- what has not been accepted ---- */

struct unaccepted {
	struct scored *scored; /* NULL: count only */
	const struct engine *engine;
	const struct wire_request *request;
	uint64_t count, looked;
};

static int unaccepted_one(void *context, const struct ticket *ticket)
{
	struct unaccepted *unaccepted = context;
	struct scored *scored = unaccepted->scored;
	struct wire_scored event = { .seq = ticket->seq,
		.time_ms = ticket->custody_ms,
		.item = "",
		.period = "" };
	int rc = scored ? look(scored) : 0;

	if (unaccepted->looked++ == UNACCEPTED_MAX)
		rc = ERR_FULL;
	if (!rc && ticket->accept_by_ms && !ticket->accepted_ms &&
	    !(ticket->flags & TICKET_LATE_ACCEPT) &&
	    score_has_item(
		unaccepted->engine, unaccepted->request, ticket->item)) {
		unaccepted->count++;
		event.other = ticket->sender;
		rc = scored ? add_ticket(scored, ticket, &event) : 0;
	}
	if (rc || !scored)
		return rc;
	return pass(scored, bytes_of(ticket->id.b, ID_BYTES));
}

/* Those that the unit holds and has not touched, newest first. */
static int walk_unaccepted(struct unaccepted *unaccepted, struct turn *turn)
{
	const struct wire_score_query *query = &unaccepted->request->score;
	struct tickets_query tickets = { .holder = &query->unit,
		.state = STATE_OPEN };

	if (query->cursor.len == ID_BYTES)
		memcpy(tickets.before.b, query->cursor.data, ID_BYTES);
	return tickets_walk(turn->txn, &tickets, unaccepted_one, unaccepted);
}

int count_unaccepted(
    uint64_t *count_out, struct turn *turn, const struct wire_request *request)
{
	struct unaccepted unaccepted = { .engine = turn->engine,
		.request = request };
	int rc = walk_unaccepted(&unaccepted, turn);

	*count_out = unaccepted.count;
	return rc == ERR_FULL ? 0 : rc;
}

/* ---- the answer ---- */

static int answer(struct scored *scored, const struct net_route *route)
{
	struct wire_reply reply = {
		.id = scored->request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_SCORE,
		.score = { .tickets = scored->tickets,
		    .events = scored->events,
		    .ticket_count = scored->count,
		    .hidden = scored->hidden },
	};

	if (scored->is_cut)
		reply.score.cursor =
		    bytes_of(scored->last.data, scored->last.len);
	return say(scored->turn, route, &reply);
}

int scored_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	uint32_t limit = request->score.events.limit;
	struct scored scored = {
		.turn = turn,
		.actor = actor,
		.request = request,
		.limit = limit ? limit : SCORED_DEFAULT,
	};
	struct unaccepted unaccepted = {
		.scored = &scored, .engine = turn->engine, .request = request
	};
	int rc;

	scored.tickets =
	    turn_alloc(turn, scored.limit * sizeof(*scored.tickets));
	scored.events = turn_alloc(turn, scored.limit * sizeof(*scored.events));
	if (!scored.tickets || !scored.events)
		return ERR_NOMEM;
	if (!strcmp(request->score.events.open, "accept"))
		rc = walk_unaccepted(&unaccepted, turn);
	else
		rc = walk_events(&scored, request);
	/* the page is full; or nobody gave out such a cursor */
	if (rc == ERR_FULL || rc == ERR_INVALID)
		rc = 0;
	if (!rc)
		rc = answer(&scored, route);
	buf_free(&scored.last);
	return rc;
}
