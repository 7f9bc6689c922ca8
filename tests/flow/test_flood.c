/*
 * A stranger dials a node's port without end and without waiting, beside a
 * thousand who are connected and say nothing: whoever has a key comes in and
 * comes back all the same, and afterwards all is as before.
 */
#include "harness/harness.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FLOODED "districtd"
#define CHILD	"streetd"
#define GRID	"grid-420704001002001"

enum { ENDPOINT = 64, IDLE = 1000, AT_ONCE = 64, NOISE_BYTES = 64 * 1024 };

static struct city city;
static char endpoints[2][ENDPOINT];
static uint16_t port;
static uint8_t bytes[NOISE_BYTES];
static pid_t stranger;
static long before_kb;

static const char *endpoint_at(char endpoint_out[ENDPOINT], int at)
{
	snprintf(endpoint_out, ENDPOINT, "tcp://127.0.0.1:%d", at);
	return endpoint_out;
}

static int open_city(void **state)
{
	port = (uint16_t)free_port();
	const struct city_node nodes[] = {
		{ "cityd", "city", "4207", NULL, NULL },
		{ FLOODED, "district", "4207", endpoint_at(endpoints[0], port),
		    NULL },
		{ CHILD, "street", "4207",
		    endpoint_at(endpoints[1], free_port()), NULL },
		{ "communityd", "community", "4207", NULL, NULL },
		{ "gridd", "grid", "4207", NULL, NULL },
		{ "gatewayd", "hotline", "4207-12345", NULL, NULL },
	};
	(void)state;

	noise(bytes, sizeof(bytes));
	city_prepare_with(&city, nodes, CITY_NODES);
	city_found(&city);
	city_start(&city);
	before_kb = process_memory_kb(city_daemon(&city, FLOODED)->pid);
	return 0;
}

static int end_stranger(void **state)
{
	(void)state;
	if (stranger > 0)
		process_kill(stranger);
	stranger = 0;
	return 0;
}

/* ---- the stranger, who has the next address to ours ---- */

static int dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)))
		_exit(1);
	(void)!connect(fd, (struct sockaddr *)&to, sizeof(to));
	return fd;
}

/* Half of them greet as ZMTP 3.1 does, with CURVE, and all send noise. */
static void say_much(int fd, unsigned number)
{
	uint8_t greeting[64] = { 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'C',
		'U', 'R', 'V', 'E' };

	if (number % 2)
		rogue_send(fd, greeting, sizeof(greeting));
	rogue_send(fd, bytes, sizeof(bytes));
}

static void flood_without_end(void)
{
	static int fds[AT_ONCE];
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (unsigned i = 0; i < IDLE; i++)
		dial();
	for (unsigned i = 0;; i++) {
		int *fd = &fds[i % AT_ONCE];
		if (*fd > 0)
			close(*fd);
		*fd = dial();
		say_much(*fd, i);
	}
}

static void start_stranger(void)
{
	stranger = fork();
	assert_true(stranger >= 0);
	if (stranger == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		flood_without_end();
	}
}

/* ---- what is asked of the node ---- */

static void work_goes_on(void)
{
	struct wish wish;
	struct id ticket;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "门口站满了人";
	ticket = wish_do(&city, GRID, &wish);
	city_wait_quiet(&city);
	logs_check(&city, &ticket, 1);
}

static void says_that_strangers_flood_it(void **state)
{
	(void)state;
	start_stranger();
	city_wait_log(&city, FLOODED, "problem=flood action=held_off", 0);
	work_goes_on();
}

static void a_neighbour_comes_back_in_the_flood(void **state)
{
	(void)state;
	daemon_kill(&city, CHILD);
	daemon_start(&city, CHILD, NULL);
	city_wait_up(&city);
	work_goes_on();
}

static void stays_small_in_the_flood(void **state)
{
	long growth_kb;
	(void)state;

	growth_kb =
	    process_memory_kb(city_daemon(&city, FLOODED)->pid) - before_kb;
	print_message("%s has grown by %ld kB\n", FLOODED, growth_kb);
#ifndef __SANITIZE_ADDRESS__
	assert_true(growth_kb < GROWTH_KB);
#endif
}

/* It knows nobody yet but by nodes.yaml. */
static void its_neighbours_find_it_when_it_starts_in_the_flood(void **state)
{
	(void)state;
	daemon_kill(&city, FLOODED);
	daemon_start(&city, FLOODED, NULL);
	city_wait_up(&city);
	work_goes_on();
	assert_true(process_kill(stranger));
	stranger = 0;
}

static void all_is_well_after_it(void **state)
{
	(void)state;
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_true(logs_check_all(&city) > 0);
	city_check_alive(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_that_strangers_flood_it),
		cmocka_unit_test(a_neighbour_comes_back_in_the_flood),
		cmocka_unit_test(stays_small_in_the_flood),
		cmocka_unit_test(
		    its_neighbours_find_it_when_it_starts_in_the_flood),
		cmocka_unit_test(all_is_well_after_it),
	};

	return flow_end(cmocka_run_group_tests_name(
	    "flood", tests, open_city, end_stranger));
}
