#include "ticket/follows.h"

#include <string.h>

#include "ticket/law.h"

/* A take-over that fences begins a term; nothing else does. */
static bool is_right_term(
    const struct ticket *ticket, const struct event *event)
{
	return event->term == ticket->term || ticket_is_fence(ticket, event);
}

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
	return is_right_term(ticket, event) &&
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
	case VERB_RULE:
		return !code_is_empty(to) && has_room_for(ticket, to);
	case VERB_TAKE_OVER:
		return code_equal(to, &event->unit) &&
		       !code_equal(to, &ticket->holder) &&
		       has_room_for(ticket, to);
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

/* Times that follow from the ticket, and those that only move on. */
static bool are_right_times(
    const struct ticket *ticket, const struct event *event)
{
	const struct particulars *what = &event->what;

	switch (event->verb) {
	case VERB_EXTEND:
		return ticket->resolve_by_ms &&
		       what->resolve_by_ms > ticket->resolve_by_ms &&
		       ticket->extensions < UINT8_MAX;
	case VERB_RESUME:
		return what->resolve_by_ms ==
		       ticket_resumed_by_ms(ticket, event->time_ms);
	case VERB_MERGE:
		return !id_equal(&what->master, &ticket->id);
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

bool event_follows(const struct ticket *ticket, const struct event *event)
{
	if (!is_next_in_log(ticket, event) ||
	    !law_has_cell(ticket, event->verb) ||
	    strlen(event->what.item) >= ITEM_CODE_MAX)
		return false;
	return event->verb == VERB_OPEN ||
	       (is_right_custody(ticket, event) && may_call(ticket, event) &&
		   are_right_times(ticket, event));
}
