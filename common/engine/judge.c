/*
 * Is a neighbour's event to be believed? Its key speaks for its side of the
 * tree and for nobody else: the writer sits where the event came from, and
 * the law lets it do that.
 */
#include "engine/inside.h"

#include <string.h>

/*
 * Of a ticket that was opened while the two were one node, each of its parts
 * has what the one node had of the other, and says it as that did.
 */
static bool is_on_side(const struct engine *engine,
    const struct neighbour *from, const struct unit *unit,
    const struct id *ticket)
{
	return neighbour_toward(engine, unit) == from ||
	       node_was_one_with(from->node, unit, id_time_ms(ticket));
}

static bool comes_from_writer(const struct turn *turn,
    const struct neighbour *from, const struct ticket *before,
    const struct event *event)
{
	const struct engine *engine = turn->engine;
	/* who opens or fences does not hold it yet */
	bool is_units = event->seq == 1 || ticket_is_fence(before, event);
	const struct unit *writer = org_unit(
	    engine->config.org, is_units ? &event->unit : &before->holder);

	if (!writer)
		return false;
	return engine->mind.is_recovering ||
	       is_on_side(engine, from, writer, &event->ticket);
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

/* The engine's own names speak for the holder, and for who opened a callout
 * and withdraws it or erases its caller, and for nobody else. */
static unsigned engine_relation(
    const struct ticket *before, const struct event *event)
{
	if (event->verb == VERB_OPEN)
		return event->what.kind == KIND_CALLOUT ? BY_ENGINE : BY_HOLDER;
	if ((event->verb == VERB_EXCLUDE ||
		event->verb == VERB_ERASE_CONTACT) &&
	    !strcmp(event->operator, OPERATOR_AUTOPILOT) &&
	    may_order_own(before, &event->unit))
		return BY_ENGINE;
	if (!code_equal(&event->unit, &before->holder))
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
	/* what is given back comes from several sides: the whistle may be with
	 * another, and without its callouts it would be mended */
	if (engine->mind.is_recovering)
		return 0;
	int rc = draft_get(&parent, turn, &event->what.parent);
	/* the whistle of a ticket that was fenced may have been stranded */
	if (!rc && parent->now.term == 1 && !is_called(&parent->now, event))
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
	       refusal == REFUSAL_NO_AWAITING ||
	       refusal == REFUSAL_NOT_ADMITTED ||
	       refusal == REFUSAL_WHISTLE_KIND || refusal == REFUSAL_FOLLOWED ||
	       refusal == REFUSAL_BAD_MASTER;
}

/* What the law says of somebody else's event, or NULL. */
static int law_problem(const char **problem, struct turn *turn,
    const struct ticket *before, const struct event *event)
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
	unsigned extra_by = engine_relation(before, event);

	/* its node knew the person; only the clock finds a deadline missed */
	if (!extra_by && operator_name_is_valid(event->operator, false) &&
	    !event->what.deadline)
		command.role = ROLE_SUPERVISOR;
	enum refusal refusal =
	    ask_law(&question, turn, before, &command, extra_by);
	*problem = NULL;
	if (refusal && !is_holders_own(refusal))
		*problem = refusal_name(refusal);
	else if (!goes_where_it_must(event, &question))
		*problem = "wrong_next_holder";
	else if (event->verb == VERB_OPEN && event->what.kind == KIND_CALLOUT)
		return callout_problem(problem, turn, event);
	return 0;
}

/*
 * Whoever acts from beyond this node did so by an order that passed through
 * it, since a tree has one way: the holder's node cannot put words into the
 * mouth of a unit on another side. A store that is younger than the ticket
 * (it was lost) cannot know, and believes.
 */
static int order_problem(const char **problem, struct turn *turn,
    const struct neighbour *from, const struct event *event)
{
	const struct engine *engine = turn->engine;
	const struct unit *unit = org_unit(engine->config.org, &event->unit);

	if (!unit || engine->mind.is_recovering ||
	    is_on_side(engine, from, unit, &event->ticket) ||
	    memcmp(event->ticket.b, engine->config.store.id.b, ID_BYTES) < 0)
		return 0;
	int rc =
	    orders_find(turn->txn, &event->ticket, event->verb, event->unit.s);
	if (rc != ERR_NOT_FOUND)
		return rc;
	*problem = "no_order";
	return 0;
}

int event_problem(const char **problem_out, struct turn *turn,
    const struct neighbour *from, const struct ticket *before,
    const struct event *event)
{
	if (!comes_from_writer(turn, from, before, event)) {
		*problem_out = "wrong_side";
		return 0;
	}
	int rc = law_problem(problem_out, turn, before, event);
	if (rc || *problem_out)
		return rc;
	return order_problem(problem_out, turn, from, event);
}
