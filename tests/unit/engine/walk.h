/*
 * People who do what comes to their mind, and a world in which much goes
 * wrong: what the random walks share.
 */
#ifndef TESTS_UNIT_ENGINE_WALK_H
#define TESTS_UNIT_ENGINE_WALK_H

#include "world.h"

enum {

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
	bool loses_disks, is_among_liars, fences;
	unsigned kills, disks;
	const char *asker; /* who ordered a take-over last … */
	struct id asked;   /* … of this ticket */
	bool is_finishing; /* a refusal is the last word */
};

/* Kept until walk_close, also for walk_clean_up. */
struct walk *walk_open(uint64_t seed);
void walk_close(void);
/* After a check that failed: names the seed. A test's teardown. */
int walk_clean_up(void **state);
/* How many walks are wanted, or the one seed that is. */
void walk_each(
    void (*take)(uint64_t seed, bool flag), bool flag, uint64_t count);

unsigned walk_throw(struct walk *walk, unsigned sides);
bool walk_chance(struct walk *walk, unsigned percent);
/* Somebody wants something new, or says again what was said. */
void walk_wish(struct walk *walk);
void walk_say_again(struct walk *walk);
/* Time goes on, and people hear what they are told. */
void walk_run(struct walk *walk);
void walk_go_wrong(struct walk *walk);
/* Until everybody has been told. */
void walk_finish(struct walk *walk);

#endif
