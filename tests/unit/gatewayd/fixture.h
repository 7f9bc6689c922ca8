/*
 * What the tests of the HTTP side share: a folder with a client's key, the
 * side itself at a port of its own, and the test in the place of the engine
 * behind the local door. Everything happens in the test's own order: it
 * sends bytes, looks at what reached the engine, answers, reads bytes.
 */
#ifndef TESTS_UNIT_GATEWAYD_FIXTURE_H
#define TESTS_UNIT_GATEWAYD_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "client/sign.h"
#include "gatewayd/server.h"
#include "net/net.h"
#include "wire/wire.h"

enum {
	SOON_MS = 10000, /* by then it must have come */
	TEXT_BYTES = 512 * 1024,
};

static struct {
	char home[64], data[80];
	char http[64];
	uint16_t port;
	uint8_t key[SIGN_KEY_BYTES];
	struct node node;
	struct org *org;
	struct net *net;
	void *side;
	uint8_t api_key[SIGN_KEY_BYTES];
	struct arena *arena;
	struct wire_request request; /* the last that reached the engine */
	struct net_route route;	     /* … and where it came from */
	unsigned nonces;
	char text[TEXT_BYTES]; /* the last answer */
} here;

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

static inline void in_home(char out[128], const char *name)
{
	snprintf(out, 128, "%s/%s", here.home, name);
}

static inline void make_home(void)
{
	char path[128];

	strcpy(here.home, "/tmp/whistle-http-XXXXXX");
	assert_non_null(mkdtemp(here.home));
	in_home(path, "keys");
	assert_int_equal(mkdir(path, 0700), 0);
	in_home(path, "keys/http");
	assert_int_equal(mkdir(path, 0700), 0);
	in_home(path, "keys/http/hotline.key");
	assert_int_equal(sign_key_make(path), 0);
	assert_int_equal(sign_key_load(here.key, path), 0);
	in_home(path, "keys/open311");
	assert_int_equal(mkdir(path, 0700), 0);
	in_home(path, "keys/open311/app.key");
	assert_int_equal(sign_key_make(path), 0);
	assert_int_equal(sign_key_load(here.api_key, path), 0);
}

/* A file of the sample city in the home. */
static inline void link_file(const char *name)
{
	char path[128], from[512];

	in_home(path, name);
	snprintf(
	    from, sizeof(from), SOURCE_DIR "/deploy/cities/ezhou/%s", name);
	assert_int_equal(symlink(from, path), 0);
}

/* The sample city's units, and its catalogue in the home. */
static inline void found_city(void)
{
	struct report report = { 0 };

	assert_int_equal(
	    org_load(&here.org, &report, SOURCE_DIR "/deploy/cities/ezhou", 0),
	    0);
	report_free(&report);
	link_file("catalogue.yaml");
	link_file("calendar.yaml");
}

static inline int start_side(void)
{
	const struct daemon_side_config config = {
		.home = here.home,
		.store_dir = here.data,
		.org = here.org,
		.node = &here.node,
		.net = here.net,
		.door = "door",
	};

	return http_side.start(&here.side, &config);
}

static inline int open_here(void **state)
{
	char endpoint[128];
	struct net_config config = { .local_name = "door",
		.endpoint = endpoint };

	(void)state;
	memset(&here, 0, sizeof(here));
	make_home();
	found_city();
	snprintf(here.data, sizeof(here.data), "%s/data", here.home);
	assert_int_equal(mkdir(here.data, 0700), 0);
	here.node.name = "gatewayd";
	snprintf(endpoint, sizeof(endpoint), "ipc://%s/node", here.home);
	assert_int_equal(net_key_make(&config.key), 0);
	assert_int_equal(net_open(&here.net, &config), 0);
	assert_int_equal(arena_open(&here.arena, DECODE_MAX_BYTES), 0);
	here.port = free_port();
	snprintf(here.http, sizeof(here.http), "127.0.0.1:%u", here.port);
	here.node.http = here.http;
	return start_side();
}

static inline int close_here(void **state)
{
	char command[128];

	(void)state;
	if (here.side)
		http_side.stop(here.side);
	net_close(&here.net);
	arena_close(&here.arena);
	org_close(&here.org);
	snprintf(command, sizeof(command), "rm -rf '%s'", here.home);
	return system(command);
}

/* ---- the engine's part ---- */

/* Waits for the next request; false when none comes within `wait_ms`. */
static inline bool hear(int wait_ms)
{
	static struct buf body;
	struct net_message message;

	if (net_wait(here.net, wait_ms) != 1 ||
	    net_receive(&message, here.net) != 1)
		return false;
	buf_clear(&body);
	assert_int_equal(
	    buf_add(&body, message.body.data, message.body.len), 0);
	here.route = message.route;
	net_message_close(&message);
	arena_reset(here.arena);
	assert_int_equal(here.route.side, NET_SIDE_LOCAL);
	assert_int_equal(wire_request_unpack(&here.request, NULL, here.arena,
			     bytes_of(body.data, body.len)),
	    0);
	return true;
}

static inline void say_bytes(struct bytes bytes)
{
	assert_int_equal(net_send(here.net, &here.route, bytes), 0);
}

static inline void say_reply(const struct wire_reply *reply)
{
	struct buf packed = { 0 };

	assert_int_equal(wire_reply_pack(&packed, reply), 0);
	say_bytes(bytes_of(packed.data, packed.len));
	buf_free(&packed);
}

static inline struct wire_reply reply_to(
    const struct id *request, enum result result)
{
	return (struct wire_reply){
		.id = *request, .result = result, .refusal = "", .detail = ""
	};
}

static inline void say_opened(bool existed)
{
	struct wire_reply reply = reply_to(&here.request.id, RESULT_DONE);

	reply.has_body = true;
	reply.kind = ASK_COMMAND;
	reply.command.ticket = here.request.id;
	reply.command.seq = 1;
	reply.command.state = STATE_OPEN;
	reply.command.existed = existed;
	strcpy(reply.command.holder.s, "4207-12345");
	say_reply(&reply);
}

static inline void say_status(const struct id *request, uint64_t tickets)
{
	struct wire_reply reply = reply_to(request, RESULT_DONE);

	reply.has_body = true;
	reply.kind = ASK_STATUS;
	reply.status = (struct wire_status){ .node = "gatewayd",
		.level = "hotline",
		.state = "running",
		.store = "",
		.version = "1",
		.tickets = tickets };
	say_reply(&reply);
}

/* A page of the nodes: of this one alone. */
static inline void say_nodes(const struct id *request, uint64_t tickets)
{
	struct wire_reply reply = reply_to(request, RESULT_DONE);
	struct wire_status status = { .node = "gatewayd",
		.level = "hotline",
		.state = "running",
		.store = "",
		.version = "1",
		.tickets = tickets };
	struct buf packed = { 0 };
	struct wire_heard row;

	assert_int_equal(wire_status_pack(&packed, &status), 0);
	row = (struct wire_heard){ bytes_of(packed.data, packed.len), 0 };
	reply.has_body = true;
	reply.kind = ASK_NODES;
	reply.nodes.nodes = &row;
	reply.nodes.count = 1;
	say_reply(&reply);
	buf_free(&packed);
}

static inline void say_refused(const char *refusal)
{
	struct wire_reply reply = reply_to(&here.request.id, RESULT_REFUSED);

	reply.refusal = refusal;
	say_reply(&reply);
}

/* ---- the client's part ---- */

static inline int dial(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(here.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* As much as the other end takes; it may well hang up. */
static inline void send_bytes(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);

		if (put <= 0)
			return;
		bytes += put;
		len -= (size_t)put;
	}
}

static inline void send_text(int fd, const char *text)
{
	send_bytes(fd, text, strlen(text));
}

/* What was promised of the answer in here.text is there. */
static inline bool is_whole(void)
{
	const char *end = strstr(here.text, "\r\n\r\n");
	const char *length = strcasestr(here.text, "\r\nContent-Length: ");

	return end && length &&
	       strlen(end + 4) >= strtoul(length + 18, NULL, 10);
}

/* One answer into here.text; the status, or 0 when the other end hung up
 * before it was whole. */
static inline int read_answer(int fd)
{
	size_t len = 0;

	here.text[0] = '\0';
	while (!is_whole()) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		ssize_t got;

		if (poll(&poll_fd, 1, SOON_MS) != 1)
			fail_msg("no answer");
		got = recv(fd, here.text + len, TEXT_BYTES - 1 - len, 0);
		if (got <= 0)
			return 0;
		len += (size_t)got;
		here.text[len] = '\0';
	}
	return atoi(here.text + strlen("HTTP/1.1 "));
}

static inline bool answer_has(const char *text)
{
	return strstr(here.text, text) != NULL;
}

/* The other end has hung up, or does so soon. */
static inline bool is_hung_up(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&poll_fd, 1, SOON_MS) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

/* The four headers of a signature, with a nonce that was not used. */
static inline void sign(char out[512], const char *client,
    const uint8_t key[SIGN_KEY_BYTES], const char *method, const char *target,
    const char *body)
{
	char nonce[32], hex[SIGN_TEXT];
	struct sign_parts parts = { method, target, time(NULL), nonce,
		bytes_of(body, strlen(body)), NULL };

	snprintf(nonce, sizeof(nonce), "nonce-%012u", here.nonces++);
	assert_int_equal(sign_request(hex, key, &parts), 0);
	snprintf(out, 512,
	    "X-Whistle-Client: %s\r\nX-Whistle-Time: %lld\r\n"
	    "X-Whistle-Nonce: %s\r\nX-Whistle-Signature: %s\r\n",
	    client, (long long)parts.time_s, nonce, hex);
}

/* `more`: header lines, each with its end. */
static inline void send_request(int fd, const char *method, const char *target,
    const char *more, const char *body)
{
	char *text;
	int len = asprintf(&text,
	    "%s %s HTTP/1.1\r\nHost: here\r\n%sContent-Length: %zu\r\n\r\n%s",
	    method, target, more, strlen(body), body);

	assert_true(len > 0);
	send_bytes(fd, text, (size_t)len);
	free(text);
}

/* One signed order, sent. */
static inline void post_order(int fd, const char *body)
{
	char headers[600];

	strcpy(headers, "Content-Type: application/json\r\n");
	sign(headers + strlen(headers), "hotline", here.key, "POST",
	    "/hotline/v1/tickets", body);
	send_request(fd, "POST", "/hotline/v1/tickets", headers, body);
}

static inline void get(int fd, const char *target)
{
	send_request(fd, "GET", target, "", "");
}

#endif
