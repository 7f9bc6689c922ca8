/*
 * Many machines: each node in a network of its own, with real wires along
 * the tree. Wires are cut, packets vanish, on one way or on both, a few or
 * all, and a machine is moved to another address, while tickets flow up from
 * the grids and down from the hotline. In the end every acknowledged ticket
 * is there once, and all logs are equal.
 */
#include "harness/harness.h"
#include "harness/flows.h"
#include "harness/nets.h"

#include <stdlib.h>
#include <string.h>

enum {
	CITY,
	GATEWAY,
	DISTRICT_2,
	DISTRICT_3,
	DISTRICT_4,
	STREET_2,
	STREET_3,
	STREET_4A,
	STREET_4B,
	COMMUNITY_2,
	COMMUNITY_3,
	COMMUNITY_4A,
	COMMUNITY_4B,
	GRID_2,
	GRID_3,
	GRID_4A,
	GRID_4B,
	NODES,
	SIDES = 4,
	EACH = 40, /* wishes up from each side in a round, and down to it */
	ROUND = 2 * SIDES * EACH,
	HOTLINE = SIDES, /* the flow down to all sides */
	FLOWS,
	LOST_PERCENT = 10,
	LOST_ENOUGH = 20, /* packets */
	ROUNDS = 5,
	ROUNDS_LONG = 300,
};

#define OLD_TOWN "420704001,420704002,420704003"
#define OUTSKIRTS                                                              \
	"420704100,420704101,420704102,420704103,420704104,"                   \
	"420704105,420704106,420704107,420704108,420704200,"                   \
	"420704400,420704401"

static struct city_node nodes[NODES] = {
	[CITY] = { "cityd", "city", "4207", NULL, NULL },
	[GATEWAY] = { "gatewayd", "hotline", "4207-12345", NULL, NULL },
	[DISTRICT_2] = { "districtd-2", "district", "420702", NULL, NULL },
	[DISTRICT_3] = { "districtd-3", "district", "420703", NULL, NULL },
	[DISTRICT_4] = { "districtd-4", "district", "420704", NULL, NULL },
	[STREET_2] = { "streetd-2", "street", "420702", NULL, NULL },
	[STREET_3] = { "streetd-3", "street", "420703", NULL, NULL },
	[STREET_4A] = { "streetd-4a", "street", OLD_TOWN, NULL, NULL },
	[STREET_4B] = { "streetd-4b", "street", OUTSKIRTS, NULL, NULL },
	[COMMUNITY_2] = { "communityd-2", "community", "420702", NULL, NULL },
	[COMMUNITY_3] = { "communityd-3", "community", "420703", NULL, NULL },
	[COMMUNITY_4A] = { "communityd-4a", "community", OLD_TOWN, NULL, NULL },
	[COMMUNITY_4B] = { "communityd-4b", "community", OUTSKIRTS, NULL,
	    NULL },
	[GRID_2] = { "gridd-2", "grid", "420702", NULL, NULL },
	[GRID_3] = { "gridd-3", "grid", "420703", NULL, NULL },
	[GRID_4A] = { "gridd-4a", "grid", OLD_TOWN, NULL, NULL },
	[GRID_4B] = { "gridd-4b", "grid", OUTSKIRTS, NULL, NULL },
};

static const int parents[NODES] = { NETS_PARENT_NONE, CITY, CITY, CITY, CITY,
	DISTRICT_2, DISTRICT_3, DISTRICT_4, DISTRICT_4, STREET_2, STREET_3,
	STREET_4A, STREET_4B, COMMUNITY_2, COMMUNITY_3, COMMUNITY_4A,
	COMMUNITY_4B };

static const char *const grids[SIDES] = { "420702100001001", "420703100001001",
	"420704001002001", "420704100001001" };
static const char *const workers[SIDES] = { "grid-420702100001001",
	"grid-420703100001001", "grid-420704001002001",
	"grid-420704100001001" };

static struct city city;
static struct work *up[SIDES], *down;
static struct flow flows[FLOWS];
static size_t rounds, rounds_max = ROUNDS; /* of load, so far and at most */
static uint64_t cuts, walls, lost_up, lost_down, losses, moves;

/* ---- a city on many machines ---- */

static struct work *some_work(size_t count)
{
	struct work *some = calloc(count, sizeof(*some));

	assert_non_null(some);
	return some;
}

static void prepare_flows(void)
{
	size_t each;

	if (getenv("WHISTLE_MANY_S"))
		rounds_max = ROUNDS_LONG;
	each = rounds_max * EACH;
	down = some_work(SIDES * each);
	for (unsigned i = 0; i < SIDES; i++) {
		up[i] = some_work(each);
		flows[i] = (struct flow){ .operator= workers[i],
			.work = up[i],
			.count = each,
			.fill = fill_for_the_city };
	}
	flows[HOTLINE] = (struct flow){ .operator= "hotline",
		.work = down,
		.count = SIDES * each,
		.fill = fill_for_a_grid };
	for (size_t k = 0; k < SIDES * each; k++)
		down[k].place = grids[k % SIDES];
}

static int open_city(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NODES; i++)
		nodes[i].endpoint = nets_endpoint(i, 0);
	nodes[GATEWAY].http = nets_http(GATEWAY);
	city_prepare_with(&city, nodes, NODES);
	for (unsigned i = 0; i < SIDES; i++)
		city_hire(&city, workers[i], grids[i]);
	city_found(&city);
	nets_open(&city, parents);
	city_start(&city);
	prepare_flows();
	return 0;
}

/* ---- load, and what befalls it ---- */

/* Another round of wishes may be said, and some of them are. */
static void load(void)
{
	flows_allow(flows, FLOWS, ++rounds * ROUND);
	flows_go_on(flows, FLOWS, &city);
}

struct waits {
	unsigned node;
};

/* What it has to say stays with it. */
static bool has_rows_waiting(void *context)
{
	const struct waits *waits = context;
	struct node_status status;

	flows_go_on(flows, FLOWS, &city);
	return node_status(&status, &city, nodes[waits->node].name) &&
	       status.outbox > 0;
}

static void wait_for_rows(unsigned node)
{
	struct waits waits = { node };

	if (!wait_until(has_rows_waiting, &waits, PATIENCE_MS))
		fail_msg("nothing waits at %s", nodes[node].name);
}

/* Of all wires. */
static bool enough_is_lost(void *context)
{
	uint64_t lost = 0;
	(void)context;

	flows_go_on(flows, FLOWS, &city);
	for (unsigned i = CITY + 1; i < NODES; i++)
		lost += nets_dropped(i, NETS_UP) + nets_dropped(i, NETS_DOWN);
	return lost >= LOST_ENOUGH;
}

static bool loses_one_way(void *context)
{
	const struct waits *waits = context;

	flows_go_on(flows, FLOWS, &city);
	return nets_dropped(waits->node, NETS_UP) +
		   nets_dropped(waits->node, NETS_DOWN) >
	       0;
}

static void wait_for_losses(unsigned node)
{
	struct waits waits = { node };

	if (!wait_until(loses_one_way, &waits, PATIENCE_MS))
		fail_msg("%s loses nothing", nodes[node].name);
}

/* What was said meanwhile is answered while it cannot leave, and leaves
 * when it can. */
static void all_is_answered(void)
{
	flows_run(flows, FLOWS, &city, rounds * ROUND);
	city_check_alive(&city);
}

static void all_arrives(void)
{
	all_is_answered();
	city_wait_up(&city);
	city_wait_quiet(&city);
}

/* ---- the tests ---- */

static void a_wire_is_cut_and_mended(void **state)
{
	(void)state;
	nets_cut(STREET_4A);
	nets_cut(DISTRICT_2);
	load();
	wait_for_rows(STREET_4A);
	wait_for_rows(DISTRICT_2);
	all_is_answered();
	cuts += 2;
	nets_mend(STREET_4A);
	nets_mend(DISTRICT_2);
	all_arrives();
}

static void nothing_passes_between_two_nodes(void **state)
{
	(void)state;
	nets_drop(DISTRICT_4, NETS_BOTH, 100);
	nets_drop(GRID_3, NETS_BOTH, 100);
	load();
	wait_for_rows(DISTRICT_4);
	wait_for_rows(GRID_3);
	wait_for_losses(DISTRICT_4);
	wait_for_losses(GRID_3);
	all_is_answered();
	walls += 2;
	nets_drop(DISTRICT_4, NETS_BOTH, 0);
	nets_drop(GRID_3, NETS_BOTH, 0);
	all_arrives();
}

static void nothing_passes_one_way(void **state)
{
	(void)state;
	nets_drop(COMMUNITY_2, NETS_UP, 100);
	nets_drop(STREET_4B, NETS_DOWN, 100);
	load();
	wait_for_rows(COMMUNITY_2);
	wait_for_losses(COMMUNITY_2);
	wait_for_losses(STREET_4B);
	all_is_answered();
	lost_up += nets_dropped(COMMUNITY_2, NETS_UP);
	lost_down += nets_dropped(STREET_4B, NETS_DOWN);
	nets_drop(COMMUNITY_2, NETS_UP, 0);
	nets_drop(STREET_4B, NETS_DOWN, 0);
	all_arrives();
}

static void every_wire_loses_packets(void **state)
{
	(void)state;
	for (unsigned i = CITY + 1; i < NODES; i++)
		nets_drop(i, NETS_BOTH, LOST_PERCENT);
	load();
	assert_true(wait_until(enough_is_lost, NULL, PATIENCE_MS));
	all_is_answered();
	for (unsigned i = CITY + 1; i < NODES; i++) {
		losses += nets_dropped(i, NETS_UP) + nets_dropped(i, NETS_DOWN);
		nets_drop(i, NETS_BOTH, 0);
	}
	all_arrives();
}

/* What an engineer does: whistle city move, the daemon at its new place,
 * whistle node reload. */
static void a_machine_moves_to_another_address(void **state)
{
	static unsigned place;
	const char *name = nodes[STREET_4B].name;
	(void)state;

	place = !place;
	load();
	assert_int_equal(daemon_stop(&city, name), 0);
	nets_move(STREET_4B, place);
	cli_exits(0, &city, "engineer", "city", "move", name,
	    nets_endpoint(STREET_4B, place), NULL);
	daemon_start(&city, name, NULL);
	all_is_answered();
	cli_exits(0, &city, "engineer", "node", "reload",
	    nodes[COMMUNITY_4B].name, NULL);
	city_meet_again(&city);
	moves++;
	all_arrives();
}

/* WHISTLE_MANY_S=N: all of it again and again for that long. */
static void it_goes_on(void **state)
{
	static void (*const each[])(void **state) = { a_wire_is_cut_and_mended,
		nothing_passes_between_two_nodes, nothing_passes_one_way,
		every_wire_loses_packets, a_machine_moves_to_another_address };
	const char *seconds = getenv("WHISTLE_MANY_S");
	int64_t until_ms =
	    now_ms() + (seconds ? strtoll(seconds, NULL, 10) * 1000 : 0);

	while (now_ms() < until_ms && rounds < rounds_max)
		each[rounds % (sizeof(each) / sizeof(*each))](state);
}

static void everything_befell_the_city(void **state)
{
	(void)state;
	assert_true(cuts >= 2);
	assert_true(walls >= 2);
	assert_true(lost_up > 0 && lost_down > 0);
	assert_true(losses >= LOST_ENOUGH);
	assert_true(moves > 0);
}

static void every_acknowledged_ticket_is_there_once(void **state)
{
	(void)state;
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_int_equal(flows_done(flows, FLOWS), rounds * ROUND);
	flows_are_there_once(&city, "cityd", flows, FLOWS);
}

static void all_logs_are_equal_on_all_nodes(void **state)
{
	(void)state;
	assert_int_equal(logs_check_all(&city), rounds * ROUND);
}

static int close_city(void **state)
{
	(void)state;
	city_stop(&city);
	nets_close();
	for (unsigned i = 0; i < SIDES; i++)
		free(up[i]);
	free(down);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wire_is_cut_and_mended),
		cmocka_unit_test(nothing_passes_between_two_nodes),
		cmocka_unit_test(nothing_passes_one_way),
		cmocka_unit_test(every_wire_loses_packets),
		cmocka_unit_test(a_machine_moves_to_another_address),
		cmocka_unit_test(it_goes_on),
		cmocka_unit_test(everything_befell_the_city),
		cmocka_unit_test(every_acknowledged_ticket_is_there_once),
		cmocka_unit_test(all_logs_are_equal_on_all_nodes),
	};

	if (!nets_enter())
		return 77;
	return flow_end(
	    cmocka_run_group_tests_name("many", tests, open_city, close_city));
}
