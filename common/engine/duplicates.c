/*
 * A duplicate follows its master: it is resolved or excluded when that is,
 * and then goes home to its own origin, which calls back and rates. Found by
 * the store's list of merged tickets, a few each turn, and again after any
 * restart, so that none is forgotten.
 */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>
#include "base/log.h"

enum { DUPLICATES_LOOKED = 256 };

/* How the master ended: its last event that says so. */
static int ending_of(
    struct event *ending_out, struct turn *turn, const struct ticket *master)
{
	enum verb verb =
	    master->state == STATE_EXCLUDED ? VERB_EXCLUDE : VERB_RESOLVE;

	for (uint32_t seq = master->seq; seq > 0; seq--) {
		int rc = event_load(ending_out, turn, &master->id, seq);
		if (rc || ending_out->verb == verb)
			return rc;
	}
	return ERR_NOT_FOUND;
}

static int end_one(
    struct turn *turn, struct draft *duplicate, const struct event *ending)
{
	struct outcome_of outcome;
	struct command command = {
		.ticket = duplicate->now.id,
		.verb = ending->verb,
		.unit = duplicate->now.holder,
		.operator= OPERATOR_AUTOPILOT,
	};
	char id[ID_TEXT];

	particulars_clear(&command.what);
	command.what.text = ending->what.text;
	command.what.basis = ending->what.basis;
	command.what.outcome = ending->what.outcome;
	command.what.channel = ending->what.channel;
	command.what.finding = ending->what.finding;
	command.what.measures = ending->what.measures;
	int rc = write_event(&outcome, turn, duplicate, &command, BY_ENGINE);
	if (!rc && outcome.refusal)
		log_line(LOG_WARN, "ticket=%s routine=%s refused=%s",
		    id_format(id, &duplicate->now.id),
		    word_name(WORD_VERB, ending->verb),
		    refusal_name(outcome.refusal));
	return rc;
}

static bool has_ended(const struct ticket *master)
{
	return master->state == STATE_RESOLVED ||
	       master->state == STATE_CLOSED || master->state == STATE_EXCLUDED;
}

static int look_at(struct turn *turn, const struct duplicate *pair)
{
	struct draft *duplicate, *master;
	struct event ending;
	int rc = draft_get(&duplicate, turn, &pair->ticket);

	if (!rc)
		rc = draft_get(&master, turn, &pair->master);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc || duplicate->now.state != STATE_MERGED ||
	    !is_ours(turn->engine, &duplicate->now.holder) ||
	    !has_ended(&master->now))
		return rc;
	rc = ending_of(&ending, turn, &master->now);
	return rc ? rc : end_one(turn, duplicate, &ending);
}

static bool has_room(const struct turn *turn)
{
	return turn->draft_count + 2 * DUPLICATES_LOOKED <= TURN_DRAFTS_MAX;
}

/*
 * A master's end that comes while the list is being gone through, also one
 * that this itself has brought, has it gone through once more.
 */
int duplicates(struct turn *turn)
{
	struct mind *mind = &turn->engine->mind;
	struct duplicate list[DUPLICATES_LOOKED];
	int count, rc = 0;

	if ((!mind->wants_duplicates && !mind->is_among_duplicates) ||
	    mind->is_recovering || !has_room(turn))
		return 0;
	if (!mind->is_among_duplicates)
		mind->wants_duplicates = false;
	count = tickets_duplicates(
	    list, turn->txn, &mind->duplicate_after, DUPLICATES_LOOKED);
	if (count < 0)
		return count;
	for (int i = 0; !rc && i < count; i++)
		rc = look_at(turn, &list[i]);
	mind->is_among_duplicates = count == DUPLICATES_LOOKED;
	if (mind->is_among_duplicates)
		mind->duplicate_after = list[count - 1];
	else
		memset(&mind->duplicate_after, 0, sizeof(struct duplicate));
	return rc;
}

/* Somewhere else: whoever holds it writes the note. */
static int note_beyond(
    struct turn *turn, const struct ticket *master, struct command *note)
{
	struct neighbour *to = order_way(turn, master);

	if (!to)
		return 0;
	id_next(&note->id, &turn->engine->ids, turn->now_ms);
	return order_send(turn, to, note);
}

/* Whoever follows the master sees who follows it. */
int duplicate_noted(struct turn *turn, const struct ticket *duplicate,
    const struct command *merge)
{
	struct outcome_of outcome;
	struct draft *master;
	char id[ID_TEXT], text[ID_TEXT + 16];
	struct command command = {
		.ticket = duplicate->parent,
		.verb = VERB_NOTE,
		.unit = duplicate->holder,
		.operator= OPERATOR_AUTOPILOT,
	};
	int rc = draft_get(&master, turn, &duplicate->parent);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	snprintf(
	    text, sizeof(text), "merged: %s", id_format(id, &duplicate->id));
	particulars_clear(&command.what);
	command.what.text = text;
	if (is_ours(turn->engine, &master->now.holder))
		return write_event(&outcome, turn, master, &command, 0);
	command.operator= merge->operator;
	command.role = merge->role;
	return note_beyond(turn, &master->now, &command);
}

enum refusal duplicate_refusal(struct turn *turn, const struct command *open)
{
	struct law_question question;
	struct command merge = {
		.verb = VERB_MERGE,
		.unit = open->unit,
		.operator= open->operator,
		.role = open->role,
	};
	struct ticket ticket = {
		.seq = 1,
		.state = STATE_OPEN,
		.kind = KIND_APPEAL,
		.origin = open->unit,
		.holder = open->unit,
	};

	particulars_clear(&merge.what);
	merge.what.master = open->what.master;
	return ask_law(&question, turn, &ticket, &merge, 0);
}

int duplicate_opened(struct outcome_of *outcome, struct turn *turn,
    struct draft *draft, const struct command *open)
{
	uint32_t seq = outcome->seq;
	struct command merge = {
		.ticket = draft->now.id,
		.verb = VERB_MERGE,
		.unit = open->unit,
		.operator= open->operator,
		.role = open->role,
	};

	particulars_clear(&merge.what);
	merge.what.master = open->what.master;
	int rc = write_event(outcome, turn, draft, &merge, 0);
	outcome->seq = seq;
	return rc;
}
