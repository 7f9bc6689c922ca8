/*
 * Questions: lists. Whoever asks sees the tickets of its own unit and of units
 * below it, and no others. Every answer is bounded. One ticket whole is show.c.
 */
#include "engine/listing.h"

#include <string.h>

enum {
	LIST_LOOKED_MAX = 20000, /* tickets, or entries, for one answer */
	TURN_LOOKED_MAX = 40000, /* in one turn; beyond it pages are short */
	LIST_LOOKED_LEAST = 100,
	LIST_ARENA_BYTES = 4 * 1024 * 1024,
	LIST_DEFAULT = 50,
};

size_t looks_left(const struct turn *turn)
{
	size_t left =
	    turn->looked < TURN_LOOKED_MAX ? TURN_LOOKED_MAX - turn->looked : 0;

	if (left < LIST_LOOKED_LEAST)
		return LIST_LOOKED_LEAST;
	return left < LIST_LOOKED_MAX ? left : LIST_LOOKED_MAX;
}

bool may_see(
    struct turn *turn, const struct actor *actor, const struct ticket *ticket)
{
	const struct engine *engine = turn->engine;

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
	/* whoever had it in what a fence has undone */
	return ticket->term > 1 &&
	       stranded_within(turn, actor->unit, &ticket->id);
}

/* Titles and numbers are in the first event only. */
int fill_row(
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

bool listing_wants(const struct listing *listing, const struct ticket *ticket)
{
	const struct engine *engine = listing->turn->engine;
	const struct wire_request *request = listing->request;

	if (listing->kind && ticket->kind != listing->kind)
		return false;
	if (listing->state && ticket->state != listing->state)
		return false;
	if (listing->outcome && ticket->outcome != listing->outcome)
		return false;
	if (listing->channel && ticket->channel != listing->channel)
		return false;
	if (request->list.item[0] &&
	    strcmp(request->list.item, ticket->item) != 0)
		return false;
	if (!listing->at && !code_is_empty(&request->list.place) &&
	    !code_equal(&request->list.place, &ticket->place))
		return false;
	if (listing->under) {
		const struct unit *holder =
		    org_unit(engine->config.org, &ticket->holder);
		if (!holder || !unit_is_within(holder, listing->under))
			return false;
	}
	return may_see(listing->turn, listing->actor, ticket);
}

int listing_add(void *context, const struct ticket *ticket)
{
	struct listing *listing = context;

	if (listing->count == listing->limit || listing->looks_left == 0 ||
	    arena_used(listing->turn->engine->arena) > listing->arena_max) {
		listing->is_cut = true;
		return 1;
	}
	listing->looks_left--;
	listing->turn->looked++;
	listing->last = ticket->id;
	if (!listing_wants(listing, ticket))
		return 0;
	return fill_row(
	    &listing->rows[listing->count++], listing->turn, ticket);
}

int listing_say(struct turn *turn, const struct net_route *route,
    const struct id *request, const struct listing *listing)
{
	struct wire_reply reply = {
		.id = *request,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = listing->detail ? listing->detail : "",
		.has_body = true,
		.kind = ASK_LIST,
		.list = { .tickets = listing->rows, .count = listing->count },
	};

	if (listing->is_cut)
		reply.list.cursor = bytes_of(listing->last.b, ID_BYTES);
	if (listing->position.len)
		reply.list.cursor = listing->position;
	reply.list.complete = listing->is_complete;
	return say(turn, route, &reply);
}

int say_result(struct turn *turn, const struct net_route *route,
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

int find_number(struct id *id_out, struct turn *turn, const struct actor *actor,
    const char *external_id)
{
	const struct org *org = turn->engine->config.org;
	int rc =
	    intake_get(id_out, turn->txn, actor->unit->code.s, external_id);

	for (size_t i = 0; rc == ERR_NOT_FOUND && i < org_unit_count(org);
	     i++) {
		const struct unit *unit = org_unit_at(org, i);
		if (unit->kind == UNIT_HOTLINE)
			rc = intake_get(
			    id_out, turn->txn, unit->code.s, external_id);
	}
	return rc;
}

/* At most one. */
static int list_by_number(
    struct listing *listing, const struct net_route *route)
{
	const struct wire_request *request = listing->request;
	struct turn *turn = listing->turn;
	struct draft *draft;
	struct id id;
	int rc =
	    find_number(&id, turn, listing->actor, request->list.external_id);

	if (!rc)
		rc = draft_get(&draft, turn, &id);
	if (!rc)
		rc = listing_add(listing, &draft->now);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	listing->is_cut = false;
	return listing_say(turn, route, &request->id, listing);
}

/* The field whose word is none; NULL when all are known. */
static const char *read_words(
    struct listing *listing, const struct wire_request *request)
{
	const struct {
		const char *name, *said;
		enum word_list list;
		unsigned *to;
	} words[] = {
		{ "state", request->list.state, WORD_STATE, &listing->state },
		{ "kind", request->list.kind, WORD_KIND, &listing->kind },
		{ "outcome", request->list.outcome, WORD_OUTCOME,
		    &listing->outcome },
		{ "channel", request->list.channel, WORD_CHANNEL,
		    &listing->channel },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].said && words[i].said[0] &&
		    word_parse(words[i].to, words[i].list, words[i].said))
			return words[i].name;
	return NULL;
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

	const char *unknown = read_words(&listing, request);

	if (unknown)
		return say_result(
		    turn, route, &request->id, RESULT_INVALID, unknown);
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
	listing.looks_left = looks_left(turn);
	listing.arena_max = arena_used(turn->engine->arena) + LIST_ARENA_BYTES;
	if (request->list.external_id[0])
		return list_by_number(&listing, route);
	if (request->list.by_change)
		return list_by_change(&listing, route);
	if (request->list.around)
		return list_around(&listing, route);
	if (request->list.queue)
		return list_queue(&listing, route);
	if (!code_is_empty(&request->list.holder))
		query.holder = &request->list.holder;
	query.state = listing.state;
	if (request->list.cursor.len == ID_BYTES)
		memcpy(query.before.b, request->list.cursor.data, ID_BYTES);
	int rc = tickets_walk(turn->txn, &query, listing_add, &listing);
	return rc < 0 ? rc : listing_say(turn, route, &request->id, &listing);
}
