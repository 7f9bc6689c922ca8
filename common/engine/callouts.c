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

/* Until when, and by which rule. `rule` has room for DEADLINE_RULE_TEXT. */
static void set_times(struct event *event, char *rule, const struct turn *turn,
    const struct ticket *parent)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;
	int64_t from_ms = event->time_ms;
	struct deadlines by = deadlines_from(
	    turn, parent->item, KIND_CALLOUT, event->what.colour, from_ms);

	event->what.accept_by_ms = by.accept_by_ms;
	event->what.resolve_by_ms = by.resolve_by_ms;
	event->what.return_by_ms = return_by_ms(turn, from_ms);
	rule[0] = '\0';
	if (by.resolve_by_ms)
		catalogue_deadline_rule(rule, catalogue,
		    catalogue_item(catalogue, parent->item), KIND_CALLOUT,
		    event->what.colour, from_ms, true, true);
	if (event->what.return_by_ms)
		catalogue_return_rule(rule, catalogue, from_ms);
	event->what.rule = rule;
}

/* What it is about: of the parent, its opening and the whistle. */
static void set_matter(struct particulars *what, const struct ticket *parent,
    const struct particulars *opening, const struct particulars *whistle)
{
	what->title = opening->title;
	what->text = opening->text;
	what->address = opening->address;
	what->item = parent->item;
	what->place = parent->place;
	what->colour = whistle->colour;
	what->whistle = whistle->whistle;
	what->situation = whistle->situation;
	what->meet_at = whistle->meet_at;
	what->meet_ms = whistle->meet_ms;
	what->parent = parent->id;
	what->urgent = parent->flags & TICKET_URGENT;
	what->confidential = parent->flags & TICKET_CONFIDENTIAL;
}

/* The caller's details, sealed for the department; `hash` lives as long as
 * the event. 0 too when there are none, or none that somebody could read. */
static int set_contact(struct event *event, struct hash *hash,
    struct turn *turn, const struct ticket *parent,
    const struct unit *department)
{
	struct bytes contact, sealed;
	int rc = contact_open(&contact, turn, parent);

	if (!rc)
		rc = contact_seal(&sealed, &event->what.contact_key, hash, turn,
		    contact, department);
	if (rc)
		return rc == ERR_NOT_FOUND || rc == ERR_INVALID ? 0 : rc;
	event->what.contact_hash = bytes_of(hash->b, HASH_BYTES);
	return contacts_put(turn->txn, &event->ticket, sealed);
}

static int open_one(struct turn *turn, const struct ticket *parent,
    const struct event *opening, const struct event *whistle,
    const struct callout *callout)
{
	const struct unit *department =
	    org_unit(turn->engine->config.org, &callout->department);
	char rule[DEADLINE_RULE_TEXT];
	struct attachment files[EVENT_FILES_MAX];
	struct draft *draft;
	struct hash hash;
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
	event.what.lead = callout->lead;
	set_matter(&event.what, parent, &opening->what, &whistle->what);
	event.what.attachments = files;
	event.what.attachment_count =
	    pick_files(files, &opening->what, &whistle->what);
	set_times(&event, rule, turn, parent);

	int rc = set_contact(&event, &hash, turn, parent, department);
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

/* When the last of its callouts has ended a ticket goes on. One of an earlier
 * whistle has ended, also if nobody has it any more. */
static int resume_if_ended(struct turn *turn, struct draft *parent)
{
	struct draft *other;
	struct outcome_of outcome;

	if (parent->now.state != STATE_WAITING ||
	    !is_ours(turn->engine, &parent->now.holder))
		return 0;
	for (unsigned i = parent->now.callouts_over;
	     i < parent->now.callout_count; i++) {
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

	for (unsigned i = parent->now.callouts_over;
	     !rc && i < parent->now.callout_count; i++)
		rc = reopen_lost(turn, parent, &parent->now.callouts[i]);
	return rc ? rc : resume_if_ended(turn, parent);
}
