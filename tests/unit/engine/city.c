/* The folder of the tests' city: what it says, and who is in it. */
#include "world.h"

#include <stdio.h>
#include <string.h>
#include "levels.h"

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

const struct world_person world_people[WORLD_PEOPLE] = {
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

const char *world_person_of(const struct unit_code *unit)
{
	for (unsigned i = 0; i < WORLD_PEOPLE; i++)
		if (!strcmp(world_people[i].unit, unit->s))
			return world_people[i].name;
	return "boss";
}

const char *world_fence_after = "30s";
const char *world_contacts_kept;

bool world_own_files;
unsigned world_mirrored;

enum { OPERATORS = sizeof(operators) / sizeof(*operators) };

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

static struct net_key keys[WORLD_NODES + OPERATORS];

/* Keys take long to make and may be the same in every world. */
static const struct net_key *key_number(unsigned number)
{
	static bool is_made;

	for (unsigned i = 0; !is_made && i < WORLD_NODES + OPERATORS; i++)
		assert_int_equal(net_key_make(&keys[i]), 0);
	is_made = true;
	return &keys[number];
}

static void write_keys(FILE *file, const char *word,
    const struct world_node *node, unsigned from, unsigned to)
{
	if (from == to)
		return;
	fprintf(file, "    %s:", word);
	for (unsigned i = from; i < to; i++)
		fprintf(file, "%s\"%s\"", i == from ? " [" : ", ",
		    node->was[i].public_key);
	fprintf(file, "]\n");
}

static void write_node(FILE *file, const struct world_node *node)
{
	unsigned i = node->index;

	fprintf(file,
	    "  - name: %s\n    level: %s\n    serves: [%s]\n"
	    "    endpoint: ipc:///nowhere/%s\n    public_key: \"%s\"\n",
	    nodes[i].name, nodes[i].level->level, nodes[i].serves,
	    nodes[i].name, node->key.public_key);
	if (world_mirrored >> i & 1)
		fprintf(file, "    durability: mirrored\n");
	write_keys(file, "old_keys", node, 0, node->old_count);
	write_keys(
	    file, "retired_keys", node, node->old_count, node->was_count);
}

void city_write(struct world *world)
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
		write_node(file, &world->nodes[i]);
	assert_int_equal(fclose(file), 0);
	file = folder_file(world, "operators.csv");
	fprintf(file, "name,unit,role,public_key\n");
	for (unsigned i = 0; i < OPERATORS; i++)
		fprintf(file, "%s,%s,%s,\"%s\"\n", operators[i].name,
		    operators[i].unit, operators[i].role,
		    key_number(WORLD_NODES + i)->public_key);
	assert_int_equal(fclose(file), 0);
}

void city_read(struct world *world)
{
	struct report report = { 0 };
	int rc = org_load(&world->org, &report, world->dir, ORG_NEEDS_KEYS);

	report_print(&report, stderr);
	report_free(&report);
	assert_int_equal(rc, 0);
}

void city_read_again(struct world *world)
{
	org_close(&world->org);
	city_read(world);
}

void city_node(struct world_node *node)
{
	node->name = nodes[node->index].name;
	node->level = nodes[node->index].level;
	node->key = *key_number(node->index);
}

void city_new_key(struct world *world, const char *operator)
{
	for (unsigned i = 0; i < OPERATORS; i++)
		if (!strcmp(operators[i].name, operator))
			assert_int_equal(
			    net_key_make(&keys[WORLD_NODES + i]), 0);
	city_write(world);
}

/* ---- the keys of nodes ---- */

bool city_rotate(struct world_node *node, bool is_revoked)
{
	if (node->was_count == WORLD_KEYS ||
	    (!is_revoked && node->old_count == WORLD_KEYS_GOOD))
		return false;
	memmove(
	    node->was + 1, node->was, node->was_count++ * sizeof(node->was[0]));
	node->was[0] = node->key;
	node->old_count = is_revoked ? 0 : node->old_count + 1;
	assert_int_equal(net_key_make(&node->key), 0);
	city_write(node->world);
	return true;
}

unsigned city_retire(struct world_node *node)
{
	unsigned count = node->old_count;

	node->old_count = 0;
	city_write(node->world);
	return count;
}

/* Its key file, and those beside it. */
static void read_keys(struct world_node *node)
{
	node->keys[0] = node->key;
	memcpy(node->keys + 1, node->was, sizeof(node->was));
	node->key_count = 1 + node->was_count;
}

void node_read_files(struct world_node *node)
{
	struct report report = { 0 };
	int rc;

	read_keys(node);
	if (!world_own_files)
		return;
	org_close(&node->org);
	rc = org_load(&node->org, &report, node->world->dir, ORG_NEEDS_KEYS);
	report_print(&report, stderr);
	report_free(&report);
	assert_int_equal(rc, 0);
}

void node_give_secrets(struct world_node *node)
{
	const char *secrets[WORLD_KEYS + 1];

	for (unsigned i = 0; i < node->key_count; i++)
		secrets[i] = node->keys[i].secret_key;
	assert_int_equal(
	    engine_secrets(node->engine, secrets, node->key_count), 0);
}

int node_reload(struct world_node *node)
{
	int rc = engine_reload(node->engine);

	if (rc)
		return rc;
	read_keys(node);
	node_give_secrets(node);
	return 0;
}
