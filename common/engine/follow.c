/* What has happened since: the journal from a number on. */
#include "engine/listing.h"

struct following {
	struct turn *turn;
	const struct actor *actor;
	const struct wire_request *request;
	struct wire_followed *events;
	size_t count, limit, bytes;
	const struct unit *under; /* NULL: all */
};

static bool is_wanted(
    const struct following *following, const struct ticket *ticket)
{
	const struct engine *engine = following->turn->engine;

	if (!may_see(following->turn, following->actor, ticket))
		return false;
	for (unsigned i = 0; following->under && i < ticket->stay_count; i++) {
		const struct unit *unit =
		    org_unit(engine->config.org, &ticket->stays[i].unit);
		if (unit && unit_is_within(unit, following->under))
			return true;
	}
	return !following->under;
}

/*
 * The entry's events, all or none, since the asker goes on behind an entry:
 * 1 when the answer has no room for them. Without those that a fence has
 * undone since: what is in the log in their place has an entry of its own.
 */
static int follow_entry(
    struct following *following, const struct journal_entry *entry)
{
	struct turn *turn = following->turn;
	struct ticket ticket;
	struct bytes stored;
	uint32_t last;
	/* not as a draft: these may be many more than a turn has */
	int rc = tickets_get(&ticket, turn->txn, &entry->ticket);

	if (rc || !is_wanted(following, &ticket))
		return rc == ERR_NOT_FOUND ? 0 : rc;
	rc = branch_journaled(&last, turn, &ticket, entry);
	if (rc || last < entry->first)
		return rc;
	size_t count = (size_t)(last - entry->first) + 1;
	if (following->count && (following->count + count > following->limit ||
				    following->bytes >= PAGE_BYTES / 2))
		return 1;
	for (size_t i = 0; i < count; i++) {
		struct wire_followed *followed =
		    &following->events[following->count++];
		rc = events_get(&stored, turn->txn, &entry->ticket,
		    entry->first + (uint32_t)i);
		if (!rc)
			rc = turn_copy(&followed->event, turn, stored);
		if (rc)
			return rc;
		followed->number = entry->number;
		following->bytes += stored.len;
	}
	return 0;
}

/* From the number asked for on, as far as the answer's room goes. */
static int follow_journal(uint64_t *last, struct following *following)
{
	const struct id *ticket = &following->request->follow.ticket;
	struct journal_entry entry;
	int rc = 0;

	for (size_t left = looks_left(following->turn);
	     !rc && left > 0 && following->count < following->limit; left--) {
		following->turn->looked++;
		rc = journal_at(&entry, following->turn->txn, *last + 1);
		if (!rc &&
		    (id_is_zero(ticket) || id_equal(ticket, &entry.ticket)))
			rc = follow_entry(following, &entry);
		if (!rc)
			*last = entry.number;
	}
	return rc == ERR_NOT_FOUND || rc == 1 ? 0 : rc;
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
	struct following following = { turn, actor, request, NULL, 0,
		LIST_PAGE_MAX, 0, NULL };
	int rc = 0;

	if (!code_is_empty(&request->follow.under)) {
		following.under =
		    org_unit(turn->engine->config.org, &request->follow.under);
		if (!following.under)
			return say_result(
			    turn, route, &request->id, RESULT_INVALID, "under");
	}

	if (request->follow.limit && request->follow.limit < following.limit)
		following.limit = request->follow.limit;
	following.events =
	    turn_alloc(turn, (following.limit + DELIVERY_EVENTS_MAX) *
				 sizeof(*following.events));
	if (!following.events)
		return ERR_NOMEM;
	if (request->follow.from_now)
		reply.follow.last = turn->engine->journal;
	else
		rc = follow_journal(&reply.follow.last, &following);
	reply.follow.events = following.events;
	reply.follow.count = following.count;
	return rc ? rc : say(turn, route, &reply);
}
