/*
 * What the tests of net share: endpoints that nobody else has, keys, and
 * waiting for one message with an end to it. Every test makes a folder of
 * its own and removes it.
 */
#ifndef TESTS_UNIT_NET_FIXTURE_H
#define TESTS_UNIT_NET_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>
#include "base/err.h"
#include "base/limits.h"
#include "net/net.h"

enum {
	SOON_MS = 10000, /* by then it must have come */
	NEVER_MS = 400,	 /* if it has not come by then, it does not */
};

struct place {
	char folder[64];
	char ipc[96];
	char tcp[64];
	uint16_t port;
	struct net_key server, client, other;
};

static inline int64_t ticks_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline uint16_t free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	close(fd);
	return ntohs(address.sin_port);
}

static inline int place_open(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	snprintf(place->folder, sizeof(place->folder), "/tmp/net-test-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(
	    place->ipc, sizeof(place->ipc), "ipc://%s/node", place->folder);
	place->port = free_port();
	snprintf(
	    place->tcp, sizeof(place->tcp), "tcp://127.0.0.1:%u", place->port);
	assert_int_equal(net_key_make(&place->server), 0);
	assert_int_equal(net_key_make(&place->client), 0);
	assert_int_equal(net_key_make(&place->other), 0);
	*state = place;
	return 0;
}

static inline int remove_one(
    const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline int place_close(void **state)
{
	struct place *place = *state;

	nftw(place->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(place);
	return 0;
}

/* A serving net that lets in place->client and nobody else. */
static inline struct net *serve(const struct place *place, const char *endpoint)
{
	const char *allowed[] = { place->client.public_key };
	struct net_config config = {
		.endpoint = endpoint,
		.key = place->server,
		.allowed = allowed,
		.allowed_count = 1,
		.local_name = "door",
	};
	struct net *net;

	assert_int_equal(net_open(&net, &config), 0);
	return net;
}

static inline struct net_client *call(
    const struct place *place, const char *endpoint, const struct net_key *key)
{
	struct net_client *client;

	assert_int_equal(
	    net_client_open(&client, endpoint, place->server.public_key, key),
	    0);
	return client;
}

static inline struct bytes text(const char *words)
{
	return bytes_of(words, strlen(words));
}

/* The next message within `within_ms`; 0 when there was none. */
static inline int hear(
    struct net_message *message_out, struct net *net, int within_ms)
{
	int64_t until = ticks_ms() + within_ms;
	int64_t left;

	while (net_receive(message_out, net) == 0) {
		left = until - ticks_ms();
		if (left <= 0)
			return 0;
		assert_true(net_wait(net, (int)left) >= 0);
	}
	return 1;
}

static inline void assert_heard(struct net *net, const char *words)
{
	struct net_message message;

	assert_int_equal(hear(&message, net, SOON_MS), 1);
	assert_int_equal(message.body.len, strlen(words));
	assert_memory_equal(message.body.data, words, strlen(words));
	net_message_close(&message);
}

static inline void assert_silent(struct net *net)
{
	struct net_message message;

	assert_int_equal(hear(&message, net, NEVER_MS), 0);
}

/* Asks `words` and lets the net answer the same. 0 or ERR_TIMEOUT. */
static inline int echo(struct net *net, struct net_client *client,
    const char *words, int within_ms)
{
	struct net_message message;
	struct buf answer = { 0 };
	int rc;

	assert_int_equal(net_client_send(client, text(words)), 0);
	if (!hear(&message, net, within_ms))
		return ERR_TIMEOUT;
	assert_int_equal(net_send(net, &message.route, message.body), 0);
	net_message_close(&message);
	rc = net_client_receive(&answer, client, within_ms, -1);
	if (!rc) {
		assert_int_equal(answer.len, strlen(words));
		assert_memory_equal(answer.data, words, answer.len);
	}
	buf_free(&answer);
	return rc;
}

/* Watches a socket of another program's lose its connection. */
static inline void *watch_raw(void *context, void *socket)
{
	void *monitor = zmq_socket(context, ZMQ_PAIR);
	int all = 0;

	zmq_setsockopt(monitor, ZMQ_RCVHWM, &all, sizeof(all));
	assert_int_equal(zmq_socket_monitor(
			     socket, "inproc://watch", ZMQ_EVENT_DISCONNECTED),
	    0);
	assert_int_equal(zmq_connect(monitor, "inproc://watch"), 0);
	return monitor;
}

static inline bool is_disconnected(void *monitor, int within_ms)
{
	zmq_pollitem_t item = { monitor, 0, ZMQ_POLLIN, 0 };
	char event[256];

	if (zmq_poll(&item, 1, within_ms) <= 0)
		return false;
	zmq_recv(monitor, event, sizeof(event), 0);
	zmq_recv(monitor, event, sizeof(event), 0);
	return true;
}

static inline void unwatch_raw(void *monitor, void *socket)
{
	zmq_socket_monitor(socket, NULL, 0);
	zmq_close(monitor);
}

enum { MEGABYTE = 1024 * 1024 };

/* There only under AddressSanitizer, which keeps what was freed a while. */
void __asan_init(void) __attribute__((weak));

/* Memory that grew by more is not flat. */
static inline long flat_bytes(void)
{
	return (__asan_init ? 400 : 48) * (long)MEGABYTE;
}

static inline long resident_bytes(void)
{
	long pages[2] = { 0, 0 };
	FILE *file = fopen("/proc/self/statm", "r");

	assert_int_equal(fscanf(file, "%ld %ld", &pages[0], &pages[1]), 2);
	fclose(file);
	return pages[1] * sysconf(_SC_PAGESIZE);
}

static inline void assert_serves(struct net *net, const struct place *place)
{
	struct net_client *client = call(place, place->tcp, &place->client);

	assert_int_equal(echo(net, client, "still serving", SOON_MS), 0);
	net_client_close(&client);
}

#define IN_A_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_open, place_close)

#endif
