/*
 * Every way in which a start can fail has its clear sentence, and leaves
 * nothing behind that is half-started; and a daemon stops and reads its
 * catalogue again without losing anything.
 */
#include "harness/harness.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "store/store.h"

static struct city city;
static char store[CITY_PATH]; /* where the store of a failing start would be */

static int found_city(void **state)
{
	(void)state;
	city_prepare(&city);
	city_found(&city);
	snprintf(store, sizeof(store), "%.200s/store", city.dir);
	return 0;
}

/* Starts gridd with a store of its own; how it ended, and its log. */
static int start_alone(void)
{
	const char *const options[] = { "--store", store, NULL };

	file_write(city_log(&city, "gridd"), "");
	return daemon_fails(&city, "gridd", options);
}

static void it_said(const char *says)
{
	size_t len;

	if (file_count(city_log(&city, "gridd"), says) == 0)
		fail_msg("it does not say “%s” but: %s", says,
		    file_read(&len, city_log(&city, "gridd")));
}

static void fails(int code, const char *says)
{
	assert_int_equal(start_alone(), code);
	it_said(says);
}

static void left_nothing(void)
{
	char socket_path[CITY_PATH];

	snprintf(socket_path, sizeof(socket_path), "%.200s/gridd", city.dir);
	assert_false(file_exists(socket_path));
	assert_int_equal(folder_count(store), 0);
}

/* ---- files of the city ---- */

static void refuses_a_file(
    const char *name, const char *old, const char *new, long line)
{
	const char *path = city_path(&city, "%s", name);
	const char *kept = city_path(&city, "%s.kept", name);
	char says[2 * CITY_PATH];

	file_copy(kept, path);
	file_edit(path, old, new);
	snprintf(says, sizeof(says), "%s:%ld: ", path, line);
	int code = start_alone();
	assert_int_equal(rename(kept, path), 0);
	assert_int_equal(code, 5);
	it_said(says);
	left_nothing();
}

static void names_file_and_line_of_bad_nodes(void **state)
{
	long line = file_line_of(city_path(&city, "nodes.yaml"), "level: grid");
	(void)state;

	refuses_a_file("nodes.yaml", "level: grid", "level: gird", line);
	refuses_a_file("nodes.yaml", "level: grid", "level: @grid", line);
	refuses_a_file("nodes.yaml", "level: grid", "levels: grid", line);
}

static void names_file_and_line_of_bad_units(void **state)
{
	long line =
	    file_line_of(city_path(&city, "units.csv"), "420704001002001,");
	(void)state;

	refuses_a_file(
	    "units.csv", "\n420704001002001,", "\n42070400100200x,", line);
	refuses_a_file(
	    "units.csv", "\n420704001002001,", "\n\"420704001002001,", line);
}

static void names_file_and_line_of_a_bad_catalogue(void **state)
{
	long line =
	    file_line_of(city_path(&city, "catalogue.yaml"), "{code: garbage,");
	(void)state;

	refuses_a_file(
	    "catalogue.yaml", "{code: garbage,", "{code: 'garb age',", line);
	refuses_a_file(
	    "catalogue.yaml", "{code: garbage,", "{cod: garbage,", line);
	line = file_line_of(city_path(&city, "catalogue.yaml"), "version: 1");
	refuses_a_file("catalogue.yaml", "version: 1", "version: 99", line);
}

static void names_file_and_line_of_bad_operators(void **state)
{
	long line =
	    file_line_of(city_path(&city, "operators.csv"), "\nengineer,") + 1;
	(void)state;

	refuses_a_file(
	    "operators.csv", "\nengineer,4207,", "\nengineer,9999,", line);
}

static void says_that_there_is_no_city(void **state)
{
	const char *const options[] = { "--home", "/nowhere/at/all", NULL };
	(void)state;

	file_write(city_log(&city, "gridd"), "");
	assert_int_equal(daemon_fails(&city, "gridd", options), 5);
	assert_int_equal(
	    file_count(city_log(&city, "gridd"), "no city here"), 1);
}

/* ---- options ---- */

static void run_gridd(struct run *run, const char *option)
{
	const char *argv[] = { BIN_DIR "/gridd", option, NULL };

	run_program(run, argv, PATIENCE_MS);
}

static void refuses_options_that_it_does_not_know(void **state)
{
	static const char *const bad[] = { "--no-such-option", "word",
		"--store-limit-mib=0", "--store-limit-mib=many", "--node" };
	struct run run;
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		run_gridd(&run, bad[i]);
		assert_int_equal(run.code, 2);
		assert_int_not_equal(strlen(run_text(&run.err)), 0);
		run_free(&run);
	}
}

static void explains_itself(void **state)
{
	struct run run;
	(void)state;

	run_gridd(&run, "--help");
	assert_int_equal(run.code, 0);
	assert_non_null(strstr(run_text(&run.out), "--store-limit-mib"));
	run_free(&run);
	run_gridd(&run, "--version");
	assert_int_equal(run.code, 0);
	run_free(&run);
}

/* ---- keys ---- */

static void says_that_the_key_is_missing(void **state)
{
	const char *key = city_path(&city, "keys/nodes/gridd.key");
	const char *kept = city_path(&city, "keys/nodes/gridd.kept");
	(void)state;

	assert_int_equal(rename(key, kept), 0);
	fails(5, "is missing");
	left_nothing();
	assert_int_equal(rename(kept, key), 0);
}

static void says_that_others_may_read_the_key(void **state)
{
	const char *key = city_path(&city, "keys/nodes/gridd.key");
	(void)state;

	assert_int_equal(chmod(key, 0640), 0);
	fails(5, "chmod 600");
	left_nothing();
	assert_int_equal(chmod(key, 0600), 0);
}

static void says_that_the_key_is_another_ones(void **state)
{
	const char *key = city_path(&city, "keys/nodes/gridd.key");
	const char *kept = city_path(&city, "keys/nodes/gridd.kept");
	(void)state;

	assert_int_equal(rename(key, kept), 0);
	file_copy(key, city_path(&city, "keys/nodes/cityd.key"));
	assert_int_equal(chmod(key, 0600), 0);
	fails(5, "is not the one that nodes.yaml has");
	file_write(key, "this is no key\n");
	fails(5, "is not a key file");
	left_nothing();
	assert_int_equal(rename(kept, key), 0);
}

/* ---- the store ---- */

static void says_that_the_folder_cannot_be_written(void **state)
{
	const char *const in_sys[] = { "--store", "/sys/kernel/whistle", NULL };
	const char *log = city_log(&city, "gridd");
	(void)state;

	file_write(log, "");
	assert_int_equal(daemon_fails(&city, "gridd", in_sys), 5);
	assert_int_equal(file_count(log, "cannot be written by this user"), 1);
}

static void says_that_there_is_no_room_for_the_store(void **state)
{
	(void)state;
	assert_int_equal(mkdir(store, 0700), 0);
	if (mount("tmpfs", store, "tmpfs", 0, "size=16k")) {
		rmdir(store);
		skip();
	}
	fails(5, "no room for the store");
	umount(store);
	assert_int_equal(folder_count(store), 0);
	rmdir(store);
}

/* As a version to come would leave it. */
static void make_newer_store(const char *dir, const char *node)
{
	struct kv_config config = { .limit_bytes = 1 << 20 };
	struct id_maker maker = { .entropy = entropy_system() };
	struct kv_txn *txn = NULL;
	struct store made;
	uint8_t schema[4];

	assert_int_equal(store_open(&made, dir, &config, node, &maker, 1), 0);
	assert_int_equal(kv_begin(&txn, made.kv, true), 0);
	store_be32(schema, STORE_SCHEMA + 1);
	assert_int_equal(
	    meta_put(txn, "schema", bytes_of(schema, sizeof(schema))), 0);
	assert_int_equal(kv_commit(&txn), 0);
	store_close(&made);
}

static void says_that_the_store_is_of_a_newer_version(void **state)
{
	(void)state;
	make_newer_store(store, "gridd");
	fails(5, "newer version");
	fails(5, "newer version"); /* and has not touched it */
	folder_remove(store);
}

static void says_that_the_store_is_damaged(void **state)
{
	(void)state;
	assert_int_equal(mkdir(store, 0700), 0);
	snprintf(store + strlen(store), 16, "/data.mdb");
	file_write(store, "this is no store, whatever its name is");
	*strrchr(store, '/') = '\0';
	fails(5, "is damaged");
	folder_remove(store);
}

/* ---- ports ---- */

static int listen_somewhere(int *port_out)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*port_out = free_port();
	address.sin_port = htons((uint16_t)*port_out);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void says_that_the_port_is_taken(void **state)
{
	const char *nodes = city_path(&city, "nodes.yaml");
	const char *kept = city_path(&city, "nodes.kept");
	char ipc[2 * CITY_PATH], tcp[64];
	int port, fd = listen_somewhere(&port);
	(void)state;

	file_copy(kept, nodes);
	snprintf(ipc, sizeof(ipc), "ipc://%s/gridd\n", city.dir);
	snprintf(tcp, sizeof(tcp), "tcp://127.0.0.1:%d\n", port);
	file_edit(nodes, ipc, tcp);
	fails(5, "is taken by another process");
	close(fd);
	assert_int_equal(rename(kept, nodes), 0);
	folder_remove(store);
}

static void does_not_take_away_what_is_not_a_socket(void **state)
{
	char path[CITY_PATH];
	(void)state;

	snprintf(path, sizeof(path), "%.200s/gridd", city.dir);
	file_write(path, "somebody's file\n");
	fails(5, path);
	assert_int_equal(file_count(path, "somebody's file"), 1);
	assert_int_equal(unlink(path), 0);
	folder_remove(store);
}

static void says_that_the_gateways_port_is_taken(void **state)
{
	const char *nodes = city_path(&city, "nodes.yaml");
	const char *kept = city_path(&city, "nodes.kept");
	const char *const options[] = { "--store", store, NULL };
	const char *log = city_log(&city, "gatewayd");
	char old[64], new[64];
	int port, fd = listen_somewhere(&port);
	(void)state;

	file_copy(kept, nodes);
	snprintf(old, sizeof(old), "127.0.0.1:%d", city.http_port);
	snprintf(new, sizeof(new), "127.0.0.1:%d", port);
	file_edit(nodes, old, new);
	assert_int_equal(daemon_fails(&city, "gatewayd", options), 5);
	assert_true(file_count(log, new) > 0);
	close(fd);
	assert_int_equal(rename(kept, nodes), 0);
	folder_remove(store);
}

static void runs_after_all_those_failures(void **state)
{
	(void)state;
	city_start(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_file_and_line_of_bad_nodes),
		cmocka_unit_test(names_file_and_line_of_bad_units),
		cmocka_unit_test(names_file_and_line_of_a_bad_catalogue),
		cmocka_unit_test(names_file_and_line_of_bad_operators),
		cmocka_unit_test(says_that_there_is_no_city),
		cmocka_unit_test(refuses_options_that_it_does_not_know),
		cmocka_unit_test(explains_itself),
		cmocka_unit_test(says_that_the_key_is_missing),
		cmocka_unit_test(says_that_others_may_read_the_key),
		cmocka_unit_test(says_that_the_key_is_another_ones),
		cmocka_unit_test(says_that_the_folder_cannot_be_written),
		cmocka_unit_test(says_that_there_is_no_room_for_the_store),
		cmocka_unit_test(says_that_the_store_is_of_a_newer_version),
		cmocka_unit_test(says_that_the_store_is_damaged),
		cmocka_unit_test(says_that_the_port_is_taken),
		cmocka_unit_test(does_not_take_away_what_is_not_a_socket),
		cmocka_unit_test(says_that_the_gateways_port_is_taken),
		cmocka_unit_test(runs_after_all_those_failures),
	};

	return flow_end(
	    cmocka_run_group_tests_name("start", tests, found_city, NULL));
}
