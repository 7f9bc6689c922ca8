/* The city of the tests: its engines and its time. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "levels.h"
#include "base/log.h"

enum { STORE_LIMIT = 32 << 20, QUIET_STEPS = 6, SETTLE_STEPS = 12000 };

bool world_is_mute;

uint32_t world_random(struct world *world)
{
	world->seed = world->seed * UINT64_C(6364136223846793005) +
		      UINT64_C(1442695040888963407);
	return (uint32_t)(world->seed >> 33);
}

bool world_chance(struct world *world, unsigned percent)
{
	return world_random(world) % 100 < percent;
}

static void fill_random(void *context, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)world_random(context);
}

int64_t node_now_ms(const struct world_node *node)
{
	int64_t now_ms = node->world->now_ms;

	return now_ms + node->skew_ms +
	       (now_ms - node->drifting_ms) * node->drift_ppm / 1000000;
}

static int64_t tell_time(void *context)
{
	return node_now_ms(context);
}

/* ---- a node's life ---- */

/* What engines log goes into a file of the world. */
static void mute(struct world *world)
{
	if (!world_is_mute)
		dup2(world->log_fd, STDERR_FILENO);
}

static void unmute(struct world *world)
{
	if (!world_is_mute)
		dup2(world->real_fd, STDERR_FILENO);
}

static void open_files(
    struct engine_config *config, const struct world_node *node)
{
	char path[WORLD_PATH + 16];

	snprintf(path, sizeof(path), "%s/files", node->path);
	if (mkdir(node->path, 0700)) /* there, when it is LMDB's */
		assert_int_equal(errno, EEXIST);
	assert_int_equal(files_open(&config->files, path), 0);
}

static int open_engine(struct world_node *node, bool is_founding)
{
	struct world *world = node->world;
	struct kv_config kv = { .limit_bytes = node->limit_bytes };
	struct entropy entropy = { fill_random, world };
	struct id_maker maker = { .entropy = entropy };
	struct report report = { 0 };
	node_read_files(node);
	struct engine_config config = {
		.city_dir = world->dir,
		.node = node->name,
		.level = node->level,
		.levels = whistle_levels,
		.secret_key = node->key.secret_key,
		.org = node->org ? node->org : world->org,
		.is_founding = is_founding,
		.wants_news = node->index == GATEWAY,
		.reserve_bytes = node->reserve_bytes,
		.clock = { tell_time, node },
		.entropy = entropy,
		.post = node_post(node),
	};
	int rc =
	    catalogue_load(&config.catalogue, &report, world->dir, config.org);

	report_print(&report, stderr);
	report_free(&report);
	assert_int_equal(rc, 0);
	rc = store_open(&config.store, node->path, &kv, node->name, &maker,
	    node_now_ms(node));
	if (rc) {
		catalogue_close(&config.catalogue);
		return rc;
	}
	open_files(&config, node);
	mute(world);
	rc = engine_open(&node->engine, &config);
	unmute(world);
	if (!rc)
		node_give_secrets(node);
	return rc;
}

static int start(struct world_node *node, bool is_founding)
{
	assert_null(node->engine);
	node->is_dying = false;
	node->stopped = 0;
	return open_engine(node, is_founding);
}

int node_try_start(struct world_node *node)
{
	return start(node, false);
}

void node_start(struct world_node *node)
{
	assert_int_equal(start(node, false), 0);
}

void node_kill(struct world_node *node)
{
	node_clear_post(node);
	engine_close(&node->engine);
	org_close(&node->org);
}

static int remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

void node_lose_store(struct world_node *node)
{
	node_kill(node);
	nftw(node->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static bool has_letter(const struct world_node *node)
{
	return node->in_count && node->in[0].due_ms <= node->world->now_ms;
}

/* A daemon has a turn a second at least. */
void node_run(struct world_node *node)
{
	if (!node->engine || node->stopped ||
	    node->world->now_ms < node->stalled_until_ms)
		return;
	if (!has_letter(node) && node->world->now_ms - node->ran_ms < 1000 &&
	    engine_wait_ms(node->engine, 1000) > 0)
		return;
	node->ran_ms = node->world->now_ms;
	mute(node->world);
	node->stopped = engine_turn(node->engine, 0);
	unmute(node->world);
	node->world->turns++;
	if (node->world->watch.turned)
		node->world->watch.turned(node);
}

void world_run_by(struct world *world, int64_t ms, int64_t step_ms)
{
	int64_t until_ms = world->now_ms + ms;

	while (world->now_ms < until_ms) {
		world->now_ms += step_ms;
		for (unsigned i = 0; i < WORLD_NODES; i++) {
			node_run(&world->nodes[i]);
			assert_int_equal(world->nodes[i].stopped, 0);
		}
	}
}

/* When it has something to do next. */
static int64_t node_next_ms(const struct world_node *node)
{
	const struct world *world = node->world;
	int64_t next_ms = node->ran_ms + 1000, wait_ms;

	if (!node->engine || node->stopped)
		return INT64_MAX;
	wait_ms = engine_wait_ms(node->engine, 1000);
	if (world->now_ms + wait_ms < next_ms)
		next_ms = world->now_ms + wait_ms;
	if (node->in_count && node->in[0].due_ms < next_ms)
		next_ms = node->in[0].due_ms;
	return next_ms < node->stalled_until_ms ? node->stalled_until_ms
						: next_ms;
}

void world_hop(struct world *world, int64_t ms)
{
	int64_t until_ms = world->now_ms + ms;

	while (world->now_ms < until_ms) {
		int64_t next_ms = until_ms;
		for (unsigned i = 0; i < WORLD_NODES; i++) {
			int64_t due_ms = node_next_ms(&world->nodes[i]);
			if (due_ms < next_ms)
				next_ms = due_ms;
		}
		world->now_ms =
		    next_ms > world->now_ms ? next_ms : world->now_ms + 1;
		for (unsigned i = 0; i < WORLD_NODES; i++)
			node_run(&world->nodes[i]);
	}
}

void world_run(struct world *world, int64_t ms)
{
	world_run_by(world, ms, WORLD_STEP_MS);
}

static bool node_is_quiet(const struct world_node *node)
{
	const struct engine *engine = node->engine;

	if (!engine)
		return true;
	if (engine->mind.wants_sweep || engine->mind.is_recovering)
		return false;
	for (size_t i = 0; i < engine->neighbour_count; i++) {
		const struct link *link = &engine->neighbours[i].link;
		if (!link->is_up || link->record.is_offering ||
		    link->acked + 1 < link->record.next)
			return false;
	}
	return true;
}

bool world_is_quiet(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		if (!node_is_quiet(&world->nodes[i]))
			return false;
	return true;
}

/* Everybody runs, all links are up and nothing waits, for a while. */
void world_settle(struct world *world)
{
	int quiet = 0;

	for (int i = 0; i < SETTLE_STEPS && quiet < QUIET_STEPS; i++) {
		world_run(world, WORLD_STEP_MS);
		quiet = world_is_quiet(world) ? quiet + 1 : 0;
	}
	for (unsigned i = 0; i < WORLD_NODES && quiet < QUIET_STEPS; i++)
		if (!node_is_quiet(&world->nodes[i]))
			print_error("%s is not quiet\n", world->nodes[i].name);
	assert_true(quiet >= QUIET_STEPS);
}

void world_heal(struct world *world)
{
	world->lose = world->repeat = world->delay_ms = 0;
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		world->nodes[i].is_cut = false;
		if (world->nodes[i].engine && world->nodes[i].is_dying)
			node_kill(&world->nodes[i]);
		if (!world->nodes[i].engine)
			node_start(&world->nodes[i]);
	}
	world_settle(world);
}

/* ---- the world's ---- */

static void open_log(struct world *world)
{
	char path[WORLD_PATH + 32];

	snprintf(path, sizeof(path), "%s/log", world->dir);
	world->log_fd = open(path, O_CREAT | O_RDWR | O_APPEND, 0600);
	world->real_fd = dup(STDERR_FILENO);
	assert_true(world->log_fd >= 0 && world->real_fd >= 0);
}

static void init_node(struct world *world, unsigned index)
{
	struct world_node *node = &world->nodes[index];

	node->world = world;
	node->index = index;
	city_node(node);
	node->limit_bytes = STORE_LIMIT;
	snprintf(node->path, sizeof(node->path), "%.100s/store-%s", world->dir,
	    node->name);
}

/* Log lines that come once a minute come again in the next world. */
static int64_t next_start_ms(void)
{
	static int64_t start_ms = INT64_C(1764000000000);

	start_ms += DAY_MS;
	return start_ms;
}

struct world *world_open(uint64_t seed)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	/* in memory where there is such a place: syncs cost most of a run */
	snprintf(world->dir, sizeof(world->dir), "%s/whistle-engine-XXXXXX",
	    access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(world->dir));
	world->seed = seed * 2 + 1;
	world->now_ms = next_start_ms();
	world->ids.entropy = (struct entropy){ fill_random, world };
	assert_int_equal(arena_open(&world->arena, 128 << 20), 0);
	open_log(world);
	for (unsigned i = 0; i < WORLD_NODES; i++)
		init_node(world, i);
	city_write(world);
	city_read(world);
	for (unsigned i = 0; i < WORLD_NODES; i++)
		assert_int_equal(start(&world->nodes[i], true), 0);
	return world;
}

void world_close(struct world **world)
{
	struct world *old = *world;

	if (!old)
		return;
	unmute(old);
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		node_kill(&old->nodes[i]);
		free(old->nodes[i].in);
	}
	for (unsigned i = 0; i < WORLD_ANSWERS; i++)
		free(old->told[i].data);
	org_close(&old->org);
	arena_close(&old->arena);
	close(old->log_fd);
	close(old->real_fd);
	nftw(old->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(old);
	*world = NULL;
}

int world_begin(void **state, uint64_t seed)
{
	struct world *world = world_open(seed);

	world_settle(world);
	*state = world;
	return 0;
}

int world_end(void **state)
{
	struct world *world = *state;

	world_close(&world);
	return 0;
}
