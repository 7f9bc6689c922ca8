#include "harness/harness.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static uint64_t dice = 42;

unsigned noise_below(unsigned limit)
{
	dice = dice * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(dice >> 33) % limit;
}

void noise(uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)noise_below(256);
}

static int connect_to(int family, const void *address, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	if (connect(fd, address, len))
		fail_msg("nobody listens");
	return fd;
}

int rogue_connect(const struct city *city, const char *node)
{
	struct sockaddr_in http = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)city->http_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un local = { .sun_family = AF_UNIX };

	if (!node)
		return connect_to(AF_INET, &http, sizeof(http));
	snprintf(local.sun_path, sizeof(local.sun_path), "%.80s/%s", city->dir,
	    node);
	return connect_to(AF_UNIX, &local, sizeof(local));
}

void rogue_send(int fd, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent <= 0)
			return;
		at += sent;
		len -= (size_t)sent;
	}
}

bool rogue_is_dropped(int fd, int timeout_ms)
{
	int64_t until_ms = now_ms() + timeout_ms;
	struct pollfd end = { .fd = fd, .events = POLLIN };
	char byte[256];

	for (;;) {
		int64_t left_ms = until_ms - now_ms();
		if (left_ms <= 0 || poll(&end, 1, (int)left_ms) <= 0)
			return false;
		if (read(fd, byte, sizeof(byte)) <= 0)
			return true;
	}
}

struct net_client *rogue_open(
    const struct city *city, const char *node, const struct net_key *key)
{
	const struct node *to = org_node(city->org, node);
	struct net_client *client = NULL;
	struct net_key made;

	if (!key)
		assert_int_equal(net_key_make(&made), 0);
	assert_int_equal(net_client_open(&client, to->endpoint, to->public_key,
			     key ? key : &made),
	    0);
	return client;
}

void rogue_key(
    struct net_key *key_out, const struct city *city, const char *operator_name)
{
	char path[1200];

	home_operator_key(path, sizeof(path), &city->home, operator_name);
	assert_int_equal(net_key_load(key_out, path), 0);
}
