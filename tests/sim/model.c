/*
 * What the nodes have written, seen from outside: each event once, whoever
 * has it, with the ticket folded anew by a few lines of our own. It knows
 * nothing of how the engine works, only what section 2 of the design
 * promises; the numbers are those.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 15 };

static struct seen *all;
static int count;
static int *slots;	  /* by hash, open; -1: free */
static int *first_after;  /* of those that follow one … */
static int *next_beside;  /* … and the next of them */
static unsigned *in_copy; /* a bit for each node whose backup has it */
static uint64_t read_to[WORLD_NODES]; /* the journal, so far */
static int tips[TICKETS_MAX];	      /* the newest of each ticket */
static unsigned tip_count;
static struct arena *arena;

void model_open(void)
{
	all = calloc(SEEN_MAX, sizeof(*all));
	slots = malloc(SLOTS * sizeof(*slots));
	first_after = malloc(SEEN_MAX * sizeof(*first_after));
	next_beside = malloc(SEEN_MAX * sizeof(*next_beside));
	in_copy = calloc(SEEN_MAX, sizeof(*in_copy));
	panic_if(!all || !slots || !first_after || !next_beside || !in_copy);
	memset(slots, 0xff, SLOTS * sizeof(*slots));
	panic_if(arena_open(&arena, 16 << 20));
}

const struct seen *model_seen(int index)
{
	return &all[index];
}

static int *slot_of(const struct hash *hash)
{
	size_t at = store_read_be32(hash->b) % SLOTS;

	while (slots[at] >= 0 && !hash_equal(&all[slots[at]].hash, hash))
		at = (at + 1) % SLOTS;
	return &slots[at];
}

const char *model_name(const struct id *ticket)
{
	static char text[ID_TEXT];

	for (unsigned i = 0; i < tip_count; i++)
		if (id_equal(&all[tips[i]].ticket, ticket)) {
			snprintf(text, sizeof(text), "#%u", i + 1);
			return text;
		}
	return id_format(text, ticket);
}

/* Two superiors may each go on; all nodes agree which goes first. */
static bool are_fences(int a, int b)
{
	return promises_is_fence(&all[a], &all[all[a].prev]) &&
	       promises_is_fence(&all[b], &all[all[b].prev]);
}

/* In the log that the other is in, or behind it? What a fence has undone is
 * in none that counts: done anew it is done once. */
static bool are_in_one_log(int a, int b)
{
	int later = all[a].seq > all[b].seq ? a : b;
	int earlier = later == a ? b : a;

	if (!id_equal(&all[a].ticket, &all[b].ticket) ||
	    all[a].term == all[b].term)
		return true;
	while (later >= 0 && all[later].seq > all[earlier].seq)
		later = all[later].prev;
	return later == earlier;
}

/* 2: one wish, one event; 3: one event after each. */
static void check_once(int index)
{
	struct seen *seen = &all[index];
	struct wish *wish = seen->wish < 0 ? NULL : &sim.wishes[seen->wish];

	for (int i = 0; wish && i < count; i++)
		SIM_MUST(i == index || all[i].wish != seen->wish ||
			     all[i].is_gone || !are_in_one_log(i, index),
		    "2 once", "%s has come true twice: %s seq %u and %u",
		    wish->text, model_name(&seen->ticket), all[i].seq,
		    seen->seq);
	for (int i = seen->prev < 0 ? -1 : first_after[seen->prev]; i >= 0;
	     i = next_beside[i])
		SIM_MUST(i == index || all[i].is_gone ||
			     all[i].term != seen->term || are_fences(i, index),
		    "3 one holder",
		    "%s has two events of seq %u in term %u: %s of %s and %s "
		    "of %s",
		    model_name(&seen->ticket), seen->seq, seen->term,
		    word_name(WORD_VERB, all[i].verb), all[i].unit.s,
		    word_name(WORD_VERB, seen->verb), seen->unit.s);
}

/* ---- what is new ---- */

static int wish_of(const struct event *event)
{
	const char *text = event->what.text;
	unsigned number;

	/* who follows a master has its words, which are nobody's wish */
	if (event->operator[0] == '@')
		return -1;
	if (event->verb == VERB_OPEN)
		text =
		    event->what.kind == KIND_CALLOUT ? "" : event->what.title;
	if (sscanf(text, "wish %u.", &number) != 1 || number >= sim.wish_count)
		return -1;
	return (int)number;
}

static void fill(struct seen *seen, const struct event *event)
{
	seen->ticket = event->ticket;
	seen->seq = event->seq;
	seen->term = event->term;
	seen->verb = event->verb;
	seen->unit = event->unit;
	seen->to = event->what.to;
	seen->deadline = event->what.deadline;
	seen->step = event->what.step;
	seen->due_ms = event->what.due_ms;
	seen->resolve_by_ms = event->what.resolve_by_ms;
	seen->kind = event->what.kind;
	seen->time_ms = event->time_ms;
	seen->wish = wish_of(event);
	snprintf(seen->person, sizeof(seen->person), "%s", event->operator);
}

static void new_tip(int index)
{
	for (unsigned i = 0; i < tip_count; i++)
		if (id_equal(&all[tips[i]].ticket, &all[index].ticket)) {
			tips[i] = index;
			return;
		}
	if (tip_count < TICKETS_MAX)
		tips[tip_count++] = index;
}

static void link_up(int index, const struct event *event)
{
	struct seen *seen = &all[index];

	seen->prev = -1;
	if (event->seq == 1)
		return;
	seen->prev = *slot_of(&event->prev);
	SIM_MUST(seen->prev >= 0 &&
		     id_equal(&all[seen->prev].ticket, &seen->ticket) &&
		     all[seen->prev].seq + 1 == seen->seq,
	    "4 one log", "seq %u of %s follows nothing", seen->seq,
	    model_name(&seen->ticket));
	next_beside[index] = first_after[seen->prev];
	first_after[seen->prev] = index;
}

static int add(struct bytes bytes, const struct hash *hash, unsigned node)
{
	const struct seen *before;
	struct event event;
	struct seen *seen = &all[count];
	int index = count;

	SIM_MUST(count < SEEN_MAX, "too long", "more events than are kept");
	arena_reset(arena);
	SIM_MUST(!wire_event_unpack(&event, NULL, arena, bytes), "4 one log",
	    "%s has an event that nobody can read", node_name(node));
	seen->hash = *hash;
	first_after[index] = next_beside[index] = -1;
	fill(seen, &event);
	link_up(index, &event);
	*slot_of(hash) = index;
	count++;
	sim.outcome->logs = sim.outcome->logs * UINT64_C(0x100000001b3) ^
			    store_read_be64(hash->b);
	before = seen->prev < 0 ? NULL : &all[seen->prev];
	promises_of_event(seen, before, node);
	check_once(index);
	new_tip(index);
	sim_tell("  %s writes %s seq %u: %s for %s by %s; %s with %s",
	    node_name(node), model_name(&seen->ticket), seen->seq,
	    word_name(WORD_VERB, seen->verb), seen->unit.s, seen->person,
	    word_name(WORD_STATE, seen->state), seen->holder.s);
	return index;
}

static int look_at(struct bytes bytes, unsigned node)
{
	struct hash hash;
	int index;

	hash_of(&hash, bytes);
	index = *slot_of(&hash);
	if (index < 0)
		index = add(bytes, &hash, node);
	all[index].on |= 1u << node;
	all[index].had |= 1u << node;
	if (all[index].is_gone) {
		all[index].is_gone = false;
		check_once(index);
	}
	return index;
}

/* 4: what the store says of the ticket is what its log makes of it. */
static void compare(
    const struct ticket *ticket, const struct seen *seen, unsigned node)
{
	bool is_same = ticket->seq == seen->seq && ticket->term == seen->term &&
		       ticket->state == seen->state &&
		       hash_equal(&ticket->last, &seen->hash) &&
		       code_equal(&ticket->origin, &seen->origin) &&
		       code_equal(&ticket->holder, &seen->holder) &&
		       ticket->rating.is_given == seen->ratings &&
		       ticket->reopens == seen->reopens;

	SIM_MUST(is_same, "4 one log",
	    "%s has %s as %s with %s at seq %u; the log says %s with %s at %u",
	    node_name(node), model_name(&seen->ticket),
	    word_name(WORD_STATE, ticket->state), ticket->holder.s, ticket->seq,
	    word_name(WORD_STATE, seen->state), seen->holder.s, seen->seq);
}

static int look_at_stranded(
    void *context, const struct stranded_key *key, struct bytes event)
{
	(void)key;
	look_at(event, *(unsigned *)context);
	return 0;
}

static void look_at_entry(
    struct kv_txn *txn, const struct journal_entry *entry, unsigned node)
{
	struct ticket ticket;
	struct bytes bytes;
	int index = -1;

	for (uint32_t seq = entry->first; seq <= entry->last; seq++) {
		int rc = events_get(&bytes, txn, &entry->ticket, seq);
		if (rc)		/* a fence has cut it off again, or a */
			return; /* bit has changed */
		index = look_at(bytes, node);
	}
	/* what was written, and fenced in the same turn */
	stranded_each(
	    txn, &entry->ticket, 1, UINT32_MAX, look_at_stranded, &node);
	if (index >= 0 && !tickets_get(&ticket, txn, &entry->ticket) &&
	    ticket.seq == entry->last)
		compare(&ticket, &all[index], node);
}

void model_look(struct world_node *node)
{
	struct kv_txn *txn = NULL;
	struct journal_entry entry;
	unsigned index = node->index;

	if (read_to[index] >= node->engine->journal)
		return;
	if (kv_begin(&txn, node->engine->config.store.kv, false))
		return;
	while (!journal_at(&entry, txn, read_to[index] + 1)) {
		read_to[index] = entry.number;
		look_at_entry(txn, &entry, index);
	}
	kv_abort(&txn);
}

/* ---- disks ---- */

static void forget(unsigned node, bool but_copy)
{
	unsigned bit = 1u << node;

	for (int i = 0; i < count; i++) {
		if (!but_copy || !(in_copy[i] & bit))
			all[i].on &= ~bit;
		else
			all[i].on |= bit;
		all[i].is_gone = all[i].on == 0;
	}
	read_to[node] = 0;
}

void model_disk_lost(unsigned node)
{
	forget(node, false);
}

void model_backup(unsigned node)
{
	unsigned bit = 1u << node;

	for (int i = 0; i < count; i++)
		if (all[i].on & bit)
			in_copy[i] |= bit;
		else
			in_copy[i] &= ~bit;
}

void model_restored(unsigned node)
{
	forget(node, true);
}

/* ---- questions ---- */

int model_find(
    const struct id *ticket, uint32_t seq, enum verb verb, const char *person)
{
	for (int i = count - 1; i >= 0; i--)
		if (all[i].seq == seq && all[i].verb == verb &&
		    id_equal(&all[i].ticket, ticket) &&
		    !strcmp(all[i].person, person))
			return i;
	return -1;
}

const struct seen *model_any_ticket(uint32_t random)
{
	unsigned recent = tip_count < 40 ? tip_count : 40;

	/* what is young is more often talked about */
	return tip_count ? &all[tips[tip_count - 1 - random % recent]] : NULL;
}

const struct seen *model_held_at(unsigned node)
{
	for (unsigned i = tip_count; i > 0; i--)
		if (promises_node_of(&all[tips[i - 1]].holder) == (int)node &&
		    all[tips[i - 1]].state < STATE_CLOSED)
			return &all[tips[i - 1]];
	return NULL;
}

const struct seen *model_newest(const struct id *ticket)
{
	for (unsigned i = 0; i < tip_count; i++)
		if (id_equal(&all[tips[i]].ticket, ticket))
			return &all[tips[i]];
	return NULL;
}

const struct seen *model_beside(const struct seen *seen, uint32_t random)
{
	for (unsigned i = 0; i < tip_count; i++) {
		const struct seen *other = &all[tips[(i + random) % tip_count]];
		if (code_equal(&other->holder, &seen->holder) &&
		    other->kind == KIND_APPEAL &&
		    other->state < STATE_RESOLVED &&
		    !id_equal(&other->ticket, &seen->ticket))
			return other;
	}
	return NULL;
}

bool model_has_had(const struct id *ticket, const struct unit_code *unit)
{
	for (int i = 0; i < count; i++)
		if (id_equal(&all[i].ticket, ticket) &&
		    (code_equal(&all[i].holder, unit) ||
			code_equal(&all[i].origin, unit)))
			return true;
	return false;
}

int model_count(void)
{
	return count;
}
