/*
 * Any garbage at any port, from a stranger or from somebody with a good key:
 * the daemons stay up, their memory stays flat, they say it once, and go on
 * serving the others.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	NOISE_BYTES = 8 * 1024,
	CONNECTIONS = 60,
	MESSAGES = 1500,
	QUESTIONS = 400,
};

#define GRID "grid-420704001002001"

static struct city city;
static uint8_t bytes[FRAME_MAX_BYTES];

/* A connection is one. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static int open_city(void **state)
{
	(void)state;
	noise(bytes, sizeof(bytes));
	raise_descriptors();
	city_open(&city);
	return 0;
}

static void all_endure(void (*make)(const char *node))
{
	for (size_t i = 0; i < CITY_NODES; i++)
		endures(&city, city.daemons[i].name, make);
}

/* ---- strangers at a node's socket ---- */

static void send_noise(const char *node)
{
	for (int i = 0; i < CONNECTIONS; i++) {
		int fd = rogue_connect(&city, node);
		rogue_send(fd, bytes + noise_below(1024),
		    noise_below(NOISE_BYTES) + 1);
		close(fd);
	}
}

static void outlives_random_bytes(void **state)
{
	(void)state;
	all_endure(send_noise);
}

/* ZMTP 3.1, CURVE, as a client: then nothing that belongs there. */
static void send_greeting(int fd)
{
	uint8_t greeting[64] = { 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1 };

	memcpy(greeting + 12, "CURVE", 5);
	rogue_send(fd, greeting, sizeof(greeting));
}

/* A frame that says it is 2^62 bytes long, of each kind. */
static void send_huge_frames(const char *node)
{
	for (int i = 0; i < CONNECTIONS; i++) {
		uint8_t head[9] = { (uint8_t)(i % 2 ? 0x06 : 0x02), 0x40 };
		int fd = rogue_connect(&city, node);
		send_greeting(fd);
		rogue_send(fd, head, sizeof(head));
		rogue_send(fd, bytes, NOISE_BYTES);
		close(fd);
	}
}

static void outlives_frames_of_any_length(void **state)
{
	(void)state;
	all_endure(send_huge_frames);
}

/* Half a handshake each, and then silence. */
static void hold_half_handshakes(const char *node)
{
	int fds[CONNECTIONS];

	for (int i = 0; i < CONNECTIONS; i++) {
		fds[i] = rogue_connect(&city, node);
		if (i % 2)
			send_greeting(fds[i]);
		else
			rogue_send(fds[i], "\xff", 1);
	}
	others_are_served(&city, node);
	for (int i = 0; i < CONNECTIONS; i++)
		close(fds[i]);
}

static void outlives_half_handshakes(void **state)
{
	(void)state;
	all_endure(hold_half_handshakes);
}

static void hangs_up_on_who_does_not_finish_a_handshake(void **state)
{
	int fd = rogue_connect(&city, "cityd");
	(void)state;

	send_greeting(fd);
	assert_true(rogue_is_dropped(fd, SERVED_MS));
	close(fd);
}

/* ---- one who sends without end, and a thousand who say nothing ---- */

enum { IDLE = 1000, FLOOD_BYTES = 64 * 1024 * 1024 };

static int idle[IDLE];

/* Until all of it has been taken, or would have been: whoever is hung up on
 * dials again. */
static void send_without_end(const char *node)
{
	size_t left = FLOOD_BYTES;

	while (left > 0) {
		int fd = rogue_connect(&city, node);
		send_greeting(fd);
		for (int i = 0; i < 64 && left > 0; i++) {
			size_t len =
			    sizeof(bytes) < left ? sizeof(bytes) : left;
			rogue_send(fd, bytes, len);
			left -= len;
		}
		close(fd);
	}
}

/* What is asked of a node: under 8 MB for all of that, from the first. */
static void is_not_filled_by_strangers(void **state)
{
	const char *node = "districtd";
	long before_kb, growth_kb;
	(void)state;

	others_are_served(&city, node);
	before_kb = process_memory_kb(city_daemon(&city, node)->pid);
	for (int i = 0; i < IDLE; i++)
		idle[i] = rogue_connect(&city, node);
	send_without_end(node);
	others_are_served(&city, node);
	growth_kb =
	    process_memory_kb(city_daemon(&city, node)->pid) - before_kb;
	for (int i = 0; i < IDLE; i++)
		close(idle[i]);
	print_message("%s has grown by %ld kB\n", node, growth_kb);
#ifndef __SANITIZE_ADDRESS__
	assert_true(growth_kb < GROWTH_KB);
#endif
}

/* ---- keys ---- */

static void flood(struct net_client *client, unsigned count, size_t max)
{
	for (unsigned i = 0; i < count; i++) {
		size_t len = noise_below((unsigned)max);
		net_client_send(client,
		    bytes_of(bytes + noise_below(FRAME_MAX_BYTES / 2), len));
	}
}

static void flood_with_a_strangers_key(const char *node)
{
	struct net_client *client = rogue_open(&city, node, NULL);
	struct buf answer = { 0 };

	flood(client, MESSAGES / 10, NOISE_BYTES);
	assert_int_equal(
	    net_client_receive(&answer, client, 100, -1), ERR_TIMEOUT);
	net_client_close(&client);
	buf_free(&answer);
}

static void does_not_hear_a_strangers_key(void **state)
{
	(void)state;
	all_endure(flood_with_a_strangers_key);
}

/* Takes what there is; true once `reply` says invalid. */
static bool hear_invalid(struct net_client *client)
{
	struct arena *arena = NULL;
	struct buf answer = { 0 };
	struct wire_reply reply;
	bool is_invalid = false;

	assert_int_equal(arena_open(&arena, DECODE_MAX_BYTES), 0);
	while (!is_invalid &&
	       net_client_receive(&answer, client, SERVED_MS, -1) == 0) {
		arena_reset(arena);
		assert_int_equal(wire_reply_unpack(&reply, arena,
				     bytes_of(answer.data, answer.len)),
		    0);
		is_invalid = reply.result == RESULT_INVALID;
		buf_clear(&answer);
	}
	buf_free(&answer);
	arena_close(&arena);
	return is_invalid;
}

static void flood_with_an_operators_key(const char *node)
{
	struct net_client *client;
	struct net_key key;

	rogue_key(&key, &city, GRID);
	client = rogue_open(&city, node, &key);
	flood(client, MESSAGES, NOISE_BYTES);
	flood(client, 8, FRAME_MAX_BYTES / 2);
	assert_true(hear_invalid(client));
	net_client_close(&client);
}

static void refuses_garbage_of_an_operator(void **state)
{
	(void)state;
	all_endure(flood_with_an_operators_key);
}

/* Asks and asks, and never reads an answer. */
static void ask_and_never_listen(const char *node)
{
	struct wire_request request;
	struct net_client *client;
	struct buf packed = { 0 };
	struct net_key key;

	rogue_key(&key, &city, "city");
	client = rogue_open(&city, node, &key);
	request_clear(&request, ASK_LIST);
	request.list.limit = LIST_PAGE_MAX;
	request.id.b[0] = 1;
	assert_int_equal(wire_request_pack(&packed, &request), 0);
	for (int i = 0; i < QUESTIONS; i++)
		net_client_send(client, bytes_of(packed.data, packed.len));
	others_are_served(&city, node);
	net_client_close(&client);
	buf_free(&packed);
}

static void serves_others_while_one_never_listens(void **state)
{
	struct imported imported;
	(void)state;

	sheet_import(&imported, &city,
	    SOURCE_DIR "/deploy/cities/ezhou/complaints.csv", NULL);
	imported_free(&imported);
	city_wait_quiet(&city);
	/* as much as waits for one key, and what a busy turn needs */
	endures_within(&city, "cityd", ask_and_never_listen, MEMORY_KB);
	endures_within(&city, "gatewayd", ask_and_never_listen, MEMORY_KB);
}

/* ---- a node's own key ---- */

static struct peer liar;

static void send_garbage_frames(const char *node)
{
	(void)node;
	for (int i = 0; i < MESSAGES; i++)
		peer_send_bytes(&liar, bytes_of(bytes + noise_below(1024),
					   noise_below(NOISE_BYTES)));
	peer_send_bytes(&liar, bytes_of(bytes, FRAME_MAX_BYTES));
}

/* Well-formed rows of events, orders and answers that are none. */
static void send_garbage_rows(const char *node)
{
	struct bytes event = bytes_of(bytes, 300);
	struct wire_row rows[] = {
		{ .kind = ROW_DELIVERY, .events = &event, .event_count = 1 },
		{ .kind = ROW_ORDER, .load = bytes_of(bytes, 200) },
		{ .kind = ROW_ANSWER, .load = bytes_of(bytes, 100) },
		{ .kind = ROW_WANT, .id = { { 9 } } },
		{ .kind = ROW_DONE, .id = { { 9 } } },
		{ .kind = ROW_SKIP },
	};
	(void)node;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		peer_send_row(&liar, &rows[i]);
}

static void refuses_garbage_of_a_node(void **state)
{
	(void)state;
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	peer_open(&liar, &city, "gridd", "communityd");
	endures(&city, "communityd", send_garbage_frames);
	endures(&city, "communityd", send_garbage_rows);
	peer_close(&liar);
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
}

/* ---- HTTP ---- */

static void send_http_noise(const char *node)
{
	(void)node;
	for (int i = 0; i < CONNECTIONS; i++) {
		int fd = rogue_connect(&city, NULL);
		rogue_send(fd, bytes, noise_below(NOISE_BYTES) + 1);
		close(fd);
	}
}

static void send_http_floods(const char *node)
{
	static const char head[] =
	    "POST /hotline/v1/tickets HTTP/1.1\r\nHost: x\r\n"
	    "Content-Type: application/json\r\n"
	    "Content-Length: 4294967296\r\n\r\n";
	static const char endless[] = "GET / HTTP/1.1\r\nX-Noise: ";
	(void)node;

	for (int i = 0; i < CONNECTIONS; i++) {
		int fd = rogue_connect(&city, NULL);
		if (i % 2)
			rogue_send(fd, head, sizeof(head) - 1);
		else
			rogue_send(fd, endless, sizeof(endless) - 1);
		rogue_send(fd, bytes, sizeof(bytes));
		close(fd);
	}
}

static void hold_half_requests(const char *node)
{
	int fds[CONNECTIONS];
	struct http_answer answer;
	(void)node;

	for (int i = 0; i < CONNECTIONS; i++) {
		fds[i] = rogue_connect(&city, NULL);
		rogue_send(fds[i], "POST /hot", 9);
	}
	http_get(&answer, &city, "/healthz");
	assert_int_equal(answer.status, 200);
	http_free(&answer);
	for (int i = 0; i < CONNECTIONS; i++)
		close(fds[i]);
}

static void outlives_garbage_over_http(void **state)
{
	(void)state;
	endures(&city, "gatewayd", send_http_noise);
	endures(&city, "gatewayd", send_http_floods);
	endures(&city, "gatewayd", hold_half_requests);
}

static void all_is_well_after_all_that(void **state)
{
	(void)state;
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_true(logs_check_all(&city) > 0);
	assert_int_equal(daemon_stop(&city, "communityd"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outlives_random_bytes),
		cmocka_unit_test(outlives_frames_of_any_length),
		cmocka_unit_test(outlives_half_handshakes),
		cmocka_unit_test(hangs_up_on_who_does_not_finish_a_handshake),
		cmocka_unit_test(is_not_filled_by_strangers),
		cmocka_unit_test(does_not_hear_a_strangers_key),
		cmocka_unit_test(refuses_garbage_of_an_operator),
		cmocka_unit_test(serves_others_while_one_never_listens),
		cmocka_unit_test(refuses_garbage_of_a_node),
		cmocka_unit_test(outlives_garbage_over_http),
		cmocka_unit_test(all_is_well_after_all_that),
	};

	return flow_end(
	    cmocka_run_group_tests_name("garbage", tests, open_city, NULL));
}
