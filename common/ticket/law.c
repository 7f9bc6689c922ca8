#include "ticket/law.h"

#include "base/limits.h"

/* What else a cell asks of the ticket: its kind, above all. */
enum wants {
	ANY_TICKET,
	APPEAL,	      /* a callout does not know this verb */
	APPEAL_FIRST, /* a callout must be checked in before, unless it
			 is back at its origin */
	ONLY_CALLOUT,
};

struct cell {
	enum state next;  /* STATE_NONE: no cell, refused */
	unsigned by;	  /* any of these bits … */
	unsigned must_by; /* … and all of these */
	uint64_t power;	  /* 0: what every holder may */
	enum follow follow;
	enum wants wants;
	bool ends; /* helps the ticket to its end: see LAW_EVENTS_RESERVED */
};

/* One cell for every state that takes a note and leaves it as it is; so
 * for the timer's verbs. */
#define NOTE(state)                                                            \
	[VERB_NOTE] = {                                                        \
		.next = state,                                                 \
		.by = BY_HOLDER | BY_ORIGIN | BY_ABOVE | BY_STAYED,            \
	}
#define TIMER(state)                                                           \
	[VERB_REMIND] = { .next = state, .by = BY_TIMER, .ends = true },       \
	[VERB_SUPERVISE] = { .next = state, .by = BY_TIMER, .ends = true }
#define FORWARD                                                                \
	[VERB_FORWARD] = {                                                     \
		.next = STATE_OPEN,                                            \
		.by = BY_HOLDER,                                               \
		.follow = FOLLOW_CUSTODY,                                      \
	}
#define WHISTLE_OUT                                                            \
	[VERB_WHISTLE] = {                                                     \
		.next = STATE_WAITING,                                         \
		.by = BY_HOLDER,                                               \
		.power = POWER(WHISTLE_OUT),                                   \
		.follow = FOLLOW_CALLOUTS,                                     \
		.wants = APPEAL,                                               \
	}
#define RETURN                                                                 \
	[VERB_RETURN] = {                                                      \
		.next = STATE_OPEN,                                            \
		.by = BY_HOLDER,                                               \
		.power = POWER(RETURN),                                        \
		.follow = FOLLOW_CUSTODY,                                      \
	}
#define RESOLVE(what)                                                          \
	[VERB_RESOLVE] = {                                                     \
		.next = STATE_RESOLVED,                                        \
		.by = BY_HOLDER,                                               \
		.power = POWER(SETTLE),                                        \
		.follow = FOLLOW_HOME,                                         \
		.wants = what,                                                 \
		.ends = true,                                                  \
	}

static const struct cell law[STATE_COUNT][VERB_COUNT] = {
	[STATE_NONE] = {
		[VERB_OPEN] = { .next = STATE_OPEN, .power = POWER(OPEN) },
	},
	[STATE_OPEN] = {
		NOTE(STATE_OPEN), TIMER(STATE_OPEN),
		FORWARD, WHISTLE_OUT, RETURN, RESOLVE(APPEAL_FIRST),
		[VERB_ACCEPT] = {
			.next = STATE_ACCEPTED, .by = BY_HOLDER,
			.power = POWER(SETTLE), .wants = APPEAL, .ends = true,
		},
		[VERB_CHECK_IN] = {
			.next = STATE_ACCEPTED, .by = BY_HOLDER,
			.power = POWER(CHECK_IN), .wants = ONLY_CALLOUT,
			.ends = true,
		},
	},
	[STATE_ACCEPTED] = {
		NOTE(STATE_ACCEPTED), TIMER(STATE_ACCEPTED),
		FORWARD, WHISTLE_OUT, RETURN, RESOLVE(ANY_TICKET),
	},
	[STATE_WAITING] = {
		NOTE(STATE_WAITING), TIMER(STATE_WAITING), WHISTLE_OUT,
		[VERB_RESUME] = {
			.next = STATE_ACCEPTED, .by = BY_ENGINE, .ends = true,
		},
	},
	[STATE_RESOLVED] = {
		NOTE(STATE_RESOLVED),
		[VERB_RATE] = {
			.next = STATE_CLOSED, .by = BY_ORIGIN,
			.must_by = BY_HOLDER, .power = POWER(RATE),
			.ends = true,
		},
		[VERB_REOPEN] = {
			.next = STATE_OPEN, .by = BY_ORIGIN,
			.must_by = BY_HOLDER, .power = POWER(RATE),
			.follow = FOLLOW_CUSTODY,
		},
	},
};

/* NULL for states and verbs that do not exist. */
static const struct cell *cell_at(enum state state, enum verb verb)
{
	if ((unsigned)state >= STATE_COUNT || (unsigned)verb >= VERB_COUNT)
		return NULL;
	return &law[state][verb];
}

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

static bool is_at_origin(const struct ticket *ticket)
{
	return code_equal(&ticket->holder, &ticket->origin);
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

static enum refusal who_refusal(const struct cell *cell, unsigned by)
{
	if (cell->by && !(cell->by & by))
		return cell->by == BY_HOLDER   ? REFUSAL_NOT_HOLDER
		       : cell->by == BY_ORIGIN ? REFUSAL_NOT_ORIGIN
					       : REFUSAL_NOT_INVOLVED;
	return (by & cell->must_by) == cell->must_by ? REFUSAL_NONE
						     : REFUSAL_NOT_HOLDER;
}

static enum refusal role_refusal(const struct law_question *question)
{
	if (question->role == ROLE_NONE)
		return question->by & (BY_HOLDER | BY_TIMER | BY_ENGINE)
			   ? REFUSAL_NONE
			   : REFUSAL_NO_ROLE;
	return role_may(question->role, question->verb) ? REFUSAL_NONE
							: REFUSAL_NO_ROLE;
}

/* One of these powers will do; 0: none is needed. */
static uint64_t powers_wanted(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	bool came_back;

	if (question->verb == VERB_OPEN && question->by & BY_ENGINE)
		return 0; /* a callout: the whistle was the power */
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

static enum refusal forward_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	if (code_is_empty(&question->to) ||
	    code_equal(&question->to, &ticket->holder))
		return REFUSAL_BAD_TARGET;
	switch (question->target) {
	case TARGET_PARENT:
		return REFUSAL_NONE;
	case TARGET_BELOW:
	case TARGET_DEPARTMENT:
		return ticket_stay(ticket, &question->to) ? REFUSAL_VISITED
							  : REFUSAL_NONE;
	default:
		return REFUSAL_BAD_TARGET;
	}
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

static enum refusal target_refusal(
    const struct ticket *ticket, const struct law_question *question)
{
	switch (question->verb) {
	case VERB_FORWARD:
		return forward_refusal(ticket, question);
	case VERB_WHISTLE:
		return whistle_refusal(ticket, question);
	case VERB_RETURN:
		if (is_at_origin(ticket) || code_is_empty(&ticket->sender))
			return REFUSAL_NO_SENDER;
		return ticket->returns < question->returns_max
			   ? REFUSAL_NONE
			   : REFUSAL_RETURNS_USED;
	case VERB_REOPEN:
		return code_is_empty(&question->to) ? REFUSAL_BAD_TARGET
						    : REFUSAL_NONE;
	default:
		return REFUSAL_NONE;
	}
}

static enum refusal limit_refusal(const struct cell *cell,
    const struct ticket *ticket, const struct law_question *question)
{
	uint32_t reserved = cell->ends ? 0 : LAW_EVENTS_RESERVED;
	bool names_to =
	    question->verb == VERB_FORWARD || question->verb == VERB_REOPEN;

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
	if (question->verb == VERB_RATE && ticket->kind == KIND_CALLOUT)
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
		refusal = who_refusal(cell, question.by);
	if (!refusal)
		refusal = role_refusal(&question);
	if (!refusal)
		refusal = power_refusal(cell, ticket, &question);
	/* Only an opening has no ticket yet, and it goes nowhere. */
	if (!refusal && state != STATE_NONE)
		refusal = target_refusal(ticket, &question);
	if (!refusal && state != STATE_NONE)
		refusal = limit_refusal(cell, ticket, &question);
	if (refusal)
		return refused(refusal);
	return (struct verdict){ REFUSAL_NONE, cell->next,
		follow_of(cell, ticket, &question) };
}
