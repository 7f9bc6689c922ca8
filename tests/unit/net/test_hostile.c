#include <czmq.h>
#include <dirent.h>
#include <fcntl.h>
#include "fixture.h"

enum {
	MEGABYTE = 1024 * 1024,
/* More than this and memory is not flat. AddressSanitizer keeps what
 * was freed for a while. */
#if defined(__SANITIZE_ADDRESS__)
	FLAT_BYTES = 400 * MEGABYTE,
#else
	FLAT_BYTES = 48 * MEGABYTE,
#endif
};

static long resident_bytes(void)
{
	long pages[2] = { 0, 0 };
	FILE *file = fopen("/proc/self/statm", "r");

	assert_int_equal(fscanf(file, "%ld %ld", &pages[0], &pages[1]), 2);
	fclose(file);
	return pages[1] * sysconf(_SC_PAGESIZE);
}

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

static void assert_serves(struct net *net, const struct place *place)
{
	struct net_client *client = call(place, place->tcp, &place->client);

	assert_int_equal(echo(net, client, "still serving", SOON_MS), 0);
	net_client_close(&client);
}

static void survives_garbage_on_its_port(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	uint8_t noise[4096];

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
	assert_in_range(labs(resident_bytes() - before), 0, FLAT_BYTES);

	for (int i = 0; i < STRANGERS; i++)
		close(fds[i]);
	free(some);
	net_close(&net);
}

/* Another program of a peer that is let in: nothing keeps it to our rules. */
struct rogue {
	void *context;
	void *socket;
};

static void rogue_open(
    struct rogue *rogue_out, const struct place *place, const char *routing_id)
{
	const struct net_key *key = &place->client;
	int no_wait = 0;

	rogue_out->context = zmq_ctx_new();
	rogue_out->socket = zmq_socket(rogue_out->context, ZMQ_DEALER);
	zmq_setsockopt(rogue_out->socket, ZMQ_LINGER, &no_wait, sizeof(int));
	zmq_setsockopt(rogue_out->socket, ZMQ_CURVE_SERVERKEY,
	    place->server.public_key, NET_KEY_TEXT);
	zmq_setsockopt(rogue_out->socket, ZMQ_CURVE_PUBLICKEY, key->public_key,
	    NET_KEY_TEXT);
	zmq_setsockopt(rogue_out->socket, ZMQ_CURVE_SECRETKEY, key->secret_key,
	    NET_KEY_TEXT);
	if (routing_id)
		zmq_setsockopt(rogue_out->socket, ZMQ_ROUTING_ID, routing_id,
		    strlen(routing_id));
	assert_int_equal(zmq_connect(rogue_out->socket, place->tcp), 0);
}

static void rogue_say(struct rogue *rogue, const char *words, int flags)
{
	assert_int_equal(zmq_send(rogue->socket, words, strlen(words), flags),
	    strlen(words));
}

static void rogue_close(struct rogue *rogue)
{
	zmq_close(rogue->socket);
	zmq_ctx_term(rogue->context);
}

static void a_message_over_the_limit_ends_the_connection(void **state)
{
	enum { TOO_LARGE = 64 * MEGABYTE, TRIES = 4 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	char *large = malloc(TOO_LARGE);
	void *monitor;
	long before;

	memset(large, 'x', TOO_LARGE);
	assert_serves(net, place);
	before = resident_bytes();
	for (int i = 0; i < TRIES; i++) {
		struct rogue rogue;

		rogue_open(&rogue, place, NULL);
		monitor = watch_raw(rogue.context, rogue.socket);
		rogue_say(&rogue, "hello", 0);
		assert_heard(net, "hello");
		zmq_send(rogue.socket, large, TOO_LARGE, 0);
		assert_true(is_disconnected(monitor, SOON_MS));
		unwatch_raw(monitor, rogue.socket);
		rogue_close(&rogue);
		assert_silent(net);
	}
	/* One copy is the sender's, which lives in this process too. */
	assert_in_range(
	    labs(resident_bytes() - before), 0, FLAT_BYTES + 2 * TOO_LARGE);
	assert_serves(net, place);

	free(large);
	net_close(&net);
}

static void a_message_of_many_parts_is_dropped_whole(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct rogue rogue;

	rogue_open(&rogue, place, NULL);
	for (int i = 0; i < 50; i++) {
		rogue_say(&rogue, "first", ZMQ_SNDMORE);
		rogue_say(&rogue, "second", ZMQ_SNDMORE);
		rogue_say(&rogue, "third", 0);
	}
	rogue_say(&rogue, "whole", 0);
	assert_heard(net, "whole");

	rogue_close(&rogue);
	net_close(&net);
}

/* Dropping goes on for a turn's worth at most. */
static void a_flood_of_bad_messages_does_not_hold_up_the_loop(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_client *local;
	struct rogue rogue;

	rogue_open(&rogue, place, NULL);
	assert_int_equal(net_client_open_local(&local, net, "door"), 0);
	for (int i = 0; i < 5000; i++) {
		zmq_send(rogue.socket, "bad", 3, ZMQ_SNDMORE | ZMQ_DONTWAIT);
		zmq_send(rogue.socket, "bad", 3, ZMQ_DONTWAIT);
	}
	assert_int_equal(echo(net, local, "my turn", SOON_MS), 0);

	net_client_close(&local);
	rogue_close(&rogue);
	net_close(&net);
}

static void a_name_that_is_too_long_is_dropped(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct rogue rogue, fits;

	rogue_open(&rogue, place, "123456789012345678901234567890123");
	rogue_open(&fits, place, "12345678901234567890123456789012");
	rogue_say(&rogue, "too long", 0);
	assert_silent(net);
	rogue_say(&fits, "fits", 0);
	assert_heard(net, "fits");

	rogue_close(&rogue);
	rogue_close(&fits);
	net_close(&net);
}

static void nobody_takes_over_the_name_of_another(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	struct net_message message;
	struct rogue first, thief;
	char answer[16];
	int soon = SOON_MS;

	rogue_open(&first, place, "name");
	rogue_say(&first, "mine", 0);
	assert_int_equal(hear(&message, net, SOON_MS), 1);
	rogue_open(&thief, place, "name");
	rogue_say(&thief, "mine now", 0);
	assert_silent(net);
	assert_int_equal(net_send(net, &message.route, text("answer")), 0);
	zmq_setsockopt(first.socket, ZMQ_RCVTIMEO, &soon, sizeof(soon));
	assert_int_equal(zmq_recv(first.socket, answer, sizeof(answer), 0), 6);
	assert_int_equal(
	    zmq_recv(thief.socket, answer, sizeof(answer), ZMQ_DONTWAIT), -1);

	net_message_close(&message);
	rogue_close(&first);
	rogue_close(&thief);
	net_close(&net);
}

/* It asks, and reads none of the answers. */
static void who_never_reads_cannot_fill_the_memory(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	const char *both[] = { place->client.public_key,
		place->other.public_key };
	uint8_t *body = calloc(1, FRAME_MAX_BYTES);
	struct net_client *other;
	struct net_message message;
	struct rogue rogue;
	size_t sent = 0;
	int rc, one = 1;

	assert_int_equal(net_allow(net, both, 2), 0);
	rogue_open(&rogue, place, NULL);
	zmq_setsockopt(rogue.socket, ZMQ_RCVHWM, &one, sizeof(one));
	rogue_say(&rogue, "tell me", 0);
	assert_int_equal(hear(&message, net, SOON_MS), 1);
	do {
		rc = net_send(
		    net, &message.route, bytes_of(body, FRAME_MAX_BYTES));
		sent += FRAME_MAX_BYTES;
	} while (rc == 0 && sent < 4096UL * MEGABYTE);
	assert_int_equal(rc, ERR_UNREACHABLE);
	other = call(place, place->tcp, &place->other);
	assert_int_equal(echo(net, other, "and I?", SOON_MS), 0);

	free(body);
	net_message_close(&message);
	net_client_close(&other);
	rogue_close(&rogue);
	net_close(&net);
}

static void what_was_queued_for_a_peer_that_left_is_given_back(void **state)
{
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	uint8_t *body = calloc(1, FRAME_MAX_BYTES);
	struct net_message message;

	/* Each fills the account of the same key. */
	for (int i = 0; i < 5; i++) {
		int64_t until = ticks_ms() + SOON_MS;
		struct rogue rogue;
		int rc;

		rogue_open(&rogue, place, NULL);
		rogue_say(&rogue, "tell me", 0);
		assert_int_equal(hear(&message, net, SOON_MS), 1);
		do {
			rc = net_send(net, &message.route,
			    bytes_of(body, FRAME_MAX_BYTES));
			if (rc)
				net_wait(net, 5);
		} while (rc && ticks_ms() < until);
		assert_int_equal(rc, 0);
		for (int j = 0; j < 200; j++)
			net_send(net, &message.route,
			    bytes_of(body, FRAME_MAX_BYTES));
		net_message_close(&message);
		rogue_close(&rogue);
	}

	free(body);
	net_close(&net);
}

static void thousands_of_connections_come_and_go(void **state)
{
	enum { ROUNDS = 20, AT_ONCE = 200 };
	const struct place *place = *state;
	struct net *net = serve(place, place->tcp);
	int fds[AT_ONCE];

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
		IN_A_PLACE(a_message_over_the_limit_ends_the_connection),
		IN_A_PLACE(a_message_of_many_parts_is_dropped_whole),
		IN_A_PLACE(a_flood_of_bad_messages_does_not_hold_up_the_loop),
		IN_A_PLACE(a_name_that_is_too_long_is_dropped),
		IN_A_PLACE(nobody_takes_over_the_name_of_another),
		IN_A_PLACE(who_never_reads_cannot_fill_the_memory),
		IN_A_PLACE(what_was_queued_for_a_peer_that_left_is_given_back),
		IN_A_PLACE(thousands_of_connections_come_and_go),
		IN_A_PLACE(silent_connections_are_ended),
		IN_A_PLACE(strangers_in_numbers_do_not_keep_a_friend_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
