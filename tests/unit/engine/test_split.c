/*
 * A node is split, or another takes its place: what waited for it goes to who
 * is there now, once, whenever anybody is killed meanwhile; and what its parts
 * say of each other's past is believed, and nothing else.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "engine/split.h"
#include "levels.h"

static int setup(void **state)
{
	return world_begin(state, 11);
}

/* ---- another node in its place ---- */

/* In the city's file; whoever is started from now on knows. */
static void rename_node(
    struct world *world, unsigned index, const char *name, const char *was)
{
	struct world_node *node = &world->nodes[index];
	char path[WORLD_PATH + 32], line[256], text[8192] = "";
	char place[64], since[TIME_TEXT];
	size_t len = 0;

	snprintf(path, sizeof(path), "%s/nodes.yaml", world->dir);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	snprintf(place, sizeof(place), "  - name: %s\n", was);
	while (fgets(line, sizeof(line), file)) {
		bool is_it = !strcmp(line, place);
		if (is_it)
			snprintf(line, sizeof(line),
			    "  - name: %s\n    was: [%s]\n    since: \"%s\"\n",
			    name, was,
			    time_format(since, world->now_ms + 1000));
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "%s", line);
	}
	fclose(file);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	node->name = name;
}

static void kill_all(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		node_kill(&world->nodes[i]);
}

static void start_all(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		node_start(&world->nodes[i]);
}

/* The store of its own that it gets, from the old one. */
static void make_part(struct world_node *node, const char *old)
{
	struct world *world = node->world;
	char files[WORLD_PATH + 16];
	struct kv_config kv = { .limit_bytes = node->limit_bytes };
	struct split_sums sums;
	struct report report = { 0 };
	struct split_config config = { .from = old, .files = files };
	struct engine_config *made = &config.engine;
	struct id_maker ids = { .entropy = world->ids.entropy };

	snprintf(node->path, sizeof(node->path), "%.100s/part", world->dir);
	snprintf(files, sizeof(files), "%s/files", node->path);
	*made = (struct engine_config){
		.city_dir = world->dir,
		.node = node->name,
		.level = node->level,
		.levels = whistle_levels,
		.secret_key = node->key.secret_key,
		.org = world->org,
		.entropy = world->ids.entropy,
	};
	made->clock = (struct clock){ NULL, NULL };
	made->clock = clock_system();
	assert_int_equal(
	    catalogue_load(&made->catalogue, &report, world->dir, world->org),
	    0);
	report_free(&report);
	assert_int_equal(store_open(&made->store, node->path, &kv, node->name,
			     &ids, world->now_ms),
	    0);
	assert_int_equal(files_open(&made->files, files), 0);
	assert_int_equal(store_split(&sums, &config), 0);
}

/* community-1 becomes community-9; everybody knows. */
static void replace_community(struct world *world)
{
	struct world_node *node = &world->nodes[COMMUNITY_1];
	char old[WORLD_PATH];

	kill_all(world);
	snprintf(old, sizeof(old), "%s", node->path);
	rename_node(world, COMMUNITY_1, "community-9", "community-1");
	org_close(&world->org);
	city_read(world);
	make_part(node, old);
}

/* Asked, and on its way as far as it gets. */
static void ask_on(
    struct world *world, const char *operator, struct wire_request * request)
{
	world_send(world, operator, NULL, request);
	world_run(world, 3000);
}

static unsigned notes(
    struct world *world, const struct id *id, const char *text)
{
	return count_text(&world->nodes[CITY], id, text);
}

static void what_waited_for_it_goes_to_its_part(void **state)
{
	struct world *world = *state;
	struct id low = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct id high = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request down, up;

	world_settle(world);
	down = wish_note(&low, "from above");
	up = wish_note(&high, "from below");
	node_kill(&world->nodes[COMMUNITY_1]);
	ask_on(world, "hotline", &down);
	ask_on(world, "grid-1", &up);
	assert_int_equal(notes(world, &low, "from above"), 0);
	replace_community(world);
	start_all(world);
	world_settle(world);
	assert_int_equal(notes(world, &low, "from above"), 1);
	assert_int_equal(notes(world, &high, "from below"), 1);
	/* and the answers have come: it is the same wish */
	must(world, "hotline", &down);
	must(world, "grid-1", &up);
	world_settle(world);
	assert_int_equal(notes(world, &low, "from above"), 1);
	assert_int_equal(notes(world, &high, "from below"), 1);
	world_check_views(world);
	world_check_audits(world);
}

/* In its own queue, both ways; and answers for it in those of others. */
static void what_it_had_not_sent_is_sent_by_its_part(void **state)
{
	struct world *world = *state;
	struct id low = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct id high = open_ticket(world, "grid-1", "hole", NULL);
	struct wire_request down, up, own;

	world_settle(world);
	down = wish_note(&low, "from above");
	up = wish_note(&high, "from below");
	own = wish_note(&high, "of its own");
	node_kill(&world->nodes[GRID_1]);
	ask_on(world, "hotline", &down);
	node_start(&world->nodes[GRID_1]);
	world->nodes[GRID_1].is_cut = true;
	node_kill(&world->nodes[STREET_1]);
	ask_on(world, "community-1", &own);
	ask_on(world, "grid-1", &up);
	replace_community(world);
	world->nodes[GRID_1].is_cut = false;
	start_all(world);
	world_settle(world);
	assert_int_equal(notes(world, &low, "from above"), 1);
	assert_int_equal(notes(world, &high, "from below"), 1);
	assert_int_equal(notes(world, &high, "of its own"), 1);
	must(world, "community-1", &own);
	must(world, "hotline", &down);
	must(world, "grid-1", &up);
	assert_int_equal(notes(world, &high, "of its own"), 1);
	world_check_views(world);
	world_check_audits(world);
}

/* At any turn after the change, each of those concerned. */
static void nobody_who_is_killed_loses_or_repeats_it(void **state)
{
	static const unsigned killed[] = { STREET_1, COMMUNITY_1, GRID_1 };
	struct world *world = *state;
	struct wire_request down[4], up[4];
	struct id low = open_ticket(world, "hotline", "lamp", UNIT_GRID_1);
	struct id high = open_ticket(world, "grid-1", "hole", NULL);
	char text[32];

	world_settle(world);
	node_kill(&world->nodes[COMMUNITY_1]);
	for (int i = 0; i < 4; i++) {
		static char texts[8][32];
		snprintf(texts[2 * i], 32, "down %d", i);
		snprintf(texts[2 * i + 1], 32, "up %d", i);
		down[i] = wish_note(&low, texts[2 * i]);
		up[i] = wish_note(&high, texts[2 * i + 1]);
		world_send(world, "hotline", NULL, &down[i]);
		world_send(world, "grid-1", NULL, &up[i]);
	}
	world_run(world, 3000);
	replace_community(world);
	start_all(world);
	for (int i = 0; i < 300; i++) {
		world_run(world, WORLD_STEP_MS);
		struct world_node *node = &world->nodes[killed[i % 3]];
		node_kill(node);
		node_start(node);
	}
	world_settle(world);
	for (int i = 0; i < 4; i++) {
		must(world, "hotline", &down[i]);
		must(world, "grid-1", &up[i]);
		snprintf(text, sizeof(text), "down %d", i);
		assert_int_equal(notes(world, &low, text), 1);
		snprintf(text, sizeof(text), "up %d", i);
		assert_int_equal(notes(world, &high, text), 1);
	}
	world_check_views(world);
	world_check_audits(world);
}

/* It owed what it shares to a neighbour that lost its store: its part does. */
static void what_it_owed_its_part_gives(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "grid-1", "lamp", NULL);

	world_settle(world);
	node_kill(&world->nodes[COMMUNITY_1]);
	node_lose_store(&world->nodes[GRID_1]);
	node_start(&world->nodes[GRID_1]);
	world_run(world, 3000);
	replace_community(world);
	start_all(world);
	assert_true(node_is_recovering(&world->nodes[GRID_1]));
	world_settle(world);
	assert_false(node_is_recovering(&world->nodes[GRID_1]));
	assert_true(node_knows(&world->nodes[GRID_1], &id));
	world_check_views(world);
}

/* ---- whom to believe ---- */

static struct node part(const char *name, const char *was, int64_t since_ms)
{
	struct node node = { .name = name, .since_ms = since_ms };

	if (was)
		node.was[node.was_count++] = was;
	return node;
}

static void parts_speak_for_each_other_of_what_is_older(void **state)
{
	struct node one = part("one", "whole", 1000);
	struct node two = part("two", "whole", 1000);
	struct node other = part("other", "another", 1000);
	struct node below = part("below", NULL, 0);
	struct unit unit = { .node = &below };
	(void)state;

	below.parent = &two;
	assert_true(node_was_one_with(&one, &unit, 999));
	assert_false(node_was_one_with(&one, &unit, 1000));
	assert_false(node_was_one_with(&other, &unit, 999));
	assert_false(
	    node_was_one_with(&two, &unit, 999)); /* it speaks anyway */
	assert_false(node_was_one_with(&below, &unit, 999));
	assert_true(node_is_or_was(&one, "whole"));
	assert_true(node_is_or_was(&one, "one"));
	assert_false(node_is_or_was(&one, "two"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_waited_for_it_goes_to_its_part, setup, world_end),
		cmocka_unit_test_setup_teardown(
		    what_it_had_not_sent_is_sent_by_its_part, setup, world_end),
		cmocka_unit_test_setup_teardown(
		    nobody_who_is_killed_loses_or_repeats_it, setup, world_end),
		cmocka_unit_test_setup_teardown(
		    what_it_owed_its_part_gives, setup, world_end),
		cmocka_unit_test(parts_speak_for_each_other_of_what_is_older),
	};

	return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
