/*
 * The question that the law is asked, of all that this node knows: who wants
 * it, what they may do here, who would get the ticket, what the catalogue
 * allows. Nothing is written.
 */
#include "engine/inside.h"

static const struct unit *unit_of(
    const struct turn *turn, const struct unit_code *code)
{
	return org_unit(turn->engine->config.org, code);
}

static bool are_departments(const struct engine *engine,
    const struct unit *unit, const struct particulars *what)
{
	for (size_t i = 0; i < what->callout_count; i++)
		if (target_of(engine, unit, &what->callouts[i].department) !=
		    TARGET_DEPARTMENT)
			return false;
	return true;
}

/* The next holder that the law names, where the command does not. */
static struct unit_code next_holder(const struct turn *turn,
    const struct ticket *ticket, const struct command *command)
{
	const struct unit *resolver;

	switch (command->verb) {
	case VERB_RETURN:
		return ticket->sender;
	case VERB_RESOLVE:
		return ticket->origin;
	case VERB_TAKE_OVER:
		return command->unit;
	case VERB_REOPEN:
		resolver = unit_of(turn, &ticket->resolver);
		return *law_reopen_to(ticket, resolver && resolver->parent
						  ? &resolver->parent->code
						  : NULL);
	default:
		return command->what.to;
	}
}

/* Is a level above the receiver's competent for it? */
static bool is_off_list(const struct turn *turn, const struct ticket *ticket,
    const struct command *command)
{
	const struct unit *to = unit_of(turn, &command->what.to);
	const struct item *item = catalogue_item(turn->engine->config.catalogue,
	    command->what.item[0] ? command->what.item : ticket->item);

	return to && to->kind == UNIT_AREA && item &&
	       to->depth > item->competent;
}

static const struct ticket *master_of(
    struct turn *turn, const struct command *command)
{
	struct draft *master;

	return draft_get(&master, turn, &command->what.master) ? NULL
							       : &master->now;
}

enum whistle_kind whistle_kind_of(
    const struct engine *engine, const struct particulars *what)
{
	const struct situation *situation =
	    catalogue_situation(engine->config.catalogue, what->situation);

	return what->whistle || !situation ? what->whistle : situation->kind;
}

static bool may_whistle(const struct engine *engine, const struct unit *unit,
    const struct command *command)
{
	return catalogue_may_whistle(engine->config.catalogue,
	    whistle_kind_of(engine, &command->what), unit->depth,
	    command->role);
}

int64_t await_until_ms(const struct turn *turn, const struct ticket *ticket)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;

	return time_at_most(catalogue_after(catalogue,
	    catalogue_resident_wait(catalogue), event_time(turn, ticket)));
}

enum refusal ask_law(struct law_question *question, struct turn *turn,
    const struct ticket *ticket, const struct command *command,
    unsigned extra_by)
{
	const struct engine *engine = turn->engine;
	const struct unit *unit = unit_of(turn, &command->unit);

	if (!unit)
		return REFUSAL_UNKNOWN_UNIT;
	*question = (struct law_question){
		.verb = command->verb,
		.by = relation_of(engine, ticket, unit) | extra_by,
		.powers = powers_of(engine, unit),
		.role = command->role,
		.to = next_holder(turn, ticket, command),
		.now_ms = event_time(turn, ticket),
		.returns_max = catalogue_returns_max(engine->config.catalogue),
		.extensions_max =
		    catalogue_extensions_max(engine->config.catalogue),
		.awaits = command->what.resident,
		.await_until_ms = await_until_ms(turn, ticket),
		.names_permit = command->what.basis[0] != '\0',
		.callouts = command->what.callouts,
		.callouts_asked = command->what.callout_count,
	};
	if (command->verb == VERB_FORWARD) {
		question->target = target_of(engine, unit, &question->to);
		question->is_off_list = is_off_list(turn, ticket, command);
	}
	if (command->verb == VERB_RULE)
		question->target = ruled_target(engine, unit, &question->to);
	if (command->verb == VERB_MERGE)
		question->master = master_of(turn, command);
	if (command->verb == VERB_EXCLUDE)
		question->is_followed =
		    tickets_is_followed(turn->txn, &ticket->id);
	if (command->verb == VERB_WHISTLE) {
		question->is_kind_barred = !may_whistle(engine, unit, command);
		if (are_departments(engine, unit, &command->what))
			question->target = TARGET_DEPARTMENT;
	}
	return law_decide(ticket, question).refusal;
}

enum refusal open_refusal(
    const struct turn *turn, const struct command *command)
{
	const struct unit *unit = unit_of(turn, &command->unit);
	struct law_question question = {
		.verb = VERB_OPEN,
		.by = BY_HOLDER,
		.role = command->role,
		.powers = unit ? powers_of(turn->engine, unit) : 0,
	};

	return law_decide(NULL, &question).refusal;
}
