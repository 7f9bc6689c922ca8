/*
 * A daemon that runs: nobody else can run on its store or its socket, it
 * stops without losing anything, and reads its catalogue again without
 * dropping a link.
 */
#include "harness/harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

static void a_second_daemon_on_one_store_is_refused(void **state)
{
	const char *log = city_log(&city, "gridd");
	unsigned before = file_count(log, "another process has the store");
	(void)state;

	assert_int_equal(daemon_fails(&city, "gridd", NULL), 5);
	assert_int_equal(
	    file_count(log, "another process has the store"), before + 1);
	city_wait_up(&city);
}

static void a_second_daemon_on_one_socket_is_refused(void **state)
{
	(void)state;
	const char *const options[] = { "--store", city_path(&city, "other"),
		NULL };

	assert_int_equal(daemon_fails(&city, "gridd", options), 5);
	assert_int_equal(
	    file_count(city_log(&city, "gridd"), "is taken by another process"),
	    1);
	city_wait_up(&city);
}

static struct id open_ticket(const char *item)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "公积金提取材料太多";
	wish.what->item = item;
	return wish_do(&city, "grid-420704001002001", &wish);
}

static void stops_cleanly_and_sends_what_it_has(void **state)
{
	enum { COUNT = 100 };
	struct id ids[COUNT];
	struct ticket ticket;
	(void)state;

	for (int i = 0; i < COUNT; i++)
		ids[i] = open_ticket("housing.fund");
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	for (int i = 0; i < COUNT; i++) {
		see(&ticket, &city, "communityd", &ids[i]);
		assert_true(ticket.seq >= 2);
	}
	assert_true(file_count(city_log(&city, "gridd"), "state=stopped") > 0);
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
}

static void reload(const char *node, const char *says)
{
	unsigned before = file_count(city_log(&city, node), says);

	daemon_signal(&city, node, SIGHUP);
	city_wait_log(&city, node, says, before);
}

static void reads_the_catalogue_again_without_dropping_a_link(void **state)
{
	const char *log = city_log(&city, "gridd");
	const char *path = city_path(&city, "catalogue.yaml");
	unsigned downs = file_count(log, "state=down");
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "新事项";
	wish.what->item = "brand.new";
	wish_refused(
	    &city, "grid-420704001002001", NULL, &wish, "unknown_item");
	file_edit(path, "{code: housing.fund,", "{code: brand.new,");
	reload("gridd", "catalogue=reloaded");
	open_ticket("brand.new");
	assert_int_equal(file_count(log, "state=down"), downs);
}

static void keeps_the_old_catalogue_when_the_new_one_is_bad(void **state)
{
	const char *path = city_path(&city, "catalogue.yaml");
	char says[2 * CITY_PATH];
	(void)state;

	file_edit(path, "version: 1\n", "version: none\n");
	snprintf(says, sizeof(says), "catalogue=refused at=%s:%ld", path,
	    file_line_of(city_path(&city, "catalogue.yaml"), "version: none"));
	reload("gridd", says);
	open_ticket("brand.new");
	city_check_alive(&city);
}

static void tells_who_asked_that_the_catalogue_is_bad(void **state)
{
	(void)state;
	cli_exits(1, &city, "engineer", "node", "reload", "gridd", NULL);
	cli_exits(
	    1, &city, "grid-420704001002001", "node", "reload", "gridd", NULL);
	file_edit(
	    city_path(&city, "catalogue.yaml"), "version: none", "version: 1");
	cli_exits(0, &city, "engineer", "node", "reload", "gridd", NULL);
}

/* Whoever watches over a daemon has its key and no operator's. */
static void says_how_it_is_by_its_own_key(void **state)
{
	struct run run;
	(void)state;

	cli(&run, &city, "nobody", "node", "check", "gridd", "--ready", NULL);
	assert_int_equal(run.code, 0);
	assert_string_equal(run_text(&run.out), "gridd: running\n");
	run_free(&run);
	cli_exits(2, &city, "nobody", "node", "check", NULL);
	cli_exits(4, &city, "nobody", "node", "check", "gridx", NULL);
	cli_exits(5, &city, "nobody", "node", "check", "gridd", "--key",
	    city_path(&city, "keys/nodes/streetd.key"), NULL);
	daemon_stop(&city, "gridd");
	cli_exits(3, &city, "nobody", "node", "check", "gridd", "--timeout",
	    "1", NULL);
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
}

static void does_nothing_else_by_its_own_key(void **state)
{
	struct net_client *client;
	struct wire_request request = { .kind = ASK_LIST, .id = { { 1 } } };
	struct wire_reply reply;
	struct arena *arena;
	struct net_key key;
	struct buf bytes = { 0 };
	(void)state;

	assert_int_equal(
	    net_key_load(&key, city_path(&city, "keys/nodes/gridd.key")), 0);
	client = rogue_open(&city, "gridd", &key);
	assert_int_equal(wire_request_pack(&bytes, &request), 0);
	assert_int_equal(
	    net_client_send(client, bytes_of(bytes.data, bytes.len)), 0);
	buf_clear(&bytes);
	assert_int_equal(net_client_receive(&bytes, client, 60000, -1), 0);
	assert_int_equal(arena_open(&arena, DECODE_MAX_BYTES), 0);
	assert_int_equal(
	    wire_reply_unpack(&reply, arena, bytes_of(bytes.data, bytes.len)),
	    0);
	assert_int_equal(reply.result, RESULT_REFUSED);
	arena_close(&arena);
	buf_free(&bytes);
	net_client_close(&client);
}

/* Somebody with a key, of whom the daemons have not heard yet. */
static void a_new_operator_is_let_in_and_a_revoked_one_is_not(void **state)
{
	const char *people = city_path(&city, "operators.csv");
	size_t len;
	char *before = file_read(&len, people), *after;
	unsigned downs = file_count(city_log(&city, "gridd"), "state=down");
	(void)state;

	file_edit(people, "\nengineer,",
	    "\nnew.one,420704001002001,worker,\nengineer,");
	cli_exits(0, &city, "engineer", "key", "make", "new.one", NULL);
	after = file_read(&len, people);
	cli_exits(
	    3, &city, "new.one", "ticket", "list", "--timeout", "1", NULL);
	cli_exits(0, &city, "engineer", "node", "reload", "--all", NULL);
	cli_exits(0, &city, "new.one", "ticket", "list", NULL);
	file_write(people, before);
	reload("gridd", "catalogue=reloaded");
	file_write(people, after); /* the person still has the key */
	cli_exits(
	    3, &city, "new.one", "ticket", "list", "--timeout", "1", NULL);
	assert_int_equal(
	    file_count(city_log(&city, "gridd"), "state=down"), downs);
	free(before);
	free(after);
}

static void bad_operators_are_refused_whole(void **state)
{
	const char *people = city_path(&city, "operators.csv");
	size_t len;
	char *good = file_read(&len, people);
	(void)state;

	file_edit(people, ",worker,", ",mayor,");
	reload("gridd", "operators=refused at=");
	file_write(people, good);
	cli_exits(0, &city, "grid-420704001002001", "ticket", "list", NULL);
	free(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_daemon_on_one_store_is_refused),
		cmocka_unit_test(a_second_daemon_on_one_socket_is_refused),
		cmocka_unit_test(stops_cleanly_and_sends_what_it_has),
		cmocka_unit_test(
		    reads_the_catalogue_again_without_dropping_a_link),
		cmocka_unit_test(
		    keeps_the_old_catalogue_when_the_new_one_is_bad),
		cmocka_unit_test(tells_who_asked_that_the_catalogue_is_bad),
		cmocka_unit_test(says_how_it_is_by_its_own_key),
		cmocka_unit_test(does_nothing_else_by_its_own_key),
		cmocka_unit_test(
		    a_new_operator_is_let_in_and_a_revoked_one_is_not),
		cmocka_unit_test(bad_operators_are_refused_whole),
	};

	return flow_end(
	    cmocka_run_group_tests_name("running", tests, open_city, NULL));
}
