#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "folder.h"

static void expect_all(const struct wrong *wrongs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_wrong("nodes.yaml", sound_nodes, &wrongs[i], 0, 0);
}

#define EXPECT_ALL(wrongs)                                                     \
	expect_all(wrongs, sizeof(wrongs) / sizeof(wrongs[0]))

static void refuses_keys_that_are_not_its_own(void **state)
{
	static const struct wrong wrongs[] = {
		{ 4, "    level: city\n    powers: all\n", 5, "powers" },
		{ 4, "", 3, "level" },
		{ 1, "", 1, "\"city\" is missing" },
		{ 1, "city: 鄂州市\nmayor: li\n", 2, "mayor" },
		{ 5, "    serves: 4207\n", 5, "serves" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_names_that_are_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 3, "  - name: ''\n", 3, "\"\" cannot be a node's name" },
		{ 3, "  - name: a b\n", 3, "\"a b\" cannot be" },
		{ 3, "  - name: ../top\n", 3, "\"../top\" cannot be" },
		{ 3, "  - name: -top\n", 3, "cannot be" },
		{ 7, "  - name: top\n", 7, "node top stands twice" },
		{ 1, "city: ''\n", 1, "the city's name is empty" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_a_past_that_is_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 4, "    level: city\n    was: [whole]\n", 5,
		    "stand together or not at all" },
		{ 4, "    level: city\n    was: [whole]\n    since: now\n", 5,
		    "since \"now\" is no time such as" },
		{ 4,
		    "    level: city\n    was: [a b]\n"
		    "    since: 2026-11-22T09:30:00+08:00\n",
		    5, "\"a b\" in \"was\" cannot be a node's name" },
		{ 4,
		    "    level: city\n    was: [east]\n"
		    "    since: 2026-11-22T09:30:00+08:00\n",
		    5, "was a part of east, which is a node still" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_endpoints_that_are_none(void **state)
{
	static const char *const bad[] = { "tcp://127.0.0.1", "tcp://:8301",
		"tcp://127.0.0.1:0", "tcp://127.0.0.1:65536",
		"tcp://127.0.0.1:830x", "tcp://*:8301", "tcp://a b:1", "ipc://",
		"udp://127.0.0.1:8301", "127.0.0.1:8301", "''",
		"tcp://::1:8301", "tcp://127.0.0.1:000008301", "tcp://host:" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char line[128];
		const struct wrong wrong = { 6, line, 6,
			"is neither tcp://HOST:PORT nor ipc://PATH" };

		snprintf(line, sizeof(line), "    endpoint: '%s'\n",
		    strcmp(bad[i], "''") == 0 ? "" : bad[i]);
		expect_wrong("nodes.yaml", sound_nodes, &wrong, 0, 1);
	}
}

static void refuses_an_ipc_path_that_no_socket_can_have(void **state)
{
	char line[256] = "    endpoint: ipc:///";
	const struct wrong wrong = { 6, line, 6, "is neither tcp://" };

	(void)state;
	memset(line + strlen(line), 'p', 107);
	strcat(line, "\n");
	expect_wrong("nodes.yaml", sound_nodes, &wrong, 0, 1);
}

static void refuses_places_that_two_share(void **state)
{
	static const struct wrong wrongs[] = {
		{ 10, "    endpoint: tcp://127.0.0.1:8301\n", 10,
		    "node east: 127.0.0.1:8301 is taken by node top" },
		{ 39, "    http: 127.0.0.1:8301\n", 39,
		    "node gate: 127.0.0.1:8301 is taken by node top" },
		{ 39, "    http: 8311\n", 39,
		    "node gate: http \"8311\" is not HOST:PORT" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_public_addresses_that_are_none(void **state)
{
	static const char *const bad[] = { "''", "12345.example.org",
		"ftp://example.org", "https://", "https:///t", "https://a/",
		"https://a b", "'https://a?b'", "'https://a\"b'" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char line[128];
		const struct wrong wrong = { 39, line, 39,
			"is not http:// or https:// with a host" };

		snprintf(line, sizeof(line), "    public_url: %s\n", bad[i]);
		expect_wrong("nodes.yaml", sound_nodes, &wrong, 0, 0);
	}
}

static void refuses_levels_and_codes_that_no_unit_has(void **state)
{
	static const struct wrong wrongs[] = {
		{ 4, "    level: province\n", 4,
		    "node top: no unit has the level \"province\"" },
		{ 9, "    serves: [420799]\n", 9,
		    "node east serves \"420799\", which is not in units.csv" },
		{ 9, "    serves: [420704, east]\n", 9,
		    "node east serves \"east\"" },
		{ 9, "    serves: []\n", 9, "node east serves nothing" },
		{ 17, "    serves: [420704, 420704002]\n", 17,
		    "no unit of level \"street\" is left for it at or below "
		    "420704002" },
		{ 5, "    serves: [420704]\n", 5,
		    "no unit of level \"city\" is left" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_units_that_no_node_or_two_serve(void **state)
{
	static const struct wrong wrongs[] = {
		{ 17, "    serves: [420704001]\n", 0,
		    "no node serves 420704002 (古楼街道) of level \"street\", "
		    "1 in all" },
		{ 9, "    serves: [4207]\n", 13,
		    "node west: unit 420703, at or below 420703, is served by "
		    "node east already" },
	};

	(void)state;
	expect_wrong("nodes.yaml", sound_nodes, &wrongs[0], 0, 1);
	expect_wrong("nodes.yaml", sound_nodes, &wrongs[1], 0, 1);
}

static void says_once_how_many_units_of_a_level_nobody_serves(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	folder_write(&folder, "nodes.yaml",
	    "city: 鄂州市\nnodes:\n"
	    "  - {name: top, level: city, serves: [4207], endpoint: "
	    "'ipc://a'}\n");
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_int_equal(folder.report.count, 5);
	assert_true(has_problem(&folder.report, "nodes.yaml", 0,
	    "no node serves 420703100 (华容镇) and other units of level "
	    "\"street\", 3 in all; add it to a node's serves"));
	folder_remove(&folder);
}

static void refuses_a_node_with_two_parents(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	/* streets-east takes all streets, whose districts are on two nodes */
	folder_write_line(
	    &folder, "nodes.yaml", sound_nodes, 17, "    serves: [4207]\n");
	folder_write_line(&folder, "units.csv", sound_units, 0,
	    "420703101,葛店镇,street,area,420703\n");
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_true(has_problem(&folder.report, "nodes.yaml", 21,
	    "is served by node streets-east already"));
	folder_remove(&folder);

	folder_make(&folder);
	folder_write(&folder, "nodes.yaml",
	    "city: 鄂州市\nnodes:\n"
	    "  - {name: a, level: city, serves: [4207], endpoint: 'ipc://a'}\n"
	    "  - {name: b, level: district, serves: [420703], endpoint: "
	    "'ipc://b'}\n"
	    "  - {name: c, level: district, serves: [420704], endpoint: "
	    "'ipc://c'}\n"
	    "  - {name: d, level: street, serves: [4207], endpoint: "
	    "'ipc://d'}\n"
	    "  - {name: e, level: community, serves: [4207], endpoint: "
	    "'ipc://e'}\n"
	    "  - {name: f, level: grid, serves: [4207], endpoint: 'ipc://f'}\n"
	    "  - {name: g, level: hotline, serves: [4207], endpoint: "
	    "'ipc://g'}\n");
	report_free(&folder.report);
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_int_equal(folder.report.count, 1);
	assert_true(has_problem(&folder.report, "nodes.yaml", 6,
	    "served by two nodes, b (above 420703100) and c (above "
	    "420704001); split it"));
	folder_remove(&folder);
}

static void refuses_keys_that_are_none_or_shared(void **state)
{
	static const struct wrong wrongs[] = {
		{ 40, "    public_key: secret\n", 40,
		    "node gate: public_key \"secret\" is not a key of 40" },
		{ 40,
		    "    public_key: "
		    "'%%%%%nKA?@Lns47E1%kR.o@n%FcmmsL/@{H8]y'\n",
		    40, "is not a key of 40 characters of Z85" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void asks_for_keys_where_they_are_needed(void **state)
{
	static const struct wrong wrongs[] = {
		{ 0, "", 3, "node top has no public_key; make a pair" },
		{ 40, "    public_key: \"\"\n", 40,
		    "node gate has no public_key" },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		expect_wrong(
		    "nodes.yaml", sound_nodes, &wrongs[i], ORG_NEEDS_KEYS, 0);
}

static void refuses_a_city_without_nodes(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	folder_write(&folder, "nodes.yaml", "city: 鄂州市\nnodes: []\n");
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_true(has_problem(
	    &folder.report, "nodes.yaml", 2, "0 nodes; a city has 1 to 4096"));
	folder_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_keys_that_are_not_its_own),
		cmocka_unit_test(refuses_names_that_are_none),
		cmocka_unit_test(refuses_a_past_that_is_none),
		cmocka_unit_test(refuses_endpoints_that_are_none),
		cmocka_unit_test(refuses_an_ipc_path_that_no_socket_can_have),
		cmocka_unit_test(refuses_places_that_two_share),
		cmocka_unit_test(refuses_public_addresses_that_are_none),
		cmocka_unit_test(refuses_levels_and_codes_that_no_unit_has),
		cmocka_unit_test(refuses_units_that_no_node_or_two_serve),
		cmocka_unit_test(
		    says_once_how_many_units_of_a_level_nobody_serves),
		cmocka_unit_test(refuses_a_node_with_two_parents),
		cmocka_unit_test(refuses_keys_that_are_none_or_shared),
		cmocka_unit_test(asks_for_keys_where_they_are_needed),
		cmocka_unit_test(refuses_a_city_without_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
