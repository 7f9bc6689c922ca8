/*
 * A city goes from one version of the wire to the next, node by node, while
 * tickets flow, and one node goes back. A node that is too new for its
 * neighbour is told so, and so is the neighbour; it works on, and what it has
 * to say arrives when they understand each other.
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
	change("districtd", NEXT_DIR);
	change("streetd", NEXT_DIR);
	change("gridd", NEXT_DIR);
	city_wait_up(&city);
	assert_int_equal(version_between("streetd", "communityd"), 2);
	assert_int_equal(version_between("districtd", "streetd"), 2);
	assert_int_equal(version_between("cityd", "districtd"), 2);
	assert_int_equal(version_between("gatewayd", "cityd"), 2);
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
		cmocka_unit_test(nothing_is_lost_and_all_logs_are_equal),
	};

	return flow_end(
	    cmocka_run_group_tests_name("upgrade", tests, open_city, NULL));
}
