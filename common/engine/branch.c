/*
 * A fence goes on from where its node was while the holder's may have gone
 * on as well: a ticket's events are a tree then, and the log is the way from
 * its root that takes at each fork the branch that goes first. What every
 * node finds so is the same, whatever came to it when. The rest is stranded.
 */
#include "engine/inside.h"

#include <string.h>

static int event_hash(struct hash *hash_out, struct turn *turn,
    const struct ticket *now, uint32_t seq)
{
	struct bytes bytes;

	if (seq == now->seq) {
		*hash_out = now->last;
		return 0;
	}
	int rc = events_get(&bytes, turn->txn, &now->id, seq);
	if (!rc)
		hash_of(hash_out, bytes);
	return rc;
}

/* Is the event in the log? */
static int is_in_log(bool *is_out, struct turn *turn, const struct ticket *now,
    uint32_t seq, const struct hash *hash)
{
	struct hash ours;

	*is_out = false;
	if (seq == 0 || seq > now->seq)
		return 0;
	int rc = event_hash(&ours, turn, now, seq);
	if (!rc)
		*is_out = hash_equal(&ours, hash);
	return rc;
}

/* For a moment: until the next one is read. */
static int read_event(
    struct event *event_out, struct engine *engine, struct bytes bytes)
{
	arena_reset(engine->scratch);
	int rc = wire_event_unpack(event_out, NULL, engine->scratch, bytes);

	return rc == ERR_INVALID || rc == ERR_TOO_LARGE ? ERR_CORRUPT : rc;
}

static int fold_bytes(
    struct ticket *ticket, struct engine *engine, struct bytes bytes)
{
	struct event event;
	struct hash hash;
	int rc = read_event(&event, engine, bytes);

	hash_of(&hash, bytes);
	if (!rc)
		rc = ticket_fold(ticket, &event, &hash);
	return rc == ERR_INVALID ? ERR_CORRUPT : rc;
}

int log_fold(struct ticket *ticket_out, struct turn *turn, const struct id *id,
    uint32_t seq)
{
	struct bytes bytes;
	int rc = 0;

	memset(ticket_out, 0, sizeof(*ticket_out));
	ticket_out->id = *id;
	for (uint32_t i = 1; !rc && i <= seq; i++) {
		rc = events_get(&bytes, turn->txn, id, i);
		if (!rc)
			rc = fold_bytes(ticket_out, turn->engine, bytes);
	}
	return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
}

/*
 * From an event back to the log: the stranded ones on the way go into the
 * engine's path, by their seq. *root_out is where the way meets the log.
 */
static int find_root(uint32_t *root_out, struct turn *turn,
    const struct ticket *now, uint32_t seq, const struct hash *hash)
{
	struct engine *engine = turn->engine;
	struct stranded_key key = { now->id, seq, *hash };
	struct event event;
	struct bytes bytes;
	bool is_ours;

	for (; key.seq > 1 && key.seq <= TICKET_EVENTS_MAX; key.seq--) {
		int rc = is_in_log(&is_ours, turn, now, key.seq, &key.hash);
		if (rc || is_ours) {
			*root_out = key.seq;
			return rc;
		}
		engine->path[key.seq - 1] = key.hash;
		rc = stranded_get(&bytes, turn->txn, &key);
		if (!rc)
			rc = read_event(&event, engine, bytes);
		if (rc)
			return rc;
		key.hash = event.prev;
	}
	int rc = is_in_log(&is_ours, turn, now, key.seq, &key.hash);
	*root_out = key.seq;
	return rc || is_ours ? rc : ERR_NOT_FOUND;
}

int branch_fold(struct ticket *ticket_out, struct turn *turn,
    const struct ticket *now, uint32_t seq, const struct hash *hash)
{
	struct stranded_key key = { .ticket = now->id };
	struct bytes bytes;
	uint32_t root;
	int rc = find_root(&root, turn, now, seq, hash);

	if (rc)
		return rc;
	if (root == now->seq)
		*ticket_out = *now;
	else
		rc = log_fold(ticket_out, turn, &now->id, root);
	for (key.seq = root + 1; !rc && key.seq <= seq; key.seq++) {
		key.hash = turn->engine->path[key.seq - 1];
		rc = stranded_get(&bytes, turn->txn, &key);
		if (!rc)
			rc = fold_bytes(ticket_out, turn->engine, bytes);
	}
	return rc;
}

int branch_journaled(uint32_t *last_out, struct turn *turn,
    const struct ticket *now, const struct journal_entry *entry)
{
	bool is_ours;
	int rc = is_in_log(&is_ours, turn, now, entry->last, &entry->hash);

	*last_out = entry->last;
	if (rc || is_ours)
		return rc;
	return find_root(last_out, turn, now, entry->last, &entry->hash);
}

/* ---- two that follow the same event ---- */

static const struct unit *unit_of(
    const struct turn *turn, const struct unit_code *code)
{
	return org_unit(turn->engine->config.org, code);
}

/* Whose node wrote what comes after `before`? */
static const struct unit *writer_of(const struct turn *turn,
    const struct ticket *before, const struct event *event)
{
	return unit_of(turn,
	    ticket_is_fence(before, event) ? &event->unit : &before->holder);
}

/* A sibling of the event that is being judged. */
struct rival {
	struct turn *turn;
	const struct ticket *before;
	const struct event *event;
	struct hash hash; /* of the event */
	unsigned siblings;
	bool is_fork;
};

/*
 * Nobody but a dishonest node writes two that are no fences behind the same
 * event.
 */
static int note_sibling(
    void *context, const struct stranded_key *key, struct bytes bytes)
{
	struct rival *rival = context;
	struct event other;
	int rc = read_event(&other, rival->turn->engine, bytes);

	if (rc)
		return rc;
	rival->siblings += key->seq == rival->event->seq;
	if (hash_equal(&other.prev, &rival->event->prev) &&
	    !ticket_is_fence(rival->before, &other) &&
	    !ticket_is_fence(rival->before, rival->event))
		rival->is_fork = true;
	return 0;
}

/* Both follow the same event: a fence goes before what is none, that of the
 * higher unit before that of the lower. */
static bool goes_first(const struct rival *rival, const struct event *other,
    const struct hash *other_hash)
{
	const struct event *event = rival->event;
	bool is_fence = ticket_is_fence(rival->before, event);
	const struct unit *ours = unit_of(rival->turn, &event->unit);
	const struct unit *theirs = unit_of(rival->turn, &other->unit);

	if (is_fence != ticket_is_fence(rival->before, other))
		return is_fence;
	if (ours && theirs && ours != theirs)
		return unit_is_within(theirs, ours);
	return memcmp(rival->hash.b, other_hash->b, HASH_BYTES) < 0;
}

/*
 * What came to us through the fencing unit's node, or from it, was there
 * when it fenced: an honest node does not undo what it has passed on, and a
 * dishonest one shall not.
 */
static bool undoes_its_own(const struct rival *rival, const struct event *other)
{
	const struct engine *engine = rival->turn->engine;
	const struct unit *fencer = unit_of(rival->turn, &rival->event->unit);
	const struct unit *writer =
	    writer_of(rival->turn, rival->before, other);

	if (engine->mind.is_recovering || !fencer || !writer ||
	    (fencer == writer && ticket_is_fence(rival->before, other)))
		return false;
	if (fencer->node == writer->node)
		return true;
	return node_is_within(writer->node, fencer->node) &&
	       !node_is_within(engine->self, fencer->node);
}

/* The log has another event there. 1: the new one goes first. */
static int meet_log(const char **problem, struct rival *rival)
{
	struct turn *turn = rival->turn;
	const struct event *event = rival->event;
	struct event other;
	struct hash hash;
	struct bytes bytes;
	int rc = events_get(&bytes, turn->txn, &event->ticket, event->seq);

	if (!rc)
		rc = read_event(&other, turn->engine, bytes);
	if (rc)
		return rc;
	if (!hash_equal(&other.prev, &event->prev))
		return 0; /* on another branch altogether */
	hash_of(&hash, bytes);
	bool is_fence = ticket_is_fence(rival->before, event);
	if ((!is_fence && !ticket_is_fence(rival->before, &other)) ||
	    (is_fence && undoes_its_own(rival, &other))) {
		*problem = "fork";
		return 0;
	}
	return goes_first(rival, &other, &hash);
}

static int count_one(
    void *context, const struct stranded_key *key, struct bytes bytes)
{
	(void)key;
	(void)bytes;
	++*(unsigned *)context;
	return 0;
}

/* 1: the event goes before what the log has there. */
static int meet_siblings(
    const char **problem, struct rival *rival, const struct ticket *now)
{
	struct turn *turn = rival->turn;
	uint32_t seq = rival->event->seq;
	unsigned all = 0;
	int rc =
	    stranded_each(turn->txn, &now->id, seq, seq, note_sibling, rival);

	if (!rc)
		rc = stranded_each(
		    turn->txn, &now->id, 1, UINT32_MAX, count_one, &all);
	if (rc)
		return rc;
	if (rival->is_fork)
		*problem = "fork";
	else if (rival->siblings >= STRANDED_SIBLINGS_MAX ||
		 all >= STRANDED_EVENTS_MAX)
		*problem = "too_many_stranded";
	if (*problem || seq > now->seq)
		return 0;
	return meet_log(problem, rival);
}

/* Where there has never been a fence there is one branch only. */
static const char *plain_problem(
    const struct ticket *now, const struct event *event)
{
	if (event->seq > 1 && (event->term > 1 || now->term > 1))
		return NULL;
	return event->seq <= now->seq ? "fork" : "does_not_follow";
}

int branch_arrived(const char **problem_out, struct turn *turn,
    struct neighbour *from, struct draft *draft, const struct event *event,
    struct bytes bytes)
{
	struct ticket before, after;
	struct stranded_key key = { event->ticket, event->seq, { { 0 } } };
	struct rival rival = {
		.turn = turn, .before = &before, .event = event
	};
	struct bytes known;

	hash_of(&key.hash, bytes);
	rival.hash = key.hash;
	int rc = stranded_get(&known, turn->txn, &key);
	if (rc != ERR_NOT_FOUND)
		return rc;
	*problem_out = plain_problem(&draft->now, event);
	if (*problem_out)
		return 0;
	rc = branch_fold(
	    &before, turn, &draft->now, event->seq - 1, &event->prev);
	if (!rc)
		rc = event_problem(problem_out, turn, from, &before, event);
	if (rc || *problem_out)
		return rc;
	after = before;
	if (ticket_fold(&after, event, &key.hash)) {
		*problem_out = "does_not_follow";
		return 0;
	}
	rc = meet_siblings(problem_out, &rival, &draft->now);
	if (rc < 0 || *problem_out)
		return rc;
	if (rc == 0)
		return strand(turn, draft, &before, event, bytes, from);
	rc = roll_back(turn, draft, event->seq - 1, event);
	return rc ? rc : draft_append(turn, draft, event, bytes, from);
}
