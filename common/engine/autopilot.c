/*
 * Routine needs nobody: each time a unit of ours gets custody, the level's
 * policy or the catalogue decides, until a person is needed.
 */
#include "engine/inside.h"

#include <string.h>
#include "base/log.h"

/* Texts are read only if something has to be found in them. */
static int read_case(struct triage_case *the_case, struct turn *turn,
    const struct ticket *ticket)
{
	struct engine *engine = turn->engine;
	struct event opening;

	*the_case = (struct triage_case){
		.ticket = ticket,
		.unit = org_unit(engine->config.org, &ticket->holder),
		.title = "",
		.text = "",
		.address = "",
		.catalogue = engine->config.catalogue,
		.places = engine->places,
		.org = engine->config.org,
		.now_ms = turn->now_ms,
	};
	if (!the_case->unit)
		return ERR_NOT_FOUND;
	the_case->powers = powers_of(engine, the_case->unit);
	if (ticket->item[0] && !code_is_empty(&ticket->place))
		return 0;
	int rc = event_load(&opening, turn, &ticket->id, 1);
	if (rc)
		return rc;
	the_case->title = opening.what.title;
	the_case->text = opening.what.text;
	the_case->address = opening.what.address;
	return 0;
}

static const struct level *level_of(
    const struct engine *engine, const struct unit *unit)
{
	const struct level *const *level = engine->config.levels;

	for (; *level; level++)
		if (!strcmp((*level)->level, unit->node->level))
			return *level;
	return engine->config.level;
}

static struct decision decide(
    const struct engine *engine, const struct triage_case *the_case)
{
	const struct level *level = level_of(engine, the_case->unit);

	return level->triage ? level->triage(the_case)
			     : triage_default(the_case);
}

struct decision autopilot_suggest(
    struct turn *turn, const struct ticket *ticket)
{
	struct triage_case the_case;
	struct decision none = { .verb = VERB_NONE };

	if (ticket->kind == KIND_CALLOUT ||
	    (ticket->state != STATE_OPEN && ticket->state != STATE_ACCEPTED))
		return none;
	if (read_case(&the_case, turn, ticket))
		return none;
	return decide(turn->engine, &the_case);
}

static void command_of(struct command *command, const struct ticket *ticket,
    const struct decision *decision)
{
	*command = (struct command){
		.ticket = ticket->id,
		.verb = decision->verb,
		.unit = ticket->holder,
		.operator= OPERATOR_AUTOPILOT,
	};
	particulars_clear(&command->what);
	if (decision->item && !ticket->item[0])
		command->what.item = decision->item->code;
	if (decision->place && code_is_empty(&ticket->place))
		command->what.place = decision->place->code;
	if (decision->verb == VERB_FORWARD && decision->to)
		command->what.to = decision->to->code;
	if (decision->verb == VERB_WHISTLE) {
		command->what.colour = decision->colour;
		command->what.callouts = decision->callouts;
		command->what.callout_count = decision->callout_count;
	}
}

/* True in *moved_out when custody may have come to a unit of ours again. */
static int move_once(bool *moved_out, struct turn *turn, struct draft *draft)
{
	struct triage_case the_case;
	struct command command;
	struct outcome_of outcome;
	char id[ID_TEXT];

	*moved_out = false;
	draft->wants_triage = false;
	if (draft->now.state != STATE_OPEN)
		return 0;
	int rc = read_case(&the_case, turn, &draft->now);
	if (rc)
		return rc;
	struct decision decision = decide(turn->engine, &the_case);
	if (decision.is_suggestion || decision.verb == VERB_NONE)
		return 0;
	command_of(&command, &draft->now, &decision);
	rc = write_event(&outcome, turn, draft, &command, 0);
	if (rc)
		return rc;
	if (outcome.refusal)
		log_line(LOG_WARN, "ticket=%s routine=%s refused=%s",
		    id_format(id, &draft->now.id),
		    word_name(WORD_VERB, decision.verb),
		    refusal_name(outcome.refusal));
	*moved_out = !outcome.refusal && draft->wants_triage;
	return 0;
}

/* Whistles open tickets as well: what has no room in this turn is found by a
 * sweep in the next. */
static bool has_room(const struct turn *turn)
{
	return turn->draft_count + 1 + TICKET_CALLOUTS_MAX <= TURN_DRAFTS_MAX;
}

int autopilot(struct turn *turn)
{
	if (turn->engine->mind.is_recovering)
		return 0;
	for (size_t i = 0; i < turn->draft_count; i++) {
		struct draft *draft = turn->drafts[i];
		bool moved = draft->wants_triage;
		if (moved && !has_room(turn)) {
			autopilot_want_sweep(turn->engine);
			break;
		}
		for (int hop = 0; moved && hop < TURN_HOPS_MAX; hop++) {
			int rc = move_once(&moved, turn, draft);
			if (rc)
				return rc;
		}
	}
	return 0;
}

void autopilot_want_sweep(struct engine *engine)
{
	engine->mind.wants_sweep = true;
	engine->mind.sweep_state = STATE_OPEN;
	memset(&engine->mind.sweep_before, 0, sizeof(struct id));
}

struct sweep {
	struct engine *engine;
	struct id ids[SWEEP_TICKETS];
	unsigned count;
};

/* Only noted here: a walk must not be written under. */
static int sweep_note(void *context, const struct ticket *ticket)
{
	struct sweep *sweep = context;

	if (sweep->count == SWEEP_TICKETS)
		return 1;
	sweep->engine->mind.sweep_before = ticket->id;
	if (is_ours(sweep->engine, &ticket->holder))
		sweep->ids[sweep->count++] = ticket->id;
	return 0;
}

static int sweep_one(struct turn *turn, const struct id *id)
{
	struct draft *draft;
	int rc = draft_get(&draft, turn, id);

	/* the list is of what is stored: this turn may have heard more */
	if (rc || !is_ours(turn->engine, &draft->now.holder))
		return rc;
	if (draft->now.state == STATE_WAITING)
		return callouts_mend(turn, draft);
	draft->wants_triage = true;
	return 0;
}

/* Open ones first, then those that wait. */
static void sweep_next(struct mind *mind)
{
	mind->wants_sweep = mind->sweep_state == STATE_OPEN;
	mind->sweep_state = STATE_WAITING;
	memset(&mind->sweep_before, 0, sizeof(mind->sweep_before));
}

int autopilot_sweep(struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct sweep sweep = { .engine = engine, .count = 0 };
	struct tickets_query query = {
		.state = engine->mind.sweep_state,
		.before = engine->mind.sweep_before,
	};

	if (!engine->mind.wants_sweep || engine->mind.is_recovering)
		return 0;
	int rc = tickets_walk(turn->txn, &query, sweep_note, &sweep);
	if (rc < 0)
		return rc;
	if (rc == 0)
		sweep_next(&engine->mind);
	rc = 0;
	for (unsigned i = 0; !rc && i < sweep.count; i++) {
		if (!has_room(turn)) { /* the next turn goes on from here */
			engine->mind.wants_sweep = true;
			engine->mind.sweep_state = query.state;
			engine->mind.sweep_before =
			    i > 0 ? sweep.ids[i - 1] : query.before;
			break;
		}
		rc = sweep_one(turn, &sweep.ids[i]);
	}
	return rc;
}
