/* The city of the tests: its folder, its engines, its time. */
#include "world.h"

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

static const char units[] =
    "code,name,level,kind,parent\n"
    "4207,江城市,city,area,\n"
    "4207-12345,江城热线,hotline,hotline,4207\n"
    "4207-zjj,市住建局,city,department,4207\n"
    "420704,城区,district,area,4207\n"
    "420704-cgj,区城管局,district,department,420704\n"
    "420704-gaj,区公安局,district,department,420704\n"
    "420704001,东街道,street,area,420704\n"
    "420704002,西街道,street,area,420704\n"
    "420704001001,桂花社区,community,area,420704001\n"
    "420704002001,梅花社区,community,area,420704002\n"
    "420704001001001,桂花一网格,grid,area,420704001001\n"
    "420704001001002,桂花二网格,grid,area,420704001001\n"
    "420704002001001,梅花一网格,grid,area,420704002001\n";

static const char catalogue[] =
    "version: 1\nname: 清单\nnote: 示例\nreturns: 2\n"
    "colours:\n"
    "  - {code: red, zh: 红, en: red, check_in: 30m, resolve: 24h}\n"
    "  - {code: yellow, zh: 黄, en: yellow, check_in: 4h, resolve: 3d}\n"
    "  - {code: blue, zh: 蓝, en: blue, check_in: 1d, resolve: 7d}\n"
    "domains:\n"
    "  - {code: safe, zh: 安全, en: Safety}\n"
    "departments:\n"
    "  - {code: zjj, zh: 住建局, en: Housing}\n"
    "  - {code: cgj, zh: 城管局, en: Urban management}\n"
    "  - {code: gaj, zh: 公安局, en: Police}\n"
    "items:\n"
    "  - {code: lamp, zh: 路灯, en: Lamps, domain: safe, keywords: [路灯], "
    "competent: grid, immediate: true, colour: blue, accept: 1d, "
    "resolve: 3d}\n"
    "  - {code: hole, zh: 路坑, en: Holes, domain: safe, keywords: [路坑], "
    "competent: street, direct: true, lead: cgj, assist: [gaj], "
    "whistle: ask, colour: yellow, accept: 4h, resolve: 3d}\n"
    "  - {code: fire, zh: 火情, en: Fire, domain: safe, keywords: [火情], "
    "competent: street, direct: true, lead: gaj, assist: [cgj], "
    "whistle: auto, colour: red, accept: 30m, resolve: 24h}\n"
    "  - {code: gate, zh: 大门, en: Gates, domain: safe, keywords: [大门], "
    "competent: grid, immediate: true, colour: blue, accept: 6h, "
    "resolve: 8h}\n"
    "  - {code: fund, zh: 公积金, en: Funds, domain: safe, "
    "keywords: [公积金], competent: city, lead: zjj, colour: blue, "
    "accept: 1d, resolve: 7d}\n"
    "areas:\n  - {code: town, zh: 城市, en: Town}\n"
    "situations:\n"
    "  - {code: S1, area: town, zh: 塌陷, en: Sinkhole, kind: emergency, "
    "colour: red, lead: cgj, assist: [gaj]}\n";

static const struct {
	const char *name, *serves;
	const struct level *level;
} nodes[WORLD_NODES] = {
	{ "cityd", "4207", &cityd_level },
	{ "gatewayd", "4207-12345", &gatewayd_level },
	{ "districtd", "4207", &districtd_level },
	{ "street-1", "420704001", &streetd_level },
	{ "street-2", "420704002", &streetd_level },
	{ "community-1", "420704001", &communityd_level },
	{ "community-2", "420704002", &communityd_level },
	{ "grid-1", "420704001", &gridd_level },
	{ "grid-2", "420704002", &gridd_level },
};

static const struct {
	const char *name, *unit, *role;
} operators[] = {
	{ "boss", UNIT_CITY, "supervisor" },
	{ "engineer", UNIT_CITY, "engineer" },
	{ "hotline", UNIT_HOTLINE, "hotline" },
	{ "zjj", UNIT_CITY_ZJJ, "clerk" },
	{ "district", UNIT_DISTRICT, "dispatcher" },
	{ "cgj", UNIT_CGJ, "clerk" },
	{ "gaj", UNIT_GAJ, "clerk" },
	{ "street-1", UNIT_STREET_1, "dispatcher" },
	{ "street-2", UNIT_STREET_2, "dispatcher" },
	{ "community-1", UNIT_COMMUNITY_1, "dispatcher" },
	{ "community-2", UNIT_COMMUNITY_2, "dispatcher" },
	{ "grid-1", UNIT_GRID_1, "worker" },
	{ "grid-1b", UNIT_GRID_1B, "worker" },
	{ "grid-2", UNIT_GRID_2, "worker" },
	{ "网格员甲", UNIT_GRID_2, "worker" },
};

enum { OPERATORS = sizeof(operators) / sizeof(*operators) };

const char *world_fence_after = "30s";
const char *world_contacts_kept;

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

static int64_t node_now_ms(void *context)
{
	const struct world_node *node = context;

	return node->world->now_ms + node->skew_ms;
}

/* ---- the folder ---- */

static FILE *folder_file(const struct world *world, const char *name)
{
	char path[WORLD_PATH + 32];

	snprintf(path, sizeof(path), "%s/%s", world->dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	return file;
}

static void write_text(
    const struct world *world, const char *name, const char *text)
{
	FILE *file = folder_file(world, name);

	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* Keys take long to make and may be the same in every world. */
static const struct net_key *key_number(unsigned number)
{
	static struct net_key keys[WORLD_NODES + OPERATORS];
	static bool is_made;

	for (unsigned i = 0; !is_made && i < WORLD_NODES + OPERATORS; i++)
		assert_int_equal(net_key_make(&keys[i]), 0);
	is_made = true;
	return &keys[number];
}

static void write_city(struct world *world)
{
	write_text(world, "units.csv", units);
	FILE *file = folder_file(world, "catalogue.yaml");
	fprintf(file, "%sfence_after: %s\n", catalogue, world_fence_after);
	if (world_contacts_kept)
		fprintf(file, "contacts_kept: %s\n", world_contacts_kept);
	assert_int_equal(fclose(file), 0);
	file = folder_file(world, "nodes.yaml");
	fprintf(file, "city: 江城市\nnodes:\n");
	for (unsigned i = 0; i < WORLD_NODES; i++)
		fprintf(file,
		    "  - name: %s\n    level: %s\n    serves: [%s]\n"
		    "    endpoint: ipc:///nowhere/%s\n"
		    "    public_key: \"%s\"\n",
		    nodes[i].name, nodes[i].level->level, nodes[i].serves,
		    nodes[i].name, world->nodes[i].key.public_key);
	assert_int_equal(fclose(file), 0);
	file = folder_file(world, "operators.csv");
	fprintf(file, "name,unit,role,public_key\n");
	for (unsigned i = 0; i < OPERATORS; i++)
		fprintf(file, "%s,%s,%s,\"%s\"\n", operators[i].name,
		    operators[i].unit, operators[i].role,
		    key_number(WORLD_NODES + i)->public_key);
	assert_int_equal(fclose(file), 0);
}

static void read_city(struct world *world)
{
	struct report report = { 0 };
	int rc = org_load(&world->org, &report, world->dir, ORG_NEEDS_KEYS);

	report_print(&report, stderr);
	report_free(&report);
	assert_int_equal(rc, 0);
}

/* ---- a node's life ---- */

/* What engines log goes into a file of the world. */
static void mute(struct world *world)
{
	dup2(world->log_fd, STDERR_FILENO);
}

static void unmute(struct world *world)
{
	dup2(world->real_fd, STDERR_FILENO);
}

static void open_engine(struct world_node *node, bool is_founding)
{
	struct world *world = node->world;
	struct kv_config kv = { .limit_bytes = node->limit_bytes };
	struct entropy entropy = { fill_random, world };
	struct id_maker maker = { .entropy = entropy };
	struct report report = { 0 };
	struct engine_config config = {
		.city_dir = world->dir,
		.node = node->name,
		.level = node->level,
		.levels = whistle_levels,
		.secret_key = node->key.secret_key,
		.org = world->org,
		.is_founding = is_founding,
		.wants_news = node->index == GATEWAY,
		.reserve_bytes = node->reserve_bytes,
		.clock = { node_now_ms, node },
		.entropy = entropy,
		.post = node_post(node),
	};
	int rc =
	    catalogue_load(&config.catalogue, &report, world->dir, world->org);

	report_print(&report, stderr);
	report_free(&report);
	assert_int_equal(rc, 0);
	assert_int_equal(store_open(&config.store, node->path, &kv, node->name,
			     &maker, node_now_ms(node)),
	    0);
	char files[WORLD_PATH + 16];
	snprintf(files, sizeof(files), "%s/files", node->path);
	assert_int_equal(files_open(&config.files, files), 0);
	mute(world);
	rc = engine_open(&node->engine, &config);
	unmute(world);
	assert_int_equal(rc, 0);
}

static void start(struct world_node *node, bool is_founding)
{
	assert_null(node->engine);
	node->is_dying = false;
	node->stopped = 0;
	open_engine(node, is_founding);
}

void node_start(struct world_node *node)
{
	start(node, false);
}

void node_kill(struct world_node *node)
{
	node_clear_post(node);
	engine_close(&node->engine);
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
	if (!node->engine || node->stopped)
		return;
	if (!has_letter(node) && node->world->now_ms - node->ran_ms < 1000 &&
	    engine_wait_ms(node->engine, 1000) > 0)
		return;
	node->ran_ms = node->world->now_ms;
	mute(node->world);
	node->stopped = engine_turn(node->engine, 0);
	unmute(node->world);
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
			print_error("%s is not quiet\n", nodes[i].name);
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
	node->name = nodes[index].name;
	node->level = nodes[index].level;
	node->key = *key_number(index);
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
	write_city(world);
	read_city(world);
	for (unsigned i = 0; i < WORLD_NODES; i++)
		start(&world->nodes[i], true);
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
