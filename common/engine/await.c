/*
 * A holder waits for whoever raised the issue: when they have said something,
 * nobody waits for them any more.
 */
#include "engine/inside.h"

int await_answered(
    struct turn *turn, struct draft *draft, const struct event *note)
{
	const struct ticket *ticket = &draft->now;
	struct outcome_of outcome;
	struct command command = {
		.ticket = ticket->id,
		.verb = VERB_RESUME,
		.unit = ticket->holder,
		.operator= OPERATOR_AUTOPILOT,
	};

	if (ticket->state != STATE_SUSPENDED ||
	    !(ticket->flags & TICKET_AWAITS) ||
	    !code_equal(&note->unit, &ticket->origin) ||
	    code_equal(&note->unit, &ticket->holder))
		return 0;
	particulars_clear(&command.what);
	return write_event(&outcome, turn, draft, &command, BY_ENGINE);
}
