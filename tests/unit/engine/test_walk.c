/*
 * People do what comes to their mind while letters are lost, links are cut,
 * daemons are killed (before, in and after a commit) and disks are lost.
 * When it is over every node has the same logs, what was acknowledged is
 * there once, what was refused is not, and nobody ever shared a ticket.
 *
 * WHISTLE_SEEDS=n: so many walks. WHISTLE_SEED=s: that one alone.
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WALKS = 24,
	STEPS = 120,
	WISHES_MAX = 400,
	TITLE = 48,
	ROUNDS = 60,
	NUMBERS = 6
};

enum fate { WAITING_FOR_IT, DONE_ONCE, REFUSED_AT_LAST };

struct wanted {
	struct wire_request request;
	char text[TITLE]; /* of a note or an opening: nobody else's */
	char external_id[TITLE];
	struct callout callouts[2];
	const char *operator;
	enum fate fate;
	bool is_old; /* from before a disk was lost: not said again */
};

struct walk {
	struct world *world;
	struct wanted wanted[WISHES_MAX];
	unsigned count;
	struct buf known;	  /* ids that people have heard of */
	unsigned kill, cut, rush; /* of 100 steps */
	bool loses_disks;
	unsigned kills, disks;
	bool is_finishing; /* a refusal is the last word */
};

static const struct {
	const char *name, *unit;
} people[] = {
	{ "hotline", UNIT_HOTLINE },
	{ "zjj", UNIT_CITY_ZJJ },
	{ "boss", UNIT_CITY },
	{ "district", UNIT_DISTRICT },
	{ "cgj", UNIT_CGJ },
	{ "gaj", UNIT_GAJ },
	{ "street-1", UNIT_STREET_1 },
	{ "street-2", UNIT_STREET_2 },
	{ "community-1", UNIT_COMMUNITY_1 },
	{ "community-2", UNIT_COMMUNITY_2 },
	{ "grid-1", UNIT_GRID_1 },
	{ "grid-1b", UNIT_GRID_1B },
	{ "grid-2", UNIT_GRID_2 },
};

enum { PEOPLE = sizeof(people) / sizeof(*people) };

static const char *const items[] = { "lamp", "hole", "fire", "fund" };
static const char *const places[] = { UNIT_GRID_1, UNIT_GRID_1B, UNIT_GRID_2,
	UNIT_STREET_2 };

static unsigned throw(struct walk * walk, unsigned sides)
{
	return world_random(walk->world) % sides;
}

static bool chance(struct walk *walk, unsigned percent)
{
	return world_chance(walk->world, percent);
}

/* ---- what people want ---- */

static void want_opening(struct walk *walk, struct wanted *wanted)
{
	static const char *const openers[] = { "hotline", "grid-1", "grid-1b",
		"grid-2", "community-1", "street-2" };
	struct particulars *what = &wanted->request.command.what;

	wanted->request = wish_open(items[throw(walk, 4)],
	    chance(walk, 70) ? places[throw(walk, 4)] : NULL);
	what = &wanted->request.command.what;
	what->title = wanted->text;
	if (chance(walk, 30)) {
		snprintf(
		    wanted->external_id, TITLE, "X-%u", throw(walk, NUMBERS));
		what->external_id = wanted->external_id;
	}
	wanted->operator= openers[throw(walk, 6)];
}

static const char *holder_name(const struct ticket *ticket)
{
	for (unsigned i = 0; i < PEOPLE; i++)
		if (!strcmp(people[i].unit, ticket->holder.s))
			return people[i].name;
	return "boss";
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
	switch (throw(walk, 5)) {
	case 0:
		return wish_to(VERB_ACCEPT, id);
	case 1:
		return wish_forward(id, people[throw(walk, PEOPLE)].unit);
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

	if (chance(walk, 30))
		wanted->request = anything(walk, &ticket->id);
	else if (ticket->state == STATE_RESOLVED)
		wanted->request = wish_rate(&ticket->id);
	else if (ticket->state == STATE_OPEN && is_callout)
		wanted->request = wish_to(VERB_CHECK_IN, &ticket->id);
	else if (ticket->state == STATE_OPEN && chance(walk, 40))
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
	    walk->known.data + ID_BYTES * (size_t) throw(walk, (unsigned)count),
	    ID_BYTES);
	if (city->engine)
		ticket = node_ticket(city, &id);
	if (ticket.callout_count && chance(walk, 80))
		id = ticket.callouts[throw(walk, ticket.callout_count)].ticket;
	if (city->engine)
		ticket = node_ticket(city, &id);
	ticket.id = id;
	return ticket;
}

static void want_something(struct walk *walk, struct wanted *wanted)
{
	struct ticket ticket;

	if (walk->known.len == 0 || chance(walk, 8)) {
		want_opening(walk, wanted);
		return;
	}
	ticket = any_ticket(walk);
	wanted->operator= chance(walk, 80) && ticket.seq
	    ? holder_name(&ticket)
	    : people[throw(walk, PEOPLE)].name;
	if (chance(walk, 30))
		wanted->request = wish_note(&ticket.id, wanted->text);
	else
		want_what_fits(walk, wanted, &ticket);
}

static void speak(struct walk *walk, struct wanted *wanted)
{
	world_send(walk->world, wanted->operator, NULL, &wanted->request);
}

static void wish_anew(struct walk *walk)
{
	struct wanted *wanted = &walk->wanted[walk->count];

	if (walk->count == WISHES_MAX)
		return;
	memset(wanted, 0, sizeof(*wanted));
	snprintf(wanted->text, TITLE, "wish number %u.", walk->count);
	want_something(walk, wanted);
	walk->count++;
	speak(walk, wanted);
}

static void say_again(struct walk *walk)
{
	struct wanted *wanted;

	if (walk->count == 0)
		return;
	wanted = &walk->wanted[throw(walk, walk->count)];
	if (!wanted->is_old && wanted->fate != REFUSED_AT_LAST)
		speak(walk, wanted);
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
	return &walk->world->nodes[throw(walk, WORLD_NODES)];
}

static void kill_or_start(struct walk *walk)
{
	struct world_node *node = any_node(walk);

	walk->kills += node->engine != NULL;
	if (!node->engine)
		node_start(node);
	else if (node->is_dying)
		node_kill(node);
	else if (chance(walk, 50))
		node->is_dying = true; /* commits, and nobody hears of it */
	else
		node_kill(node);
}

/* Everything that was acknowledged has left the node before. */
static void finish_wishes(struct walk *walk);
static void lose_disk(struct walk *walk)
{
	struct world *world = walk->world;
	unsigned lose = world->lose, delay_ms = world->delay_ms;
	struct world_node *node = any_node(walk);

	world_heal(world);
	finish_wishes(walk);
	for (unsigned i = 0; i < walk->count; i++)
		walk->wanted[i].is_old = true;
	world_settle(world);
	node_lose_store(node);
	walk->disks++;
	world->lose = lose;
	world->delay_ms = delay_ms;
	node_start(node);
}

static void go_wrong(struct walk *walk)
{
	struct world_node *node;

	if (chance(walk, walk->kill))
		kill_or_start(walk);
	if (chance(walk, walk->cut)) {
		node = any_node(walk);
		node->is_cut = !node->is_cut;
	}
	if (walk->loses_disks && chance(walk, 2))
		lose_disk(walk);
	if (chance(walk, walk->rush))
		walk->world->now_ms += throw(walk, 10 * HOUR_MS);
}

/* ---- a walk ---- */

static void run(struct walk *walk)
{
	world_run(walk->world, 10 + throw(walk, 150));
	world_replies(walk->world, hear, walk);
	if (chance(walk, 20))
		world_check_holders(walk->world);
}

/* Until everybody has been told. */
static void finish_wishes(struct walk *walk)
{
	unsigned open = 1;

	walk->is_finishing = true;
	for (int round = 0; open && round < ROUNDS; round++) {
		open = 0;
		for (unsigned i = 0; i < walk->count; i++) {
			if (walk->wanted[i].fate != WAITING_FOR_IT ||
			    walk->wanted[i].is_old)
				continue;
			speak(walk, &walk->wanted[i]);
			open++;
			if (open % 64 == 0)
				run(walk);
		}
		world_run(walk->world, 3000);
		world_replies(walk->world, hear, walk);
	}
	walk->is_finishing = false;
	assert_int_equal(open, 0);
	world_settle(walk->world);
}

/* In all logs; of an opening, in first events of what is no callout, which
 * repeats its parent's title. */
static unsigned count_everywhere(
    struct walk *walk, const char *text, bool is_opening)
{
	struct world_node *city = &walk->world->nodes[CITY];
	struct buf ids = node_tickets(city);
	unsigned count = 0;

	for (size_t at = 0; at < ids.len; at += ID_BYTES) {
		struct id id;
		memcpy(id.b, ids.data + at, ID_BYTES);
		if (!is_opening || node_ticket(city, &id).kind == KIND_APPEAL)
			count += count_text(city, &id, text);
	}
	buf_free(&ids);
	return count;
}

static void check_wish(struct walk *walk, const struct wanted *wanted)
{
	enum verb verb = wanted->request.command.verb;
	bool is_opening = verb == VERB_OPEN;
	unsigned count;

	if (verb != VERB_NOTE && !is_opening)
		return;
	count = count_everywhere(walk, wanted->text, is_opening);
	if (wanted->fate == REFUSED_AT_LAST)
		assert_int_equal(count, 0);
	else if (is_opening && wanted->external_id[0])
		assert_true(count <= 1); /* it may be another's ticket */
	else
		assert_int_equal(count, 1);
}

/* Each number of a source is one ticket. */
static void check_number(struct walk *walk, const char *text)
{
	struct world_node *city = &walk->world->nodes[CITY];
	struct buf ids = node_tickets(city);
	struct unit_code seen[PEOPLE];
	unsigned count = 0;

	for (size_t at = 0; at < ids.len; at += ID_BYTES) {
		struct id id;
		memcpy(id.b, ids.data + at, ID_BYTES);
		struct ticket ticket = node_ticket(city, &id);
		if (ticket.kind != KIND_APPEAL || !count_text(city, &id, text))
			continue;
		for (unsigned i = 0; i < count; i++)
			assert_false(code_equal(&seen[i], &ticket.origin));
		assert_true(count < PEOPLE);
		seen[count++] = ticket.origin;
	}
	buf_free(&ids);
}

static void check_numbers(struct walk *walk)
{
	char text[TITLE];

	for (unsigned n = 0; n < NUMBERS; n++) {
		snprintf(text, TITLE, "X-%u", n);
		check_number(walk, text);
	}
}

static void check_ratings(struct walk *walk)
{
	struct world_node *city = &walk->world->nodes[CITY];
	struct buf ids = node_tickets(city);

	for (size_t at = 0; at < ids.len; at += ID_BYTES) {
		struct id id;
		memcpy(id.b, ids.data + at, ID_BYTES);
		unsigned rated = count_verb(city, &id, VERB_RATE);
		assert_int_equal(
		    rated, node_ticket(city, &id).state == STATE_CLOSED);
	}
	buf_free(&ids);
}

static void check(struct walk *walk)
{
	world_check_views(walk->world);
	world_check_stores(walk->world);
	world_check_holders(walk->world);
	for (unsigned i = 0; i < walk->count; i++)
		check_wish(walk, &walk->wanted[i]);
	check_numbers(walk);
	check_ratings(walk);
}

/* What the walks were made of: a walk in which nothing happens proves
 * nothing. */
static struct {
	unsigned wishes, done, tickets, closed, kills, disks;
} sums;

static void sum_up(struct walk *walk)
{
	struct world_node *city = &walk->world->nodes[CITY];
	struct buf ids = node_tickets(city);

	for (unsigned i = 0; i < walk->count; i++)
		sums.done += walk->wanted[i].fate == DONE_ONCE;
	for (size_t at = 0; at < ids.len; at += ID_BYTES) {
		struct id id;
		memcpy(id.b, ids.data + at, ID_BYTES);
		sums.tickets++;
		sums.closed += node_ticket(city, &id).state == STATE_CLOSED;
	}
	sums.wishes += walk->count;
	sums.kills += walk->kills;
	sums.disks += walk->disks;
	buf_free(&ids);
}

/* A failed check jumps out and leaves these behind. */
static struct walk *running;
static uint64_t running_seed;

static void close_walk(void)
{
	world_close(&running->world);
	buf_free(&running->known);
	free(running);
	running = NULL;
}

static int clean_up(void **state)
{
	(void)state;
	if (!running)
		return 0;
	print_error("the walk's seed: WHISTLE_SEED=%llu\n",
	    (unsigned long long)running_seed);
	close_walk();
	return 0;
}

static void take_walk(uint64_t seed, bool loses_disks)
{
	struct walk *walk = calloc(1, sizeof(*walk));

	assert_non_null(walk);
	running = walk;
	running_seed = seed;
	walk->world = world_open(seed);
	walk->loses_disks = loses_disks;
	walk->kill = throw(walk, 12);
	walk->cut = throw(walk, 15);
	walk->rush = throw(walk, 4);
	walk->world->lose = throw(walk, 12);
	walk->world->repeat = throw(walk, 8);
	walk->world->delay_ms = throw(walk, 200);
	for (int i = 0; i < STEPS; i++) {
		for (unsigned n = throw(walk, 4); n > 0; n--)
			wish_anew(walk);
		if (chance(walk, 30))
			say_again(walk);
		run(walk);
		go_wrong(walk);
	}
	world_heal(walk->world);
	finish_wishes(walk);
	check(walk);
	sum_up(walk);
	close_walk();
}

static void take_walks(bool loses_disks)
{
	const char *one = getenv("WHISTLE_SEED");
	const char *seeds = getenv("WHISTLE_SEEDS");
	uint64_t count = seeds ? strtoull(seeds, NULL, 10) : WALKS / 2;

	if (one) {
		take_walk(strtoull(one, NULL, 10), loses_disks);
		return;
	}
	memset(&sums, 0, sizeof(sums));
	for (uint64_t seed = 1; seed <= count; seed++)
		take_walk(seed, loses_disks);
	print_message("%llu walks: %u wishes, %u done; %u tickets, %u closed; "
		      "%u kills, %u disks lost\n",
	    (unsigned long long)count, sums.wishes, sums.done, sums.tickets,
	    sums.closed, sums.kills, sums.disks);
	assert_true(sums.closed > 0 && sums.kills > 0);
}

static void through_losses_cuts_and_kills(void **state)
{
	(void)state;
	take_walks(false);
}

static void through_lost_disks_as_well(void **state)
{
	(void)state;
	take_walks(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    through_losses_cuts_and_kills, clean_up),
		cmocka_unit_test_teardown(through_lost_disks_as_well, clean_up),
	};

	return cmocka_run_group_tests_name("engine/walk", tests, NULL, NULL);
}
