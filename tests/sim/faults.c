/* What goes wrong. */
#include "sim.h"

#include <stdio.h>
#include <string.h>

static uint32_t throw(uint32_t sides)
{
	return world_random(sim.world) % sides;
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

static void kill_one(struct world_node *node)
{
	int64_t for_ms = keeper_while();

	sim_tell("%s is killed, for %lld ms", node->name, (long long)for_ms);
	keeper_end(node, for_ms);
}

/* ---- disks ---- */

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
	keeper_end(node, keeper_while());
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
		keeper_replace_disk(node);
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
	int rc = node_reload(node);
	SIM_MUST(is_bad == (rc != 0), "the catalogue", "a %s one is %s",
	    is_bad ? "bad" : "good", rc ? "refused" : "taken");
	sim_tell("%s loads a catalogue: %s", node->name,
	    is_bad ? "refused" : "taken");
	world_fence_after = good;
	city_write(sim.world);
}

static void new_key(void)
{
	static const char *const people[] = { "hotline", "street-1", "cgj",
		"grid-1", "district" };

	sim.robbed = people[throw(5)];
	snprintf(sim.old_key, sizeof(sim.old_key), "%s",
	    org_operator(sim.world->org, sim.robbed)->public_key);
	city_new_key(sim.world, sim.robbed);
	keys_tell_all();
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
		new_key();
		break;
	case CLASS_NODE_KEY:
		keys_change(node);
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
