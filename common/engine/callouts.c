/*
 * A whistle opens one callout for each department: a child ticket whose
 * origin is the whistling unit. Its ticket waits until every callout has
 * ended.
 */
#include "engine/inside.h"

static size_t add_files(struct attachment files[EVENT_FILES_MAX], size_t count,
    const struct particulars *what)
{
	for (size_t i = 0; i < what->attachment_count; i++) {
		size_t k = 0;

		while (k < count &&
		       !hash_equal(&files[k].hash, &what->attachments[i].hash))
			k++;
		if (k == count && count < EVENT_FILES_MAX)
			files[count++] = what->attachments[i];
	}
	return count;
}

/* A department sees its callout alone: it gets what the whistle names, and
 * what whoever raised the issue has sent. */
static size_t pick_files(struct attachment files[EVENT_FILES_MAX],
    const struct particulars *opening, const struct particulars *whistle)
{
	return add_files(files, add_files(files, 0, whistle), opening);
}

static int open_one(struct turn *turn, const struct ticket *parent,
    const struct event *opening, const struct event *whistle,
    const struct callout *callout)
{
	struct engine *engine = turn->engine;
	const struct unit *department =
	    org_unit(engine->config.org, &callout->department);
	struct deadlines by = deadlines_from(turn, parent->item, KIND_CALLOUT,
	    whistle->what.colour, whistle->time_ms);
	struct bytes contact, sealed;
	struct hash hash;
	char rule[DEADLINE_RULE_TEXT];
	struct attachment files[EVENT_FILES_MAX];
	struct draft *draft;
	struct event event = { .ticket = callout->ticket,
		.seq = 1,
		.term = 1,
		.time_ms = whistle->time_ms,
		.verb = VERB_OPEN,
		.unit = whistle->unit,
		.operator= whistle->operator, };

	particulars_clear(&event.what);
	event.what.kind = KIND_CALLOUT;
	event.what.source = SOURCE_WHISTLE;
	event.what.to = callout->department;
	event.what.title = opening->what.title;
	event.what.text = opening->what.text;
	event.what.address = opening->what.address;
	event.what.item = parent->item;
	event.what.place = parent->place;
	event.what.colour = whistle->what.colour;
	event.what.whistle = whistle->what.whistle;
	event.what.situation = whistle->what.situation;
	event.what.meet_at = whistle->what.meet_at;
	event.what.meet_ms = whistle->what.meet_ms;
	event.what.parent = parent->id;
	event.what.lead = callout->lead;
	event.what.attachments = files;
	event.what.attachment_count =
	    pick_files(files, &opening->what, &whistle->what);
	event.what.urgent = parent->flags & TICKET_URGENT;
	event.what.confidential = parent->flags & TICKET_CONFIDENTIAL;
	event.what.accept_by_ms = by.accept_by_ms;
	event.what.resolve_by_ms = by.resolve_by_ms;
	event.what.return_by_ms = return_by_ms(turn, whistle->time_ms);
	rule[0] = '\0';
	if (by.resolve_by_ms)
		catalogue_deadline_rule(rule, engine->config.catalogue,
		    catalogue_item(engine->config.catalogue, parent->item),
		    KIND_CALLOUT, whistle->what.colour, whistle->time_ms, true,
		    true);
	if (event.what.return_by_ms)
		catalogue_return_rule(
		    rule, engine->config.catalogue, whistle->time_ms);
	event.what.rule = rule;

	int rc = contact_open(&contact, turn, parent);
	if (!rc) {
		rc = contact_seal(&sealed, &event.what.contact_key, &hash, turn,
		    contact, department);
		if (!rc) {
			event.what.contact_hash = bytes_of(hash.b, HASH_BYTES);
			rc = contacts_put(turn->txn, &callout->ticket, sealed);
		}
	}
	if (rc == ERR_NOT_FOUND || rc == ERR_INVALID)
		rc = 0; /* nobody's details, or nobody who could read them */
	if (!rc)
		rc = draft_new(&draft, turn, &callout->ticket);
	return rc ? rc : event_write(turn, draft, &event);
}

int callouts_open(
    struct turn *turn, struct draft *parent, const struct event *whistle)
{
	struct event opening;
	int rc = event_load(&opening, turn, &parent->now.id, 1);

	for (size_t i = 0; !rc && i < whistle->what.callout_count; i++)
		rc = open_one(turn, &parent->now, &opening, whistle,
		    &whistle->what.callouts[i]);
	return rc;
}

static bool has_ended(const struct ticket *callout)
{
	return callout->state == STATE_CLOSED ||
	       callout->state == STATE_EXCLUDED ||
	       callout->state == STATE_MERGED;
}

/* When the last of its callouts has ended a ticket goes on. */
static int resume_if_ended(struct turn *turn, struct draft *parent)
{
	struct draft *other;
	struct outcome_of outcome;

	if (parent->now.state != STATE_WAITING ||
	    !is_ours(turn->engine, &parent->now.holder))
		return 0;
	for (unsigned i = 0; i < parent->now.callout_count; i++) {
		int rc =
		    draft_get(&other, turn, &parent->now.callouts[i].ticket);
		if (rc && rc != ERR_NOT_FOUND)
			return rc;
		if (rc || !has_ended(&other->now))
			return 0;
	}
	struct command command = {
		.ticket = parent->now.id,
		.verb = VERB_RESUME,
		.unit = parent->now.holder,
		.operator= OPERATOR_AUTOPILOT,
	};
	particulars_clear(&command.what);
	return write_event(&outcome, turn, parent, &command, BY_ENGINE);
}

int callouts_ended(struct turn *turn, const struct draft *callout)
{
	struct draft *parent;

	/* a recovery ends with a look at every ticket that waits */
	if (callout->now.kind != KIND_CALLOUT || !has_ended(&callout->now) ||
	    turn->engine->mind.is_recovering)
		return 0;
	int rc = draft_get(&parent, turn, &callout->now.parent);
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	return resume_if_ended(turn, parent);
}

/* The whistle that named this callout. */
static int find_whistle(struct event *whistle_out, struct turn *turn,
    const struct ticket *parent, const struct id *callout)
{
	for (uint32_t seq = parent->seq; seq > 0; seq--) {
		int rc = event_load(whistle_out, turn, &parent->id, seq);
		if (rc)
			return rc;
		for (size_t i = 0; i < whistle_out->what.callout_count; i++)
			if (id_equal(
				&whistle_out->what.callouts[i].ticket, callout))
				return 0;
	}
	return ERR_CORRUPT;
}

static int reopen_lost(struct turn *turn, const struct draft *parent,
    const struct callout *callout)
{
	struct event opening, whistle;
	struct draft *known;
	int rc = draft_get(&known, turn, &callout->ticket);

	if (rc != ERR_NOT_FOUND)
		return rc;
	rc = event_load(&opening, turn, &parent->now.id, 1);
	if (!rc)
		rc = find_whistle(
		    &whistle, turn, &parent->now, &callout->ticket);
	return rc ? rc
		  : open_one(turn, &parent->now, &opening, &whistle, callout);
}

int callouts_mend(struct turn *turn, struct draft *parent)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < parent->now.callout_count; i++)
		rc = reopen_lost(turn, parent, &parent->now.callouts[i]);
	return rc ? rc : resume_if_ended(turn, parent);
}
