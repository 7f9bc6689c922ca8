/*
 * Rows from neighbours. A neighbour's key speaks for its side of the tree
 * and for nobody else: an event is taken only if its writer sits where it
 * came from, follows the log, and the law lets its writer do it. Original
 * bytes are stored, hashed and handed on.
 */
#include "engine/inside.h"

#include <string.h>
#include "base/log.h"

static struct neighbour *neighbour_of(struct link *link)
{
	return (struct neighbour *)((char *)link -
				    offsetof(struct neighbour, link));
}

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

/* We have this one already: is it the same? */
static int check_known(struct turn *turn, const struct neighbour *from,
    const struct event *event, struct bytes bytes)
{
	struct bytes stored;
	int rc = events_get(&stored, turn->txn, &event->ticket, event->seq);

	if (rc)
		return rc;
	if (!bytes_equal(stored, bytes))
		complain(turn, from, &event->ticket, event->seq, "fork");
	return 0;
}

static bool comes_from_writer(const struct turn *turn,
    const struct neighbour *from, const struct draft *draft,
    const struct event *event)
{
	const struct engine *engine = turn->engine;
	const struct unit *writer = org_unit(engine->config.org,
	    event->seq == 1 ? &event->unit : &draft->now.holder);

	if (!writer)
		return false;
	return engine->mind.is_recovering ||
	       neighbour_toward(engine, writer) == from;
}

/* The next holder is not the writer's to choose where the law names it. */
static bool goes_where_it_must(
    const struct event *event, const struct law_question *question)
{
	switch (event->verb) {
	case VERB_RETURN:
	case VERB_RESOLVE:
	case VERB_REOPEN:
	case VERB_TAKE_OVER:
		return code_equal(&event->what.to, &question->to);
	case VERB_OPEN:
		return event->what.kind == KIND_CALLOUT ||
		       code_equal(&event->what.to, &event->unit);
	default:
		return true;
	}
}

/* The engine's own names speak for the holder and for nobody else. */
static unsigned engine_relation(
    const struct draft *draft, const struct event *event)
{
	if (event->verb == VERB_OPEN)
		return event->what.kind == KIND_CALLOUT ? BY_ENGINE : BY_HOLDER;
	if (!code_equal(&event->unit, &draft->now.holder))
		return 0;
	if (!strcmp(event->operator, OPERATOR_TIMER))
		return BY_TIMER;
	if (!strcmp(event->operator, OPERATOR_AUTOPILOT))
		return BY_ENGINE;
	return 0;
}

static bool is_called(const struct ticket *parent, const struct event *event)
{
	for (unsigned i = 0; i < parent->callout_count; i++) {
		const struct callout *callout = &parent->callouts[i];
		if (id_equal(&callout->ticket, &event->ticket))
			return code_equal(
				   &callout->department, &event->what.to) &&
			       callout->lead == event->what.lead;
	}
	return false;
}

/* A callout is opened by a whistle's power, for a department that the
 * whistling unit can call, and named by the whistle, if that is known. */
static int callout_problem(
    const char **problem, struct turn *turn, const struct event *event)
{
	const struct engine *engine = turn->engine;
	const struct unit *unit = org_unit(engine->config.org, &event->unit);
	struct draft *parent;

	if (!unit || !(powers_of(engine, unit) & POWER(WHISTLE_OUT)))
		*problem = refusal_name(REFUSAL_NO_POWER);
	else if (target_of(engine, unit, &event->what.to) != TARGET_DEPARTMENT)
		*problem = refusal_name(REFUSAL_BAD_TARGET);
	if (*problem)
		return 0;
	int rc = draft_get(&parent, turn, &event->what.parent);
	if (!rc && !is_called(&parent->now, event))
		*problem = "not_called";
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* What only the holder can judge: limits of its catalogue as it was then,
 * and other tickets that need not be known here. */
static bool is_holders_own(enum refusal refusal)
{
	return refusal == REFUSAL_RETURNS_USED ||
	       refusal == REFUSAL_RETURN_WINDOW ||
	       refusal == REFUSAL_EXTENSIONS_USED ||
	       refusal == REFUSAL_NOT_ADMITTED || refusal == REFUSAL_BAD_MASTER;
}

/* What the law says of somebody else's event, or NULL. */
static int law_problem(const char **problem, struct turn *turn,
    const struct draft *draft, const struct event *event)
{
	struct law_question question;
	struct command command = {
		.ticket = event->ticket,
		.verb = event->verb,
		.unit = event->unit,
		.operator= event->operator,
		.role = ROLE_NONE,
		.what = event->what,
	};
	unsigned extra_by = engine_relation(draft, event);

	/* its node knew the person; only the clock finds a deadline missed */
	if (!extra_by && operator_name_is_valid(event->operator, false) &&
	    !event->what.deadline)
		command.role = ROLE_SUPERVISOR;
	enum refusal refusal =
	    ask_law(&question, turn, &draft->now, &command, extra_by);
	*problem = NULL;
	if (refusal && !is_holders_own(refusal))
		*problem = refusal_name(refusal);
	else if (!goes_where_it_must(event, &question))
		*problem = "wrong_next_holder";
	else if (event->verb == VERB_OPEN && event->what.kind == KIND_CALLOUT)
		return callout_problem(problem, turn, event);
	return 0;
}

/* One row: the log, or a part of it, of one ticket. */
struct delivery {
	struct turn *turn;
	struct neighbour *from;
	struct draft *draft; /* NULL before the first event */
};

/* The ticket that the event belongs to, as it is in this turn. */
static int find_draft(
    struct draft **draft_out, struct turn *turn, const struct id *id)
{
	struct draft *draft;
	int rc = draft_new(&draft, turn, id);

	if (!rc && draft->now.seq == 0) {
		rc = tickets_get(&draft->before, turn->txn, id);
		if (!rc)
			draft->now = draft->before;
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
	else if (event.seq <= draft->now.seq)
		return check_known(turn, from, &event, bytes);
	else if (event.seq > draft->now.seq + 1)
		return ERR_NOT_FOUND;
	else if (!comes_from_writer(turn, from, draft, &event))
		problem = "wrong_side";
	else
		rc = law_problem(&problem, turn, draft, &event);
	if (!rc && !problem) {
		rc = draft_append(turn, draft, &event, bytes, from);
		/* called off by a level above, on its node */
		if (!rc && event.verb == VERB_EXCLUDE)
			rc = callouts_ended(turn, draft);
		if (rc == ERR_INVALID)
			problem = "does_not_follow";
	}
	if (!problem)
		return rc;
	complain(turn, from, &event.ticket, event.seq, problem);
	return ERR_INVALID;
}

/* The contact belongs to the ticket if the first event of our own log says
 * its hash, whatever the neighbour sent beside it. */
static int take_contact(const struct delivery *delivery, struct bytes contact)
{
	struct turn *turn = delivery->turn;
	const struct id *id = &delivery->draft->now.id;
	struct bytes known;
	struct event opening;
	struct hash hash;
	int rc = contacts_get(&known, turn->txn, id);

	if (rc != ERR_NOT_FOUND)
		return rc;
	rc = event_load(&opening, turn, id, 1);
	if (rc)
		return rc;
	hash_of(&hash, contact);
	if (bytes_equal(
		opening.what.contact_hash, bytes_of(hash.b, sizeof(hash.b))))
		return contacts_put(turn->txn, id, contact);
	complain(turn, delivery->from, id, 1, "wrong_contact");
	return 0;
}

static int ask_again(
    struct turn *turn, struct neighbour *from, struct bytes event_bytes)
{
	struct outbox_row want = { .kind = OUTBOX_WANT };
	struct event event;

	if (wire_event_unpack(&event, NULL, turn->engine->arena, event_bytes))
		return 0;
	want.ticket = event.ticket;
	complain(turn, from, &event.ticket, event.seq, "gap");
	return late_row(turn, from, &want);
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
		return say_line(
		    turn, "node=%s state=running", engine->self->name);
	}
	return 0;
}

/* It found a gap in a ticket that it should know. */
static int take_want(
    struct turn *turn, struct neighbour *from, const struct id *ticket)
{
	struct outbox_row row = { .kind = OUTBOX_EVENTS, .ticket = *ticket };
	struct draft *draft;
	int rc = draft_get(&draft, turn, ticket);

	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc || !is_shared(turn->engine, from, &draft->now))
		return rc;
	for (row.first = 1; !rc && row.first <= draft->now.seq;
	     row.first = row.last + 1) {
		row.last = row.first + DELIVERY_EVENTS_MAX - 1;
		if (row.last > draft->now.seq)
			row.last = draft->now.seq;
		rc = late_row(turn, from, &row);
	}
	return rc;
}

int row_arrived(void *context, struct link *link, const struct wire_row *row)
{
	struct turn *turn = context;
	struct neighbour *from = neighbour_of(link);

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

static int load_events(
    struct turn *turn, struct wire_row *row_out, const struct outbox_row *row)
{
	size_t count = (size_t)(row->last - row->first) + 1;
	struct bytes *events = turn_alloc(turn, count * sizeof(*events));
	int rc = 0;

	if (!events)
		return ERR_NOMEM;
	for (size_t i = 0; !rc && i < count; i++)
		rc = events_get(&events[i], turn->txn, &row->ticket,
		    row->first + (uint32_t)i);
	row_out->kind = ROW_DELIVERY;
	row_out->events = events;
	row_out->event_count = count;
	if (!rc && row->first == 1) {
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
