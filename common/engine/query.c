/*
 * Questions: lists, one ticket whole, scores, the node itself, and what has
 * happened since. Whoever asks sees the tickets of its own unit and of
 * units below it, and no others. Every answer is bounded.
 */
#include "engine/inside.h"

#include <string.h>

enum { LIST_LOOKED_MAX = 20000, LIST_DEFAULT = 50 };

bool may_see(const struct engine *engine, const struct actor *actor,
    const struct ticket *ticket)
{
	if (actor->role == ROLE_ENGINEER || !actor->unit)
		return false;
	if (!actor->unit->parent)
		return true;
	for (unsigned i = 0; i < ticket->stay_count; i++) {
		const struct unit *unit =
		    org_unit(engine->config.org, &ticket->stays[i].unit);
		if (unit && unit_is_within(unit, actor->unit))
			return true;
	}
	return false;
}

/* Titles and numbers are in the first event only. */
static int fill_row(
    struct wire_ticket_row *row, struct turn *turn, const struct ticket *ticket)
{
	struct event opening;
	int rc = event_load(&opening, turn, &ticket->id, 1);

	if (rc)
		return rc;
	row->ticket = *ticket;
	row->title = opening.what.title;
	row->external_id = opening.what.external_id;
	if (!row->title[0]) {
		size_t len = text_cut(opening.what.text, 90);
		row->title =
		    arena_text(turn->engine->arena, opening.what.text, len);
	}
	return row->title ? 0 : ERR_NOMEM;
}

struct listing {
	struct turn *turn;
	const struct actor *actor;
	const struct wire_request *request;
	const struct unit *under;
	unsigned state, kind;
	struct wire_ticket_row *rows;
	size_t count, limit, looked;
	struct id last;
	bool is_cut;
};

static bool is_wanted(
    const struct listing *listing, const struct ticket *ticket)
{
	const struct engine *engine = listing->turn->engine;
	const struct wire_request *request = listing->request;

	if (listing->kind && ticket->kind != listing->kind)
		return false;
	if (listing->state && ticket->state != listing->state)
		return false;
	if (request->list.item[0] &&
	    strcmp(request->list.item, ticket->item) != 0)
		return false;
	if (!code_is_empty(&request->list.place) &&
	    !code_equal(&request->list.place, &ticket->place))
		return false;
	if (listing->under) {
		const struct unit *holder =
		    org_unit(engine->config.org, &ticket->holder);
		if (!holder || !unit_is_within(holder, listing->under))
			return false;
	}
	return may_see(engine, listing->actor, ticket);
}

static int list_one(void *context, const struct ticket *ticket)
{
	struct listing *listing = context;

	if (listing->count == listing->limit ||
	    listing->looked++ == LIST_LOOKED_MAX) {
		listing->is_cut = true;
		return 1;
	}
	listing->last = ticket->id;
	if (!is_wanted(listing, ticket))
		return 0;
	return fill_row(
	    &listing->rows[listing->count++], listing->turn, ticket);
}

static int say_list(struct turn *turn, const struct net_route *route,
    const struct id *request, const struct listing *listing)
{
	struct wire_reply reply = {
		.id = *request,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_LIST,
		.list = { .tickets = listing->rows, .count = listing->count },
	};

	if (listing->is_cut)
		reply.list.cursor = bytes_of(listing->last.b, ID_BYTES);
	return say(turn, route, &reply);
}

static int say_result(struct turn *turn, const struct net_route *route,
    const struct id *request, enum result result, const char *detail)
{
	struct wire_reply reply = {
		.id = *request,
		.result = result,
		.refusal = "",
		.detail = detail,
	};

	return say(turn, route, &reply);
}

/* By the source's own number: at most one. */
static int list_by_number(
    struct listing *listing, const struct net_route *route)
{
	const struct wire_request *request = listing->request;
	struct turn *turn = listing->turn;
	const struct unit *unit = listing->actor->unit;
	struct draft *draft;
	struct id id;
	int rc =
	    intake_get(&id, turn->txn, unit->code.s, request->list.external_id);

	if (!rc)
		rc = draft_get(&draft, turn, &id);
	if (!rc)
		rc = list_one(listing, &draft->now);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	listing->is_cut = false;
	return say_list(turn, route, &request->id, listing);
}

int list_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct listing listing = {
		.turn = turn,
		.actor = actor,
		.request = request,
		.limit =
		    request->list.limit ? request->list.limit : LIST_DEFAULT,
	};
	struct tickets_query query = { .holder = NULL };
	const struct org *org = turn->engine->config.org;

	if (request->list.state[0] &&
	    word_parse(&listing.state, WORD_STATE, request->list.state))
		return say_result(
		    turn, route, &request->id, RESULT_INVALID, "state");
	if (request->list.kind[0] &&
	    word_parse(&listing.kind, WORD_KIND, request->list.kind))
		return say_result(
		    turn, route, &request->id, RESULT_INVALID, "kind");
	if (listing.limit > LIST_PAGE_MAX)
		listing.limit = LIST_PAGE_MAX;
	if (!code_is_empty(&request->list.under)) {
		listing.under = org_unit(org, &request->list.under);
		if (!listing.under)
			return say_result(
			    turn, route, &request->id, RESULT_INVALID, "under");
	}
	listing.rows = turn_alloc(turn, listing.limit * sizeof(*listing.rows));
	if (!listing.rows)
		return ERR_NOMEM;
	if (request->list.external_id[0])
		return list_by_number(&listing, route);
	if (!code_is_empty(&request->list.holder))
		query.holder = &request->list.holder;
	query.state = listing.state;
	if (request->list.cursor.len == ID_BYTES)
		memcpy(query.before.b, request->list.cursor.data, ID_BYTES);
	int rc = tickets_walk(turn->txn, &query, list_one, &listing);
	return rc < 0 ? rc : say_list(turn, route, &request->id, &listing);
}

static int all_events(
    struct wire_reply *reply, struct turn *turn, const struct ticket *ticket)
{
	struct bytes *events = turn_alloc(turn, ticket->seq * sizeof(*events));
	struct bytes stored;

	if (!events)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < ticket->seq; i++) {
		int rc = events_get(&stored, turn->txn, &ticket->id, i + 1);
		if (!rc)
			rc = turn_copy(&events[i], turn, stored);
		if (rc)
			return rc;
	}
	reply->show.events = events;
	reply->show.event_count = ticket->seq;
	return 0;
}

static int all_callouts(
    struct wire_reply *reply, struct turn *turn, const struct ticket *ticket)
{
	struct wire_ticket_row *rows =
	    turn_alloc(turn, (ticket->callout_count + 1u) * sizeof(*rows));
	struct draft *callout;
	size_t count = 0;

	if (!rows)
		return ERR_NOMEM;
	for (unsigned i = 0; i < ticket->callout_count; i++) {
		int rc = draft_get(&callout, turn, &ticket->callouts[i].ticket);
		if (rc == ERR_NOT_FOUND)
			continue;
		if (!rc)
			rc = fill_row(&rows[count++], turn, &callout->now);
		if (rc)
			return rc;
	}
	reply->show.callouts = rows;
	reply->show.callout_count = count;
	return 0;
}

static void suggest(struct wire_suggestion *suggestion, struct turn *turn,
    const struct ticket *ticket)
{
	struct decision decision = autopilot_suggest(turn, ticket);

	suggestion->verb = suggestion->reason = suggestion->item = "";
	if (decision.reason == TRIAGE_NONE)
		return;
	suggestion->verb = word_name(WORD_VERB, decision.verb);
	suggestion->reason = triage_reason_name(decision.reason);
	if (decision.item)
		suggestion->item = decision.item->code;
	if (decision.place)
		suggestion->place = decision.place->code;
	if (decision.to)
		suggestion->to = decision.to->code;
	suggestion->colour = decision.colour;
	for (size_t i = 0; i < decision.callout_count; i++)
		suggestion->departments[i] = decision.callouts[i].department;
	suggestion->department_count = decision.callout_count;
}

/* Units that hold or held the ticket may see its caller, if their node has
 * the key. */
static int show_contact(struct wire_reply *reply, struct turn *turn,
    const struct actor *actor, const struct ticket *ticket)
{
	struct bytes contact;

	if (!ticket_stay(ticket, &actor->unit->code))
		return 0;
	int rc = contact_open(&contact, turn, ticket);
	if (!rc)
		rc = wire_contact_unpack(
		    &reply->show.contact, turn->engine->arena, contact);
	reply->show.has_contact = !rc;
	return rc == ERR_NOT_FOUND || rc == ERR_INVALID ? 0 : rc;
}

int show_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_SHOW,
	};
	struct wire_ticket_row *row = turn_alloc(turn, sizeof(*row));
	struct id id = request->show.ticket;
	struct draft *draft;
	int rc = row ? 0 : ERR_NOMEM;

	if (!rc && id_is_zero(&id))
		rc = intake_get(&id, turn->txn, actor->unit->code.s,
		    request->show.external_id);
	if (!rc)
		rc = draft_get(&draft, turn, &id);
	if (!rc && !may_see(turn->engine, actor, &draft->now))
		rc = ERR_NOT_FOUND;
	if (rc == ERR_NOT_FOUND)
		return say_result(
		    turn, route, &request->id, RESULT_NOT_FOUND, "");
	if (!rc)
		rc = fill_row(row, turn, &draft->now);
	if (!rc)
		rc = all_events(&reply, turn, &draft->now);
	if (!rc)
		rc = all_callouts(&reply, turn, &draft->now);
	if (!rc && request->show.contact)
		rc = show_contact(&reply, turn, actor, &draft->now);
	if (rc)
		return rc;
	reply.show.row = row;
	suggest(&reply.show.suggestion, turn, &draft->now);
	return say(turn, route, &reply);
}

/* ---- what has happened since ---- */

static int follow_entry(struct wire_reply *reply, size_t *count,
    struct wire_followed *events, size_t limit, struct turn *turn,
    const struct actor *actor, const struct journal_entry *entry)
{
	struct draft *draft;
	struct bytes stored;
	int rc = draft_get(&draft, turn, &entry->ticket);

	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc || !may_see(turn->engine, actor, &draft->now))
		return rc;
	if (*count + (entry->last - entry->first) + 1 > limit && *count > 0)
		return 1;
	for (uint32_t seq = entry->first; seq <= entry->last && *count < limit;
	     seq++) {
		rc = events_get(&stored, turn->txn, &entry->ticket, seq);
		if (!rc)
			rc = turn_copy(&events[*count].event, turn, stored);
		if (rc)
			return rc;
		events[(*count)++].number = entry->number;
	}
	reply->follow.count = *count;
	return 0;
}

int follow_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_FOLLOW,
		.follow = { .last = request->follow.after },
	};
	size_t limit = LIST_PAGE_MAX, count = 0, looked = 0;
	struct journal_entry entry;
	int rc = 0;

	if (request->follow.limit && request->follow.limit < limit)
		limit = request->follow.limit;
	/* one entry may hold a whole log */
	size_t room = limit + TICKET_EVENTS_MAX;
	struct wire_followed *events = turn_alloc(turn, room * sizeof(*events));
	if (!events)
		return ERR_NOMEM;
	reply.follow.events = events;
	if (request->follow.from_now) {
		reply.follow.last = turn->engine->journal;
		return say(turn, route, &reply);
	}
	while (!rc && count < limit && looked++ < LIST_LOOKED_MAX) {
		rc = journal_at(&entry, turn->txn, reply.follow.last + 1);
		if (rc)
			break;
		if (id_is_zero(&request->follow.ticket) ||
		    id_equal(&request->follow.ticket, &entry.ticket))
			rc = follow_entry(&reply, &count, events,
			    count ? limit : room, turn, actor, &entry);
		if (!rc)
			reply.follow.last = entry.number;
	}
	return rc < 0 && rc != ERR_NOT_FOUND ? rc : say(turn, route, &reply);
}
