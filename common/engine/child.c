/*
 * A node watches its children: a neighbour that says nothing for long, and a
 * ticket that a unit below holds, whose deadline has passed without its node
 * having said so. Each is told once, on disk, so that a restart does not
 * tell it again; and when the child is back it is over.
 */
#include "engine/inside.h"

#include <string.h>
#include "store/overdue.h"
#include "store/timed.h"

/* Are we the one who watches this ticket: the parent of its holder's node? */
static bool is_watched(const struct engine *engine, const struct ticket *ticket)
{
	const struct unit *holder =
	    org_unit(engine->config.org, &ticket->holder);

	return ticket->seq > 0 && holder &&
	       holder->node->parent == engine->self;
}

/* When its node should have said that the deadline after `after_ms` was
 * missed; 0: there is none, or others watch. */
static int64_t watch_of(
    const struct engine *engine, const struct ticket *ticket, int64_t after_ms)
{
	int64_t due_ms;

	if (!is_watched(engine, ticket))
		return 0;
	due_ms = ticket_unsaid_due_ms(NULL, ticket, after_ms);
	return due_ms ? time_at_most(due_ms + OVERDUE_GRACE_MS) : 0;
}

static bool is_same_watch(const struct engine *engine,
    const struct ticket *before, const struct ticket *now)
{
	int64_t first = watch_of(engine, before, 0);

	if (first != watch_of(engine, now, 0) ||
	    !code_equal(&before->holder, &now->holder))
		return false;
	/* there are two deadlines at most */
	return !first || ticket_unsaid_due_ms(NULL, before,
			     ticket_unsaid_due_ms(NULL, before, 0)) ==
			     ticket_unsaid_due_ms(
				 NULL, now, ticket_unsaid_due_ms(NULL, now, 0));
}

int child_flush(struct turn *turn, const struct draft *draft)
{
	struct engine *engine = turn->engine;
	const struct id *id = &draft->now.id;
	struct overdue_record told;
	int64_t at_ms;

	if (is_same_watch(engine, &draft->before, &draft->now))
		return 0;
	int rc = overdue_get(&told, turn->txn, id);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	rc = rc ? 0 : overdue_del(turn->txn, id);
	at_ms = watch_of(engine, &draft->before, told.due_ms);
	if (!rc && at_ms)
		rc = timed_del(turn->txn, KV_WATCHES, at_ms, id);
	at_ms = watch_of(engine, &draft->now, 0);
	if (!rc && at_ms)
		rc = timed_put(turn->txn, KV_WATCHES, at_ms, id);
	return rc;
}

/* Its time has come, and its node has not said so. */
static int tell_overdue(
    struct turn *turn, const struct ticket *ticket, int64_t after_ms)
{
	struct engine *engine = turn->engine;
	struct overdue_record record;
	enum deadline which;
	char id[ID_TEXT], due[TIME_TEXT];

	memset(&record, 0, sizeof(record));
	record.due_ms = ticket_unsaid_due_ms(&which, ticket, after_ms);
	record.holder = ticket->holder;
	int rc = overdue_put(turn->txn, &ticket->id, &record);
	int64_t next_ms = watch_of(engine, ticket, record.due_ms);
	if (!rc && next_ms)
		rc = timed_put(turn->txn, KV_WATCHES, next_ms, &ticket->id);
	return rc ? rc
		  : say_line(turn,
			"ticket=%s overdue=%s due=%s holder=%s node=%s",
			id_format(id, &ticket->id),
			word_name(WORD_DEADLINE, which),
			time_format(due, record.due_ms), ticket->holder.s,
			org_unit(engine->config.org, &ticket->holder)
			    ->node->name);
}

static int look(struct turn *turn, const struct id *id)
{
	struct overdue_record told;
	struct ticket ticket;
	/* as stored: what this turn has changed is not flushed yet */
	int rc = tickets_get(&ticket, turn->txn, id);

	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	rc = overdue_get(&told, turn->txn, id);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	int64_t at_ms = watch_of(turn->engine, &ticket, told.due_ms);
	if (!at_ms)
		return 0;
	return at_ms <= turn->now_ms
		   ? tell_overdue(turn, &ticket, told.due_ms)
		   : timed_put(turn->txn, KV_WATCHES, at_ms, id);
}

int child_tickets(struct turn *turn)
{
	int64_t at_ms;
	struct id id;

	if (turn->engine->mind.is_recovering)
		return 0;
	for (int i = 0; i < TURN_ALARMS_MAX; i++) {
		int rc = timed_first(&at_ms, &id, turn->txn, KV_WATCHES);
		if (rc == ERR_NOT_FOUND || (!rc && at_ms > turn->now_ms))
			return 0;
		if (!rc)
			rc = timed_del(turn->txn, KV_WATCHES, at_ms, &id);
		if (!rc)
			rc = look(turn, &id);
		if (rc)
			return rc;
	}
	return 0;
}

/* ---- neighbours ---- */

static int link_is_silent(
    struct turn *turn, struct neighbour *to, int64_t heard_ms)
{
	char since[TIME_TEXT];

	to->link.record.silent_ms = heard_ms;
	to->link.is_dirty = true;
	return say_line(turn, "link=%s state=silent since=%s held=%llu",
	    to->node->name, time_format(since, heard_ms),
	    (unsigned long long)to->held_now);
}

static int link_is_back(struct turn *turn, struct neighbour *to)
{
	char since[TIME_TEXT];
	int64_t silent_ms = to->link.record.silent_ms;

	to->link.record.silent_ms = 0;
	to->link.is_dirty = true;
	return say_line(turn, "link=%s state=back since=%s", to->node->name,
	    time_format(since, silent_ms));
}

int child_link(struct turn *turn, struct neighbour *to)
{
	const struct engine *engine = turn->engine;
	int64_t heard_ms = to->link.heard_ms > engine->started_ms
			       ? to->link.heard_ms
			       : engine->started_ms;
	int64_t at_ms;

	/* between the two there is nothing to find out */
	if (turn->now_ms - heard_ms < LINK_SILENT_MS)
		return to->link.record.silent_ms && to->link.heard_ms &&
			       to->link.is_up
			   ? link_is_back(turn, to)
			   : 0;
	if (to->link.record.silent_ms)
		return 0;
	at_ms = catalogue_silent_at(engine->config.catalogue, heard_ms);
	return at_ms && turn->now_ms >= at_ms
		   ? link_is_silent(turn, to, heard_ms)
		   : 0;
}

/* How many live tickets the units on that side hold. */
void child_count(struct engine *engine, const struct ticket *ticket, int step)
{
	const struct unit *holder =
	    org_unit(engine->config.org, &ticket->holder);
	struct neighbour *to = holder ? neighbour_toward(engine, holder) : NULL;

	if (to && step > 0)
		to->held_now++;
	else if (to)
		to->held_now--;
}

void child_settle(struct engine *engine, bool is_durable)
{
	for (size_t i = 0; i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (is_durable)
			to->held = to->held_now;
		else
			to->held_now = to->held;
	}
}

struct summing {
	struct engine *engine;
	struct wire_link_status *links;
	uint64_t all;
};

static int sum_one(void *context, const struct overdue_record *record)
{
	struct summing *summing = context;
	struct engine *engine = summing->engine;
	const struct unit *holder =
	    org_unit(engine->config.org, &record->holder);
	const struct neighbour *to =
	    holder ? neighbour_toward(engine, holder) : NULL;

	summing->all++;
	if (to)
		summing->links[to - engine->neighbours].overdue++;
	return 0;
}

int child_fill(
    uint64_t *all_out, struct wire_link_status *links, struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct summing summing = { engine, links, 0 };

	for (size_t i = 0; i < engine->neighbour_count; i++) {
		const struct neighbour *to = &engine->neighbours[i];
		links[i].silent_ms = to->link.record.silent_ms;
		links[i].held = to->held_now;
		links[i].version = (uint16_t)to->link.version;
		links[i].oldest = (uint16_t)to->link.peer_oldest;
		links[i].newest = (uint16_t)to->link.peer_newest;
		links[i].speaks = (uint16_t)to->link.peer_speaks;
	}
	int rc = overdue_each(turn->txn, sum_one, &summing);
	*all_out = summing.all;
	return rc;
}
