/*
 * Neighbours and people whose letters come a second time, changed. They have
 * keys, so some of it is believed; nobody falls over, and every log that a
 * node has is one.
 *
 * WHISTLE_SEEDS=n: so many walks. WHISTLE_SEED=s: that one alone.
 */
#include "walk.h"

/* Without end they would be a hundred times as many. */
enum { WALKS = 12, LETTERS_MAX = 30000 };

static void take_walk(uint64_t seed, bool flag)
{
	struct walk *walk = walk_open(seed);

	(void)flag;
	walk->is_among_liars = true;
	walk->world->mangle = 10 + walk_throw(walk, 50);
	walk->kill = 4;
	for (int i = 0; i < STEPS; i++) {
		walk_wish(walk);
		walk_say_again(walk);
		walk_run(walk);
		walk_go_wrong(walk);
	}
	walk->world->mangle = 0;
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		if (walk->world->nodes[i].engine)
			node_kill(&walk->world->nodes[i]);
		node_start(&walk->world->nodes[i]);
	}
	world_run(walk->world, 20 * 1000);
	assert_true(walk->world->sent < LETTERS_MAX);
	world_check_logs(walk->world);
	world_check_stores(walk->world);
	walk_close();
}

static void among_liars_nobody_falls_over(void **state)
{
	(void)state;
	walk_each(take_walk, false, WALKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    among_liars_nobody_falls_over, walk_clean_up),
	};

	return cmocka_run_group_tests_name("engine/liars", tests, NULL, NULL);
}
