/* Where a verb may take the ticket, and how often. */
#include "base/limits.h"
#include "ticket/cell.h"

/* The unit that a ruling named keeps the ticket. */
static bool is_ruled(const struct ticket *ticket)
{
	return !code_is_empty(&ticket->ruled) &&
	       code_equal(&ticket->ruled, &ticket->holder);
}

/* Nothing is pushed down to a unit whose list does not have it, without a
 * permit on record of somebody who may give one. */
static enum refusal admission_refusal(const struct law_question *question)
{
	if (!question->is_off_list ||
	    (question->names_permit && question->powers & POWER(PERMIT)))
		return REFUSAL_NONE;
	return REFUSAL_NOT_ADMITTED;
}

static enum refusal forward_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	if (code_is_empty(&question->to) ||
	    code_equal(&question->to, &ticket->holder))
		return REFUSAL_BAD_TARGET;
	switch (question->target) {
	case TARGET_PARENT:
		return is_ruled(ticket) ? REFUSAL_RULED : REFUSAL_NONE;
	case TARGET_BELOW:
		if (ticket_stay(ticket, &question->to))
			return REFUSAL_VISITED;
		return admission_refusal(question);
	case TARGET_DEPARTMENT:
		return ticket_stay(ticket, &question->to) ? REFUSAL_VISITED
							  : REFUSAL_NONE;
	default:
		return REFUSAL_BAD_TARGET;
	}
}

static enum refusal return_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	if (is_at_origin(ticket) || code_is_empty(&ticket->sender))
		return REFUSAL_NO_SENDER;
	if (is_ruled(ticket))
		return REFUSAL_RULED;
	if (ticket->returns >= question->returns_max)
		return REFUSAL_RETURNS_USED;
	return ticket->return_by_ms && question->now_ms > ticket->return_by_ms
		   ? REFUSAL_RETURN_WINDOW
		   : REFUSAL_NONE;
}

/* A ruling goes over the head of everybody who has had the ticket; it may
 * say that whoever has it keeps it. */
static enum refusal rule_refusal(const struct law_question *question)
{
	return question->target == TARGET_BELOW ||
		       question->target == TARGET_DEPARTMENT
		   ? REFUSAL_NONE
		   : REFUSAL_BAD_TARGET;
}

static enum refusal extend_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	if (!ticket->resolve_by_ms)
		return REFUSAL_NO_DEADLINE;
	return ticket->extensions < question->extensions_max &&
		       ticket->extensions < UINT8_MAX
		   ? REFUSAL_NONE
		   : REFUSAL_EXTENSIONS_USED;
}

/* By a permit for as long as it says; for a resident once a round, and no
 * longer than the catalogue lets anybody wait. */
static enum refusal suspend_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	if (!question->awaits)
		return REFUSAL_NONE;
	if (!question->await_until_ms)
		return REFUSAL_NO_AWAITING;
	return ticket->flags & TICKET_AWAITED ? REFUSAL_AWAITED_ALREADY
					      : REFUSAL_NONE;
}

/* Two calls about one issue: the first is known to whoever took both, and
 * may be anywhere by now. */
static bool is_callers_own(
    const struct ticket *ticket, const struct law_question *question)
{
	return question->powers & POWER(CALLER) &&
	       code_equal(&question->master->origin, &ticket->holder) &&
	       is_at_origin(ticket);
}

/* The master is with the same unit, and alive; it may be waiting for
 * departments already. A merged one is no master, so that there is no loop. */
static enum refusal merge_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	const struct ticket *master = question->master;

	if (!master || master->seq == 0 || id_equal(&master->id, &ticket->id) ||
	    master->kind != KIND_APPEAL ||
	    (!code_equal(&master->holder, &ticket->holder) &&
		!is_callers_own(ticket, question)))
		return REFUSAL_BAD_MASTER;
	switch (master->state) {
	case STATE_OPEN:
	case STATE_ACCEPTED:
	case STATE_WAITING:
	case STATE_SUSPENDED:
		return REFUSAL_NONE;
	default:
		return REFUSAL_BAD_MASTER;
	}
}

/* One caller's word is not another's: whoever follows would end with it. A
 * level above rules for all of them. */
static enum refusal withdraw_refusal(const struct law_question *question)
{
	return question->is_followed && question->by & BY_ORIGIN &&
		       !(question->by & (BY_ABOVE | BY_ENGINE))
		   ? REFUSAL_FOLLOWED
		   : REFUSAL_NONE;
}

/*
 * Outside of waiting every callout so far has ended, so that a department
 * may be called again, as it must be when the ticket was reopened.
 */
static bool is_called(
    const struct ticket *ticket, const struct unit_code *department)
{
	if (ticket->state != STATE_WAITING)
		return false;
	for (size_t i = 0; i < ticket->callout_count; i++)
		if (code_equal(&ticket->callouts[i].department, department))
			return true;
	return false;
}

static enum refusal whistle_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	const struct callout *callouts = question->callouts;

	if (question->is_kind_barred)
		return REFUSAL_WHISTLE_KIND;
	if (question->target != TARGET_DEPARTMENT)
		return REFUSAL_BAD_TARGET;
	if (!callouts || question->callouts_asked == 0)
		return REFUSAL_BAD_FIELD;
	if (question->callouts_asked >
	    (size_t)TICKET_CALLOUTS_MAX - ticket->callout_count)
		return REFUSAL_TOO_MANY;
	for (size_t i = 0; i < question->callouts_asked; i++) {
		if (is_called(ticket, &callouts[i].department))
			return REFUSAL_CALLED_ALREADY;
		for (size_t k = 0; k < i; k++)
			if (code_equal(&callouts[i].department,
				&callouts[k].department))
				return REFUSAL_CALLED_ALREADY;
	}
	return REFUSAL_NONE;
}

enum refusal cell_target_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	switch (question->verb) {
	case VERB_FORWARD:
		return forward_refusal(ticket, question);
	case VERB_WHISTLE:
		return whistle_refusal(ticket, question);
	case VERB_RETURN:
		return return_refusal(ticket, question);
	case VERB_RULE:
		return rule_refusal(question);
	case VERB_EXTEND:
		return extend_refusal(ticket, question);
	case VERB_SUSPEND:
		return suspend_refusal(ticket, question);
	case VERB_MERGE:
		return merge_refusal(ticket, question);
	case VERB_EXCLUDE:
		return withdraw_refusal(question);
	case VERB_TAKE_OVER:
		return code_is_empty(&question->to) ||
			       code_equal(&question->to, &ticket->holder)
			   ? REFUSAL_BAD_TARGET
			   : REFUSAL_NONE;
	case VERB_REOPEN:
		return code_is_empty(&question->to) ? REFUSAL_BAD_TARGET
						    : REFUSAL_NONE;
	default:
		return REFUSAL_NONE;
	}
}
