/* One ticket whole: its log, in parts when it is long, what fences undid, its
 * callouts, and what routine would do with it. */
#include "engine/listing.h"

/* Events of one answer: first the log's, then those that were stranded, all
 * counted in one row, so that an asker can go on anywhere. */
struct showing {
	struct turn *turn;
	struct bytes *events;
	size_t count, bytes;
	uint32_t at, from; /* the one that comes next; the first wanted */
};

static int show_one(struct showing *showing, struct bytes stored)
{
	if (showing->at++ < showing->from)
		return 0;
	if (showing->bytes >= PAGE_BYTES) {
		showing->at--;
		return 1;
	}
	showing->bytes += stored.len;
	return turn_copy(
	    &showing->events[showing->count++], showing->turn, stored);
}

static int show_stranded(
    void *context, const struct stranded_key *key, struct bytes bytes)
{
	(void)key;
	return show_one(context, bytes);
}

static int show_log(struct showing *showing, const struct ticket *ticket)
{
	struct bytes stored;
	int rc = 0;

	while (!rc && showing->at <= ticket->seq) {
		rc = events_get(
		    &stored, showing->turn->txn, &ticket->id, showing->at);
		if (!rc)
			rc = show_one(showing, stored);
	}
	return rc;
}

/* As many as an answer holds, from `from` on. */
static int fill_events(struct wire_reply *reply, struct turn *turn,
    const struct ticket *ticket, uint32_t from)
{
	size_t room = ticket->seq;
	struct showing showing = {
		.turn = turn, .at = 1, .from = from ? from : 1
	};

	if (stranded_count(turn->txn))
		room += STRANDED_EVENTS_MAX;
	showing.events = turn_alloc(turn, room * sizeof(*showing.events));
	if (!showing.events)
		return ERR_NOMEM;
	int rc = show_log(&showing, ticket);
	reply->show.events = showing.events;
	reply->show.event_count = showing.count;
	reply->show.stranded = showing.events + showing.count;
	if (!rc && stranded_count(turn->txn))
		rc = stranded_each(turn->txn, &ticket->id, 1, UINT32_MAX,
		    show_stranded, &showing);
	reply->show.stranded_count = showing.count - reply->show.event_count;
	reply->show.next = rc == 1 ? showing.at : 0;
	return rc < 0 ? rc : 0;
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
		rc = find_number(&id, turn, actor, request->show.external_id);
	if (!rc)
		rc = draft_get(&draft, turn, &id);
	if (!rc && !may_see(turn, actor, &draft->now))
		rc = ERR_NOT_FOUND;
	if (rc == ERR_NOT_FOUND)
		return say_result(
		    turn, route, &request->id, RESULT_NOT_FOUND, "");
	if (!rc)
		rc = fill_row(row, turn, &draft->now);
	if (!rc)
		rc = fill_events(&reply, turn, &draft->now, request->show.from);
	if (!rc)
		rc = all_callouts(&reply, turn, &draft->now);
	if (!rc && request->show.contact)
		rc = contact_show(&reply, turn, actor, &draft->now);
	if (rc)
		return rc;
	reply.show.row = row;
	suggest(&reply.show.suggestion, turn, &draft->now);
	return say(turn, route, &reply);
}
