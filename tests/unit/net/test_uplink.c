#include <czmq.h>
#include "fixture.h"

static struct net *open_child(const struct place *place)
{
	struct net_config config = {
		.endpoint = place->ipc,
		.key = place->client,
		.parent_endpoint = place->tcp,
		.parent_key = place->server.public_key,
	};
	struct net *child;

	assert_int_equal(net_open(&child, &config), 0);
	return child;
}

/* As a link does: tries until it can be sent and is heard. */
static void assert_comes_through(struct net *child, struct net *parent)
{
	const struct net_route up = { .side = NET_SIDE_ABOVE };
	int64_t until = ticks_ms() + SOON_MS;
	struct net_message message;
	int rc;

	do {
		assert_true(ticks_ms() < until);
		rc = net_send(child, &up, text("hello"));
		assert_true(rc == 0 || rc == ERR_UNREACHABLE);
		net_wait(child, 10);
	} while (!hear(&message, parent, 10));
	net_message_close(&message);
}

static int listen_at(const struct place *place)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(place->port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval soon = { .tv_sec = SOON_MS / 1000 };
	int yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

static void comes_back_after_a_server_that_talks_nonsense(void **state)
{
	const char *nonsense[] = {
		"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
		"and so on, for longer than a greeting is, to be sure of it",
		"\xff\1\1\1\1\1\1\1\1\x7f\3\1NULL and so on, for longer than a "
		"greeting is, to be sure that it has been read as a whole",
	};
	const struct place *place = *state;
	struct net *child = open_child(place);
	int door = listen_at(place);
	struct net *parent;

	for (size_t i = 0; i < 2; i++) {
		int fd = accept(door, NULL, NULL); /* SOON_MS at most */

		assert_true(fd >= 0);
		assert_true(send(fd, nonsense[i], strlen(nonsense[i]),
				MSG_NOSIGNAL) > 0);
		while (recv(fd, (char[256]){ 0 }, 256, 0) > 0)
			continue;
		close(fd);
		/* It is the child's loop that notices and tries again. */
		for (int turn = 0; turn < 15; turn++)
			net_wait(child, 100);
	}
	close(door);
	parent = serve(place, place->tcp);
	assert_comes_through(child, parent);

	net_close(&child);
	net_close(&parent);
}

/* A server of the right key and another program. */
static void *rogue_server(void *context, const struct place *place)
{
	void *socket = zmq_socket(context, ZMQ_ROUTER);
	int yes = 1, no_wait = 0;

	zmq_setsockopt(socket, ZMQ_LINGER, &no_wait, sizeof(int));
	zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &yes, sizeof(yes));
	zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, place->server.secret_key,
	    NET_KEY_TEXT);
	assert_int_equal(zmq_bind(socket, place->tcp), 0);
	return socket;
}

/* Takes the child's next message and keeps its routing id for an answer. */
static void rogue_meet(void *socket, struct net *child, uint8_t id_out[5])
{
	const struct net_route up = { .side = NET_SIDE_ABOVE };
	zmq_pollitem_t item = { socket, 0, ZMQ_POLLIN, 0 };
	int64_t until = ticks_ms() + SOON_MS;
	char body[16];

	do {
		assert_true(ticks_ms() < until);
		net_send(child, &up, text("hello"));
		net_wait(child, 10);
	} while (zmq_poll(&item, 1, 10) == 0);
	assert_int_equal(zmq_recv(socket, id_out, 5, 0), 5);
	assert_int_equal(zmq_recv(socket, body, sizeof(body), 0), 5);
}

static void comes_back_after_a_message_over_the_limit(void **state)
{
	const struct place *place = *state;
	struct net *child = open_child(place);
	void *context = zmq_ctx_new();
	void *rogue = rogue_server(context, place);
	void *monitor = watch_raw(context, rogue);
	size_t too_large = 4 * FRAME_MAX_BYTES;
	char *large = calloc(1, too_large);
	uint8_t id[5];

	for (int i = 0; i < 2; i++) {
		rogue_meet(rogue, child, id);
		zmq_send(rogue, id, sizeof(id), ZMQ_SNDMORE);
		zmq_send(rogue, large, too_large, 0);
		assert_true(is_disconnected(monitor, SOON_MS));
		assert_silent(child);
	}

	free(large);
	unwatch_raw(monitor, rogue);
	zmq_close(rogue);
	zmq_ctx_term(context);
	net_close(&child);
}

static void a_message_of_many_parts_from_above_is_dropped(void **state)
{
	const struct place *place = *state;
	struct net *child = open_child(place);
	void *context = zmq_ctx_new();
	void *rogue = rogue_server(context, place);
	uint8_t id[5];

	rogue_meet(rogue, child, id);
	zmq_send(rogue, id, sizeof(id), ZMQ_SNDMORE);
	zmq_send(rogue, "one", 3, ZMQ_SNDMORE);
	zmq_send(rogue, "two", 3, 0);
	zmq_send(rogue, id, sizeof(id), ZMQ_SNDMORE);
	zmq_send(rogue, "whole", 5, 0);
	assert_heard(child, "whole");

	zmq_close(rogue);
	zmq_ctx_term(context);
	net_close(&child);
}

static void gets_through_once_its_key_is_let_in(void **state)
{
	const struct place *place = *state;
	const char *allowed[] = { place->client.public_key };
	struct net *parent = serve(place, place->tcp);
	struct net *child;

	assert_int_equal(net_allow(parent, NULL, 0), 0);
	child = open_child(place);
	for (int turn = 0; turn < 20; turn++)
		net_wait(child, 100);
	assert_int_equal(net_allow(parent, allowed, 1), 0);
	assert_comes_through(child, parent);

	net_close(&child);
	net_close(&parent);
}

/* Closing at any moment of a connection must not stop libzmq's thread. */
static void closing_at_any_moment_harms_nobody(void **state)
{
	const struct place *place = *state;
	struct net *parent = serve(place, place->tcp);
	struct net_client *client;

	for (int i = 0; i < 300; i++) {
		client = call(
		    place, place->tcp, i % 3 ? &place->client : &place->other);
		usleep((unsigned)i * 10);
		net_client_close(&client);
	}
	client = call(place, place->tcp, &place->client);
	assert_int_equal(echo(parent, client, "hello", SOON_MS), 0);

	net_client_close(&client);
	net_close(&parent);
}

/* Another key of the parent's, of which the parent has not heard yet: by the
 * old one meanwhile, and by the new one once it is used. */
static void finds_a_parent_by_either_of_its_keys(void **state)
{
	const struct place *place = *state;
	struct net *parent = serve(place, place->tcp);
	struct net *child = open_child(place);
	struct net_key fresh;
	const char *keys[2] = { fresh.public_key, place->server.public_key };

	assert_int_equal(net_key_make(&fresh), 0);
	assert_comes_through(child, parent);
	assert_int_equal(net_rekey(child, &place->client, 1, keys, 2), 0);
	assert_comes_through(child, parent);
	assert_int_equal(net_rekey(parent, &fresh, 1, NULL, 0), 0);
	assert_comes_through(child, parent);
	assert_int_equal(net_rekey(child, &place->client, 1, keys, 1), 0);
	assert_comes_through(child, parent);
	assert_int_equal(
	    net_rekey(child, &place->client, 0, keys, 1), ERR_INVALID);
	net_close(&child);
	net_close(&parent);
}

/* Another key of the child's, which the parent does not let in yet. */
static void is_let_in_by_either_of_its_keys(void **state)
{
	const struct place *place = *state;
	struct net *parent = serve(place, place->tcp);
	struct net *child = open_child(place);
	const char *server = place->server.public_key;
	struct net_key keys[2];
	const char *allowed[2] = { keys[0].public_key, keys[1].public_key };

	assert_int_equal(net_key_make(&keys[0]), 0);
	keys[1] = place->client;
	assert_comes_through(child, parent);
	assert_int_equal(net_rekey(child, keys, 2, &server, 1), 0);
	assert_comes_through(child, parent);
	assert_int_equal(net_allow(parent, allowed, 1), 0);
	assert_int_equal(net_rekey(child, keys, 1, &server, 1), 0);
	assert_comes_through(child, parent);
	net_close(&child);
	net_close(&parent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(comes_back_after_a_server_that_talks_nonsense),
		IN_A_PLACE(comes_back_after_a_message_over_the_limit),
		IN_A_PLACE(finds_a_parent_by_either_of_its_keys),
		IN_A_PLACE(is_let_in_by_either_of_its_keys),
		IN_A_PLACE(a_message_of_many_parts_from_above_is_dropped),
		IN_A_PLACE(gets_through_once_its_key_is_let_in),
		IN_A_PLACE(closing_at_any_moment_harms_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
