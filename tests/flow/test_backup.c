/*
 * A backup of a running node, restored when much more has happened: its
 * neighbours give back all of it before the node writes again, so no ticket
 * goes on from an old state. And what is damaged is found, and not restored.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRID	  "grid-420704001002001"
#define COMMUNITY "comm-420704001002"
#define STREET	  "street-420704001"

enum { TICKETS = 12 };

static struct city city;
static char tickets[2 * TICKETS][ID_TEXT]; /* the second half came later */
static char store_before[ID_TEXT];

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

/* `whistle --as OPERATOR ticket VERB ID …` must be done. */
#define DO(operator, verb, ticket, ...)                                        \
	cli_exits(0, &city, operator, "ticket", verb, ticket, __VA_ARGS__)

static void wait_for(const char *ticket, const char *holder, enum state state)
{
	struct id id;

	assert_int_equal(id_parse(&id, ticket), 0);
	wait_held(&city, &id, holder, state);
}

static void open_at_grid(char ticket_out[ID_TEXT])
{
	json_t *done = cli_json(&city, GRID, "ticket", "open", "--title",
	    "有件事想请人看看", "--text", "说不清归哪里管", "--source", "visit",
	    NULL);

	strcpy(ticket_out, json_text_at(done, "id"));
	json_decref(done);
}

static void bring_to_street(const char *ticket)
{
	DO(GRID, "accept", ticket, NULL);
	DO(GRID, "forward", ticket, "420704001002", "--reason", "网格办不了",
	    NULL);
	wait_for(ticket, "420704001002", STATE_OPEN);
	DO(COMMUNITY, "accept", ticket, NULL);
	DO(COMMUNITY, "forward", ticket, "420704001", "--reason", "社区办不了",
	    NULL);
	wait_for(ticket, "420704001", STATE_OPEN);
	DO(STREET, "accept", ticket, NULL);
}

static void open_some(size_t first)
{
	for (size_t i = first; i < first + TICKETS; i++) {
		open_at_grid(tickets[i]);
		bring_to_street(tickets[i]);
	}
	DO(STREET, "whistle", tickets[first], "zjj", "cgj", "--lead", "zjj",
	    "--colour", "red", "--kind", "law", "--text", "请到现场", NULL);
	city_wait_quiet(&city);
}

static const char *backup_file(void)
{
	return city_path(&city, "street.backup");
}

static void a_running_node_is_backed_up(void **state)
{
	(void)state;
	open_some(0);
	json_t *done = cli_json(
	    &city, STREET, "--node", "streetd", "backup", backup_file(), NULL);
	assert_true(json_is_true(json_at(done, "is_sound")));
	assert_int_equal(json_number_at(done, "tickets"), TICKETS + 2);
	assert_string_equal(json_text_at(done, "node"), "streetd");
	strcpy(store_before, json_text_at(done, "id"));
	json_decref(done);
}

static void a_backup_is_never_written_over(void **state)
{
	(void)state;
	cli_exits(1, &city, STREET, "--node", "streetd", "backup",
	    backup_file(), NULL);
	cli_exits(2, &city, STREET, "backup", "/tmp/x", NULL);
	cli_exits(
	    4, &city, STREET, "--node", "nobody", "backup", "/tmp/x", NULL);
	assert_false(file_exists(city_path(&city, "street.backup.part")));
}

static void nothing_is_restored_over_a_store(void **state)
{
	(void)state;
	cli_exits(1, &city, STREET, "--node", "streetd", "restore",
	    backup_file(), NULL);
	daemon_stop(&city, "streetd");
	cli_exits(1, &city, STREET, "--node", "streetd", "restore",
	    backup_file(), NULL);
	daemon_start(&city, "streetd", NULL);
	city_wait_up(&city);
}

/* Half of what the street has goes on, and as much comes anew. */
static void much_happens_after_it(void **state)
{
	(void)state;
	for (size_t i = 1; i < TICKETS; i += 2)
		DO(STREET, "forward", tickets[i], "420704", "--reason",
		    "街道办不了", NULL);
	for (size_t i = 2; i < TICKETS; i += 2)
		DO(STREET, "note", tickets[i], "已经联系了", NULL);
	open_some(TICKETS);
	logs_check_all(&city);
}

static void a_damaged_backup_is_not_restored(void **state)
{
	const char *copy = city_path(&city, "damaged.backup");
	size_t len;
	char *bytes = file_read(&len, backup_file());

	(void)state;
	daemon_stop(&city, "streetd");
	assert_int_equal(rename(city_path(&city, "data/streetd"),
			     city_path(&city, "data/streetd.away")),
	    0);
	assert_non_null(bytes);
	/* some of each page: one alone may be of those that nobody uses */
	for (size_t at = len / 4; at < len; at += 512)
		bytes[at] ^= 1;
	file_write_bytes(copy, bytes, len);
	cli_exits(5, &city, STREET, "--node", "streetd", "restore", copy, NULL);
	assert_false(file_exists(city_path(&city, "data/streetd")));
	free(bytes);
}

static void one_nodes_backup_is_not_anothers(void **state)
{
	(void)state;
	daemon_stop(&city, "gridd");
	assert_int_equal(rename(city_path(&city, "data/gridd"),
			     city_path(&city, "data/gridd.away")),
	    0);
	cli_exits(1, &city, STREET, "--node", "gridd", "restore", backup_file(),
	    NULL);
	assert_int_equal(rename(city_path(&city, "data/gridd.away"),
			     city_path(&city, "data/gridd")),
	    0);
	daemon_start(&city, "gridd", NULL);
}

/* Its parent is away, and may know more. */
static void it_writes_nothing_until_all_have_given_back(void **state)
{
	struct node_status status;

	(void)state;
	cli_exits(0, &city, STREET, "--node", "streetd", "restore",
	    backup_file(), NULL);
	daemon_stop(&city, "districtd");
	daemon_start(&city, "streetd", NULL);
	city_wait_state(&city, "streetd", "recovering");
	assert_true(node_status(&status, &city, "streetd"));
	assert_string_not_equal(status.store, store_before);
	cli_exits(1, &city, STREET, "ticket", "note", tickets[1], "旧的", NULL);
	daemon_start(&city, "districtd", NULL);
	city_wait_state(&city, "streetd", "running");
}

static void everything_is_equal_and_nothing_forked(void **state)
{
	(void)state;
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_int_equal(logs_check_all(&city), 2 * (TICKETS + 2));
	for (size_t i = 1; i < TICKETS; i += 2)
		wait_for(tickets[i], "420704", STATE_OPEN);
	DO(STREET, "note", tickets[2], "接着办", NULL);
	city_wait_quiet(&city);
	assert_int_equal(logs_check_all(&city), 2 * (TICKETS + 2));
}

static void every_store_agrees_with_itself(void **state)
{
	json_t *stores, *store;
	size_t i;

	(void)state;
	stores = cli_json(&city, STREET, "store", "check", NULL);
	assert_int_equal(json_array_size(stores), CITY_NODES);
	json_array_foreach(stores, i, store)
	    assert_int_equal(json_number_at(store, "doubts"), 0);
	json_decref(stores);
	city_stop(&city);
	cli_exits(0, &city, STREET, "store", "check", NULL);
	cli_exits(0, &city, STREET, "store", "check",
	    city_path(&city, "data/cityd"), NULL);
	cli_exits(
	    4, &city, STREET, "store", "check", city_path(&city, "data"), NULL);
}

static void a_damaged_store_is_told_by_the_exit_code(void **state)
{
	const char *path = city_path(&city, "data/cityd/data.mdb");
	size_t len;
	char *bytes = file_read(&len, path);

	(void)state;
	assert_non_null(bytes);
	for (size_t at = len / 4; at < len; at += 512)
		bytes[at] ^= 4;
	file_write_bytes(path, bytes, len);
	cli_exits(5, &city, STREET, "--node", "cityd", "store", "check", NULL);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_running_node_is_backed_up),
		cmocka_unit_test(a_backup_is_never_written_over),
		cmocka_unit_test(nothing_is_restored_over_a_store),
		cmocka_unit_test(much_happens_after_it),
		cmocka_unit_test(a_damaged_backup_is_not_restored),
		cmocka_unit_test(one_nodes_backup_is_not_anothers),
		cmocka_unit_test(it_writes_nothing_until_all_have_given_back),
		cmocka_unit_test(everything_is_equal_and_nothing_forked),
		cmocka_unit_test(every_store_agrees_with_itself),
		cmocka_unit_test(a_damaged_store_is_told_by_the_exit_code),
	};

	return flow_end(cmocka_run_group_tests(tests, open_city, NULL));
}
