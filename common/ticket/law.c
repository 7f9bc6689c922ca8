#include "ticket/law.h"

#include "base/limits.h"
#include "ticket/cell.h"

enum state law_next(enum state state, enum verb verb)
{
	const struct cell *cell = cell_at(state, verb);

	return cell ? cell->next : STATE_NONE;
}

const struct unit_code *law_reopen_to(
    const struct ticket *ticket, const struct unit_code *above_resolver)
{
	if (ticket->reopens == 0 || !above_resolver)
		return &ticket->resolver;
	return above_resolver;
}

/* The cell, and what it asks of the ticket. */
static enum refusal state_refusal(const struct cell *cell, enum state state,
    const struct ticket *ticket, enum verb verb)
{
	bool is_callout = state != STATE_NONE && ticket->kind == KIND_CALLOUT;

	if (state == STATE_NONE && verb != VERB_OPEN)
		return REFUSAL_UNKNOWN_TICKET;
	if (state == STATE_CLOSED && verb == VERB_RATE)
		return REFUSAL_RATED_ALREADY;
	if (cell->next == STATE_NONE)
		return REFUSAL_WRONG_STATE;
	switch (cell->wants) {
	case ANY_TICKET:
		break;
	case APPEAL:
		return is_callout ? REFUSAL_NOT_CALLOUT : REFUSAL_NONE;
	case APPEAL_FIRST:
		/* A callout that every department gave back ends here. */
		return is_callout && !is_at_origin(ticket) ? REFUSAL_NOT_CALLOUT
							   : REFUSAL_NONE;
	case ONLY_CALLOUT:
		return is_callout ? REFUSAL_NONE : REFUSAL_ONLY_CALLOUT;
	}
	return REFUSAL_NONE;
}

static bool is_callout(const struct ticket *ticket)
{
	return ticket && ticket->seq > 0 && ticket->kind == KIND_CALLOUT;
}

/* Callers raise appeals; a callout is between units. */
static unsigned by_caller(const struct cell *cell, const struct ticket *ticket,
    const struct law_question *question)
{
	return question->powers & POWER(CALLER) && !is_callout(ticket)
		   ? cell->caller_by
		   : 0;
}

static enum refusal who_refusal(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	unsigned may = cell->by | by_caller(cell, ticket, question);
	unsigned by = question->by, person;

	if (is_callout(ticket))
		may |= cell->callout_by;
	if (question->awaits)
		may = cell->await_by;
	person = may & ~(unsigned)(BY_TIMER | BY_ENGINE);
	if (may && !(may & by))
		return person == BY_HOLDER   ? REFUSAL_NOT_HOLDER
		       : person == BY_ORIGIN ? REFUSAL_NOT_ORIGIN
		       : person == BY_ABOVE  ? REFUSAL_NOT_ABOVE
					     : REFUSAL_NOT_INVOLVED;
	return (by & cell->must_by) == cell->must_by ? REFUSAL_NONE
						     : REFUSAL_NOT_HOLDER;
}

/* Who may take more time may let it stand still for a resident. */
static enum refusal role_refusal(const struct law_question *question)
{
	enum verb verb = question->awaits ? VERB_EXTEND : question->verb;

	if (question->role == ROLE_NONE)
		return question->by & (BY_HOLDER | BY_TIMER | BY_ENGINE)
			   ? REFUSAL_NONE
			   : REFUSAL_NO_ROLE;
	return role_may(question->role, verb) ? REFUSAL_NONE : REFUSAL_NO_ROLE;
}

/* A word of pressure needs the power, unless it is the clock's, or a
 * reminder from whoever opened the ticket: the caller has called again. */
static uint64_t press_power(
    const struct cell *cell, const struct law_question *question)
{
	unsigned free = BY_TIMER;

	if (question->verb == VERB_REMIND)
		free |= BY_ORIGIN;
	return question->by & free ? 0 : cell->power;
}

static uint64_t exclude_power(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	uint64_t wanted = question->by & cell->by ? cell->power : 0;

	if (is_callout(ticket) && question->by & cell->callout_by)
		wanted |= POWER(WHISTLE_OUT);
	return wanted;
}

/* One of these powers will do; 0: none is needed. */
static uint64_t powers_wanted(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	bool came_back;

	if (question->verb == VERB_OPEN && question->by & BY_ENGINE)
		return 0; /* a callout: the whistle was the power */
	if (question->by & by_caller(cell, ticket, question))
		return POWER(CALLER);
	if (question->verb == VERB_REMIND || question->verb == VERB_SUPERVISE)
		return press_power(cell, question);
	if (question->awaits)
		return POWER(SETTLE);
	if (question->verb == VERB_EXCLUDE)
		return exclude_power(cell, ticket, question);
	if (question->verb == VERB_ACCEPT && question->by & BY_TIMER)
		return 0; /* time has decided */
	if (question->verb != VERB_FORWARD)
		return cell->power;
	/* Who called a department calls another when it is not the one. */
	came_back = ticket->kind == KIND_CALLOUT && is_at_origin(ticket) &&
		    ticket->flags & TICKET_WAS_RETURNED;
	switch (question->target) {
	case TARGET_PARENT:
		return POWER(FORWARD_UP);
	case TARGET_BELOW:
		return POWER(DISPATCH);
	case TARGET_DEPARTMENT:
		return POWER(DISPATCH) | (came_back ? POWER(WHISTLE_OUT) : 0);
	default:
		return POWER(FORWARD_UP) | POWER(DISPATCH);
	}
}

static enum refusal power_refusal(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	uint64_t wanted = powers_wanted(cell, ticket, question);

	return !wanted || wanted & question->powers ? REFUSAL_NONE
						    : REFUSAL_NO_POWER;
}

/* The clock's words are few; people's would fill the log. */
static bool is_word_of_a_person(const struct law_question *question)
{
	return (question->verb == VERB_REMIND ||
		   question->verb == VERB_SUPERVISE) &&
	       !(question->by & BY_TIMER);
}

static enum refusal limit_refusal(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	uint32_t reserved = cell->ends && !is_word_of_a_person(question)
				? 0
				: LAW_EVENTS_RESERVED;
	bool names_to =
	    question->verb == VERB_FORWARD || question->verb == VERB_REOPEN ||
	    question->verb == VERB_RULE || question->verb == VERB_TAKE_OVER;

	if (question->verb == VERB_ERASE_CONTACT &&
	    !(ticket->flags & TICKET_HAS_CONTACT))
		return REFUSAL_NO_CONTACT;
	if (ticket->seq >= TICKET_EVENTS_MAX - reserved)
		return REFUSAL_TOO_MANY;
	if (names_to && ticket->stay_count >= TICKET_UNITS_MAX &&
	    !ticket_stay(ticket, &question->to))
		return REFUSAL_TOO_MANY;
	if (question->verb == VERB_REOPEN && ticket->reopens == UINT8_MAX)
		return REFUSAL_TOO_MANY;
	if (question->verb == VERB_RETURN && ticket->returns == UINT8_MAX)
		return REFUSAL_TOO_MANY;
	return REFUSAL_NONE;
}

static enum follow follow_of(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	if (question->verb == VERB_OPEN && question->by & BY_ENGINE)
		return FOLLOW_CUSTODY;
	if ((question->verb == VERB_RATE || question->verb == VERB_EXCLUDE) &&
	    ticket->kind == KIND_CALLOUT)
		return FOLLOW_PARENT;
	return cell->follow;
}

/* A struct that never held a ticket may hold anything else. */
static enum state state_of(const struct ticket *ticket)
{
	return ticket && ticket->seq > 0 ? (enum state)ticket->state
					 : STATE_NONE;
}

bool law_has_cell(const struct ticket *ticket, enum verb verb)
{
	enum state state = state_of(ticket);
	const struct cell *cell = cell_at(state, verb);

	return cell && !state_refusal(cell, state, ticket, verb);
}

static struct verdict refused(enum refusal refusal)
{
	return (struct verdict){ .refusal = refusal };
}

struct verdict law_decide(
    const struct ticket *ticket, const struct law_question *asked)
{
	struct law_question question = *asked;
	enum state state = state_of(ticket);
	const struct cell *cell = cell_at(state, question.verb);
	enum refusal refusal;

	if (!cell)
		return refused(REFUSAL_WRONG_STATE);
	/* No person is the engine, whatever was asked. */
	if (question.role != ROLE_NONE)
		question.by &= ~(unsigned)(BY_TIMER | BY_ENGINE);

	refusal = state_refusal(cell, state, ticket, question.verb);
	if (!refusal)
		refusal = who_refusal(cell, ticket, &question);
	if (!refusal)
		refusal = role_refusal(&question);
	if (!refusal)
		refusal = power_refusal(cell, ticket, &question);
	/* Only an opening has no ticket yet, and it goes nowhere. */
	if (!refusal && state != STATE_NONE)
		refusal = cell_target_refusal(ticket, &question);
	if (!refusal && state != STATE_NONE)
		refusal = limit_refusal(cell, ticket, &question);
	if (refusal)
		return refused(refusal);
	return (struct verdict){ REFUSAL_NONE, cell->next,
		follow_of(cell, ticket, &question) };
}
