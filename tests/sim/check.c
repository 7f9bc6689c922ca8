/* When all is quiet: the model against what every node has. */
#include "sim.h"

#include <string.h>

enum where { NOWHERE, IN_LOG, STRANDED };

static uint8_t where[SEEN_MAX]; /* at the city, which has to know all */

static void mark(struct bytes bytes, enum where as)
{
	struct hash hash;

	hash_of(&hash, bytes);
	for (int i = 0; i < model_count(); i++)
		if (hash_equal(&model_seen(i)->hash, &hash)) {
			where[i] = (uint8_t)as;
			return;
		}
	sim_fail("5 views converge", "the city has an event nobody wrote");
}

static int mark_stranded(
    void *context, const struct stranded_key *key, struct bytes event)
{
	(void)context;
	(void)key;
	mark(event, STRANDED);
	return 0;
}

static bool is_of(int index, const struct id *ticket)
{
	return where[index] == IN_LOG &&
	       id_equal(&model_seen(index)->ticket, ticket);
}

/* It was late before, and still is with the time that it got then. */
static bool stays_late(const struct seen *seen)
{
	if ((seen->verb != VERB_RESUME && seen->verb != VERB_EXTEND) ||
	    seen->resolve_by_ms > seen->time_ms)
		return false;
	for (int at = seen->prev; at >= 0; at = model_seen(at)->prev)
		if (model_seen(at)->verb == VERB_SUPERVISE &&
		    model_seen(at)->deadline == DEADLINE_RESOLVE)
			return true;
	return false;
}

static bool said_late(const struct id *ticket, int64_t due_ms)
{
	for (int i = 0; i < model_count(); i++) {
		const struct seen *seen = model_seen(i);
		if (!is_of(i, ticket))
			continue;
		if (seen->verb == VERB_SUPERVISE && seen->due_ms == due_ms)
			return true;
		if (seen->resolve_by_ms == due_ms && stays_late(seen))
			return true;
	}
	return false;
}

/* 7: what was due has been said. */
static void check_due(const struct ticket *ticket, int64_t now_ms)
{
	if (ticket->state == STATE_OPEN && ticket->accept_by_ms &&
	    ticket->accept_by_ms < now_ms)
		SIM_MUST(said_late(&ticket->id, ticket->accept_by_ms),
		    "7 deadlines",
		    "%s was not accepted in time: nobody says so",
		    model_name(&ticket->id));
	if ((ticket->state == STATE_OPEN || ticket->state == STATE_ACCEPTED ||
		ticket->state == STATE_WAITING) &&
	    ticket->resolve_by_ms && ticket->resolve_by_ms < now_ms)
		SIM_MUST(said_late(&ticket->id, ticket->resolve_by_ms),
		    "7 deadlines",
		    "%s was not resolved in time: nobody says so",
		    model_name(&ticket->id));
}

/* 7: what stood still until a day has gone on. */
static void check_stood(const struct ticket *ticket, int64_t now_ms)
{
	SIM_MUST(ticket->state != STATE_SUSPENDED || !ticket->until_ms ||
		     ticket->until_ms > now_ms,
	    "7 deadlines", "%s was to stand still until a day that is over",
	    model_name(&ticket->id));
}

/* A duplicate ends as its master does. */
static void check_master(struct kv_txn *txn, const struct ticket *ticket)
{
	struct ticket master;

	if (ticket->state != STATE_MERGED ||
	    tickets_get(&master, txn, &ticket->parent))
		return;
	SIM_MUST(master.state != STATE_RESOLVED &&
		     master.state != STATE_CLOSED &&
		     master.state != STATE_EXCLUDED,
	    "the law", "%s follows a master that has ended",
	    model_name(&ticket->id));
}

static int look_at_ticket(void *context, const struct ticket *ticket)
{
	struct kv_txn *txn = context;
	struct counts *counts = &sim.outcome->counts;
	struct bytes bytes;

	for (uint32_t seq = 1; seq <= ticket->seq; seq++) {
		SIM_MUST(!events_get(&bytes, txn, &ticket->id, seq),
		    "4 one log", "there is no seq %u", seq);
		mark(bytes, IN_LOG);
	}
	SIM_MUST(!stranded_each(
		     txn, &ticket->id, 1, UINT32_MAX, mark_stranded, NULL),
	    "5 views converge", "what is stranded cannot be read");
	check_due(ticket, node_now_ms(&sim.world->nodes[CITY]));
	check_stood(ticket, node_now_ms(&sim.world->nodes[CITY]));
	check_master(txn, ticket);
	counts->tickets++;
	counts->closed += ticket->state == STATE_CLOSED;
	counts->fenced += ticket->term - 1;
	return 0;
}

static void look_at_city(void)
{
	struct kv_txn *txn = NULL;
	struct id zero = { { 0 } };

	memset(where, 0, sizeof(where));
	SIM_MUST(!kv_begin(&txn, sim.world->nodes[CITY].engine->config.store.kv,
		     false),
	    "the end", "the city cannot be read");
	SIM_MUST(!tickets_each(txn, &zero, look_at_ticket, txn), "the end",
	    "the city's tickets cannot be read");
	kv_abort(&txn);
}

/* 1 and 5: what any disk has is in the city's log, or stranded there. */
static void check_events(void)
{
	for (int i = 0; i < model_count(); i++) {
		const struct seen *seen = model_seen(i);
		SIM_MUST(seen->is_gone || where[i] != NOWHERE,
		    "5 views converge",
		    "the city has not got seq %u of %s: %s by %s", seen->seq,
		    model_name(&seen->ticket), word_name(WORD_VERB, seen->verb),
		    seen->unit.s);
		sim.outcome->counts.stranded += where[i] == STRANDED;
	}
}

/* 2: a source's own number is one ticket. */
static void check_number(const struct wish *wish, const struct wish *other)
{
	int a = model_find(&wish->ticket, 1, VERB_OPEN, wish->person);
	int b = model_find(&other->ticket, 1, VERB_OPEN, other->person);

	if (strcmp(wish->external_id, other->external_id) ||
	    strcmp(wish->person, other->person) || a < 0 || b < 0 ||
	    model_seen(a)->is_gone || model_seen(b)->is_gone)
		return;
	SIM_MUST(id_equal(&wish->ticket, &other->ticket), "2 once",
	    "%s of %s has become two tickets", wish->external_id, wish->person);
}

static void check_wish(unsigned index)
{
	const struct wish *wish = &sim.wishes[index];

	if (wish->request.kind != ASK_COMMAND)
		return;
	if (wish->fate != FATE_DONE)
		return;
	/* 1: acknowledged, and there, unless it was on one disk alone and
	 * that was lost; what is mirrored was on two */
	SIM_MUST(!wish_mirrored_by(wish) || wish->lost > 1 || wish->seen < 0 ||
		     !model_seen(wish->seen)->is_gone,
	    "1 nothing is lost", "%s was mirrored, and is gone with one disk",
	    wish->text);
	SIM_MUST(wish->seen >= 0 && (model_seen(wish->seen)->is_gone ||
					where[wish->seen] != NOWHERE),
	    "1 nothing is lost", "%s was acknowledged, and is not there",
	    wish->text);
	for (unsigned i = 0; wish->external_id[0] && i < index; i++)
		if (sim.wishes[i].external_id[0] &&
		    sim.wishes[i].fate == FATE_DONE)
			check_number(wish, &sim.wishes[i]);
}

/* 10: no disk has a caller's words as they were said. */
static void check_sealed(void)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		SIM_MUST(!disk_holds(sim.world->nodes[i].path, SECRET),
		    "10 contacts", "%s has a caller in plain words",
		    node_name(i));
}

void model_check(void)
{
	look_at_city();
	check_events();
	for (unsigned i = 0; i < sim.wish_count; i++)
		check_wish(i);
	check_sealed();
	world_check_views(sim.world);
	world_check_stores(sim.world);
	world_check_holders(sim.world);
	world_check_stranded(sim.world);
	world_check_audits(sim.world);
}
