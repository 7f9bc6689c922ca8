/* What goes wrong, what mends itself, and who starts what has ended. */
#include "sim.h"

#include <stdio.h>
#include <string.h>
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

static struct world_node *any_node(void)
{
	return &sim.world->nodes[throw(WORLD_NODES)];
}

static void copy_path(char out[WORLD_PATH + 8], const struct world_node *node)
{
	snprintf(out, WORLD_PATH + 8, "%s-copy", node->path);
}

/* ---- processes ---- */

static void end(struct world_node *node, int64_t for_ms)
{
	node_kill(node);
	node->stalled_until_ms = 0;
	sim.start_ms[node->index] = sim.world->now_ms + for_ms;
}

/* Until somebody has it run again: at once, or after a while. */
static int64_t some_while(void)
{
	return 50 + (throw(2) ? throw(500) : throw(20000));
}

static void kill_one(struct world_node *node)
{
	int64_t for_ms = some_while();

	sim_tell("%s is killed, for %lld ms", node->name, (long long)for_ms);
	end(node, for_ms);
}

/* ---- disks ---- */

static void replace_disk(struct world_node *node)
{
	end(node, some_while());
	disk_mend(node->path);
	disk_lose(node->path);
	model_disk_lost(node->index);
	people_forget();
	sim.is_flipped[node->index] = false;
	sim.corrupt[node->index] = 0;
	sim.has_backup[node->index] = false;
	sim.outcome->counts.rebuilt++;
}

static int random_fill(uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)world_random(sim.world);
	return 0;
}

static void fill(void *context, uint8_t *out, size_t len)
{
	(void)context;
	random_fill(out, len);
}

/* As `whistle store restore` leaves it: known to be a copy. */
static void say_restored(struct world_node *node)
{
	struct kv_config config = { .limit_bytes = node->limit_bytes };
	struct id_maker maker = { .entropy = { fill, NULL } };
	struct store store;
	struct kv_txn *txn = NULL;

	if (store_open(&store, node->path, &config, node->name, &maker,
		node_now_ms(node)))
		return; /* a bit of the copy had changed */
	if (!kv_begin(&txn, store.kv, true) &&
	    !store_restored(&store, txn, &maker, node_now_ms(node)))
		kv_commit(&txn);
	kv_abort(&txn);
	store_close(&store);
}

static void restore(struct world_node *node)
{
	char copy[WORLD_PATH + 8];

	copy_path(copy, node);
	end(node, some_while());
	disk_mend(node->path);
	if (!disk_copy(node->path, copy))
		return;
	sim_tell("%s gets its old backup back", node->name);
	model_restored(node->index);
	people_forget();
	sim.outcome->counts.rebuilt++;
	say_restored(node);
}

static void backup(struct world_node *node)
{
	char copy[WORLD_PATH + 8];

	copy_path(copy, node);
	if (sim.is_flipped[node->index] || !disk_copy(copy, node->path))
		return;
	sim_tell("%s is backed up", node->name);
	model_backup(node->index);
	sim.has_backup[node->index] = true;
}

static void old_backup(struct world_node *node)
{
	if (sim.has_backup[node->index] && throw(2))
		restore(node);
	else
		backup(node);
}

static void lose_disk(struct world_node *node)
{
	sim_tell("%s loses its disk", node->name);
	if (sim.has_backup[node->index] && throw(2)) {
		disk_lose(node->path);
		restore(node);
	} else
		replace_disk(node);
}

static void flip(struct world_node *node)
{
	if (!disk_flip(node->path, world_random(sim.world)))
		return;
	sim_tell("a bit changes on the disk of %s", node->name);
	sim.is_flipped[node->index] = true;
}

static void fill_disk(struct world_node *node)
{
	unsigned puts = throw(60);

	sim_tell(
	    "the disk of %s is full after %u more writes", node->name, puts);
	disk_fill(node->path, puts);
	sim.mend_ms[node->index] = sim.world->now_ms + 500 + throw(40000);
}

/* ---- the post ---- */

static unsigned storm(const char *what, unsigned most)
{
	unsigned strength = throw(3) ? throw(most) : 0;

	sim_tell("%s: %u", what, strength);
	return strength;
}

static void cut(struct world_node *node, enum sim_class way)
{
	int64_t for_ms = throw(4) ? throw(15000) : throw(120000);

	sim_tell("%s is off from its parent%s for %lld ms", node->name,
	    way == CLASS_CUT ? "" : ", one way,", (long long)for_ms);
	if (way == CLASS_CUT)
		node->is_cut = true;
	else if (throw(2))
		node->is_deaf = true;
	else
		node->is_unheard = true;
	sim.mend_ms[node->index] = sim.world->now_ms + for_ms;
}

/* ---- clocks ---- */

static void jump(struct world_node *node)
{
	int64_t by_ms = throw(3) ? (int64_t) throw(20000) - 10000
				 : (int64_t) throw(4 * HOUR_MS) - 2 * HOUR_MS;

	sim_tell(
	    "the clock of %s jumps by %lld ms", node->name, (long long)by_ms);
	node->skew_ms += by_ms;
}

static void drift(struct world_node *node)
{
	node->skew_ms = node_now_ms(node) - sim.world->now_ms;
	node->drifting_ms = sim.world->now_ms;
	node->drift_ppm = (int) throw(40000) - 20000;
	sim_tell("the clock of %s goes wrong by %d ppm", node->name,
	    node->drift_ppm);
}

static void rush(void)
{
	int64_t ms = throw(10 * HOUR_MS);

	sim_tell(
	    "%lld minutes pass, and nothing runs", (long long)(ms / MINUTE_MS));
	sim.world->now_ms += ms;
	sim.outcome->counts.skipped_ms += ms;
}

/* ---- what the city's people set ---- */

static void reload(struct world_node *node)
{
	static const char *const limits[] = { "1s", "5s", "30s" };
	const char *good = limits[throw(3)];
	bool is_bad = throw(4) == 0;

	if (!node->engine || node->stopped)
		return;
	world_fence_after = is_bad ? "[soon" : good;
	city_write(sim.world);
	int rc = engine_reload(node->engine);
	SIM_MUST(is_bad == (rc != 0), "the catalogue", "a %s one is %s",
	    is_bad ? "bad" : "good", rc ? "refused" : "taken");
	sim_tell("%s loads a catalogue: %s", node->name,
	    is_bad ? "refused" : "taken");
	world_fence_after = good;
	city_write(sim.world);
}

static void new_key(struct world_node *node)
{
	static const char *const people[] = { "hotline", "street-1", "cgj",
		"grid-1", "district" };

	if (!node->engine || node->stopped)
		return;
	sim.robbed = people[throw(5)];
	snprintf(sim.old_key, sizeof(sim.old_key), "%s",
	    org_operator(sim.world->org, sim.robbed)->public_key);
	city_new_key(sim.world, sim.robbed);
	SIM_MUST(!engine_reload(node->engine), "the catalogue",
	    "a new key is refused");
	sim_tell("%s gets a new key; a thief has the old one", sim.robbed);
}

/* ---- all of them ---- */

static void of_process(struct world_node *node, enum sim_class fault)
{
	if (fault == CLASS_STALL) {
		node->stalled_until_ms = sim.world->now_ms + throw(30000);
		sim_tell("%s stands still for %lld ms", node->name,
		    (long long)(node->stalled_until_ms - sim.world->now_ms));
	} else if (fault == CLASS_UNHEARD) {
		sim_tell("nobody hears any more what %s does", node->name);
		node->is_dying = true;
	} else
		kill_one(node);
}

static void of_disk(struct world_node *node, enum sim_class fault)
{
	static const enum disk_fault faults[] = {
		[CLASS_COMMIT_LOST] = DISK_COMMIT_LOST,
		[CLASS_COMMIT_KEPT] = DISK_COMMIT_KEPT,
		[CLASS_BAD_SYNC] = DISK_BAD_SYNC,
	};

	sim_tell("%s: %s", node->name, class_texts[fault]);
	disk_break(node->path, faults[fault]);
}

static void of_post(struct world_node *node, enum sim_class fault)
{
	struct world *world = sim.world;

	switch (fault) {
	case CLASS_LOSS:
		world->lose = storm("letters lost, of 100", 40);
		break;
	case CLASS_REPEAT:
		world->repeat = storm("letters twice, of 100", 40);
		break;
	case CLASS_DELAY:
		world->delay_ms = storm("letters late, at most ms", 3000);
		break;
	default:
		cut(node, fault);
		break;
	}
}

/* Somebody who holds a ticket is silent, and his superiors do not wait. */
static void fence(void)
{
	const struct seen *seen = model_any_ticket(world_random(sim.world));

	if (seen && throw(3) == 0) {
		const struct node *node =
		    org_unit(sim.world->org, &seen->holder)->node;
		cut(&sim.world->nodes[node->index], CLASS_CUT);
		sim.mend_ms[node->index] += 30 * 1000;
	}
	people_fence();
}

static void of_people(struct world_node *node, enum sim_class fault)
{
	switch (fault) {
	case CLASS_RETRY:
		people_retry();
		break;
	case CLASS_RELOAD:
		reload(node);
		break;
	case CLASS_KEY:
		new_key(node);
		break;
	default:
		fence();
		break;
	}
}

static void of_time(struct world_node *node, enum sim_class fault)
{
	if (fault == CLASS_RUSH)
		rush();
	else if (fault == CLASS_JUMP)
		jump(node);
	else
		drift(node);
}

void fault_happens(enum sim_class fault)
{
	struct world_node *node = any_node();

	sim.outcome->happened[fault]++;
	sim.outcome->counts.faults++;
	if (fault <= CLASS_ONE_WAY)
		of_post(node, fault);
	else if (fault <= CLASS_UNHEARD)
		of_process(node, fault);
	else if (fault <= CLASS_BAD_SYNC)
		of_disk(node, fault);
	else if (fault == CLASS_FULL)
		fill_disk(node);
	else if (fault == CLASS_FLIP)
		flip(node);
	else if (fault == CLASS_LOST_DISK)
		lose_disk(node);
	else if (fault == CLASS_OLD_BACKUP)
		old_backup(node);
	else if (fault <= CLASS_RUSH)
		of_time(node, fault);
	else
		of_people(node, fault);
}

/* ---- who looks after it ---- */

/* A store that cannot be read, again and again, gets another disk: but only
 * where a bit has changed may that be. */
static void unreadable(struct world_node *node)
{
	SIM_MUST(sim.is_flipped[node->index], "the store",
	    "%s is corrupt, and no bit has changed", node->name);
	if (++sim.corrupt[node->index] < CORRUPT_ENOUGH)
		return;
	sim_tell("%s cannot read its store and gets another disk", node->name);
	replace_disk(node);
}

static void has_stopped(struct world_node *node)
{
	int rc = node->stopped;

	SIM_MUST(rc == ERR_COMMIT || rc == ERR_IO || rc == ERR_CORRUPT,
	    "the engine", "%s ends with %s", node->name, err_text(rc));
	sim_tell("%s ends: %s", node->name, err_text(rc));
	end(node, 500 + throw(3000));
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

void faults_pass(void)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &sim.world->nodes[i];
		int64_t now_ms = sim.world->now_ms;

		if (sim.mend_ms[i] && now_ms >= sim.mend_ms[i])
			mend(node);
		if (node->engine && node->stopped)
			has_stopped(node);
		else if (node->engine && node->is_dying)
			end(node, 300 + throw(5000));
		if (!node->engine && now_ms >= sim.start_ms[i])
			try_start(node);
	}
}

static bool is_all_up(void)
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
	for (int i = 0; i < START_TRIES && (i == 0 || !is_all_up()); i++)
		sim_pass(2000);
	SIM_MUST(is_all_up(), "the end", "a node does not start");
}

void faults_heal(void)
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
}

void faults_inspect(void)
{
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &sim.world->nodes[i];
		if (!sim.is_flipped[i] || !is_damaged(node))
			continue;
		sim_tell("the check of %s's store finds it", node->name);
		replace_disk(node);
		wait_for_all();
	}
	sim_settle();
}
