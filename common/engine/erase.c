/*
 * The caller's details are erased by an event, so that the log itself says
 * so wherever it goes: whoever was down, or comes back from an old copy of
 * its store, drops them as soon as it hears, and nobody takes them again. The
 * bytes of the log stay as they are; only what was sealed beside it goes.
 *
 * A walk over all that is sealed, a few in a while, finds what has been kept
 * for as long as the catalogue says, and the callouts of a ticket whose
 * caller is erased, should their holder not have heard.
 */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

enum {
	ERASE_LOOKED = 32, /* at a time … */
	ERASE_STEP_MS = 100,
	ERASE_ROUND_MS = 3600 * 1000, /* … and then a rest */
	RULE_TEXT = TIME_LIMIT_TEXT + 32,
};

int erase_applied(struct turn *turn, const struct event *event)
{
	if (event->verb != VERB_ERASE_CONTACT)
		return 0;
	int rc = contacts_del(turn->txn, &event->ticket);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int is_erasure(void *context, const struct event *event)
{
	(void)context;
	return event->verb == VERB_ERASE_CONTACT;
}

int may_keep_contact(
    bool *may_out, struct turn *turn, const struct ticket *ticket)
{
	*may_out = ticket->flags & TICKET_HAS_CONTACT;
	if (!*may_out || ticket->term == 1 || !stranded_count(turn->txn))
		return 0;
	/* a fence may undo the event, but brings nothing back */
	int rc = stranded_events(turn, &ticket->id, is_erasure, NULL);
	*may_out = rc == 0;
	return rc < 0 ? rc : 0;
}

/* What the callout's erasure rests on: the same as its ticket's. */
static int erase_callout(
    struct turn *turn, const struct id *callout, const char *basis)
{
	struct draft *draft;
	struct command command = {
		.ticket = *callout,
		.verb = VERB_ERASE_CONTACT,
		.operator= OPERATOR_AUTOPILOT,
	};
	int rc = draft_get(&draft, turn, callout);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	command.unit = draft->now.origin;
	if (draft->now.kind != KIND_CALLOUT ||
	    !(draft->now.flags & TICKET_HAS_CONTACT) ||
	    !is_ours(turn->engine, &command.unit))
		return 0;
	particulars_clear(&command.what);
	command.what.basis = basis;
	return order_own(turn, draft, &command);
}

int erase_callouts(
    struct turn *turn, const struct ticket *ticket, const struct event *event)
{
	const char *basis =
	    event->what.basis[0] ? event->what.basis : event->what.rule;
	int rc = 0;

	/* the walk comes to them when all is known again */
	if (turn->engine->mind.is_recovering)
		return 0;
	for (unsigned i = 0; !rc && i < ticket->callout_count; i++)
		rc = erase_callout(turn, &ticket->callouts[i].ticket, basis);
	return rc;
}

/* ---- the walk ---- */

/* Its time is over: it has ended, and the catalogue says how long after. */
static bool is_past(const struct turn *turn, const struct ticket *ticket)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;

	if (ticket->state != STATE_CLOSED && ticket->state != STATE_EXCLUDED)
		return false;
	int64_t until_ms = catalogue_after(
	    catalogue, catalogue_contacts_kept(catalogue), ticket->closed_ms);
	return until_ms && until_ms <= turn->now_ms;
}

static int erase_past(struct turn *turn, struct draft *draft)
{
	struct time_limit kept =
	    catalogue_contacts_kept(turn->engine->config.catalogue);
	char text[TIME_LIMIT_TEXT], rule[RULE_TEXT];
	struct outcome_of outcome;
	struct command command = {
		.ticket = draft->now.id,
		.verb = VERB_ERASE_CONTACT,
		.unit = draft->now.holder,
		.operator= OPERATOR_TIMER,
	};

	particulars_clear(&command.what);
	snprintf(rule, sizeof(rule), "contacts kept %s",
	    time_limit_format(text, kept));
	command.what.rule = rule;
	return write_event(&outcome, turn, draft, &command, BY_TIMER);
}

/* The event by which the ticket's caller was erased. ERR_NOT_FOUND. */
static int find_erasure(
    struct event *event_out, struct turn *turn, const struct ticket *ticket)
{
	for (uint32_t seq = ticket->seq; seq > 0; seq--) {
		int rc = event_load(event_out, turn, &ticket->id, seq);
		if (rc || event_out->verb == VERB_ERASE_CONTACT)
			return rc;
	}
	return ERR_NOT_FOUND;
}

/* A callout of ours, whose ticket's caller is erased. */
static int erase_after_parent(struct turn *turn, const struct ticket *callout)
{
	struct draft *parent;
	struct event event;

	if (callout->kind != KIND_CALLOUT ||
	    !is_ours(turn->engine, &callout->origin))
		return 0;
	int rc = draft_get(&parent, turn, &callout->parent);
	if (!rc && parent->now.flags & TICKET_HAS_CONTACT)
		return 0;
	if (!rc)
		rc = find_erasure(&event, turn, &parent->now);
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	return erase_callouts(turn, &parent->now, &event);
}

static int look_at(struct turn *turn, const struct id *id)
{
	struct draft *draft;
	bool may_keep;
	int rc = draft_get(&draft, turn, id);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	rc = may_keep_contact(&may_keep, turn, &draft->now);
	if (!rc && !may_keep)
		rc = contacts_del(turn->txn, id);
	if (rc || !may_keep)
		return rc;
	if (is_ours(turn->engine, &draft->now.holder) &&
	    is_past(turn, &draft->now))
		return erase_past(turn, draft);
	return erase_after_parent(turn, &draft->now);
}

static bool is_time(struct engine *engine, int64_t now_ms)
{
	int64_t pause_ms = id_is_zero(&engine->mind.erase_after)
			       ? ERASE_ROUND_MS
			       : ERASE_STEP_MS;

	if (engine->erase_ms > now_ms)
		engine->erase_ms = now_ms;
	if (now_ms - engine->erase_ms < pause_ms)
		return false;
	engine->erase_ms = now_ms;
	return true;
}

void erase_want(struct engine *engine)
{
	engine->mind.erase_after = (struct id){ { 0 } };
	engine->erase_ms = 0;
}

int erase_some(struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct id list[ERASE_LOOKED];
	size_t count = 0;

	if (engine->mind.is_recovering || !is_time(engine, turn->now_ms))
		return 0;
	int rc = contacts_after(
	    list, &count, ERASE_LOOKED, turn->txn, &engine->mind.erase_after);
	for (size_t i = 0; !rc && i < count; i++)
		rc = look_at(turn, &list[i]);
	if (count == ERASE_LOOKED)
		engine->mind.erase_after = list[count - 1];
	else
		engine->mind.erase_after = (struct id){ { 0 } };
	return rc;
}
