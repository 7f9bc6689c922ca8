#include "ticket/ticket.h"

#include <string.h>

#include "base/err.h"
#include "ticket/law.h"

const struct stay *ticket_stay(
    const struct ticket *ticket, const struct unit_code *unit)
{
	for (size_t i = 0; i < ticket->stay_count; i++)
		if (code_equal(&ticket->stays[i].unit, unit))
			return &ticket->stays[i];
	return NULL;
}

/* ---- does the event follow? All of it is asked before anything is
 * written, so that a refused event leaves the ticket as it was. ---- */

static bool is_next_in_log(
    const struct ticket *ticket, const struct event *event)
{
	static const struct hash none;
	bool is_first = ticket->seq == 0;

	if (event->seq == 0 || event->seq > TICKET_EVENTS_MAX ||
	    event->seq - 1 != ticket->seq)
		return false;
	if (event->time_ms <= 0 || event->time_ms > EVENT_TIME_MAX_MS)
		return false;
	if (id_is_zero(&event->ticket) || code_is_empty(&event->unit))
		return false;
	if (is_first)
		return event->term == 1 && hash_equal(&event->prev, &none);
	return event->term == ticket->term &&
	       hash_equal(&event->prev, &ticket->last) &&
	       id_equal(&event->ticket, &ticket->id);
}

/* Is there room for one more stay, if `to` needs one? */
static bool has_room_for(
    const struct ticket *ticket, const struct unit_code *to)
{
	return ticket->stay_count < TICKET_UNITS_MAX ||
	       ticket_stay(ticket, to) != NULL;
}

/* `to` is said by the event and follows from the ticket: both must agree. */
static bool is_right_custody(
    const struct ticket *ticket, const struct event *event)
{
	const struct unit_code *to = &event->what.to;

	switch (event->verb) {
	case VERB_FORWARD:
		return !code_equal(to, &ticket->holder) && !code_is_empty(to) &&
		       has_room_for(ticket, to);
	case VERB_RETURN:
		return code_equal(to, &ticket->sender) && !code_is_empty(to) &&
		       !code_equal(&ticket->holder, &ticket->origin) &&
		       ticket->returns < UINT8_MAX;
	case VERB_RESOLVE:
		return code_equal(to, &ticket->origin);
	case VERB_REOPEN:
		if (ticket->reopens == 0 && !code_equal(to, &ticket->resolver))
			return false;
		return ticket->reopens < UINT8_MAX && !code_is_empty(to) &&
		       has_room_for(ticket, to);
	default:
		return true;
	}
}

/* A department is called again only when its callout has ended, which all
 * have outside of waiting. */
static bool may_call(const struct ticket *ticket, const struct event *event)
{
	const struct particulars *what = &event->what;

	if (event->verb != VERB_WHISTLE)
		return true;
	if (what->callout_count == 0 ||
	    what->callout_count >
		(size_t)TICKET_CALLOUTS_MAX - ticket->callout_count)
		return false;
	if (ticket->state != STATE_WAITING)
		return true;
	for (size_t i = 0; i < what->callout_count; i++)
		for (size_t k = 0; k < ticket->callout_count; k++)
			if (code_equal(&what->callouts[i].department,
				&ticket->callouts[k].department))
				return false;
	return true;
}

static bool follows(const struct ticket *ticket, const struct event *event)
{
	if (!is_next_in_log(ticket, event) ||
	    !law_has_cell(ticket, event->verb) ||
	    strlen(event->what.item) >= ITEM_CODE_MAX)
		return false;
	return event->verb == VERB_OPEN ||
	       (is_right_custody(ticket, event) && may_call(ticket, event));
}

/* ---- what it changes ---- */

static struct stay *stay_of(struct ticket *ticket, const struct unit_code *unit)
{
	struct stay *stay = (struct stay *)ticket_stay(ticket, unit);

	if (stay)
		return stay;
	stay = &ticket->stays[ticket->stay_count++];
	*stay = (struct stay){ .unit = *unit };
	return stay;
}

static void set_what_and_where(
    struct ticket *ticket, const struct particulars *what)
{
	size_t len = strlen(what->item);

	if (len > 0) {
		memset(ticket->item, 0, sizeof(ticket->item));
		memcpy(ticket->item, what->item, len);
	}
	if (!code_is_empty(&what->place))
		ticket->place = what->place;
}

static void set_holder(
    struct ticket *ticket, const struct unit_code *to, int64_t time_ms)
{
	if (!code_equal(to, &ticket->holder)) {
		stay_of(ticket, to)->visits++;
		ticket->sender = ticket->holder;
		ticket->holder = *to;
	}
	ticket->custody_ms = time_ms;
}

static void set_resolve_by(struct ticket *ticket, int64_t resolve_by_ms)
{
	if (resolve_by_ms == ticket->resolve_by_ms)
		return;
	/* Another deadline, which has not been missed yet. */
	ticket->resolve_by_ms = resolve_by_ms;
	ticket->flags &=
	    ~(uint32_t)(TICKET_LATE_RESOLVE | TICKET_WARNED_RESOLVE);
}

/* A new holder starts afresh: not accepted, its own time to accept. */
static void hand_over(struct ticket *ticket, const struct event *event)
{
	set_holder(ticket, &event->what.to, event->time_ms);
	ticket->accepted_ms = 0;
	ticket->accept_by_ms = event->what.accept_by_ms;
	ticket->flags &= ~(uint32_t)TICKET_LATE_ACCEPT;
}

static uint32_t opening_flags(const struct particulars *what)
{
	return (what->urgent ? (uint32_t)TICKET_URGENT : 0) |
	       (what->confidential ? (uint32_t)TICKET_CONFIDENTIAL : 0) |
	       (what->callback ? (uint32_t)TICKET_CALLBACK : 0) |
	       (what->lead ? (uint32_t)TICKET_IS_LEAD : 0) |
	       (what->contact_hash.len ? (uint32_t)TICKET_HAS_CONTACT : 0);
}

static void apply_open(struct ticket *ticket, const struct event *event)
{
	const struct particulars *what = &event->what;
	const struct unit_code *holder =
	    code_is_empty(&what->to) ? &event->unit : &what->to;

	memset(ticket, 0, sizeof(*ticket));
	ticket->id = event->ticket;
	ticket->term = event->term;
	ticket->kind = (uint8_t)what->kind;
	ticket->colour = (uint8_t)what->colour;
	ticket->source = (uint8_t)what->source;
	ticket->flags = opening_flags(what);
	ticket->parent = what->parent;
	ticket->origin = event->unit;
	ticket->opened_ms = event->time_ms;
	ticket->accept_by_ms = what->accept_by_ms;
	ticket->resolve_by_ms = what->resolve_by_ms;
	ticket->holder = *holder;
	ticket->custody_ms = event->time_ms;
	if (!code_equal(holder, &ticket->origin))
		ticket->sender = ticket->origin;
	stay_of(ticket, &ticket->origin);
	stay_of(ticket, holder)->visits++;
}

static void apply_whistle(struct ticket *ticket, const struct event *event)
{
	const struct particulars *what = &event->what;

	for (size_t i = 0; i < what->callout_count; i++)
		ticket->callouts[ticket->callout_count++] = what->callouts[i];
	ticket->colour = (uint8_t)what->colour;
	if (ticket->accepted_ms == 0)
		ticket->accepted_ms = event->time_ms;
}

static void apply_return(struct ticket *ticket, const struct event *event)
{
	stay_of(ticket, &ticket->holder)->returns++;
	ticket->returns++;
	ticket->flags |= TICKET_WAS_RETURNED;
	hand_over(ticket, event);
}

static void apply_resolve(struct ticket *ticket, const struct event *event)
{
	if (ticket->accepted_ms == 0)
		ticket->accepted_ms = event->time_ms;
	ticket->outcome = (uint8_t)event->what.outcome;
	ticket->channel = (uint8_t)event->what.channel;
	ticket->resolved_ms = event->time_ms;
	ticket->resolver = ticket->holder;
	set_holder(ticket, &ticket->origin, event->time_ms);
}

/* A new round: what came out of the one before is no longer so. */
static void apply_reopen(struct ticket *ticket, const struct event *event)
{
	ticket->reopens++;
	ticket->outcome = OUTCOME_NONE;
	ticket->channel = CHANNEL_NONE;
	ticket->resolved_ms = 0;
	hand_over(ticket, event);
	ticket->resolve_by_ms = event->what.resolve_by_ms;
	ticket->flags &=
	    ~(uint32_t)(TICKET_LATE_RESOLVE | TICKET_WARNED_RESOLVE);
}

static void apply_rate(struct ticket *ticket, const struct event *event)
{
	ticket->rating = (struct rating){
		.is_given = 1,
		.responded = event->what.responded,
		.resolved = event->what.resolved,
		.satisfaction = (uint8_t)event->what.satisfaction,
	};
	ticket->closed_ms = event->time_ms;
}

static void apply_timer(struct ticket *ticket, const struct event *event)
{
	bool is_resolve = event->what.deadline == DEADLINE_RESOLVE;

	if (event->what.deadline == DEADLINE_NONE)
		return; /* words only: no deadline has passed */
	if (event->verb == VERB_SUPERVISE)
		ticket->flags |= is_resolve ? (uint32_t)TICKET_LATE_RESOLVE
					    : (uint32_t)TICKET_LATE_ACCEPT;
	else if (is_resolve)
		ticket->flags |= TICKET_WARNED_RESOLVE;
}

static void apply(struct ticket *ticket, const struct event *event)
{
	int64_t resolve_by_ms = event->what.resolve_by_ms;

	switch (event->verb) {
	case VERB_OPEN:
		apply_open(ticket, event);
		break;
	case VERB_ACCEPT:
	case VERB_CHECK_IN:
		ticket->accepted_ms = event->time_ms;
		if (resolve_by_ms)
			set_resolve_by(ticket, resolve_by_ms);
		break;
	case VERB_FORWARD:
		hand_over(ticket, event);
		if (resolve_by_ms)
			set_resolve_by(ticket, resolve_by_ms);
		break;
	case VERB_WHISTLE:
		apply_whistle(ticket, event);
		break;
	case VERB_RETURN:
		apply_return(ticket, event);
		break;
	case VERB_RESOLVE:
		apply_resolve(ticket, event);
		break;
	case VERB_REOPEN:
		apply_reopen(ticket, event);
		break;
	case VERB_RATE:
		apply_rate(ticket, event);
		break;
	case VERB_REMIND:
	case VERB_SUPERVISE:
		apply_timer(ticket, event);
		break;
	default:
		break; /* only the state changes, if anything */
	}
}

int ticket_fold(
    struct ticket *ticket, const struct event *event, const struct hash *hash)
{
	enum state state;

	if (!follows(ticket, event))
		return ERR_INVALID;
	state = ticket->seq == 0 ? STATE_NONE : (enum state)ticket->state;

	apply(ticket, event);
	set_what_and_where(ticket, &event->what);
	ticket->state = (uint8_t)law_next(state, event->verb);
	ticket->seq = event->seq;
	ticket->last = *hash;
	ticket->updated_ms = event->time_ms;
	return 0;
}

/* ---- deadlines ---- */

static bool is_set(const struct ticket *ticket, uint32_t flag)
{
	return (ticket->flags & flag) != 0;
}

/* A quarter of the whole time before it ends. */
static int64_t reminder_ms(const struct ticket *ticket)
{
	int64_t from_ms =
	    ticket->reopens > 0 ? ticket->custody_ms : ticket->opened_ms;
	int64_t whole_ms = ticket->resolve_by_ms - from_ms;

	return ticket->resolve_by_ms - (whole_ms > 0 ? whole_ms / 4 : 0);
}

int64_t ticket_next_due_ms(enum deadline *deadline_out, bool *is_reminder_out,
    const struct ticket *ticket)
{
	bool is_open = ticket->state == STATE_OPEN;
	int64_t due_ms = 0;

	*deadline_out = DEADLINE_NONE;
	*is_reminder_out = false;
	if (ticket->seq == 0 || (!is_open && ticket->state != STATE_ACCEPTED &&
				    ticket->state != STATE_WAITING))
		return 0;
	if (ticket->resolve_by_ms && !is_set(ticket, TICKET_LATE_RESOLVE)) {
		*deadline_out = DEADLINE_RESOLVE;
		*is_reminder_out = !is_set(ticket, TICKET_WARNED_RESOLVE);
		due_ms = *is_reminder_out ? reminder_ms(ticket)
					  : ticket->resolve_by_ms;
	}
	if (is_open && ticket->accept_by_ms &&
	    !is_set(ticket, TICKET_LATE_ACCEPT) &&
	    (due_ms == 0 || ticket->accept_by_ms <= due_ms)) {
		*deadline_out = ticket->kind == KIND_CALLOUT ? DEADLINE_CHECK_IN
							     : DEADLINE_ACCEPT;
		*is_reminder_out = false;
		due_ms = ticket->accept_by_ms;
	}
	return due_ms;
}
