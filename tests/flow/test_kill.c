/*
 * Each daemon is killed again and again while tickets flow, up from a grid
 * to the city and down from the gateway to a grid. What was acknowledged is
 * there once, at its right holder, with one log.
 */
#include "harness/harness.h"
#include "harness/flows.h"

#include <stdlib.h>
#include <string.h>

enum {
	TICKETS = 2000, /* half from each side */
	ORDERS = 120,
	KILLS = 36,
	ORDER_KILLS = 12,
	BLACKOUTS = 4,
};

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"

static struct city city;
static struct work opened[2][TICKETS / 2];

static struct random {
	uint64_t state;
} dice = { 20261121 };

/* WHISTLE_FLOW_SEED=N: another order of kills. */
static int open_city(void **state)
{
	const char *seed = getenv("WHISTLE_FLOW_SEED");
	(void)state;

	if (seed)
		dice.state = strtoull(seed, NULL, 10);
	city_open(&city);
	return 0;
}

/* ---- killing ---- */

static unsigned throw(unsigned sides)
{
	dice.state = dice.state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(dice.state >> 33) % sides;
}

/* Each in turn at first, then any. Whoever is killed is started at once. */
static void kill_one(unsigned kills)
{
	unsigned which = kills < CITY_NODES ? kills : throw(CITY_NODES);
	const char *node = city.daemons[which].name;

	city_check_alive(&city);
	daemon_kill(&city, node);
	daemon_start(&city, node, NULL);
}

/* The power goes, and comes back. */
static void kill_all(unsigned kills)
{
	(void)kills;
	city_check_alive(&city);
	for (size_t i = 0; i < CITY_NODES; i++)
		daemon_kill(&city, city.daemons[i].name);
	for (size_t i = 0; i < CITY_NODES; i++)
		daemon_start(&city, city.daemons[i].name, NULL);
}

/* Says everything until everything is answered, and kills `kills` times on
 * the way, evenly. */
static void run_flows(struct flow *flows, size_t flow_count, unsigned kills,
    void (*kill_some)(unsigned kills))
{
	size_t total = 0;

	for (size_t i = 0; i < flow_count; i++)
		total += flows[i].count;
	for (unsigned killed = 0; killed < kills; killed++) {
		flows_run(flows, flow_count, &city, killed * total / kills);
		flows_allow(flows, flow_count, (killed + 1) * total / kills);
		flows_go_on(flows, flow_count, &city);
		kill_some(killed);
	}
	flows_run(flows, flow_count, &city, total);
	city_wait_up(&city);
	city_wait_quiet(&city);
}

/* ---- what is wished ---- */

static struct flow flow_of(
    const char *operator_name, struct work *work, size_t count)
{
	bool is_grid = !strcmp(operator_name, GRID);

	for (size_t i = 0; i < count; i++)
		work[i].place = GRID_AT;
	return (struct flow){ .operator= operator_name,
		.work = work,
		.count = count,
		.fill = is_grid ? fill_for_the_city : fill_for_a_grid };
}

/* ---- the tests ---- */

static void every_acknowledged_ticket_is_there_once(void **state)
{
	struct flow flows[2] = { flow_of(GRID, opened[0], TICKETS / 2),
		flow_of("hotline", opened[1], TICKETS / 2) };
	(void)state;

	run_flows(flows, 2, KILLS, kill_one);
	assert_int_equal(flows_done(flows, 2), TICKETS);
	flows_are_there_once(&city, "cityd", flows, 2);
}

static void every_daemon_was_killed(void **state)
{
	unsigned kills = 0;
	(void)state;

	for (size_t i = 0; i < CITY_NODES; i++) {
		assert_true(city.daemons[i].kills > 0);
		kills += city.daemons[i].kills;
	}
	assert_true(kills >= 30);
}

static void check_holders(
    const struct work *work, size_t count, const char *holder)
{
	struct id *ids = calloc(count, sizeof(*ids));
	struct view *views = calloc(count, sizeof(*views));
	struct unit_code code = unit_code(holder);

	assert_true(ids && views);
	for (size_t i = 0; i < count; i++)
		ids[i] = work[i].ticket;
	views_read(views, &city, "cityd", ids, count, NULL, NULL);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(views[i].holder.s, code.s);
		assert_int_equal(views[i].state, STATE_OPEN);
	}
	free(views);
	free(ids);
}

static void each_is_at_its_right_holder(void **state)
{
	(void)state;
	check_holders(opened[0], TICKETS / 2, "4207-gjj");
	check_holders(opened[1], TICKETS / 2, GRID_AT);
}

static void all_logs_are_equal_on_all_nodes(void **state)
{
	(void)state;
	assert_int_equal(logs_check_all(&city), TICKETS);
}

static void a_request_said_again_is_the_same_ticket(void **state)
{
	static struct work again[2][TICKETS / 2];
	size_t count;
	(void)state;

	memcpy(again, opened, sizeof(again));
	for (size_t i = 0; i < TICKETS; i++)
		again[i / (TICKETS / 2)][i % (TICKETS / 2)].is_done = false;
	struct flow flows[2] = { flow_of(GRID, again[0], TICKETS / 2),
		flow_of("hotline", again[1], TICKETS / 2) };
	run_flows(flows, 2, 0, NULL);
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < TICKETS / 2; k++)
			assert_true(id_equal(
			    &again[i][k].ticket, &opened[i][k].ticket));
	free(tickets_all(&count, &city, "cityd"));
	assert_int_equal(count, TICKETS);
}

static unsigned notes_of(const struct id *id)
{
	struct wire_request request;
	struct wire_reply reply;

	request_clear(&request, ASK_SHOW);
	request.show.ticket = *id;
	ask(&reply, &city, "admin", "gridd", &request);
	assert_int_equal(reply.result, RESULT_DONE);
	/* open, forward up, forward down, and the notes */
	return (unsigned)reply.show.event_count - 3;
}

static void an_order_to_the_holder_is_done_once(void **state)
{
	static struct work notes[ORDERS];
	struct flow flow = { .operator= "hotline",
		.work = notes,
		.count = ORDERS,
		.fill = fill_note };
	(void)state;

	for (size_t i = 0; i < ORDERS; i++)
		notes[i].about = opened[1][i].ticket;
	run_flows(&flow, 1, ORDER_KILLS, kill_one);
	for (size_t i = 0; i < ORDERS; i++)
		assert_int_equal(notes_of(&notes[i].about), 1);
	assert_int_equal(logs_check_all(&city), TICKETS);
}

static void nothing_is_lost_when_all_are_killed_at_once(void **state)
{
	static struct work more[2][ORDERS];
	struct flow flows[2] = { flow_of(GRID, more[0], ORDERS),
		flow_of("hotline", more[1], ORDERS) };
	(void)state;

	run_flows(flows, 2, BLACKOUTS, kill_all);
	check_holders(more[0], ORDERS, "4207-gjj");
	check_holders(more[1], ORDERS, GRID_AT);
	assert_int_equal(logs_check_all(&city), TICKETS + 2 * ORDERS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_acknowledged_ticket_is_there_once),
		cmocka_unit_test(every_daemon_was_killed),
		cmocka_unit_test(each_is_at_its_right_holder),
		cmocka_unit_test(all_logs_are_equal_on_all_nodes),
		cmocka_unit_test(a_request_said_again_is_the_same_ticket),
		cmocka_unit_test(an_order_to_the_holder_is_done_once),
		cmocka_unit_test(nothing_is_lost_when_all_are_killed_at_once),
	};

	return flow_end(
	    cmocka_run_group_tests_name("kill", tests, open_city, NULL));
}
