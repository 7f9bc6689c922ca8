/* What happens in a run, and the run itself. */
#include "sim.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"

enum {
	CHUNK_MS = 500,
	SETTLE_MS = 50,
	SETTLE_STEPS = 4000,
	QUIET_STEPS = 8,
	ROUNDS = 80,
	LONG_MS = 8 * DAY_MS / 2, /* twice: all deadlines pass */
	MEANT_GAP_MS = 2800,	  /* what gap_ms gives on the whole */
};

#define X(name, word, text) [CLASS_##name] = word,
const char *const class_words[CLASS_COUNT] = { SIM_CLASSES(X) };
#undef X
#define X(name, word, text) [CLASS_##name] = text,
const char *const class_texts[CLASS_COUNT] = { SIM_CLASSES(X) };
#undef X

/* ---- the plan ---- */

/* splitmix64: each number for itself. */
static uint64_t mixed(uint64_t at)
{
	at += UINT64_C(0x9e3779b97f4a7c15);
	at = (at ^ (at >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	at = (at ^ (at >> 27)) * UINT64_C(0x94d049bb133111eb);
	return at ^ (at >> 31);
}

uint64_t plan_number(const struct plan *plan, unsigned step)
{
	return mixed(mixed(plan->seed) + step);
}

/* Each class is there or not; some seeds have none, and some all. */
static uint32_t draw_classes(uint64_t number)
{
	uint32_t classes = 0;

	switch (number % 12) {
	case 0:
		return 0;
	case 1:
		return ALL_CLASSES;
	default:
		break;
	}
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		if (mixed(number + i) % 100 < 30)
			classes |= 1u << i;
	return classes;
}

static uint8_t draw_kind(const struct plan *plan, uint64_t number)
{
	unsigned on = 0, wanted;

	for (unsigned i = 0; i < CLASS_COUNT; i++)
		on += plan->classes >> i & 1;
	if (!on || number % 100 < 60)
		return STEP_WISH;
	wanted = (unsigned)(number >> 16) % on;
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		if (plan->classes >> i & 1 && wanted-- == 0)
			return (uint8_t)i;
	return STEP_WISH;
}

void plan_make(struct plan *plan_out, uint64_t seed, int64_t lasts_ms)
{
	memset(plan_out, 0, sizeof(*plan_out));
	plan_out->seed = seed;
	plan_out->lasts_ms = lasts_ms;
	plan_out->classes = draw_classes(mixed(seed * 2 + 1));
	plan_out->count = 40 + (unsigned)(mixed(seed * 2) % (STEPS_MAX - 40));
	for (unsigned i = 0; i < plan_out->count; i++)
		plan_out->kinds[i] =
		    draw_kind(plan_out, plan_number(plan_out, 1000 + i));
}

/* ---- looking on ---- */

static void mix_in(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint64_t *print = &sim.outcome->fingerprint;

	for (size_t i = 0; i < len; i++)
		*print = (*print ^ bytes[i]) * UINT64_C(0x100000001b3);
}

static void sent(
    struct world_node *from, struct world_node *to, struct bytes body)
{
	uint32_t head[3] = { from->index, to ? to->index : WORLD_NODES,
		(uint32_t)sim.world->now_ms };

	mix_in(head, sizeof(head));
	mix_in(body.data, body.len);
	keys_overheard(from, to, body);
	SIM_MUST(!to || !memmem(body.data, body.len, SECRET, strlen(SECRET)),
	    "10 contacts", "%s sends a caller in plain words", from->name);
}

static void turned(struct world_node *node)
{
	model_look(node);
}

/* ---- chance, the same each time ---- */

static uint64_t chance;

static const char *chance_name(void)
{
	return "simulated";
}

static uint32_t chance_next(void)
{
	return (uint32_t)(mixed(chance++) >> 16);
}

static void chance_fill(void *const out, const size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)out)[i] = (uint8_t)chance_next();
}

static struct randombytes_implementation simulated = {
	.implementation_name = chance_name,
	.random = chance_next,
	.buf = chance_fill,
};

void plan_set_up(void)
{
	struct world_node any = { .index = 0 };

	randombytes_set_implementation(&simulated);
	panic_if(sodium_init() < 0);
	world_is_mute = true;
	city_node(&any); /* keys are made once */
}

/* ---- the run ---- */

void sim_pass(int64_t ms)
{
	int64_t until_ms = sim.world->now_ms + ms;

	while (sim.world->now_ms < until_ms) {
		int64_t left_ms = until_ms - sim.world->now_ms;
		world_hop(sim.world, left_ms < CHUNK_MS ? left_ms : CHUNK_MS);
		keeper_pass();
		people_hear();
		SIM_MUST(!sim.world->thieves_heard, "8 powers",
		    "who has an old key of a node's is answered as the node");
	}
}

/* Until nothing is on its way, and nobody waits. */
void sim_settle(void)
{
	unsigned quiet = 0;

	for (int i = 0; i < SETTLE_STEPS && quiet < QUIET_STEPS; i++) {
		sim_pass(SETTLE_MS);
		quiet = keeper_has_all_up() && world_is_quiet(sim.world)
			    ? quiet + 1
			    : 0;
	}
	SIM_MUST(quiet == QUIET_STEPS, "5 views converge",
	    "everything is mended, and it is never quiet");
}

static int64_t gap_ms(const struct plan *plan)
{
	uint32_t of = world_random(sim.world) % 100;
	uint32_t number = world_random(sim.world);
	int64_t gap;

	if (of < 30)
		gap = number % 50;
	else if (of < 80)
		gap = number % 2000;
	else if (of < 95)
		gap = number % 10000;
	else
		gap = number % 60000;
	return 1 + gap * plan->lasts_ms / (MEANT_GAP_MS * (int64_t)plan->count);
}

static void take_step(const struct plan *plan, unsigned index)
{
	uint64_t seed = plan_number(plan, index);
	int64_t wait_ms;

	sim.world->seed = seed;
	wait_ms = gap_ms(plan);
	if (plan->is_dropped[index])
		;
	else if (plan->kinds[index] == STEP_WISH)
		people_wish();
	else
		fault_happens(plan->kinds[index]);
	sim_pass(wait_ms);
}

/* Until everybody has been told. */
static void finish(void)
{
	unsigned left = 1;

	sim.is_finishing = true;
	for (int i = 0; left && i < ROUNDS; i++) {
		left = people_insist();
		sim_pass(3000);
	}
	SIM_MUST(!left, "the end", "%u wishes are not answered", left);
	sim_settle();
	people_look_again();
}

static void count(void)
{
	struct counts *counts = &sim.outcome->counts;

	counts->letters = sim.world->taken;
	counts->turns = sim.world->turns;
	counts->events = (uint64_t)model_count();
	counts->wishes = sim.wish_count;
	disk_counts(&counts->commits, &counts->spoilt);
}

/* Some cities have nodes whose intake is mirrored; the city's own has nobody
 * above. */
static unsigned draw_mirrored(uint64_t number)
{
	unsigned all = (1u << WORLD_NODES) - 1 - (1u << CITY);

	if (number % 3)
		return 0;
	return number & 64 ? all : (unsigned)(number >> 32) & all;
}

static void open_sim(const struct plan *plan, struct sim_outcome *outcome)
{
	static const char *const limits[] = { "30s", "5s", "1s" };

	memset(&sim, 0, sizeof(sim));
	sim.plan = *plan;
	sim.outcome = outcome;
	outcome->classes = plan->classes;
	outcome->steps = plan->count;
	outcome->fingerprint = UINT64_C(0xcbf29ce484222325);
	chance = mixed(plan->seed);
	world_fence_after = limits[mixed(plan->seed) % 3];
	world_own_files = plan->classes >> CLASS_NODE_KEY & 1; /* takes long */
	world_mirrored = draw_mirrored(mixed(plan->seed * 2 + 3));
	sim.world = world_open(plan->seed);
	memcpy(outcome->dir, sim.world->dir, sizeof(outcome->dir));
	sim.world->watch = (struct world_watch){ turned, sent };
	model_open();
}

void plan_run(const struct plan *plan, struct sim_outcome *outcome)
{
	int64_t began_ms;

	open_sim(plan, outcome);
	began_ms = sim.world->now_ms;
	world_hop(sim.world, 3000);
	for (unsigned i = 0; i < plan->count; i++)
		take_step(plan, i);
	sim.world->seed = plan->seed;
	keeper_heal();
	finish();
	keeper_inspect();
	outcome->counts.simulated_ms =
	    sim.world->now_ms - began_ms - outcome->counts.skipped_ms;
	for (int i = 0; i < 2; i++) {
		sim.world->now_ms += LONG_MS;
		sim_pass(20000);
		sim_settle();
	}
	count();
	model_check();
	outcome->is_over = true;
}
