/*
 * `whistle city check` names every mistake with its file and line, and says
 * by its exit code whether there is any; `city init` makes nothing of a
 * folder that has some.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct city city;

static int prepare_city(void **state)
{
	(void)state;
	city_prepare(&city);
	return 0;
}

static const char *from(const char *name)
{
	static char paths[4][2 * CITY_PATH];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", city.from, name);
	return path;
}

static void run_check(struct run *run, const char *dir, const char *option)
{
	const char *argv[] = { BIN_DIR "/whistle", "--lang", "en", "city",
		"check", dir, option, NULL };

	run_program(run, argv, PATIENCE_MS);
}

static void finds_nothing_wrong_with_the_sample_city(void **state)
{
	struct run run;
	(void)state;

	run_check(&run, city.from, NULL);
	assert_int_equal(run.code, 0);
	assert_string_equal(run_text(&run.err), "");
	run_free(&run);
	run_check(&run, city.from, "--json");
	assert_int_equal(run.code, 0);
	json_t *summary = json_loads(run_text(&run.out), 0, NULL);
	assert_int_equal(json_number_at(summary, "nodes"), CITY_NODES);
	json_decref(summary);
	run_free(&run);
}

/* `old` becomes `new`; the mistake is on the line where `old` was, or on the
 * next when `old` begins with a new line. */
static void finds(const char *name, const char *old, const char *new)
{
	const char *path = from(name), *kept = from("kept");
	char place[2 * CITY_PATH];
	struct run run;

	file_copy(kept, path);
	file_edit(path, old, new);
	snprintf(place, sizeof(place), "%s:%ld: ", path,
	    file_line_of(kept, old) + (old[0] == '\n'));
	run_check(&run, city.from, NULL);
	assert_int_equal(rename(kept, path), 0);
	if (run.code != 1 || !strstr(run_text(&run.out), place))
		fail_msg("exit code %d, and not “%s” but: %s%s", run.code,
		    place, run_text(&run.out), run_text(&run.err));
	run_free(&run);
}

static void names_the_line_of_a_mistake_in_units(void **state)
{
	(void)state;
	/* a code twice, no parent, a level that does not fit, no name */
	finds("units.csv", "\n420704001003,", "\n420704001002,");
	finds("units.csv", "\n420704001002001,第一网格,grid,area,420704001002",
	    "\n420704001002001,第一网格,grid,area,420704999999");
	finds("units.csv", "\n420704001002001,第一网格,grid,area,",
	    "\n420704001002001,第一网格,street,area,");
	finds(
	    "units.csv", "\n420704001002001,第一网格,", "\n420704001002001,,");
}

static void names_the_line_of_a_mistake_in_nodes(void **state)
{
	(void)state;
	finds("nodes.yaml", "level: street", "level: avenue");
	finds("nodes.yaml", "serves: [4207-12345]", "serves: [4207-99999]");
	finds("nodes.yaml", "endpoint: ipc:", "endpoint: http:");
	finds("nodes.yaml", "name: streetd", "name: districtd # twice");
}

static void names_the_line_of_a_mistake_in_operators(void **state)
{
	(void)state;
	finds("operators.csv", "\nengineer,4207,engineer,",
	    "\nengineer,4207,emperor,");
	finds("operators.csv", "\nengineer,4207,", "\nengineer,42071,");
	finds("operators.csv", "\nengineer,4207,", "\nadmin,4207,");
}

static void names_the_line_of_a_mistake_in_the_catalogue(void **state)
{
	(void)state;
	finds("catalogue.yaml", "check_in: 30m", "check_in: 30x");
	finds("catalogue.yaml", "\nitems:", "\nthings:");
	finds("catalogue.yaml", "{code: stray.dog,", "{code: garbage,");
}

/* As the gateway itself reads it. */
static void names_the_line_of_a_mistake_in_the_gateway_s_file(void **state)
{
	static const char *const mistakes[] = { "proxies: [nobody]",
		"tls_key: key.pem", "import_max_mib: 0", "acess_log: log" };
	char place[2 * CITY_PATH], text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		const char *path = from("gateway.yaml");
		struct run run;

		snprintf(text, sizeof(text), "access_log: log/a.log\n%s\n",
		    mistakes[i]);
		file_write(path, text);
		run_check(&run, city.from, NULL);
		assert_int_equal(run.code, 1);
		snprintf(place, sizeof(place), "%s:2: ", path);
		if (!strstr(run_text(&run.out), place))
			fail_msg("%s: %s", mistakes[i], run_text(&run.out));
		run_free(&run);
		assert_int_equal(unlink(path), 0);
	}
}

static void names_all_mistakes_at_once(void **state)
{
	const char *kept = from("kept");
	struct run run;
	(void)state;

	file_copy(kept, from("nodes.yaml"));
	file_edit(from("nodes.yaml"), "endpoint: ipc:", "endpoint: http:");
	run_check(&run, city.from, NULL);
	assert_int_equal(run.code, 1);
	unsigned count = 0;
	for (const char *at = run_text(&run.out);
	     (at = strstr(at, "nodes.yaml:")) != NULL; at++)
		count++;
	assert_int_equal(count, CITY_NODES);
	run_free(&run);
	assert_int_equal(rename(from("kept"), from("nodes.yaml")), 0);
}

static void says_that_there_is_no_such_folder(void **state)
{
	struct run run;
	(void)state;

	run_check(&run, "/nowhere/at/all", NULL);
	assert_int_not_equal(run.code, 0);
	assert_int_not_equal(
	    strlen(run_text(&run.out)) + strlen(run_text(&run.err)), 0);
	run_free(&run);
}

static void makes_nothing_of_a_city_with_mistakes(void **state)
{
	const char *argv[] = { BIN_DIR "/whistle", "city", "init",
		city.home.path, "--from", city.from, NULL };
	struct run run;
	(void)state;

	file_copy(from("kept"), from("units.csv"));
	file_edit(from("units.csv"), "\n420704001003,", "\n420704001002,");
	run_program(&run, argv, PATIENCE_MS);
	assert_int_equal(run.code, 1);
	assert_false(file_exists(city.home.path));
	run_free(&run);
	assert_int_equal(rename(from("kept"), from("units.csv")), 0);
}

static void puts_nodes_where_their_names_lead(void **state)
{
	char dir[2 * CITY_PATH];
	struct run run;
	size_t len;
	(void)state;

	snprintf(dir, sizeof(dir), "%s/by-name", city.from);
	const char *both[] = { BIN_DIR "/whistle", "city", "init", dir,
		"--from", city.from, "--by-name", "--port", "9000", NULL };
	run_program(&run, both, PATIENCE_MS);
	assert_int_equal(run.code, 2);
	assert_false(file_exists(dir));
	run_free(&run);
	const char *argv[] = { BIN_DIR "/whistle", "city", "init", dir,
		"--from", city.from, "--by-name", NULL };
	run_program(&run, argv, PATIENCE_MS);
	assert_int_equal(run.code, 0);
	run_free(&run);
	char *nodes = file_read(&len, from("by-name/nodes.yaml"));
	assert_non_null(strstr(nodes, "endpoint: tcp://streetd:8300\n"));
	assert_non_null(strstr(nodes, "http: 0.0.0.0:8311\n"));
	free(nodes);
}

static void shows_which_node_is_above_which(void **state)
{
	const char *argv[] = { BIN_DIR "/whistle", "city", "nodes", city.from,
		"--json", NULL };
	const struct {
		const char *node, *parent;
	} expected[CITY_NODES] = { { "cityd", NULL }, { "districtd", "cityd" },
		{ "streetd", "districtd" }, { "communityd", "streetd" },
		{ "gridd", "communityd" }, { "gatewayd", "cityd" } };
	struct run run;
	(void)state;

	run_program(&run, argv, PATIENCE_MS);
	assert_int_equal(run.code, 0);
	json_t *nodes = json_loads(run_text(&run.out), 0, NULL);
	assert_int_equal(json_array_size(nodes), CITY_NODES);
	for (size_t i = 0; i < CITY_NODES; i++) {
		json_t *node = json_array_get(nodes, i);
		const char *parent =
		    json_string_value(json_object_get(node, "parent"));
		assert_string_equal(
		    json_string_value(json_object_get(node, "node")),
		    expected[i].node);
		if (expected[i].parent)
			assert_string_equal(parent, expected[i].parent);
		else
			assert_null(parent);
	}
	json_decref(nodes);
	run_free(&run);
}

/* ---- a made city ---- */

static void checks_a_made_city_with_its_keys(void **state)
{
	struct run run;
	(void)state;

	city_found(&city);
	cli_exits(0, &city, "admin", "city", "check", NULL);
	file_write(city_path(&city, "keys/nodes/gridd.key"), "no key\n");
	cli(&run, &city, "admin", "city", "check", NULL);
	assert_int_equal(run.code, 1);
	assert_non_null(strstr(run_text(&run.out), "gridd.key"));
	run_free(&run);
}

static void never_makes_a_city_over_another(void **state)
{
	const char *argv[] = { BIN_DIR "/whistle", "city", "init",
		city.home.path, "--from", city.from, NULL };
	struct run run;
	size_t len;
	(void)state;

	char *before = file_read(&len, city_path(&city, "nodes.yaml"));
	run_program(&run, argv, PATIENCE_MS);
	assert_int_equal(run.code, 1);
	run_free(&run);
	char *after = file_read(&len, city_path(&city, "nodes.yaml"));
	assert_string_equal(before, after);
	free(after);
	free(before);
}

/* What is refused changes nothing; what is done changes one value. */
static void moves_a_node_and_leaves_the_rest_of_the_file(void **state)
{
	const char *path = city_path(&city, "nodes.yaml");
	size_t len, len_now;
	(void)state;

	if (!file_exists(path))
		city_found(&city);
	file_edit(path, "nodes:", "nodes: # 哪台机器上有谁");
	char *before = file_read(&len, path);
	cli_exits(4, &city, "engineer", "city", "move", "nobody",
	    "tcp://10.0.7.3:8303", NULL);
	cli_exits(1, &city, "engineer", "city", "move", "streetd",
	    "http://10.0.7.3", NULL);
	char *kept = file_read(&len_now, path);
	assert_string_equal(kept, before);
	cli_exits(0, &city, "engineer", "city", "move", "streetd",
	    "tcp://10.0.7.3:8303", NULL);
	cli_exits(1, &city, "engineer", "city", "move", "gridd",
	    "tcp://10.0.7.3:8303", NULL);
	assert_int_equal(file_count(path, "tcp://10.0.7.3:8303"), 1);
	assert_int_equal(file_count(path, "# 哪台机器上有谁"), 1);
	free(kept);
	free(before);
}

/* ---- an init that is cut off ---- */

static char begun[CITY_PATH + 16];
static pid_t making;

static bool has_begun_keys(void *context)
{
	char keys[CITY_PATH + 64];
	int status;
	(void)context;

	snprintf(keys, sizeof(keys), "%s/keys/operators", begun);
	return folder_count(keys) > 50 || !process_lives(&status, making);
}

static size_t count_made(const char *suffix)
{
	char command[CITY_PATH + 128];
	const char *argv[] = { "/bin/sh", "-c", command, NULL };
	struct run run;

	snprintf(command, sizeof(command),
	    "find %s/keys -name '*%s' | wc -l | tr -d ' \\n'", begun, suffix);
	run_program(&run, argv, PATIENCE_MS);
	size_t count = strtoul(run_text(&run.out), NULL, 10);
	run_free(&run);
	return count;
}

/* Whatever has its name by then is whole and stays; the rest is made anew. */
static void goes_on_with_a_city_that_was_cut_off(void **state)
{
	const char *argv[] = { BIN_DIR "/whistle", "city", "init", begun,
		"--from", city.from, NULL };
	char log[CITY_PATH + 16], mark[CITY_PATH + 32], key[CITY_PATH + 64];
	struct run run;
	size_t len, again;
	(void)state;

	snprintf(begun, sizeof(begun), "%s/begun", city.dir);
	snprintf(log, sizeof(log), "%s/init.log", city.dir);
	snprintf(mark, sizeof(mark), "%s/.being-made", begun);
	snprintf(key, sizeof(key), "%s/keys/nodes/cityd.key", begun);
	making = process_start(argv, log);
	assert_true(wait_until(has_begun_keys, NULL, PATIENCE_MS));
	process_kill(making);
	file_write(mark, ""); /* also if it was too fast for us */
	char *kept = file_read(&len, key);
	run_program(&run, argv, PATIENCE_MS);
	if (run.code != 0)
		fail_msg("%s", run_text(&run.err));
	run_free(&run);
	assert_false(file_exists(mark));
	assert_int_equal(count_made(".new"), 0);
	char *now = file_read(&again, key);
	assert_non_null(now);
	if (kept)
		assert_string_equal(now, kept);
	free(kept);
	free(now);
	run_check(&run, begun, NULL);
	assert_int_equal(run.code, 0);
	run_free(&run);
	folder_remove(begun);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_nothing_wrong_with_the_sample_city),
		cmocka_unit_test(names_the_line_of_a_mistake_in_units),
		cmocka_unit_test(names_the_line_of_a_mistake_in_nodes),
		cmocka_unit_test(names_the_line_of_a_mistake_in_operators),
		cmocka_unit_test(names_the_line_of_a_mistake_in_the_catalogue),
		cmocka_unit_test(
		    names_the_line_of_a_mistake_in_the_gateway_s_file),
		cmocka_unit_test(names_all_mistakes_at_once),
		cmocka_unit_test(says_that_there_is_no_such_folder),
		cmocka_unit_test(makes_nothing_of_a_city_with_mistakes),
		cmocka_unit_test(puts_nodes_where_their_names_lead),
		cmocka_unit_test(shows_which_node_is_above_which),
		cmocka_unit_test(checks_a_made_city_with_its_keys),
		cmocka_unit_test(never_makes_a_city_over_another),
		cmocka_unit_test(moves_a_node_and_leaves_the_rest_of_the_file),
		cmocka_unit_test(goes_on_with_a_city_that_was_cut_off),
	};

	return flow_end(
	    cmocka_run_group_tests_name("check", tests, prepare_city, NULL));
}
