/* What one event must be, after the one before it; by the promises' numbers. */
#include "sim.h"

#include <string.h>

static bool is_engine(const struct seen *seen)
{
	return seen->person[0] == '@';
}

static bool is_within(const struct unit_code *low, const struct unit_code *high)
{
	const struct unit *a = org_unit(sim.world->org, low);
	const struct unit *b = org_unit(sim.world->org, high);

	return a && b && unit_is_within(a, b);
}

/* The node that serves a unit. */
int promises_node_of(const struct unit_code *code)
{
	const struct unit *unit = org_unit(sim.world->org, code);

	return unit ? (int)unit->node->index : -1;
}

/* 4: a log does not go back in time, whatever the clocks do. */
static void check_time(const struct seen *seen, const struct seen *before)
{
	SIM_MUST(!before || seen->time_ms >= before->time_ms, "4 one log",
	    "seq %u of %s is older than the one before", seen->seq,
	    model_name(&seen->ticket));
}

bool promises_is_fence(const struct seen *seen, const struct seen *before)
{
	return seen->verb == VERB_TAKE_OVER && seen->term == before->term + 1;
}

/* 3: who holds it writes it; a superior that fences begins a term. */
static void check_writer(
    const struct seen *seen, const struct seen *before, unsigned node)
{
	const struct unit_code *writer = before ? &before->holder : &seen->unit;

	if (before && promises_is_fence(seen, before)) {
		writer = &seen->unit;
		SIM_MUST(is_within(&before->holder, &seen->unit) &&
			     !code_equal(&before->holder, &seen->unit),
		    "3 one holder", "%s is fenced by %s, who is not above %s",
		    model_name(&seen->ticket), seen->unit.s, before->holder.s);
	} else if (before)
		SIM_MUST(seen->term == before->term, "3 one holder",
		    "term %u follows term %u", seen->term, before->term);
	SIM_MUST(promises_node_of(writer) == (int)node, "3 one holder",
	    "%s writes %s of %s, seq %u, which %s holds", node_name(node),
	    word_name(WORD_VERB, seen->verb), model_name(&seen->ticket),
	    seen->seq, writer->s);
}

/* 8: for whom somebody may act. */
static void check_power(const struct seen *seen, const struct seen *before)
{
	const struct operator* person;
	bool may = true, is_above;

	if (!before || is_engine(seen)) {
		SIM_MUST(!before || !is_engine(seen) ||
			     code_equal(&seen->unit, &before->holder) ||
			     code_equal(&seen->unit, &before->origin) ||
			     is_within(&before->holder, &seen->unit),
		    "8 powers", "the engine acts for %s", seen->unit.s);
		return;
	}
	is_above = is_within(&before->holder, &seen->unit);
	person = org_operator(sim.world->org, seen->person);
	SIM_MUST(person && code_equal(&person->unit->code, &seen->unit),
	    "8 powers", "%s acts for %s", seen->person, seen->unit.s);
	switch (seen->verb) {
	case VERB_ACCEPT:
	case VERB_CHECK_IN:
	case VERB_FORWARD:
	case VERB_WHISTLE:
	case VERB_RETURN:
	case VERB_RESOLVE:
	case VERB_EXTEND:
	case VERB_MERGE:
		may = code_equal(&seen->unit, &before->holder);
		break;
	case VERB_RATE:
	case VERB_REOPEN:
		may = code_equal(&seen->unit, &before->origin);
		break;
	case VERB_SUSPEND:
	case VERB_RESUME:
		may = is_above || code_equal(&seen->unit, &before->holder);
		break;
	case VERB_EXCLUDE:
	case VERB_ERASE_CONTACT:
		may = is_above || code_equal(&seen->unit, &before->origin);
		break;
	case VERB_TAKE_OVER:
	case VERB_RULE:
		may = is_above;
		break;
	default:
		break;
	}
	SIM_MUST(may, "8 powers", "%s of %s by %s, who is none to do that",
	    word_name(WORD_VERB, seen->verb), model_name(&seen->ticket),
	    seen->person);
}

/* 8: what was said with a stolen key, or by somebody else, is no event. */
static void check_speaker(const struct seen *seen)
{
	const struct wish *wish;

	if (seen->wish < 0)
		return;
	wish = &sim.wishes[seen->wish];
	SIM_MUST(!wish->is_stolen, "8 powers",
	    "%s was said with a key that is no more", wish->text);
	SIM_MUST(!strcmp(wish->person, seen->person) &&
		     wish->request.command.verb == seen->verb,
	    "8 powers", "%s of %s is an event of %s", wish->text, wish->person,
	    seen->person);
}

/* While a ticket stands still nobody works on it, and its clock neither. */
static bool may_follow(const struct seen *seen, const struct seen *before)
{
	enum verb verb = seen->verb;

	if (verb == VERB_ERASE_CONTACT)
		return true;
	switch (before->state) {
	case STATE_CLOSED:
	case STATE_EXCLUDED:
		return false;
	case STATE_SUSPENDED:
		return verb == VERB_NOTE || verb == VERB_EXCLUDE ||
		       verb == VERB_RESUME;
	case STATE_MERGED:
		return verb == VERB_NOTE ||
		       (is_engine(seen) &&
			   (verb == VERB_RESOLVE || verb == VERB_EXCLUDE));
	case STATE_WAITING:
		return verb == VERB_NOTE || verb == VERB_REMIND ||
		       verb == VERB_SUPERVISE || verb == VERB_EXTEND ||
		       verb == VERB_WHISTLE ||
		       (is_engine(seen) && verb == VERB_RESUME);
	default:
		return true;
	}
}

/* 6 and 4: what may follow what, and what comes of it. */
static void fold(struct seen *seen, const struct seen *before)
{
	static const enum state next[VERB_COUNT] = {
		[VERB_OPEN] = STATE_OPEN,
		[VERB_ACCEPT] = STATE_ACCEPTED,
		[VERB_CHECK_IN] = STATE_ACCEPTED,
		[VERB_RESUME] = STATE_ACCEPTED,
		[VERB_FORWARD] = STATE_OPEN,
		[VERB_RETURN] = STATE_OPEN,
		[VERB_RULE] = STATE_OPEN,
		[VERB_TAKE_OVER] = STATE_OPEN,
		[VERB_REOPEN] = STATE_OPEN,
		[VERB_WHISTLE] = STATE_WAITING,
		[VERB_SUSPEND] = STATE_SUSPENDED,
		[VERB_RESOLVE] = STATE_RESOLVED,
		[VERB_RATE] = STATE_CLOSED,
		[VERB_EXCLUDE] = STATE_EXCLUDED,
		[VERB_MERGE] = STATE_MERGED,
	};

	if (!before) {
		seen->state = STATE_OPEN;
		seen->origin = seen->unit;
		seen->holder = code_is_empty(&seen->to) ? seen->unit : seen->to;
		return;
	}
	SIM_MUST(may_follow(seen, before), "6 one rating",
	    "%s of %s by %s, which was %s", word_name(WORD_VERB, seen->verb),
	    model_name(&seen->ticket), seen->person,
	    word_name(WORD_STATE, before->state));
	seen->state = next[seen->verb] ? next[seen->verb] : before->state;
	seen->kind = before->kind;
	seen->origin = before->origin;
	seen->holder = before->holder;
	seen->resolver = before->resolver;
	seen->is_erased = before->is_erased || seen->verb == VERB_ERASE_CONTACT;
	seen->ratings = before->ratings + (seen->verb == VERB_RATE);
	seen->reopens = before->reopens + (seen->verb == VERB_REOPEN);
	if (next[seen->verb] == STATE_OPEN)
		seen->holder = seen->to;
	if (seen->verb == VERB_RESOLVE) {
		seen->resolver = before->holder;
		seen->holder = before->origin;
	}
	if (seen->verb == VERB_RATE || seen->verb == VERB_REOPEN)
		SIM_MUST(before->state == STATE_RESOLVED && !is_engine(seen),
		    "6 one rating", "%s of %s, which is not resolved",
		    word_name(WORD_VERB, seen->verb),
		    model_name(&seen->ticket));
	SIM_MUST(seen->ratings <= 1, "6 one rating", "%s is rated twice",
	    model_name(&seen->ticket));
}

/* 7: the timer says a thing once. */
static void check_timer(const struct seen *seen)
{
	if (strcmp(seen->person, OPERATOR_TIMER) || seen->verb == VERB_ACCEPT ||
	    seen->verb == VERB_RESUME)
		return;
	for (int at = seen->prev; at >= 0; at = model_seen(at)->prev)
		SIM_MUST(strcmp(model_seen(at)->person, OPERATOR_TIMER) ||
			     model_seen(at)->verb != seen->verb ||
			     model_seen(at)->deadline != seen->deadline ||
			     model_seen(at)->step != seen->step ||
			     model_seen(at)->due_ms != seen->due_ms,
		    "7 deadlines", "%s of %s fires twice",
		    word_name(WORD_DEADLINE, seen->deadline),
		    model_name(&seen->ticket));
}

void promises_of_event(
    struct seen *seen, const struct seen *before, unsigned node)
{
	check_time(seen, before);
	check_writer(seen, before, node);
	check_power(seen, before);
	check_speaker(seen);
	fold(seen, before);
	check_timer(seen);
}
