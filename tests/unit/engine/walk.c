/* People, what they wish, what they are told, and what goes wrong. */
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const items[] = { "lamp", "hole", "fire", "fund" };
static const char *const places[] = { UNIT_GRID_1, UNIT_GRID_1B, UNIT_GRID_2,
	UNIT_STREET_2 };

unsigned walk_throw(struct walk *walk, unsigned sides)
{
	return world_random(walk->world) % sides;
}

bool walk_chance(struct walk *walk, unsigned percent)
{
	return world_chance(walk->world, percent);
}

/* ---- what people want ---- */

static void want_opening(struct walk *walk, struct wanted *wanted)
{
	static const char *const openers[] = { "hotline", "grid-1", "grid-1b",
		"grid-2", "community-1", "street-2" };
	struct particulars *what = &wanted->request.command.what;

	wanted->request = wish_open(items[walk_throw(walk, 4)],
	    walk_chance(walk, 70) ? places[walk_throw(walk, 4)] : NULL);
	what = &wanted->request.command.what;
	what->title = wanted->text;
	if (walk_chance(walk, 30)) {
		snprintf(wanted->external_id, TITLE, "X-%u",
		    walk_throw(walk, NUMBERS));
		what->external_id = wanted->external_id;
	}
	wanted->operator= openers[walk_throw(walk, 6)];
}

static const char *holder_name(const struct ticket *ticket)
{
	return world_person_of(&ticket->holder);
}

static void want_whistle(struct wanted *wanted, const struct id *id)
{
	wanted->request = wish_whistle(id, UNIT_CGJ, UNIT_GAJ);
	memcpy(wanted->callouts, wanted->request.command.what.callouts,
	    sizeof(wanted->callouts));
	wanted->request.command.what.callouts = wanted->callouts;
}

static struct wire_request anything(struct walk *walk, const struct id *id)
{
	switch (walk_throw(walk, 5)) {
	case 0:
		return wish_to(VERB_ACCEPT, id);
	case 1:
		return wish_forward(
		    id, world_people[walk_throw(walk, WORLD_PEOPLE)].unit);
	case 2:
		return wish_return(id);
	case 3:
		return wish_to(VERB_CHECK_IN, id);
	default:
		return wish_reopen(id);
	}
}

/* What brings it on, more often than not. */
static void want_what_fits(
    struct walk *walk, struct wanted *wanted, const struct ticket *ticket)
{
	bool is_callout = ticket->kind == KIND_CALLOUT;

	if (walk_chance(walk, 30))
		wanted->request = anything(walk, &ticket->id);
	else if (ticket->state == STATE_RESOLVED)
		wanted->request = wish_rate(&ticket->id);
	else if (ticket->state == STATE_OPEN && is_callout)
		wanted->request = wish_to(VERB_CHECK_IN, &ticket->id);
	else if (ticket->state == STATE_OPEN && walk_chance(walk, 40))
		want_whistle(wanted, &ticket->id);
	else
		wanted->request = wish_resolve(&ticket->id);
}

/* One that people have heard of, or a callout of it. */
static struct ticket any_ticket(struct walk *walk)
{
	struct world_node *city = &walk->world->nodes[CITY];
	size_t count = walk->known.len / ID_BYTES;
	struct ticket ticket = { .seq = 0 };
	struct id id;

	memcpy(id.b,
	    walk->known.data +
		ID_BYTES * (size_t)walk_throw(walk, (unsigned)count),
	    ID_BYTES);
	if (city->engine)
		ticket = node_ticket(city, &id);
	if (ticket.callout_count && walk_chance(walk, 80))
		id = ticket.callouts[walk_throw(walk, ticket.callout_count)]
			 .ticket;
	if (city->engine)
		ticket = node_ticket(city, &id);
	ticket.id = id;
	return ticket;
}

/* Above the holder, more often than not, who may be silent. */
static void want_fence(struct walk *walk, struct wanted *wanted)
{
	static const char *const above[] = { "boss", "district", "street-1",
		"street-2" };
	bool is_again = walk->asker && walk_chance(walk, 60);

	if (!is_again) {
		walk->asker = above[walk_throw(walk, 4)];
		for (int i = 0; i < 6; i++) {
			struct ticket ticket = any_ticket(walk);
			walk->asked = ticket.id;
			if (law_has_cell(&ticket, VERB_TAKE_OVER))
				break;
		}
	}
	wanted->operator= walk->asker;
	wanted->request = wish_to(VERB_TAKE_OVER, &walk->asked);
	wanted->request.command.what.text = wanted->text;
	wanted->request.command.fence = is_again;
}

static void want_something(struct walk *walk, struct wanted *wanted)
{
	struct ticket ticket;

	if (walk->fences && walk->known.len && walk_chance(walk, 30)) {
		want_fence(walk, wanted);
		return;
	}

	if (walk->known.len == 0 || walk_chance(walk, 8)) {
		want_opening(walk, wanted);
		return;
	}
	ticket = any_ticket(walk);
	wanted->operator= walk_chance(walk, 80) && ticket.seq
	    ? holder_name(&ticket)
	    : world_people[walk_throw(walk, WORLD_PEOPLE)].name;
	if (walk_chance(walk, 30))
		wanted->request = wish_note(&ticket.id, wanted->text);
	else
		want_what_fits(walk, wanted, &ticket);
}

static void walk_speak(struct walk *walk, struct wanted *wanted)
{
	world_send(walk->world, wanted->operator, NULL, &wanted->request);
}

void walk_wish(struct walk *walk)
{
	struct wanted *wanted = &walk->wanted[walk->count];

	if (walk->count == WISHES_MAX)
		return;
	memset(wanted, 0, sizeof(*wanted));
	snprintf(wanted->text, TITLE, "wish number %u.", walk->count);
	want_something(walk, wanted);
	walk->count++;
	walk_speak(walk, wanted);
}

void walk_say_again(struct walk *walk)
{
	struct wanted *wanted;

	if (walk->count == 0)
		return;
	wanted = &walk->wanted[walk_throw(walk, walk->count)];
	if (!wanted->is_old && wanted->fate != REFUSED_AT_LAST)
		walk_speak(walk, wanted);
}

/* ---- what they are told ---- */

static bool is_for_now(const char *refusal)
{
	return !strcmp(refusal, "recovering") ||
	       !strcmp(refusal, "store_full") || !strcmp(refusal, "too_fast");
}

static void hear(void *context, const struct wire_reply *reply)
{
	struct walk *walk = context;
	struct wanted *wanted = walk->wanted;
	unsigned i = 0;

	if (walk->is_among_liars) {
		if (reply->result == RESULT_DONE && reply->has_body &&
		    reply->kind == ASK_COMMAND)
			assert_int_equal(buf_add(&walk->known,
					     &reply->command.ticket, ID_BYTES),
			    0);
		return;
	}

	while (i < walk->count && !id_equal(&wanted[i].request.id, &reply->id))
		i++;
	if (i == walk->count || reply->result == RESULT_PENDING)
		return;
	wanted = &walk->wanted[i];
	if (reply->result == RESULT_DONE) {
		wanted->fate = DONE_ONCE;
		assert_int_equal(
		    buf_add(&walk->known, &reply->command.ticket, ID_BYTES), 0);
		return;
	}
	assert_true(reply->result == RESULT_REFUSED ||
		    reply->result == RESULT_NOT_FOUND);
	if (is_for_now(reply->refusal))
		return;
	/* asked again it may be another time, until all is quiet */
	assert_true(wanted->fate != DONE_ONCE);
	if (walk->is_finishing)
		wanted->fate = REFUSED_AT_LAST;
}

/* ---- what goes wrong ---- */

static struct world_node *any_node(struct walk *walk)
{
	return &walk->world->nodes[walk_throw(walk, WORLD_NODES)];
}

static void kill_or_start(struct walk *walk)
{
	struct world_node *node = any_node(walk);

	walk->kills += node->engine != NULL;
	if (!node->engine)
		node_start(node);
	else if (node->is_dying)
		node_kill(node);
	else if (walk_chance(walk, 50))
		node->is_dying = true; /* commits, and nobody hears of it */
	else
		node_kill(node);
}

/* Everything that was acknowledged has left the node before. */
static void lose_disk(struct walk *walk)
{
	struct world *world = walk->world;
	unsigned lose = world->lose, delay_ms = world->delay_ms;
	struct world_node *node = any_node(walk);

	world_heal(world);
	walk_finish(walk);
	for (unsigned i = 0; i < walk->count; i++)
		walk->wanted[i].is_old = true;
	world_settle(world);
	node_lose_store(node);
	walk->disks++;
	world->lose = lose;
	world->delay_ms = delay_ms;
	node_start(node);
}

void walk_go_wrong(struct walk *walk)
{
	struct world_node *node;

	if (walk_chance(walk, walk->kill))
		kill_or_start(walk);
	if (walk_chance(walk, walk->cut)) {
		node = any_node(walk);
		node->is_cut = !node->is_cut;
	}
	if (walk->loses_disks && walk_chance(walk, 2))
		lose_disk(walk);
	if (walk_chance(walk, walk->rush))
		walk->world->now_ms += walk_throw(walk, 10 * HOUR_MS);
}

/* ---- a walk ---- */

void walk_run(struct walk *walk)
{
	world_run(walk->world, 10 + walk_throw(walk, 150));
	world_replies(walk->world, hear, walk);
	if (walk_chance(walk, 20) && !walk->is_among_liars && !walk->fences)
		world_check_holders(walk->world);
}

/* Until everybody has been told. */
void walk_finish(struct walk *walk)
{
	unsigned open = 1;

	walk->is_finishing = true;
	for (int round = 0; open && round < ROUNDS; round++) {
		open = 0;
		for (unsigned i = 0; i < walk->count; i++) {
			if (walk->wanted[i].fate != WAITING_FOR_IT ||
			    walk->wanted[i].is_old)
				continue;
			walk_speak(walk, &walk->wanted[i]);
			open++;
			if (open % 64 == 0)
				walk_run(walk);
		}
		world_run(walk->world, 3000);
		world_replies(walk->world, hear, walk);
	}
	walk->is_finishing = false;
	assert_int_equal(open, 0);
	world_settle(walk->world);
}

/* ---- seeds ---- */

/* A failed check jumps out and leaves these behind. */
static struct walk *running;
static uint64_t running_seed;

void walk_close(void)
{
	world_close(&running->world);
	buf_free(&running->known);
	free(running);
	running = NULL;
}

int walk_clean_up(void **state)
{
	(void)state;
	if (!running)
		return 0;
	print_error("the walk's seed: WHISTLE_SEED=%llu\n",
	    (unsigned long long)running_seed);
	walk_close();
	return 0;
}

struct walk *walk_open(uint64_t seed)
{
	struct walk *walk = calloc(1, sizeof(*walk));

	assert_non_null(walk);
	running = walk;
	running_seed = seed;
	walk->world = world_open(seed);
	return walk;
}

void walk_each(
    void (*take)(uint64_t seed, bool flag), bool flag, uint64_t count)
{
	const char *one = getenv("WHISTLE_SEED");
	const char *seeds = getenv("WHISTLE_SEEDS");

	if (one) {
		take(strtoull(one, NULL, 10), flag);
		return;
	}
	if (seeds)
		count = strtoull(seeds, NULL, 10);
	for (uint64_t seed = 1; seed <= count; seed++)
		take(seed, flag);
}
