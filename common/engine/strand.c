/*
 * What a fence undoes: the events leave the log and stay where people can see
 * them, all that was made of them is made undone, and whoever knows the
 * ticket gets to know it.
 */
#include "engine/inside.h"

#include <string.h>

struct stranded_walk {
	struct turn *turn;
	int (*visit)(void *context, const struct event *event);
	void *context;
};

static int unpack_stranded(
    void *context, const struct stranded_key *key, struct bytes bytes)
{
	struct stranded_walk *walk = context;
	struct arena *scratch = walk->turn->engine->scratch;
	struct event event;

	(void)key;
	arena_reset(scratch);
	int rc = wire_event_unpack(&event, NULL, scratch, bytes);
	if (rc)
		return rc == ERR_INVALID ? ERR_CORRUPT : rc;
	return walk->visit(walk->context, &event);
}

int stranded_events(struct turn *turn, const struct id *ticket,
    int (*visit)(void *context, const struct event *event), void *context)
{
	struct stranded_walk walk = { turn, visit, context };

	return stranded_each(
	    turn->txn, ticket, 1, UINT32_MAX, unpack_stranded, &walk);
}

struct naming {
	struct turn *turn;
	const struct neighbour *toward;
	const struct unit *within;
	bool is_found;
};

/* Has the event given the ticket to somebody there? */
static int names_unit(void *context, const struct event *event)
{
	struct naming *naming = context;
	struct engine *engine = naming->turn->engine;
	const struct unit *to = org_unit(engine->config.org, &event->what.to);

	if (to && ((naming->toward &&
		       neighbour_toward(engine, to) == naming->toward) ||
		      (naming->within && unit_is_within(to, naming->within))))
		naming->is_found = true;
	return naming->is_found;
}

static bool has_stranded_with(struct naming *naming, const struct id *ticket)
{
	if (!stranded_count(naming->turn->txn))
		return false;
	int rc = stranded_events(naming->turn, ticket, names_unit, naming);
	return rc > 0 && naming->is_found;
}

bool stranded_toward(struct turn *turn, const struct neighbour *neighbour,
    const struct id *ticket)
{
	struct naming naming = { .turn = turn, .toward = neighbour };

	return has_stranded_with(&naming, ticket);
}

bool stranded_within(
    struct turn *turn, const struct unit *unit, const struct id *ticket)
{
	struct naming naming = { .turn = turn, .within = unit };

	return has_stranded_with(&naming, ticket);
}

/* ---- for those who know the ticket ---- */

/* What has been stranded at this seq, and the log's own, goes with the row. */
static int tell_one(struct turn *turn, const struct draft *draft, uint32_t seq,
    const struct neighbour *writer_side)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (to == writer_side || is_offered_later(to, &draft->now.id) ||
		    !is_shared(turn, to, &draft->now))
			continue;
		rc = rows_put(turn, to, &draft->now.id, seq, seq);
	}
	return rc;
}

/* Whoever gets to know the ticket by what has just been stranded. */
static int tell_new(
    struct turn *turn, const struct draft *draft, const bool *knew)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (knew[i] || is_offered_later(to, &draft->now.id) ||
		    !is_shared(turn, to, &draft->now))
			continue;
		rc = rows_put_all(turn, to, &draft->now);
	}
	return rc;
}

static int say_stranded(struct turn *turn, const struct id *ticket,
    uint32_t first, uint32_t last, const char *unit, const char *fence)
{
	char id[ID_TEXT];

	return say_line(turn,
	    "ticket=%s stranded=%u first=%u last=%u unit=%s fence=%s",
	    id_format(id, ticket), last - first + 1, first, last, unit, fence);
}

/* A whistle that nobody hears any more: see withdraw.c. */
static void note_whistle(struct turn *turn, const struct event *event)
{
	if (event->verb == VERB_WHISTLE && is_ours(turn->engine, &event->unit))
		withdraw_want(turn->engine);
}

int strand(struct turn *turn, struct draft *draft, const struct ticket *before,
    const struct event *event, struct bytes bytes, struct neighbour *from)
{
	struct engine *engine = turn->engine;
	struct stranded_key key = { event->ticket, event->seq, { { 0 } } };
	bool *knew =
	    turn_alloc(turn, (engine->neighbour_count + 1) * sizeof(*knew));

	if (!knew)
		return ERR_NOMEM;
	for (size_t i = 0; i < engine->neighbour_count; i++)
		knew[i] = is_shared(turn, &engine->neighbours[i], &draft->now);
	hash_of(&key.hash, bytes);
	int rc = stranded_put(turn->txn, &key, bytes);
	if (!rc)
		rc = speaks_note(turn, wire_event_version(event));
	if (!rc && event->what.attachment_count)
		rc = files_named(turn, event);
	if (!rc)
		rc = erase_applied(turn, event);
	/* rows of this turn's own events go before */
	if (!rc)
		rc = drafts_flush(turn);
	if (!rc)
		rc = tell_new(turn, draft, knew);
	if (!rc)
		rc = tell_one(turn, draft, event->seq, from);
	note_whistle(turn, event);
	return rc ? rc
		  : say_stranded(turn, &event->ticket, event->seq, event->seq,
			before->holder.s, "-");
}

/* ---- out of the log ---- */

/* One event less: its counts are taken back. */
static int undo_one(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event, struct bytes bytes)
{
	struct stranded_key key = { event->ticket, event->seq, after->last };
	int rc = stranded_put(turn->txn, &key, bytes);

	if (!rc)
		rc = events_del(turn->txn, &event->ticket, event->seq);
	if (!rc)
		rc = tally_undo(turn, before, after, event);
	note_whistle(turn, event);
	return rc;
}

/* Folds the log up to `keep` into the ticket, and undoes the rest of it. */
static int undo(struct ticket *kept, struct neighbour **writers,
    struct turn *turn, const struct draft *draft, uint32_t keep)
{
	struct engine *engine = turn->engine;
	struct ticket so_far;
	struct event event;
	struct bytes stored, bytes;
	struct hash hash;
	int rc = log_fold(kept, turn, &draft->now.id, keep);

	so_far = *kept;
	for (uint32_t seq = keep + 1; !rc && seq <= draft->now.seq; seq++) {
		struct ticket before = so_far;
		rc = event_load(&event, turn, &draft->now.id, seq);
		if (!rc)
			rc =
			    events_get(&stored, turn->txn, &draft->now.id, seq);
		if (!rc)
			rc = turn_copy(&bytes, turn, stored);
		if (rc)
			break;
		const struct unit *writer = org_unit(engine->config.org,
		    ticket_is_fence(&before, &event) ? &event.unit
						     : &before.holder);
		writers[seq - keep - 1] =
		    writer ? neighbour_toward(engine, writer) : NULL;
		hash_of(&hash, bytes);
		rc = ticket_fold(&so_far, &event, &hash);
		if (!rc)
			rc = undo_one(turn, &before, &so_far, &event, bytes);
	}
	return rc == ERR_INVALID ? ERR_CORRUPT : rc;
}

int roll_back(struct turn *turn, struct draft *draft, uint32_t keep,
    const struct event *fence)
{
	struct neighbour **writers;
	struct ticket kept;
	/* what this turn has added is undone like all before */
	int rc = drafts_flush(turn);
	uint32_t last = draft->now.seq;

	writers = turn_alloc(turn, (last - keep) * sizeof(*writers));
	if (!rc && !writers)
		rc = ERR_NOMEM;
	if (!rc)
		rc = undo(&kept, writers, turn, draft, keep);
	if (rc)
		return rc;
	draft->now = kept;
	draft->journaled = keep;
	draft->is_dirty = true;
	draft->wants_triage = false;
	for (uint32_t seq = keep + 1; !rc && seq <= last; seq++)
		rc = tell_one(turn, draft, seq, writers[seq - keep - 1]);
	return rc ? rc
		  : say_stranded(turn, &kept.id, keep + 1, last, kept.holder.s,
			fence->unit.s);
}
