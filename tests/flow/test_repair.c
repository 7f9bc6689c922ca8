/*
 * Bits change in a store, in every table of it. The damage is found, also
 * while the daemon runs; what is sound is kept, what can be worked out is, and
 * the rest comes back from the neighbours: afterwards all is as it was.
 */
#include "harness/harness.h"
#include "harness/damage.h"

#include <stdio.h>
#include <string.h>

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"
#define STREET	"street-420704001"

enum { TICKETS = 6 };

static struct city city;
static struct id late;	 /* its deadlines will have passed */
static struct id unsent; /* never left the grid */

static struct id open_at_grid(const char *item)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "单元门口堆着东西";
	wish.what->item = item;
	wish.what->place = unit_code(GRID_AT);
	return wish_do(&city, GRID, &wish);
}

static void whistle_at_street(void)
{
	struct callout called[] = { { .department = unit_code("420704-zjj") },
		{ .department = unit_code("420704-cgj") } };
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "要几家一起到场的事";
	struct id id = wish_do(&city, STREET, &wish);
	wish_start(&wish, VERB_WHISTLE, &id);
	wish.what->colour = COLOUR_RED;
	wish.what->callouts = called;
	wish.what->callout_count = 2;
	wish_do(&city, STREET, &wish);
}

static void order_with_contact(int number)
{
	char order[512];
	static const char format[] =
	    "{\"number\":\"R-%d\",\"title\":\"垃圾没人收\",\"item\":"
	    "\"garbage\","
	    "\"division\":\"" GRID_AT "\",\"caller\":\"来电的人\","
	    "\"phone\":\"000-0000\"}";
	struct http_answer answer;

	snprintf(order, sizeof(order), format, number);
	http_order(&answer, &city, order, HTTP_GOOD);
	assert_int_equal(answer.status, 201);
	http_free(&answer);
}

static int open_city(void **state)
{
	(void)state;

	moved_start("2026-11-23 09:00");
	city_open(&city);
	for (int i = 0; i < TICKETS; i++) {
		order_with_contact(i);
		open_at_grid("housing.fund");
		whistle_at_street();
	}
	late = open_at_grid("garbage");
	city_wait_quiet(&city);
	return 0;
}

/* ---- by hand ---- */

/* Some records of each table that has any. */
static void damage_all(const char *node)
{
	unsigned tables = 0;

	for (int i = 0; i < KV_TABLE_COUNT; i++) {
		enum kv_table table = (enum kv_table)i;
		/* the store could not even say what it is */
		if (table != KV_META)
			tables += damage(&city, node, table, 1, 3) > 0;
	}
	assert_true(tables >= 10);
}

static void repair(const char *node, const char *language, const char *words)
{
	struct run run;

	cli(&run, &city, "engineer", "--lang", language, "--node", node,
	    "store", "repair", NULL);
	if (run.code != 0 || !strstr(run_text(&run.out), words))
		fail_msg("exit code %d, no %s in: %s%s", run.code, words,
		    run_text(&run.out), run_text(&run.err));
	run_free(&run);
}

static void comes_back_whole(const char *node, const char *language)
{
	struct hash before = node_scores(&city, node), after;
	struct node_status was, is;

	city_wait_quiet(&city);
	assert_true(node_status(&was, &city, node));
	assert_int_equal(daemon_stop(&city, node), 0);
	damage_all(node);
	cli_exits(5, &city, "engineer", "--node", node, "store", "check", NULL);
	repair(node, language, strcmp(language, "zh") ? "made anew" : "已重建");
	daemon_start(&city, node, NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_true(node_status(&is, &city, node));
	assert_int_equal(is.tickets, was.tickets);
	after = node_scores(&city, node);
	assert_true(hash_equal(&before, &after));
	assert_int_equal(file_count(city_log(&city, node), "problem=lost"), 0);
	logs_check_all(&city);
}

static void every_table_is_repaired_at_the_top(void **state)
{
	(void)state;
	comes_back_whole("cityd", "en");
}

static void every_table_is_repaired_in_the_middle(void **state)
{
	(void)state;
	comes_back_whole("streetd", "zh");
}

static void every_table_is_repaired_at_the_bottom(void **state)
{
	(void)state;
	comes_back_whole("gridd", "en");
}

static void a_sound_store_is_left_as_it_is(void **state)
{
	struct node_status was, is;
	(void)state;

	assert_true(node_status(&was, &city, "districtd"));
	assert_int_equal(daemon_stop(&city, "districtd"), 0);
	repair("districtd", "zh", "完好");
	daemon_start(&city, "districtd", NULL);
	city_wait_up(&city);
	assert_true(node_status(&is, &city, "districtd"));
	assert_string_equal(is.store, was.store);
}

static void a_store_in_use_is_not_repaired(void **state)
{
	struct run run;
	(void)state;

	assert_int_equal(damage(&city, "communityd", KV_STATES, 0, 1), 1);
	cli(&run, &city, "engineer", "--node", "communityd", "store", "repair",
	    NULL);
	assert_int_equal(run.code, 1);
	run_free(&run);
}

/* ---- by itself ---- */

/* The damage of the test before. */
static void a_daemon_finds_it_and_repairs_it_by_itself(void **state)
{
	(void)state;
	city_wait_log(&city, "communityd", "store=repaired", 0);
	city_wait_up(&city);
	city_wait_quiet(&city);
	logs_check_all(&city);
	assert_int_equal(
	    file_count(city_log(&city, "communityd"), "state=stopped"), 0);
}

/* Opened, and sent on by routine; nobody has heard of it. It is named, and the
 * rest goes on. */
static void what_cannot_be_got_back_is_named(void **state)
{
	char id[ID_TEXT], line[128];
	struct ticket ticket;
	(void)state;

	assert_int_equal(daemon_stop(&city, "communityd"), 0);
	unsent = open_at_grid("");
	uint64_t events = record_count(&city, "gridd", KV_EVENTS);
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	assert_int_equal(
	    damage(&city, "gridd", KV_EVENTS, (unsigned)events - 2, 2), 2);
	repair("gridd", "zh", "待相邻节点补回");
	daemon_start(&city, "gridd", NULL);
	daemon_start(&city, "communityd", NULL);
	city_wait_up(&city);
	snprintf(line, sizeof(line), "ticket=%s problem=lost events=1..2",
	    id_format(id, &unsent));
	city_wait_log(&city, "gridd", line, 0);
	see(&ticket, &city, "gridd", &unsent);
	assert_int_equal(ticket.seq, 0);
	city_wait_quiet(&city);
	logs_check_all(&city);
}

/* ---- after it ---- */

static bool is_late(void *context)
{
	struct ticket ticket;

	(void)context;
	see(&ticket, &city, "gridd", &late);
	return ticket.flags & TICKET_LATE_ACCEPT;
}

static void deadlines_fire_all_the_same(void **state)
{
	(void)state;
	moved_by(INT64_C(9) * 24 * 3600 * 1000);
	assert_true(wait_until(is_late, NULL, PATIENCE_MS));
	city_wait_quiet(&city);
	logs_check_all(&city);
}

static void every_store_is_sound(void **state)
{
	(void)state;
	city_stop(&city);
	cli_exits(0, &city, "admin", "store", "check", NULL);
	city_close(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_is_repaired_at_the_top),
		cmocka_unit_test(every_table_is_repaired_in_the_middle),
		cmocka_unit_test(every_table_is_repaired_at_the_bottom),
		cmocka_unit_test(a_sound_store_is_left_as_it_is),
		cmocka_unit_test(a_store_in_use_is_not_repaired),
		cmocka_unit_test(a_daemon_finds_it_and_repairs_it_by_itself),
		cmocka_unit_test(what_cannot_be_got_back_is_named),
		cmocka_unit_test(deadlines_fire_all_the_same),
		cmocka_unit_test(every_store_is_sound),
	};

	return flow_end(
	    cmocka_run_group_tests_name("repair", tests, open_city, NULL));
}
