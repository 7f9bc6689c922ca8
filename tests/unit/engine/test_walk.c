/*
 * People do what comes to their mind while letters are lost, links are cut,
 * daemons are killed (before, in and after a commit) and disks are lost.
 * When it is over every node has the same logs, what was acknowledged is
 * there once, what was refused is not, and nobody ever shared a ticket.
 *
 * WHISTLE_SEEDS=n: so many walks. WHISTLE_SEED=s: that one alone.
 */
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WALKS = 12, WORLD_OPENERS = 16 };

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
			count += count_text(city, &id, text) +
				 count_stranded_text(city, &id, text);
	}
	buf_free(&ids);
	return count;
}

static void check_wish(struct walk *walk, const struct wanted *wanted)
{
	enum verb verb = wanted->request.command.verb;
	bool is_opening = verb == VERB_OPEN;
	unsigned count;

	if (verb != VERB_NOTE && verb != VERB_TAKE_OVER && !is_opening)
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
	struct unit_code seen[WORLD_OPENERS];
	unsigned count = 0;

	for (size_t at = 0; at < ids.len; at += ID_BYTES) {
		struct id id;
		memcpy(id.b, ids.data + at, ID_BYTES);
		struct ticket ticket = node_ticket(city, &id);
		if (ticket.kind != KIND_APPEAL || !count_text(city, &id, text))
			continue;
		for (unsigned i = 0; i < count; i++)
			assert_false(code_equal(&seen[i], &ticket.origin));
		assert_true(count < WORLD_OPENERS);
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
	world_check_stranded(walk->world);
	world_check_audits(walk->world);
	for (unsigned i = 0; i < walk->count; i++)
		check_wish(walk, &walk->wanted[i]);
	check_numbers(walk);
	check_ratings(walk);
}

/* What the walks were made of: a walk in which nothing happens proves
 * nothing. */
static struct {
	unsigned walks, wishes, done, tickets, closed, kills, disks;
	unsigned fenced, stranded;
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
		sums.fenced += node_ticket(city, &id).term - 1;
		sums.stranded += count_stranded(city, &id);
		sums.closed += node_ticket(city, &id).state == STATE_CLOSED;
	}
	sums.walks++;
	sums.wishes += walk->count;
	sums.kills += walk->kills;
	sums.disks += walk->disks;
	buf_free(&ids);
}

static void take_walk_of(uint64_t seed, bool loses_disks, bool fences)
{
	world_fence_after = fences ? "1s" : "30s";
	struct walk *walk = walk_open(seed);

	walk->loses_disks = loses_disks;
	walk->fences = fences;
	walk->kill = walk_throw(walk, 12);
	walk->cut = walk_throw(walk, 15);
	walk->rush = walk_throw(walk, 4);
	if (fences) { /* silence for hours, and nobody hears of it */
		walk->cut = 15 + walk_throw(walk, 30);
		walk->rush = 2 + walk_throw(walk, 4);
	}
	walk->world->lose = walk_throw(walk, 12);
	walk->world->repeat = walk_throw(walk, 8);
	walk->world->delay_ms = walk_throw(walk, 200);
	for (int i = 0; i < STEPS; i++) {
		for (unsigned n = walk_throw(walk, 4); n > 0; n--)
			walk_wish(walk);
		if (walk_chance(walk, 30))
			walk_say_again(walk);
		walk_run(walk);
		walk_go_wrong(walk);
	}
	world_heal(walk->world);
	walk_finish(walk);
	check(walk);
	sum_up(walk);
	walk_close();
}

static void take_walk(uint64_t seed, bool loses_disks)
{
	take_walk_of(seed, loses_disks, false);
}

static void take_fencing_walk(uint64_t seed, bool loses_disks)
{
	take_walk_of(seed, loses_disks, true);
}

static void take_walks(void (*take)(uint64_t seed, bool flag), bool loses_disks)
{
	memset(&sums, 0, sizeof(sums));
	walk_each(take, loses_disks, WALKS);
	print_message("%u walks: %u wishes, %u done; %u tickets, %u closed; "
		      "%u kills, %u disks lost; %u fences, %u events "
		      "stranded\n",
	    sums.walks, sums.wishes, sums.done, sums.tickets, sums.closed,
	    sums.kills, sums.disks, sums.fenced, sums.stranded);
	assert_true(sums.closed > 0 && sums.kills > 0);
}

static void through_losses_cuts_and_kills(void **state)
{
	(void)state;
	take_walks(take_walk, false);
}

static void through_lost_disks_as_well(void **state)
{
	(void)state;
	take_walks(take_walk, true);
}

static void through_fences(void **state)
{
	(void)state;
	take_walks(take_fencing_walk, false);
	assert_true(sums.fenced > 0 && sums.stranded > 0);
}

static void through_fences_and_lost_disks(void **state)
{
	(void)state;
	take_walks(take_fencing_walk, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    through_losses_cuts_and_kills, walk_clean_up),
		cmocka_unit_test_teardown(
		    through_lost_disks_as_well, walk_clean_up),
		cmocka_unit_test_teardown(through_fences, walk_clean_up),
		cmocka_unit_test_teardown(
		    through_fences_and_lost_disks, walk_clean_up),
	};

	return cmocka_run_group_tests_name("engine/walk", tests, NULL, NULL);
}
