/*
 * A command becomes an event: the law is asked (ask_law.c), the holder's part
 * is filled in, the bytes are packed once, and what follows is done in the
 * same transaction.
 */
#include "engine/inside.h"

#include <string.h>

static const struct unit *unit_of(
    const struct turn *turn, const struct unit_code *code)
{
	return org_unit(turn->engine->config.org, code);
}

static int refuse(
    struct outcome_of *outcome, enum refusal refusal, const char *detail)
{
	outcome->refusal = refusal;
	outcome->detail = detail;
	return 0;
}

int64_t event_time(const struct turn *turn, const struct ticket *ticket)
{
	return turn->now_ms > ticket->updated_ms ? turn->now_ms
						 : ticket->updated_ms;
}

/* Items, places and next holders that the city does not have. */
static enum refusal check_names(
    const char **detail, struct turn *turn, const struct particulars *what)
{
	const struct engine *engine = turn->engine;

	if (what->item[0] &&
	    !catalogue_item(engine->config.catalogue, what->item)) {
		*detail = what->item;
		return REFUSAL_UNKNOWN_ITEM;
	}
	if (!code_is_empty(&what->place) && !unit_of(turn, &what->place)) {
		*detail = what->place.s;
		return REFUSAL_UNKNOWN_UNIT;
	}
	if (!code_is_empty(&what->to) && !unit_of(turn, &what->to)) {
		*detail = what->to.s;
		return REFUSAL_UNKNOWN_UNIT;
	}
	for (size_t i = 0; i < what->callout_count; i++) {
		if (!unit_of(turn, &what->callouts[i].department)) {
			*detail = what->callouts[i].department.s;
			return REFUSAL_UNKNOWN_UNIT;
		}
	}
	return REFUSAL_NONE;
}

int64_t time_at_most(int64_t time_ms)
{
	return time_ms < EVENT_TIME_MAX_MS ? time_ms : EVENT_TIME_MAX_MS;
}

struct deadlines deadlines_from(const struct turn *turn, const char *item,
    enum kind kind, enum colour colour, int64_t from_ms)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;
	struct deadlines by = catalogue_deadlines(
	    catalogue, catalogue_item(catalogue, item), kind, colour, from_ms);

	by.accept_by_ms = time_at_most(by.accept_by_ms);
	by.resolve_by_ms = time_at_most(by.resolve_by_ms);
	return by;
}

/* Who fences writes what is another's to write, in a term of its own. */
static uint32_t term_of(const struct turn *turn, const struct ticket *ticket,
    const struct command *command)
{
	if (!ticket->seq)
		return 1;
	return command->fence && !is_ours(turn->engine, &ticket->holder)
		   ? ticket->term + 1
		   : ticket->term;
}

static void start_event(struct event *event, struct turn *turn,
    const struct ticket *ticket, const struct command *command)
{
	*event = (struct event){
		.ticket = ticket->id,
		.seq = ticket->seq + 1,
		.term = term_of(turn, ticket, command),
		.prev = ticket->last,
		.time_ms = event_time(turn, ticket),
		.verb = command->verb,
		.unit = command->unit,
		.operator= command->operator,
		.what = command->what,
		.command = command->id,
	};
}

/* New callouts get their ids here, so that the whistle can name them. */
static int name_callouts(struct turn *turn, struct event *event)
{
	size_t count = event->what.callout_count;
	struct callout *named = turn_alloc(turn, count * sizeof(*named));

	if (!named)
		return ERR_NOMEM;
	memcpy(named, event->what.callouts, count * sizeof(*named));
	for (size_t i = 0; i < count; i++)
		id_next(&named[i].ticket, &turn->engine->ids, turn->now_ms);
	event->what.callouts = named;
	return 0;
}

int event_write(
    struct turn *turn, struct draft *draft, const struct event *event)
{
	const char *field, *problem;
	struct buf packed = { 0 };
	struct bytes bytes;
	int rc = particulars_check(
	    &field, &problem, &event->what, event->verb, false);

	if (!rc && speaks_less(turn, wire_event_version(event)))
		rc = ERR_INVALID;
	if (!rc)
		rc = wire_event_pack(&packed, event);
	if (!rc)
		rc = turn_copy(&bytes, turn, bytes_of(packed.data, packed.len));
	buf_free(&packed);
	return rc ? rc : draft_append(turn, draft, event, bytes, NULL);
}

static int pack_and_append(struct outcome_of *outcome, struct turn *turn,
    struct draft *draft, const struct event *event)
{
	int rc = event_write(turn, draft, event);

	if (rc == ERR_TOO_LARGE)
		return refuse(outcome, REFUSAL_BAD_FIELD, "text");
	if (rc == ERR_INVALID)
		return refuse(outcome, REFUSAL_BAD_FIELD, "event");
	outcome->seq = event->seq;
	return rc;
}

/*
 * Away from the origin: who gets it may need to call whoever raised it. A
 * callout's origin has the caller in its own ticket, but not the key to the
 * callout's copy, which the next department needs.
 */
static bool gives_contact(enum verb verb, const struct ticket *ticket)
{
	if (verb == VERB_RETURN)
		return ticket->kind == KIND_CALLOUT;
	return verb == VERB_FORWARD || verb == VERB_REOPEN ||
	       verb == VERB_RULE || verb == VERB_TAKE_OVER;
}

/* Fill in what is the holder's to say. */
static int complete(struct turn *turn, struct event *event,
    const struct ticket *ticket, const struct law_question *question)
{
	const struct unit *to = unit_of(turn, &question->to);
	int rc;

	event->what.to = question->to;
	if (question->awaits && !event->what.until_ms)
		event->what.until_ms = question->await_until_ms;
	rc = times_set(turn, event, ticket);
	if (!rc && to && gives_contact(event->verb, ticket) &&
	    !code_equal(&to->code, &ticket->holder))
		rc = contact_pass(&event->what.contact_key, turn, ticket, to);
	if (!rc && event->verb == VERB_WHISTLE)
		rc = name_callouts(turn, event);
	return rc;
}

/* A suspension that ends before it begins, or later than it may. */
static bool is_no_time(const struct turn *turn, const struct ticket *ticket,
    const struct particulars *what)
{
	if (!what->until_ms)
		return false;
	return what->until_ms <= event_time(turn, ticket) ||
	       (what->resident &&
		   what->until_ms > await_until_ms(turn, ticket));
}

int write_event(struct outcome_of *outcome, struct turn *turn,
    struct draft *draft, const struct command *command, unsigned extra_by)
{
	struct law_question question;
	struct event event;
	struct ticket before = draft->now;
	int rc;

	*outcome = (struct outcome_of){ REFUSAL_NONE, "", 0 };
	enum refusal refusal =
	    ask_law(&question, turn, &draft->now, command, extra_by);
	if (refusal)
		return refuse(outcome, refusal,
		    refusal_detail(turn, refusal, &draft->now, command));
	refusal = check_names(&outcome->detail, turn, &command->what);
	if (!refusal && is_no_time(turn, &draft->now, &command->what)) {
		refusal = REFUSAL_BAD_FIELD;
		outcome->detail = "until_ms";
	}
	if (refusal)
		return refuse(outcome, refusal, outcome->detail);
	enum follow follow = law_decide(&draft->now, &question).follow;

	start_event(&event, turn, &draft->now, command);
	rc = complete(turn, &event, &before, &question);
	if (!rc)
		rc = pack_and_append(outcome, turn, draft, &event);
	if (rc || outcome->refusal)
		return rc;
	if (follow == FOLLOW_CALLOUTS)
		rc = callouts_open(turn, draft, &event);
	if (!rc && event.verb == VERB_MERGE)
		rc = duplicate_noted(turn, &draft->now, command);
	if (!rc && event.verb == VERB_ERASE_CONTACT)
		rc = erase_callouts(turn, &draft->now, &event);
	if (!rc && event.verb == VERB_NOTE)
		rc = await_answered(turn, draft, &event);
	if (!rc && follow == FOLLOW_PARENT)
		rc = callouts_ended(turn, draft);
	return rc;
}

int write_open(struct outcome_of *outcome, struct draft **draft_out,
    struct turn *turn, const struct command *command)
{
	const struct unit *unit = unit_of(turn, &command->unit);
	struct bytes sealed = bytes_of(NULL, 0);
	struct event event;
	struct id id;
	int rc;

	*outcome = (struct outcome_of){ REFUSAL_NONE, "", 0 };
	enum refusal refusal = open_refusal(turn, command);
	if (!refusal)
		refusal = check_names(&outcome->detail, turn, &command->what);
	if (refusal)
		return refuse(outcome, refusal, outcome->detail);
	id_next(&id, &turn->engine->ids, turn->now_ms);
	rc = draft_new(draft_out, turn, &id);
	if (rc)
		return rc;
	start_event(&event, turn, &(*draft_out)->now, command);
	event.what.to = command->unit;
	rc = times_set(turn, &event, &(*draft_out)->now);
	if (!rc && command->contact.len) {
		struct hash *hash = turn_alloc(turn, sizeof(*hash));
		if (!hash)
			return ERR_NOMEM;
		rc = contact_seal(&sealed, &event.what.contact_key, hash, turn,
		    command->contact, unit);
		event.what.contact_hash = bytes_of(hash->b, sizeof(hash->b));
	}
	if (!rc)
		rc = pack_and_append(outcome, turn, *draft_out, &event);
	if (!rc && !outcome->refusal && sealed.len)
		rc = contacts_put(turn->txn, &id, sealed);
	return rc;
}
