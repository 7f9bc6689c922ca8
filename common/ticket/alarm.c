/* What a ticket's clock does next. */
#include "ticket/ticket.h"

static bool is_set(const struct ticket *ticket, uint32_t flag)
{
	return (ticket->flags & flag) != 0;
}

/* The whole of the time to resolve. */
static int64_t round_length_ms(const struct ticket *ticket)
{
	int64_t whole_ms = ticket->resolve_by_ms - ticket->round_ms;

	return whole_ms > 0 ? whole_ms : 0;
}

static struct alarm resolve_alarm(const struct ticket *ticket)
{
	struct alarm alarm = {
		.verb = VERB_SUPERVISE,
		.deadline = DEADLINE_RESOLVE,
		.due_ms = ticket->resolve_by_ms,
		.step = 1,
	};
	int64_t whole_ms = round_length_ms(ticket);

	if (!ticket->resolve_by_ms || is_set(ticket, TICKET_RAISED_RESOLVE))
		return (struct alarm){ .at_ms = 0 };
	alarm.at_ms = ticket->resolve_by_ms;
	if (is_set(ticket, TICKET_LATE_RESOLVE)) {
		alarm.at_ms += whole_ms;
		alarm.step = 2;
	} else if (!is_set(ticket, TICKET_WARNED_RESOLVE)) {
		alarm.at_ms -= whole_ms / 4;
		alarm.verb = VERB_REMIND;
		alarm.step = 0;
	}
	return alarm;
}

static struct alarm accept_alarm(const struct ticket *ticket)
{
	struct alarm alarm = {
		.at_ms = ticket->accept_by_ms,
		.verb = VERB_SUPERVISE,
		.deadline = ticket->kind == KIND_CALLOUT ? DEADLINE_CHECK_IN
							 : DEADLINE_ACCEPT,
		.due_ms = ticket->accept_by_ms,
		.step = 1,
	};
	int64_t whole_ms = ticket->accept_by_ms - ticket->custody_ms;

	if (ticket->state != STATE_OPEN || !ticket->accept_by_ms ||
	    is_set(ticket, TICKET_RAISED_ACCEPT))
		return (struct alarm){ .at_ms = 0 };
	if (is_set(ticket, TICKET_LATE_ACCEPT)) {
		alarm.at_ms += whole_ms > 0 ? whole_ms : 0;
		alarm.step = 2;
	}
	return alarm;
}

/* Who neither accepts nor returns has accepted. A callout must be seen to
 * be checked in. */
static struct alarm lapse_alarm(const struct ticket *ticket)
{
	if (ticket->state != STATE_OPEN || ticket->kind == KIND_CALLOUT)
		return (struct alarm){ .at_ms = 0 };
	return (struct alarm){
		.at_ms = ticket->return_by_ms,
		.verb = VERB_ACCEPT,
	};
}

static void take_sooner(struct alarm *alarm, struct alarm other)
{
	if (other.at_ms && (!alarm->at_ms || other.at_ms <= alarm->at_ms))
		*alarm = other;
}

struct alarm ticket_next_alarm(const struct ticket *ticket)
{
	struct alarm alarm = { .at_ms = 0 };

	if (ticket->seq == 0)
		return alarm;
	switch (ticket->state) {
	case STATE_OPEN:
	case STATE_ACCEPTED:
	case STATE_WAITING:
		alarm = resolve_alarm(ticket);
		take_sooner(&alarm, accept_alarm(ticket));
		take_sooner(&alarm, lapse_alarm(ticket));
		return alarm;
	case STATE_SUSPENDED:
		alarm.at_ms = ticket->until_ms;
		alarm.verb = VERB_RESUME;
		return alarm;
	default:
		return alarm;
	}
}

int64_t ticket_next_due_ms(const struct ticket *ticket)
{
	switch (ticket->state) {
	case STATE_OPEN:
		return ticket->accept_by_ms ? ticket->accept_by_ms
					    : ticket->resolve_by_ms;
	case STATE_ACCEPTED:
	case STATE_WAITING:
		return ticket->resolve_by_ms;
	default:
		return 0;
	}
}

bool ticket_waits_for_person(const struct ticket *ticket)
{
	return ticket->state == STATE_OPEN || ticket->state == STATE_ACCEPTED ||
	       ticket->state == STATE_RESOLVED;
}

int64_t ticket_unsaid_due_ms(
    enum deadline *which_out, const struct ticket *ticket, int64_t after_ms)
{
	bool is_open = ticket->seq > 0 && ticket->state == STATE_OPEN;
	bool is_at_work =
	    is_open || (ticket->seq > 0 && (ticket->state == STATE_ACCEPTED ||
					       ticket->state == STATE_WAITING));
	enum deadline which = DEADLINE_NONE;
	int64_t due_ms = 0;

	if (is_open && ticket->accept_by_ms > after_ms &&
	    !is_set(ticket, TICKET_LATE_ACCEPT)) {
		due_ms = ticket->accept_by_ms;
		which = ticket->kind == KIND_CALLOUT ? DEADLINE_CHECK_IN
						     : DEADLINE_ACCEPT;
	}
	if (is_at_work && ticket->resolve_by_ms > after_ms &&
	    !is_set(ticket, TICKET_LATE_RESOLVE) &&
	    (!due_ms || ticket->resolve_by_ms < due_ms)) {
		due_ms = ticket->resolve_by_ms;
		which = DEADLINE_RESOLVE;
	}
	if (which_out)
		*which_out = which;
	return due_ms;
}

unsigned ticket_escalation(const struct ticket *ticket)
{
	if (is_set(ticket, TICKET_RAISED_ACCEPT | TICKET_RAISED_RESOLVE))
		return 2;
	return is_set(ticket, TICKET_LATE_ACCEPT | TICKET_LATE_RESOLVE) ? 1 : 0;
}

int64_t ticket_resumed_by_ms(const struct ticket *ticket, int64_t time_ms)
{
	int64_t by_ms = ticket->resolve_by_ms + time_ms - ticket->suspended_ms;

	if (!ticket->suspended_ms || !ticket->resolve_by_ms)
		return 0;
	return by_ms < EVENT_TIME_MAX_MS ? by_ms : EVENT_TIME_MAX_MS;
}
