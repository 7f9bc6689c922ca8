/*
 * Rows from neighbours. An event is taken only if it follows the log and
 * judge.c finds nothing against it. Original bytes are stored, hashed and
 * handed on.
 */
#include "engine/inside.h"

#include <string.h>
#include "base/log.h"

static void complain(const struct turn *turn, const struct neighbour *from,
    const struct id *ticket, uint32_t seq, const char *problem)
{
	char id[ID_TEXT], subject[128];

	snprintf(subject, sizeof(subject), "%s/%s", from->node->name, problem);
	if (log_is_due(subject, turn->now_ms, 60 * 1000))
		log_line(LOG_ERROR,
		    "link=%s ticket=%s seq=%u problem=%s action=dropped",
		    from->node->name, id_format(id, ticket), seq, problem);
}

/* One row: the log, or a part of it, of one ticket. */
struct delivery {
	struct turn *turn;
	struct neighbour *from;
	struct draft *draft; /* NULL before the first event */
};

/* Is it what the log has there? */
static int is_known(bool *is_out, struct turn *turn, const struct ticket *now,
    const struct event *event, struct bytes bytes)
{
	struct bytes stored;
	int rc = 0;

	*is_out = false;
	if (event->seq > now->seq)
		return 0;
	rc = events_get(&stored, turn->txn, &event->ticket, event->seq);
	if (!rc)
		*is_out = bytes_equal(stored, bytes);
	return rc;
}

/* The next one of the log, or one of another branch, or what we have. */
static int take_one(const char **problem, struct delivery *delivery,
    const struct event *event, struct bytes bytes)
{
	struct turn *turn = delivery->turn;
	struct draft *draft = delivery->draft;
	bool is_ours;
	int rc = is_known(&is_ours, turn, &draft->now, event, bytes);

	if (rc || is_ours)
		return rc;
	if (event->seq != draft->now.seq + 1 ||
	    !hash_equal(&event->prev, &draft->now.last)) {
		if (event->seq > draft->now.seq + 1 && draft->now.term == 1 &&
		    event->term == 1)
			return ERR_NOT_FOUND;
		return branch_arrived(
		    problem, turn, delivery->from, draft, event, bytes);
	}
	rc = event_problem(problem, turn, delivery->from, &draft->now, event);
	if (!rc && !*problem)
		rc = draft_append(turn, draft, event, bytes, delivery->from);
	/* called off by a level above, on its node */
	if (!rc && !*problem && event->verb == VERB_EXCLUDE)
		rc = callouts_ended(turn, draft);
	if (!rc && !*problem && event->verb == VERB_ERASE_CONTACT)
		rc = erase_callouts(turn, &draft->now, event);
	if (rc == ERR_INVALID)
		*problem = "does_not_follow";
	return rc;
}

/* The ticket that the event belongs to, as it is in this turn. */
static int find_draft(
    struct draft **draft_out, struct turn *turn, const struct id *id)
{
	struct draft *draft;
	int rc = draft_new(&draft, turn, id);

	if (!rc && draft->now.seq == 0) {
		rc = tickets_get(&draft->before, turn->txn, id);
		if (!rc) {
			draft->now = draft->before;
			draft->journaled = draft->now.seq;
		}
		if (rc == ERR_NOT_FOUND)
			rc = 0;
	}
	*draft_out = draft;
	return rc;
}

/* ERR_INVALID: refused, and said so. ERR_NOT_FOUND: there is a gap before
 * it. */
static int take_event(struct delivery *delivery, struct bytes bytes)
{
	struct turn *turn = delivery->turn;
	struct neighbour *from = delivery->from;
	struct draft *draft = delivery->draft;
	struct event event;
	const char *problem = NULL;
	int rc =
	    wire_event_unpack(&event, &problem, turn->engine->arena, bytes);

	if (rc == ERR_TOO_LARGE && bytes.len <= EVENT_MAX_BYTES)
		return ERR_NOMEM; /* of this turn: not the event's fault */
	if (rc == ERR_INVALID || rc == ERR_TOO_LARGE) {
		complain(turn, from, &(struct id){ { 0 } }, 0, problem);
		return ERR_INVALID;
	}
	/* no neighbour writes so before we do: see relay/link.c */
	if (!rc && speaks_less(turn, wire_event_version(&event))) {
		complain(turn, from, &event.ticket, event.seq, "later_version");
		return ERR_INVALID;
	}
	if (!rc && !draft)
		rc = find_draft(&draft, turn, &event.ticket);
	if (rc)
		return rc;
	/* a short store takes no new tickets from neighbours either: they
	 * keep them until there is room, and the rest is for finishing */
	if (turn->is_full && draft->now.seq == 0 && event.seq == 1)
		return ERR_BUSY;
	delivery->draft = draft;
	if (!id_equal(&event.ticket, &draft->now.id))
		problem = "mixed_delivery";
	else
		rc = take_one(&problem, delivery, &event, bytes);
	if (!problem)
		return rc;
	complain(turn, from, &event.ticket, event.seq, problem);
	/* the whistle that names it may be behind it: a store is offered in
	 * the order of ids, and ids are made by many clocks */
	if (!strcmp(problem, "not_called"))
		return ERR_NOT_FOUND;
	/* of what stands there already the first is kept, and the rest may be
	 * sound */
	return strcmp(problem, "fork") ? ERR_INVALID : 0;
}

static int take_contact(const struct delivery *delivery, struct bytes contact)
{
	const struct ticket *ticket = &delivery->draft->now;
	bool is_its;
	int rc = contact_take(&is_its, delivery->turn, ticket, contact);

	if (!rc && !is_its)
		complain(delivery->turn, delivery->from, &ticket->id, 1,
		    "wrong_contact");
	return rc;
}

static bool is_recent(const struct want *want, int64_t now_ms)
{
	return want->at_ms && now_ms >= want->at_ms &&
	       now_ms - want->at_ms < (int64_t)WANT_EVERY_MS << want->tries;
}

static int ask_for(struct turn *turn, struct neighbour *from, struct want *want)
{
	struct outbox_row row = { .kind = OUTBOX_WANT, .ticket = want->ticket };

	if (want->at_ms && want->tries < WANT_TRIES)
		want->tries++;
	want->at_ms = turn->now_ms;
	want->is_again = false;
	return late_row(turn, from, &row);
}

/*
 * A log of which we have refused a part has a gap each time that it comes:
 * asked for at once whenever it has, it would come for ever.
 */
static int ask_again(
    struct turn *turn, struct neighbour *from, struct bytes event_bytes)
{
	struct want *oldest = &from->wants[0];
	struct event event;

	if (wire_event_unpack(&event, NULL, turn->engine->arena, event_bytes))
		return 0;
	complain(turn, from, &event.ticket, event.seq, "gap");
	for (int i = 0; i < WANTS_MAX; i++) {
		struct want *want = &from->wants[i];
		if (is_recent(want, turn->now_ms) &&
		    id_equal(&want->ticket, &event.ticket)) {
			want->is_again = true;
			return 0;
		}
		if (!is_recent(want, turn->now_ms) ||
		    want->at_ms < oldest->at_ms)
			oldest = want;
	}
	if (is_recent(oldest, turn->now_ms))
		return 0; /* its next event has the gap again */
	*oldest = (struct want){ .ticket = event.ticket };
	return ask_for(turn, from, oldest);
}

int want_again(struct turn *turn)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	for (size_t i = 0; i < engine->neighbour_count; i++) {
		struct neighbour *from = &engine->neighbours[i];
		for (int k = 0; !rc && k < WANTS_MAX; k++) {
			struct want *want = &from->wants[k];
			if (want->is_again && !is_recent(want, turn->now_ms))
				rc = ask_for(turn, from, want);
		}
	}
	return rc;
}

static int take_delivery(
    struct turn *turn, struct neighbour *from, const struct wire_row *row)
{
	struct delivery delivery = { turn, from, NULL };
	int rc = 0;

	for (size_t i = 0; !rc && i < row->event_count; i++) {
		rc = take_event(&delivery, row->events[i]);
		if (rc == ERR_NOT_FOUND)
			return ask_again(turn, from, row->events[i]);
	}
	if (rc == ERR_INVALID)
		return 0;
	if (!rc && row->contact.len && row->event_count)
		rc = take_contact(&delivery, row->contact);
	return rc;
}

/* The neighbour has offered all that it shares with our store. */
static int take_done(
    struct turn *turn, struct neighbour *from, const struct id *store)
{
	struct engine *engine = turn->engine;
	bool is_owed = false;

	if (!id_equal(store, &engine->config.store.id) ||
	    !from->link.record.is_owed)
		return 0;
	from->link.record.is_owed = 0;
	from->link.is_dirty = true;
	for (size_t i = 0; i < engine->neighbour_count; i++)
		is_owed |= engine->neighbours[i].link.record.is_owed;
	if (!is_owed) {
		engine->mind.is_recovering = false;
		autopilot_want_sweep(engine);
		withdraw_want(engine);
		erase_want(engine);
		return say_line(
		    turn, "node=%s state=running", engine->self->name);
	}
	return 0;
}

/* It found a gap in a ticket that it should know. */
static int take_want(
    struct turn *turn, struct neighbour *from, const struct id *ticket)
{
	struct draft *draft;
	int rc = draft_get(&draft, turn, ticket);

	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc || !is_shared(turn, from, &draft->now))
		return rc;
	if (outbox_length(&from->link.record) >= OFFER_QUEUE_MAX)
		return 0; /* it is not taking what it has wanted */
	return rows_put_all(turn, from, &draft->now);
}

/* What one row may need: its ticket, a callout's parent and its others. */
static bool has_room(const struct turn *turn)
{
	return turn->draft_count + 2 + TICKET_CALLOUTS_MAX <= TURN_DRAFTS_MAX;
}

int row_arrived(void *context, struct link *link, const struct wire_row *row)
{
	struct turn *turn = context;
	struct neighbour *from = neighbour_of(link);

	if (!has_room(turn))
		return ERR_BUSY; /* the next turn takes it */
	switch (row->kind) {
	case ROW_DELIVERY:
		return take_delivery(turn, from, row);
	case ROW_ORDER:
		return order_arrived(turn, from, row->load);
	case ROW_ANSWER:
		return answer_arrived(turn, from, row->load);
	case ROW_DONE:
		return take_done(turn, from, &row->id);
	case ROW_WANT:
		return take_want(turn, from, &row->id);
	case ROW_SKIP:
		return 0;
	}
	return 0;
}

struct loading {
	struct turn *turn;
	struct bytes events[DELIVERY_EVENTS_MAX];
	size_t count;
};

static int load_stranded(
    void *context, const struct stranded_key *key, struct bytes bytes)
{
	struct loading *loading = context;

	(void)key;
	if (loading->count == DELIVERY_EVENTS_MAX)
		return 1; /* these have rows of their own */
	loading->events[loading->count++] = bytes;
	return 0;
}

/*
 * What is there now: a fence may have ended the log before. Then what is
 * stranded beside it; a row of one seq has room for all of that.
 */
static int load_all(struct loading *loading, const struct outbox_row *row)
{
	struct turn *turn = loading->turn;
	int rc = 0;

	for (uint32_t seq = row->first;
	     !rc && seq <= row->last && loading->count < DELIVERY_EVENTS_MAX;
	     seq++) {
		rc = events_get(&loading->events[loading->count], turn->txn,
		    &row->ticket, seq);
		if (!rc)
			loading->count++;
	}
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!stranded_count(turn->txn))
		return rc;
	rc = stranded_each(turn->txn, &row->ticket, row->first, row->last,
	    load_stranded, loading);
	return rc < 0 ? rc : 0;
}

static int load_events(
    struct turn *turn, struct wire_row *row_out, const struct outbox_row *row)
{
	struct loading loading = { .turn = turn };
	int rc = load_all(&loading, row);

	if (rc || !loading.count)
		return rc; /* nothing is left of it */
	row_out->kind = ROW_DELIVERY;
	row_out->event_count = loading.count;
	struct bytes *events =
	    turn_alloc(turn, loading.count * sizeof(*events));
	if (!events)
		return ERR_NOMEM;
	memcpy(events, loading.events, loading.count * sizeof(*events));
	row_out->events = events;
	if (row->first == 1) {
		rc = contacts_get(&row_out->contact, turn->txn, &row->ticket);
		if (rc == ERR_NOT_FOUND)
			rc = 0;
	}
	return rc;
}

int row_load(
    void *context, struct wire_row *row_out, const struct outbox_row *row)
{
	*row_out = (struct wire_row){ .kind = ROW_SKIP };
	switch (row->kind) {
	case OUTBOX_EVENTS:
		return load_events(context, row_out, row);
	case OUTBOX_ORDER:
	case OUTBOX_ANSWER:
		row_out->kind =
		    row->kind == OUTBOX_ORDER ? ROW_ORDER : ROW_ANSWER;
		row_out->load = row->load;
		return 0;
	case OUTBOX_DONE:
	case OUTBOX_WANT:
		row_out->kind = row->kind == OUTBOX_DONE ? ROW_DONE : ROW_WANT;
		row_out->id = row->ticket;
		return 0;
	}
	return 0;
}
