#include "ticket/ticket.h"

#include <string.h>

#include "base/err.h"
#include "ticket/follows.h"
#include "ticket/law.h"

const struct stay *ticket_stay(
    const struct ticket *ticket, const struct unit_code *unit)
{
	for (size_t i = 0; i < ticket->stay_count; i++)
		if (code_equal(&ticket->stays[i].unit, unit))
			return &ticket->stays[i];
	return NULL;
}

bool ticket_is_fence(const struct ticket *ticket, const struct event *event)
{
	return event->verb == VERB_TAKE_OVER && ticket->term < UINT32_MAX &&
	       event->term == ticket->term + 1;
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

enum {
	ABOUT_RESOLVE =
	    TICKET_LATE_RESOLVE | TICKET_WARNED_RESOLVE | TICKET_RAISED_RESOLVE,
	ABOUT_ACCEPT = TICKET_LATE_ACCEPT | TICKET_RAISED_ACCEPT,
};

static void set_resolve_by(struct ticket *ticket, int64_t resolve_by_ms)
{
	if (resolve_by_ms == ticket->resolve_by_ms)
		return;
	/* Another deadline, which has not been missed yet. */
	ticket->resolve_by_ms = resolve_by_ms;
	ticket->flags &= ~(uint32_t)ABOUT_RESOLVE;
}

/* A new holder starts afresh: not accepted, its own time to accept. */
static void hand_over(struct ticket *ticket, const struct event *event)
{
	set_holder(ticket, &event->what.to, event->time_ms);
	ticket->accepted_ms = 0;
	ticket->accept_by_ms = event->what.accept_by_ms;
	ticket->return_by_ms = event->what.return_by_ms;
	ticket->flags &= ~(uint32_t)(ABOUT_ACCEPT | TICKET_TAKEN_OVER);
	if (event->verb == VERB_TAKE_OVER)
		ticket->flags |= TICKET_TAKEN_OVER;
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
	ticket->return_by_ms = what->return_by_ms;
	ticket->round_ms = event->time_ms;
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

	if (ticket->state != STATE_WAITING)
		ticket->callouts_over = ticket->callout_count;
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

/* Whoever the ruling names keeps the ticket. */
static void apply_rule(struct ticket *ticket, const struct event *event)
{
	hand_over(ticket, event);
	ticket->ruled = event->what.to;
	if (event->what.resolve_by_ms)
		set_resolve_by(ticket, event->what.resolve_by_ms);
}

/* What has been missed stays missed, unless there is time again. */
static void apply_extend(struct ticket *ticket, const struct event *event)
{
	ticket->extensions++;
	ticket->resolve_by_ms = event->what.resolve_by_ms;
	if (ticket->resolve_by_ms > event->time_ms)
		ticket->flags &= ~(uint32_t)ABOUT_RESOLVE;
}

/* The clock stood still: everything that it counts moves on. */
static void apply_suspend(struct ticket *ticket, const struct event *event)
{
	ticket->suspended_ms = event->time_ms;
	ticket->until_ms = event->what.until_ms;
	if (event->what.resident)
		ticket->flags |= TICKET_AWAITS | TICKET_AWAITED;
}

static void apply_resume(struct ticket *ticket, const struct event *event)
{
	int64_t stood_ms = event->time_ms - ticket->suspended_ms;

	if (!ticket->suspended_ms)
		return;
	ticket->resolve_by_ms = event->what.resolve_by_ms;
	ticket->round_ms += stood_ms;
	ticket->suspended_ms = 0;
	ticket->until_ms = 0;
	ticket->flags &= ~(uint32_t)TICKET_AWAITS;
}

static void apply_resolve(struct ticket *ticket, const struct event *event)
{
	if (ticket->accepted_ms == 0)
		ticket->accepted_ms = event->time_ms;
	ticket->outcome = (uint8_t)event->what.outcome;
	ticket->channel = (uint8_t)event->what.channel;
	ticket->finding = (uint8_t)event->what.finding;
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
	ticket->finding = FINDING_NONE;
	ticket->resolved_ms = 0;
	ticket->extensions = 0;
	if (ticket->kind == KIND_APPEAL)
		ticket->parent = (struct id){ { 0 } }; /* goes its own way */
	hand_over(ticket, event);
	ticket->round_ms = event->time_ms;
	ticket->resolve_by_ms = event->what.resolve_by_ms;
	ticket->flags &= ~(uint32_t)(ABOUT_RESOLVE | TICKET_AWAITED);
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
	if (event->verb == VERB_SUPERVISE) {
		ticket->flags |= is_resolve ? (uint32_t)TICKET_LATE_RESOLVE
					    : (uint32_t)TICKET_LATE_ACCEPT;
		if (event->what.step >= ESCALATION_MAX)
			ticket->flags |= is_resolve
					     ? (uint32_t)TICKET_RAISED_RESOLVE
					     : (uint32_t)TICKET_RAISED_ACCEPT;
	} else if (is_resolve)
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
	case VERB_RULE:
		apply_rule(ticket, event);
		break;
	case VERB_TAKE_OVER:
		hand_over(ticket, event);
		break;
	case VERB_EXTEND:
		apply_extend(ticket, event);
		break;
	case VERB_SUSPEND:
		apply_suspend(ticket, event);
		break;
	case VERB_RESUME:
		apply_resume(ticket, event);
		break;
	case VERB_MERGE:
		ticket->parent = event->what.master;
		break;
	case VERB_EXCLUDE:
		ticket->closed_ms = event->time_ms;
		ticket->suspended_ms = ticket->until_ms = 0;
		ticket->flags &= ~(uint32_t)TICKET_AWAITS;
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
	case VERB_ERASE_CONTACT:
		ticket->flags &= ~(uint32_t)TICKET_HAS_CONTACT;
		break;
	default:
		break; /* only the state changes, if anything */
	}
}

int ticket_fold(
    struct ticket *ticket, const struct event *event, const struct hash *hash)
{
	enum state state;

	if (!event_follows(ticket, event))
		return ERR_INVALID;
	state = ticket->seq == 0 ? STATE_NONE : (enum state)ticket->state;

	apply(ticket, event);
	set_what_and_where(ticket, &event->what);
	ticket->state = (uint8_t)law_next(state, event->verb);
	ticket->seq = event->seq;
	ticket->term = event->term;
	ticket->last = *hash;
	ticket->updated_ms = event->time_ms;
	return 0;
}
