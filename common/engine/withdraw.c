/*
 * Callouts of a whistle that a fence has undone: nobody waits for them any
 * more. The whistling unit's node withdraws them, as it would by an order of
 * a person, as soon as it knows, and again until none is left: what has been
 * withdrawn is not withdrawn twice, for the law has no cell for it.
 */
#include "engine/inside.h"

#include <string.h>

enum {
	WITHDRAW_TICKETS = 16, /* a turn looks at so many */
	WITHDRAW_EVERY_MS = 3600 * 1000,
	ID_TIME_BYTES = 6, /* what an id begins with */
};

static const char reason[] =
    "吹哨后工单已被上级接管，本次哨单撤回。 The ticket was taken over before "
    "this whistle was heard; the callout is withdrawn.";

void withdraw_want(struct engine *engine)
{
	engine->mind.wants_withdraw = true;
	memset(&engine->mind.withdraw_after, 0, sizeof(struct id));
}

bool is_own_order(const struct command *command)
{
	return command->role == ROLE_NONE &&
	       (command->verb == VERB_EXCLUDE ||
		   command->verb == VERB_ERASE_CONTACT) &&
	       !strcmp(command->operator, OPERATOR_AUTOPILOT);
}

bool may_order_own(const struct ticket *callout, const struct unit_code *unit)
{
	return callout->seq > 0 && callout->kind == KIND_CALLOUT &&
	       code_equal(&callout->origin, unit);
}

static void name_order(
    struct id *id_out, const struct ticket *callout, enum verb verb)
{
	uint8_t text[ID_BYTES + 8];
	struct hash hash;

	memcpy(text, callout->id.b, ID_BYTES);
	store_be32(text + ID_BYTES, callout->seq);
	store_be32(text + ID_BYTES + 4, verb);
	hash_of(&hash, bytes_of(text, sizeof(text)));
	*id_out = callout->id;
	memcpy(id_out->b + ID_TIME_BYTES, hash.b, ID_BYTES - ID_TIME_BYTES);
}

int order_own(struct turn *turn, struct draft *callout, struct command *command)
{
	struct outcome_of outcome;
	struct neighbour *to;

	name_order(&command->id, &callout->now, command->verb);
	if (is_ours(turn->engine, &callout->now.holder))
		return write_event(&outcome, turn, callout, command, BY_ENGINE);
	to = order_way(turn, &callout->now);
	return to ? order_send(turn, to, command) : 0;
}

static bool is_named(const struct ticket *parent, const struct id *callout)
{
	for (unsigned i = 0; i < parent->callout_count; i++)
		if (id_equal(&parent->callouts[i].ticket, callout))
			return true;
	return false;
}

static int withdraw_one(
    struct turn *turn, const struct unit_code *unit, const struct id *callout)
{
	struct draft *draft;
	struct command command = {
		.ticket = *callout,
		.verb = VERB_EXCLUDE,
		.unit = *unit,
		.operator= OPERATOR_AUTOPILOT,
	};
	int rc = draft_get(&draft, turn, callout);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	if (!may_order_own(&draft->now, unit) ||
	    !law_has_cell(&draft->now, VERB_EXCLUDE))
		return 0;
	particulars_clear(&command.what);
	command.what.text = reason;
	return order_own(turn, draft, &command);
}

/* The callouts of our stranded whistles on one ticket. */
struct withdrawing {
	struct turn *turn;
	const struct ticket *parent;
	struct {
		struct unit_code unit;
		struct id callout;
	} list[4 * TICKET_CALLOUTS_MAX];
	unsigned count;
};

static int note_callouts(void *context, const struct event *event)
{
	struct withdrawing *all = context;

	if (event->verb != VERB_WHISTLE ||
	    !is_ours(all->turn->engine, &event->unit))
		return 0;
	for (size_t i = 0; i < event->what.callout_count; i++) {
		const struct id *id = &event->what.callouts[i].ticket;
		if (is_named(all->parent, id) ||
		    all->count == sizeof(all->list) / sizeof(all->list[0]))
			continue;
		all->list[all->count].unit = event->unit;
		all->list[all->count++].callout = *id;
	}
	return 0;
}

static int withdraw_of(struct turn *turn, const struct id *ticket)
{
	struct withdrawing all = { .turn = turn };
	struct ticket parent;
	int rc = tickets_get(&parent, turn->txn, ticket);

	all.parent = &parent;
	if (!rc)
		rc = stranded_events(turn, ticket, note_callouts, &all);
	for (unsigned i = 0; !rc && i < all.count; i++)
		rc =
		    withdraw_one(turn, &all.list[i].unit, &all.list[i].callout);
	return rc;
}

static bool is_time(struct engine *engine, int64_t now_ms)
{
	if (engine->withdraw_ms > now_ms)
		engine->withdraw_ms = now_ms;
	if (now_ms - engine->withdraw_ms < WITHDRAW_EVERY_MS)
		return false;
	engine->withdraw_ms = now_ms;
	return true;
}

int withdraw(struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct mind *mind = &engine->mind;

	if (mind->is_recovering)
		return 0;
	if (is_time(engine, turn->now_ms) && stranded_count(turn->txn))
		withdraw_want(engine);
	for (int i = 0; mind->wants_withdraw && i < WITHDRAW_TICKETS; i++) {
		struct id ticket;
		int rc =
		    stranded_ticket(&ticket, turn->txn, &mind->withdraw_after);
		if (rc == ERR_NOT_FOUND) {
			mind->wants_withdraw = false;
			return 0;
		}
		/* what this turn has changed of it */
		if (!rc)
			rc = drafts_flush(turn);
		if (!rc)
			rc = withdraw_of(turn, &ticket);
		if (rc)
			return rc;
		mind->withdraw_after = ticket;
	}
	return 0;
}
