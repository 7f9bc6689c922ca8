/*
 * A city goes from one version of the wire to the next, node by node, while
 * tickets flow, and one node goes back. A node that is too new for its
 * neighbour is told so, and so is the neighbour; it works on, and what it has
 * to say arrives when they understand each other. When all nodes read the
 * next version the city is raised to it, what that has added is written and
 * reaches everyone, and no program of before gets in again.
 */
#include "harness/harness.h"
#include "harness/flows.h"

#include <stdio.h>
#include <string.h>

enum {
	EACH = 400,
	FLOWS = 2,
	ALL = FLOWS * EACH,
	STEPS = CITY_NODES + 3,
	STEP = ALL / (STEPS + 1),
};

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"

static struct city city;
static struct work work[FLOWS][EACH];
static struct flow flows[FLOWS];
static unsigned steps;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	for (size_t i = 0; i < EACH; i++)
		work[1][i].place = GRID_AT;
	flows[0] = (struct flow){ .operator= GRID,
		.work = work[0],
		.count = EACH,
		.fill = fill_for_the_city };
	flows[1] = (struct flow){ .operator= "hotline",
		.work = work[1],
		.count = EACH,
		.fill = fill_for_a_grid };
	return 0;
}

/* The node's program is that of `bin_dir` from now on; wishes are on their
 * way, and go on being answered. */
static void change(const char *node, const char *bin_dir)
{
	steps++;
	flows_allow(flows, FLOWS, steps * STEP);
	flows_go_on(flows, FLOWS, &city);
	assert_int_equal(daemon_stop(&city, node), 0);
	city_daemon(&city, node)->bin_dir = bin_dir;
	daemon_start(&city, node, NULL);
	flows_run(flows, FLOWS, &city, steps * STEP + STEP / 2);
	city_check_alive(&city);
}

/* The command line of the next version; how it ended, and what it said. */
static void next_cli(int code, const char *says, const char *const *words)
{
	const char *argv[24] = { NEXT_DIR "/whistle", "--home", city.home.path,
		"--lang", "en" };
	struct run run;
	size_t count = 5;

	while (*words && count < 23)
		argv[count++] = *words++;
	argv[count] = NULL;
	run_program(&run, argv, 2 * PATIENCE_MS);
	if (run.code != code || (!strstr(run_text(&run.out), says) &&
				    !strstr(run_text(&run.err), says)))
		fail_msg("exit code %d: %s%s", run.code, run_text(&run.out),
		    run_text(&run.err));
	run_free(&run);
}

#define NEXT_CLI(code, says, ...)                                              \
	next_cli(code, says, (const char *const[]){ __VA_ARGS__, NULL })

/* "links[…].version" of `node` toward `peer`. */
static json_int_t version_between(const char *node, const char *peer)
{
	json_t *status =
	    cli_json(&city, "engineer", "node", "status", node, NULL);
	json_t *links = json_object_get(status, "links"), *link;
	json_int_t version = -1;
	size_t i;

	json_array_foreach(links, i, link)
	{
		if (!strcmp(json_text_at(link, "peer"), peer))
			version = json_number_at(link, "version");
	}
	json_decref(status);
	return version;
}

static void a_node_that_is_too_new_is_told_and_loses_nothing(void **state)
{
	struct node_status status;
	struct run run;
	(void)state;

	change("gridd", LATER_DIR);
	city_wait_log(&city, "communityd",
	    "link=gridd problem=other_version theirs=2-2 ours=1-1 "
	    "do=\"bring this node up to date",
	    0);
	city_wait_log(&city, "gridd",
	    "link=communityd problem=other_version theirs=1-1 ours=2-2 "
	    "do=\"bring communityd up to date",
	    0);
	assert_true(node_status(&status, &city, "gridd"));
	assert_int_equal(status.links_down, 1);
	assert_true(status.outbox > 0);
	cli(&run, &city, "engineer", "--lang", "en", "node", "list", NULL);
	if (!strstr(run_text(&run.out),
		") (speaks wire versions 2 to 2, of which this node knows "
		"none)"))
		fail_msg("%s", run_text(&run.out));
	run_free(&run);
	change("communityd", NEXT_DIR);
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_int_equal(version_between("gridd", "communityd"), 2);
	assert_int_equal(version_between("communityd", "streetd"), 1);
}

static void nodes_go_over_one_by_one_and_one_goes_back(void **state)
{
	(void)state;
	change("cityd", NEXT_DIR);
	change("streetd", NEXT_DIR);
	change("gatewayd", NEXT_DIR);
	city_wait_up(&city);
	assert_int_equal(version_between("communityd", "streetd"), 2);
	assert_int_equal(version_between("districtd", "cityd"), 1);
	change("streetd", NULL);
	city_wait_up(&city);
	assert_int_equal(version_between("communityd", "streetd"), 1);
	NEXT_CLI(1, "districtd reads up to version 1 of the wire, not 2",
	    "--as", "engineer", "city", "speaks", "2");
	change("districtd", NEXT_DIR);
	change("streetd", NEXT_DIR);
	change("gridd", NEXT_DIR);
	city_wait_up(&city);
	assert_int_equal(version_between("streetd", "communityd"), 2);
	assert_int_equal(version_between("districtd", "streetd"), 2);
	assert_int_equal(version_between("cityd", "districtd"), 2);
	assert_int_equal(version_between("gatewayd", "cityd"), 2);
}

/* ---- the city is raised ---- */

static char ticket[ID_TEXT];

/* What the next version has added, said by its own command line. */
static void resolve_with_what_is_new(int code, const char *says)
{
	NEXT_CLI(code, says, "--as", GRID, "ticket", "resolve", ticket,
	    "--solved", "--measures", "已当场办好", "--text", "办好了");
}

static void what_is_new_is_not_written_before_all_read_it(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	id_format(ticket, &work[1][0].ticket);
	resolve_with_what_is_new(5, "whistle city speaks");
	NEXT_CLI(0, "All nodes read version 2: “whistle city speaks 2”", "--as",
	    "engineer", "city", "speaks");
	cli_exits(1, &city, "engineer", "city", "speaks", "2", NULL);
}

static void a_node_that_has_not_heard_of_it_is_not_told_what_is_new(
    void **state)
{
	(void)state;
	NEXT_CLI(0, "nodes.yaml says speaks: 2 now", "--as", "engineer", "city",
	    "speaks", "2");
	assert_int_equal(
	    file_count(city_path(&city, "nodes.yaml"), "speaks: 2\n"), 1);
	flows_allow(flows, FLOWS, steps * STEP + STEP);
	flows_go_on(flows, FLOWS, &city);
	NEXT_CLI(
	    0, "gridd has read", "--as", "engineer", "node", "reload", "gridd");
	resolve_with_what_is_new(0, ticket);
	city_wait_log(&city, "gridd",
	    "link=communityd problem=other_speaks theirs=1 ours=2 "
	    "do=\"bring nodes.yaml to communityd",
	    0);
	city_wait_log(&city, "communityd",
	    "link=gridd problem=other_speaks theirs=2 ours=1 "
	    "do=\"bring nodes.yaml to this node",
	    0);
	NEXT_CLI(0, "5 nodes write in another", "--as", "engineer", "city",
	    "speaks");
	NEXT_CLI(
	    0, "cityd has read", "--as", "engineer", "node", "reload", "--all");
	city_wait_up(&city);
	city_wait_quiet(&city);
	NEXT_CLI(0, "已当场办好", "--as", "admin", "ticket", "show", ticket,
	    "--node", "cityd");
}

/* ---- and does not go back ---- */

static void refuses_to_start(const char *bin_dir, const char *says)
{
	unsigned before = file_count(city_log(&city, "cityd"), says);

	city_daemon(&city, "cityd")->bin_dir = bin_dir;
	assert_int_equal(daemon_fails(&city, "cityd", NULL), 5);
	if (file_count(city_log(&city, "cityd"), says) <= before)
		fail_msg("it did not say: %s", says);
}

static void programs_and_files_of_before_are_refused(void **state)
{
	const char *nodes = city_path(&city, "nodes.yaml");
	struct run run;
	(void)state;

	file_edit(nodes, "speaks: 2\n", "speaks: 1\n");
	NEXT_CLI(1, "nodes.yaml:speaks", "--as", "engineer", "node", "reload",
	    "communityd");
	city_wait_log(
	    &city, "communityd", "nodes=refused speaks=1 problem=", 0);
	assert_int_equal(daemon_stop(&city, "cityd"), 0);
	refuses_to_start(NEXT_DIR, "the city does not go back");
	file_edit(nodes, "speaks: 1\n", "speaks: 2\n");
	refuses_to_start(NULL,
	    "the city writes in version 2 of the wire (speaks: in "
	    "nodes.yaml), and this program reads up to 1");
	cli(&run, &city, "engineer", "--lang", "en", "node", "list", NULL);
	assert_int_equal(run.code, 5);
	assert_non_null(
	    strstr(run_text(&run.err), "this whistle reads up to 1"));
	run_free(&run);
	/* what is new is no damage */
	cli(&run, &city, "engineer", "--lang", "en", "--node", "cityd", "store",
	    "check", NULL);
	assert_int_equal(run.code, 5);
	assert_non_null(strstr(run_text(&run.err), "Use the whistle that"));
	run_free(&run);
	NEXT_CLI(0, "cityd", "--node", "cityd", "store", "check");
	city_daemon(&city, "cityd")->bin_dir = NEXT_DIR;
	daemon_start(&city, "cityd", NULL);
	city_wait_up(&city);
}

static void nothing_is_lost_and_all_logs_are_equal(void **state)
{
	(void)state;
	assert_int_equal(steps, STEPS);
	flows_run(flows, FLOWS, &city, ALL);
	city_wait_quiet(&city);
	flows_are_there_once(&city, "cityd", flows, FLOWS);
	assert_int_equal(logs_check_all(&city), ALL);
	city_stop(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_node_that_is_too_new_is_told_and_loses_nothing),
		cmocka_unit_test(nodes_go_over_one_by_one_and_one_goes_back),
		cmocka_unit_test(what_is_new_is_not_written_before_all_read_it),
		cmocka_unit_test(
		    a_node_that_has_not_heard_of_it_is_not_told_what_is_new),
		cmocka_unit_test(programs_and_files_of_before_are_refused),
		cmocka_unit_test(nothing_is_lost_and_all_logs_are_equal),
	};

	return flow_end(
	    cmocka_run_group_tests_name("upgrade", tests, open_city, NULL));
}
