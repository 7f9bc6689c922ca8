/* Who has no key, in numbers and with bad manners. */
#include <dirent.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "fixture.h"

static int open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* A connection that speaks no ZeroMQ unless told to. */
static int connect_raw(const struct place *place)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(place->port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(
	    connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void say(int fd, const void *data, size_t len)
{
	/* The other side may have hung up: that is what is hoped for. */
	(void)!send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* ZMTP 3.0's greeting, for CURVE, as a client. */
static void greet(int fd)
{
	uint8_t greeting[64] = { 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0 };

	memcpy(greeting + 12, "CURVE", 5);
	say(fd, greeting, sizeof(greeting));
}

static void survives_garbage_on_its_port(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	uint8_t noise[4096];

	assert_serves(net, place); /* who is known does not wait for luck */
	for (int i = 0; i < 300; i++) {
		int fd = connect_raw(place);

		for (size_t j = 0; j < sizeof(noise); j++)
			noise[j] = (uint8_t)((unsigned)rand() >> 7);
		if (i % 3 == 1)
			greet(fd);
		if (i % 3 == 2)
			memcpy(noise, "GET / HTTP/1.1\r\n\r\n", 18);
		say(fd, noise, (size_t)i * 13);
		close(fd);
	}
	assert_serves(net, place);
	assert_silent(net);

	net_close(&net);
}

static void survives_a_handshake_that_goes_wrong_anywhere(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	uint8_t hello[208] = { 0x04, 206, 5, 'H', 'E', 'L', 'L', 'O', 1, 0 };

	for (size_t i = 0; i < sizeof(hello); i++) {
		int fd = connect_raw(place);

		greet(fd);
		hello[i] ^= 0x41;
		say(fd, hello, i + 1);
		hello[i] ^= 0x41;
		close(fd);
	}
	assert_serves(net, place);

	net_close(&net);
}

/* A frame of 2^40 bytes is announced, and some of it is sent. */
static void strangers_cannot_fill_the_memory(void **state)
{
	enum { STRANGERS = 200 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const uint8_t endless[] = { 0x02, 0, 0, 1, 0, 0, 0, 0, 0 };
	const uint8_t command[] = { 0x06, 0, 0, 0, 0, 0x0f, 0, 0, 0 };
	uint8_t *some = calloc(1, 64 * 1024);
	int fds[STRANGERS];
	long before;

	assert_serves(net, place);
	before = resident_bytes();
	for (int i = 0; i < STRANGERS; i++) {
		fds[i] = connect_raw(place);
		greet(fds[i]);
		say(fds[i], i % 2 ? endless : command, sizeof(endless));
		say(fds[i], some, 64 * 1024);
	}
	assert_serves(net, place);
	assert_in_range(labs(resident_bytes() - before), 0, flat_bytes());

	for (int i = 0; i < STRANGERS; i++)
		close(fds[i]);
	free(some);
	net_close(&net);
}

static void thousands_of_connections_come_and_go(void **state)
{
	enum { ROUNDS = 10, AT_ONCE = 200 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	int fds[AT_ONCE];

	assert_serves(net, place); /* who is known does not wait for luck */
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < AT_ONCE; i++) {
			fds[i] = connect_raw(place);
			if (i % 2)
				greet(fds[i]);
		}
		for (int i = 0; i < AT_ONCE; i++)
			close(fds[i]);
	}
	assert_serves(net, place);

	net_close(&net);
}

/* In a process of its own, so that only the server runs out. Holds the
 * connections until the pipe is closed. */
static pid_t connect_from_outside(
    const struct place *place, int count, int pipe_out[2])
{
	pid_t child;
	char byte;

	assert_int_equal(pipe(pipe_out), 0);
	child = fork();
	assert_true(child >= 0);
	if (child > 0) {
		close(pipe_out[0]);
		return child;
	}
	close(pipe_out[1]);
	if (read(pipe_out[0], &byte, 1) == 1) {
		for (int i = 0; i < count; i++)
			connect_raw(place);
		(void)!read(pipe_out[0], &byte, 1);
	}
	_exit(0);
}

static void survives_running_out_of_descriptors(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *client = call(place, place->tcp, &place->client);
	const char *allowed[] = { place->client.public_key };
	struct rlimit before, few;
	int talk[2], rc;
	pid_t child = connect_from_outside(place, 200, talk);

	assert_int_equal(echo(net, client, "before", SOON_MS), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = (rlim_t)open_descriptors() + 10;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(write(talk[1], "x", 1), 1);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(echo(net, client, "meanwhile", SOON_MS), 0);
		net_wait(net, 10);
	}
	rc = net_allow(net, allowed, 1);
	assert_true(rc == 0 || rc == ERR_IO);
	close(talk[1]);
	waitpid(child, NULL, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(echo(net, client, "after", SOON_MS), 0);
	assert_serves(net, place);

	net_client_close(&client);
	net_close(&net);
}

/* Who says nothing is shut out by itself, and its descriptor is free. */
static void silent_connections_are_ended(void **state)
{
	enum { SILENT = 500 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	int64_t until = ticks_ms() + SOON_MS;
	int fds[SILENT], before;
	char byte;

	assert_serves(net, place);
	before = open_descriptors();
	for (int i = 0; i < SILENT; i++)
		fds[i] = connect_raw(place);
	assert_serves(net, place);
	while (open_descriptors() > before + SILENT + 20) {
		assert_true(ticks_ms() < until);
		net_wait(net, 20);
	}
	for (int i = 0; i < SILENT; i++) {
		while (recv(fds[i], &byte, 1, MSG_DONTWAIT) > 0)
			continue;
		close(fds[i]);
	}

	net_close(&net);
}

static void strangers_in_numbers_do_not_keep_a_friend_out(void **state)
{
	enum { STRANGERS = 100 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *strangers[STRANGERS];

	for (int i = 0; i < STRANGERS; i++) {
		strangers[i] = call(place, place->tcp, &place->other);
		net_client_send(strangers[i], text("let me in"));
	}
	assert_serves(net, place);
	assert_silent(net);

	for (int i = 0; i < STRANGERS; i++)
		net_client_close(&strangers[i]);
	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(survives_garbage_on_its_port),
		IN_A_PLACE(survives_a_handshake_that_goes_wrong_anywhere),
		IN_A_PLACE(strangers_cannot_fill_the_memory),
		IN_A_PLACE(thousands_of_connections_come_and_go),
		IN_A_PLACE(survives_running_out_of_descriptors),
		IN_A_PLACE(silent_connections_are_ended),
		IN_A_PLACE(strangers_in_numbers_do_not_keep_a_friend_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
