/* Who starts what has ended, replaces disks, and mends it all at the end. */
#include "sim.h"

#include "audit/audit.h"

enum { START_TRIES = 40, CORRUPT_ENOUGH = 2 };

static uint32_t throw(uint32_t sides)
{
	return world_random(sim.world) % sides;
}

const char *node_name(unsigned node)
{
	return sim.world->nodes[node].name;
}

void keeper_end(struct world_node *node, int64_t for_ms)
{
	node_kill(node);
	node->stalled_until_ms = 0;
	sim.start_ms[node->index] = sim.world->now_ms + for_ms;
}

int64_t keeper_while(void)
{
	return 50 + (throw(2) ? throw(500) : throw(20000));
}

void keeper_replace_disk(struct world_node *node)
{
	keeper_end(node, keeper_while());
	disk_mend(node->path);
	disk_lose(node->path);
	model_disk_lost(node->index);
	people_forget();
	sim.is_flipped[node->index] = false;
	sim.corrupt[node->index] = 0;
	sim.has_backup[node->index] = false;
	sim.outcome->counts.rebuilt++;
}

/* A store that cannot be read, again and again, gets another disk: but only
 * where a bit has changed may that be. */
static void unreadable(struct world_node *node)
{
	SIM_MUST(sim.is_flipped[node->index], "the store",
	    "%s is corrupt, and no bit has changed", node->name);
	if (++sim.corrupt[node->index] < CORRUPT_ENOUGH)
		return;
	sim_tell("%s cannot read its store and gets another disk", node->name);
	keeper_replace_disk(node);
}

static void has_stopped(struct world_node *node)
{
	int rc = node->stopped;

	SIM_MUST(rc == ERR_COMMIT || rc == ERR_IO || rc == ERR_CORRUPT,
	    "the engine", "%s ends with %s", node->name, err_text(rc));
	sim_tell("%s ends: %s", node->name, err_text(rc));
	keeper_end(node, 500 + throw(3000));
	if (rc == ERR_CORRUPT)
		unreadable(node);
}

static void try_start(struct world_node *node)
{
	int rc = node_try_start(node);

	sim_tell("%s starts: %s", node->name, rc ? err_text(rc) : "well");
	if (!rc)
		return;
	sim.start_ms[node->index] = sim.world->now_ms + 1000;
	SIM_MUST(rc == ERR_COMMIT || rc == ERR_IO || rc == ERR_FULL ||
		     rc == ERR_CORRUPT || sim.is_flipped[node->index],
	    "the engine", "%s does not start: %s", node->name, err_text(rc));
	if (rc == ERR_CORRUPT || (sim.is_flipped[node->index] && rc != ERR_IO))
		unreadable(node);
}

static void mend(struct world_node *node)
{
	disk_mend(node->path);
	node->is_cut = node->is_deaf = node->is_unheard = false;
	sim.mend_ms[node->index] = 0;
}

void keeper_pass(void)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &sim.world->nodes[i];
		int64_t now_ms = sim.world->now_ms;

		if (sim.mend_ms[i] && now_ms >= sim.mend_ms[i])
			mend(node);
		if (node->engine && node->stopped)
			has_stopped(node);
		else if (node->engine && node->is_dying)
			keeper_end(node, 300 + throw(5000));
		if (!node->engine && now_ms >= sim.start_ms[i])
			try_start(node);
	}
}

bool keeper_has_all_up(void)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		if (!sim.world->nodes[i].engine || sim.world->nodes[i].stopped)
			return false;
	return true;
}

static int found(void *context, const struct audit_finding *finding)
{
	(void)context;
	(void)finding;
	return 0;
}

static bool is_damaged(struct world_node *node)
{
	struct audit_config config = { .found = found,
		.now_ms = sim.world->now_ms };
	struct audit_result result;
	struct kv_txn *txn = NULL;

	if (kv_begin(&txn, node->engine->config.store.kv, false))
		return true;
	int rc = audit_store(&result, txn, &config);
	kv_abort(&txn);
	return rc || result.damages;
}

/* Until everybody runs. */
static void wait_for_all(void)
{
	for (int i = 0; i < START_TRIES && (i == 0 || !keeper_has_all_up());
	     i++)
		sim_pass(2000);
	SIM_MUST(keeper_has_all_up(), "the end", "a node does not start");
}

void keeper_heal(void)
{
	sim_tell("everything is mended");
	sim.world->lose = sim.world->repeat = sim.world->delay_ms = 0;
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &sim.world->nodes[i];
		mend(node);
		node->skew_ms = node->drift_ppm = 0;
		node->stalled_until_ms = 0;
		sim.start_ms[i] = 0;
	}
	wait_for_all();
	if (world_own_files)
		keys_tell_all();
}

void keeper_inspect(void)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &sim.world->nodes[i];
		if (!sim.is_flipped[i])
			continue;
		wait_for_all();
		if (!is_damaged(node))
			continue;
		sim_tell("the check of %s's store finds it", node->name);
		keeper_replace_disk(node);
		wait_for_all();
	}
	sim_settle();
}
