/*
 * A command of a person with a key: who may speak here, for whom; a repeat
 * is the same wish; then the law.
 */
#include "engine/inside.h"

#include <string.h>

int say_done(struct turn *turn, const struct net_route *route,
    const struct id *request, const struct request_record *record)
{
	struct wire_reply reply = {
		.id = *request,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_COMMAND,
		.command = {
			.ticket = record->ticket,
			.seq = record->seq,
			.existed = record->existed,
		},
	};
	struct draft *draft;
	int rc = draft_get(&draft, turn, &record->ticket);

	if (!rc) {
		reply.command.state = draft->now.state;
		reply.command.holder = draft->now.holder;
	}
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	return say(turn, route, &reply);
}

/* The unit that the actor speaks for; a refusal if it may not. */
static enum refusal speak_for(const struct unit **unit_out, const char **detail,
    const struct engine *engine, const struct actor *actor,
    const struct unit_code *wanted)
{
	const struct unit *unit = actor->unit;

	if (!code_is_empty(wanted) && !code_equal(wanted, &unit->code)) {
		unit = org_unit(engine->config.org, wanted);
		*detail = wanted->s;
		if (!unit)
			return REFUSAL_UNKNOWN_UNIT;
		if (actor->role != ROLE_SUPERVISOR ||
		    !unit_is_within(unit, actor->unit))
			return REFUSAL_WRONG_UNIT;
	}
	if (unit->node != engine->self) {
		*detail = unit->node->name;
		return REFUSAL_NOT_HERE;
	}
	*unit_out = unit;
	*detail = "";
	return REFUSAL_NONE;
}

static int open_new(struct outcome_of *outcome, struct request_record *record,
    struct turn *turn, const struct command *asked)
{
	bool is_duplicate = !id_is_zero(&asked->what.master);
	/* a refusal's detail may point into it */
	struct command *command = turn_alloc(turn, sizeof(*command));
	struct draft *draft = NULL;
	int rc;

	if (!command)
		return ERR_NOMEM;
	*command = *asked;
	if (is_duplicate)
		outcome->refusal = duplicate_refusal(turn, asked);
	if (outcome->refusal)
		return 0;
	memset(&command->what.master, 0, sizeof(command->what.master));
	rc = write_open(outcome, &draft, turn, command);
	if (rc || outcome->refusal)
		return rc;
	record->ticket = draft->now.id;
	record->seq = outcome->seq;
	return is_duplicate ? duplicate_opened(outcome, turn, draft, asked) : 0;
}

/* The source's own number is one ticket, however often it comes, for all who
 * may open one. */
static int open_asked(struct outcome_of *outcome, struct request_record *record,
    struct turn *turn, const struct command *command)
{
	int rc;

	outcome->refusal = open_refusal(turn, command);
	if (outcome->refusal)
		return 0;
	if (command->what.external_id[0]) {
		rc = intake_get(&record->ticket, turn->txn, command->unit.s,
		    command->what.external_id);
		if (!rc)
			record->existed = 1;
		if (rc != ERR_NOT_FOUND)
			return rc;
	}
	if (turn->is_full) {
		outcome->refusal = REFUSAL_STORE_FULL;
		return 0;
	}
	return open_new(outcome, record, turn, command);
}

/*
 * The holder is elsewhere: the command goes there, if it could be done. That
 * is written down: it is on its way once, however often it is asked for.
 */
static int pass_on(struct outcome_of *outcome, struct request_record *record,
    struct turn *turn, const struct net_route *route, const struct draft *draft,
    const struct command *command)
{
	struct neighbour *to = order_way(turn, &draft->now);
	struct law_question question;

	outcome->refusal = ask_law(&question, turn, &draft->now, command, 0);
	if (!outcome->refusal && !to)
		outcome->refusal = REFUSAL_UNKNOWN_UNIT;
	if (!outcome->refusal && !waiting_add(turn, &command->id, route))
		outcome->refusal = REFUSAL_TOO_FAST;
	if (outcome->refusal) {
		outcome->detail = outcome->refusal == REFUSAL_UNKNOWN_UNIT
				      ? draft->now.holder.s
				      : refusal_detail(turn, outcome->refusal,
					    &draft->now, command);
		return 0;
	}
	record->is_passed = 1;
	/* whoever orders does not know yet that nobody will answer */
	struct command order = *command;
	order.fence = false;
	int rc = order_send(turn, to, &order);
	if (!rc && command->verb == VERB_TAKE_OVER)
		rc = silence_begins(turn, &draft->now, &command->id);
	return rc;
}

static int do_command(struct outcome_of *outcome, struct request_record *record,
    struct turn *turn, const struct net_route *route,
    const struct command *command)
{
	struct draft *draft;
	int rc;

	if (command->verb == VERB_OPEN)
		return open_asked(outcome, record, turn, command);
	record->ticket = command->ticket;
	rc = draft_get(&draft, turn, &command->ticket);
	if (rc == ERR_NOT_FOUND) {
		outcome->refusal = REFUSAL_UNKNOWN_TICKET;
		return 0;
	}
	if (rc)
		return rc;
	if (!is_ours(turn->engine, &draft->now.holder)) {
		bool is_done = false;
		if (command->fence)
			rc = fence_asked(
			    &is_done, outcome, turn, draft, command);
		record->seq = outcome->seq;
		return rc || is_done ? rc
				     : pass_on(outcome, record, turn, route,
					   draft, command);
	}
	rc = was_done(&outcome->seq, turn, &draft->now, &command->id);
	if (!rc && !outcome->seq)
		rc = write_event(outcome, turn, draft, command, 0);
	record->seq = outcome->seq;
	return rc;
}

static int refuse(struct turn *turn, const struct net_route *route,
    const struct wire_request *request, enum refusal refusal,
    const char *detail)
{
	return say_refused(turn, route, &request->id, refusal, detail);
}

/* Intake of a node that is mirrored is told when the node above has it. An
 * opening is a ticket's first event, or of one that was there. */
static int say_opened(struct turn *turn, const struct net_route *route,
    const struct id *request, const struct request_record *record)
{
	bool must_wait = false;
	int rc = 0;

	if (record->seq <= 1)
		rc = mirror_is_due(&must_wait, turn, &record->ticket);
	if (rc || !must_wait)
		return rc ? rc : say_done(turn, route, request, record);
	if (waiting_mirror(turn, request, route))
		return 0;
	return say_refused(turn, route, request, REFUSAL_TOO_FAST, "");
}

static int asked_first(struct turn *turn, const struct net_route *route,
    const struct wire_request *request, struct command *command)
{
	struct request_record record = { .made_ms = turn->now_ms };
	struct outcome_of outcome = { REFUSAL_NONE, "", 0 };
	int rc = uploads_ready(&outcome, turn, command);

	if (!rc && !outcome.refusal)
		rc = do_command(&outcome, &record, turn, route, command);
	if (rc)
		return rc;
	if (outcome.refusal)
		return refuse(
		    turn, route, request, outcome.refusal, outcome.detail);
	rc = uploads_named(turn, command);
	if (!rc)
		rc = requests_put(turn->txn, &request->id, &record);
	if (rc || record.is_passed)
		return rc;
	return say_opened(turn, route, &request->id, &record);
}

/* Nothing has come back: the order or its answer may have been lost with
 * somebody's disk. Twice on its way it is still done once: see once.c. */
static int order_anew(
    struct turn *turn, struct command *command, struct request_record *record)
{
	struct outcome_of outcome = { REFUSAL_NONE, "", 0 };
	int64_t since_ms = turn->now_ms - record->made_ms;

	if (since_ms >= 0 && since_ms < ORDER_AGAIN_MS)
		return 0;
	int rc = uploads_ready(&outcome, turn, command);
	if (rc || outcome.refusal)
		return rc;
	record->made_ms = turn->now_ms;
	rc = requests_put(turn->txn, &command->id, record);
	return rc ? rc : order_again(turn, command);
}

/* What is on its way is waited for, unless the log has it already, or the
 * ticket has come here meanwhile. */
static int asked_on_its_way(struct turn *turn, const struct net_route *route,
    const struct wire_request *request, struct command *command,
    struct request_record *record)
{
	struct draft *draft;
	int rc = draft_get(&draft, turn, &command->ticket);

	if (!rc)
		rc = was_done(&record->seq, turn, &draft->now, &command->id);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!rc && record->seq) {
		record->is_passed = 0;
		rc = requests_put(turn->txn, &command->id, record);
		if (!rc)
			rc = silence_ends(turn, &command->id);
		return rc ? rc : say_done(turn, route, &request->id, record);
	}
	if (!rc && is_ours(turn->engine, &draft->now.holder))
		return asked_first(turn, route, request, command);
	if (!waiting_add(turn, &request->id, route))
		return refuse(turn, route, request, REFUSAL_TOO_FAST, "");
	return rc ? 0 : order_anew(turn, command, record);
}

/* What was done is not done again, and the answer is the same. */
static int asked_again(struct turn *turn, const struct net_route *route,
    const struct wire_request *request, struct command *command,
    struct request_record *record)
{
	if (record->refusal)
		return refuse(turn, route, request, record->refusal, "");
	if (record->is_passed)
		return asked_on_its_way(turn, route, request, command, record);
	return say_opened(turn, route, &request->id, record);
}

int command_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct engine *engine = turn->engine;
	struct command command = request->command;
	struct request_record record;
	const struct unit *unit = NULL;
	const char *detail = "";
	enum refusal refusal =
	    speak_for(&unit, &detail, engine, actor, &command.unit);

	if (!refusal && (engine->mind.is_recovering || engine->is_draining))
		refusal = REFUSAL_RECOVERING;
	if (refusal)
		return refuse(turn, route, request, refusal, detail);
	command.id = request->id;
	command.unit = unit->code;
	command.operator= actor->operator;
	command.role = actor->role;

	int rc = requests_get(&record, turn->txn, &request->id);
	if (!rc)
		return asked_again(turn, route, request, &command, &record);
	return rc == ERR_NOT_FOUND ? asked_first(turn, route, request, &command)
				   : rc;
}
