/*
 * How long the gateway waits for a client, each bound at its edge: until then
 * the connection is open, then it is hung up on. In what runs for long the
 * client does something every nine seconds, as one does who wants to stay.
 * deploy/limits.md lists the bounds.
 */
#include "still.h"

#include "client/secret.h"
#include "gatewayd/gateway.h"
#include "gatewayd/route.h"

#define CHANGES "/hotline/v1/tickets"
#define FILES	"/hotline/v1/attachments"

enum {
	STEP_MS = LINE_IDLE_MS - 1000,
	MOST_BYTES = 8 * 1024 * 1024,
	/* More than the two ends' buffers hold: the side has had to send. */
	SOME_BYTES = 192 * 1024,
};

static int client;

static int begin(void **state)
{
	client = -1;
	still_begin();
	return open_here(state);
}

static int end(void **state)
{
	close(client);
	still_end();
	return close_here(state);
}

static void come(void)
{
	client = dial_from(2);
	nudge();
}

static void expect_hung_up_after(int64_t ms)
{
	pass(ms);
	assert_true(is_quiet(client));
	pass(1);
	assert_true(is_hung_up(client));
}

/* ---- without a byte ---- */

static void a_silent_connection_has_its_time(void **state)
{
	(void)state;
	come();
	expect_hung_up_after(LINE_IDLE_MS);
}

static void so_has_one_between_two_requests(void **state)
{
	(void)state;
	come();
	pass(STEP_MS);
	get(client, "/nowhere");
	assert_int_equal(read_answer(client), 404);
	nudge();
	expect_hung_up_after(LINE_IDLE_MS);
}

/* ---- a slow reader ---- */

static bool is_other_end(int fd)
{
	struct sockaddr_in ours, theirs;
	socklen_t len = sizeof(ours);

	if (getsockname(client, (struct sockaddr *)&ours, &len) != 0)
		return false;
	len = sizeof(theirs);
	return getpeername(fd, (struct sockaddr *)&theirs, &len) == 0 &&
	       theirs.sin_family == AF_INET && theirs.sin_port == ours.sin_port;
}

/* On a connection that holds little: both its ends are of this process. */
static void come_narrow(void)
{
	int bytes = 32 * 1024, other = 3;

	come();
	while (other < client + 1000 && !is_other_end(other))
		other++;
	assert_true(is_other_end(other));
	assert_int_equal(
	    setsockopt(other, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)), 0);
	assert_int_equal(
	    setsockopt(client, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)),
	    0);
}

/* What there is, up to `len` bytes: less when the other end hung up. */
static size_t take(size_t len)
{
	static char bytes[16 * 1024];
	size_t taken = 0;

	while (taken < len) {
		struct pollfd poll_fd = { .fd = client, .events = POLLIN };
		ssize_t got;

		if (poll(&poll_fd, 1, SOON_MS) != 1)
			fail_msg("nothing comes");
		got = recv(client, bytes, sizeof(bytes), 0);
		if (got <= 0)
			break;
		taken += (size_t)got;
	}
	return taken;
}

static size_t take_some(void)
{
	size_t taken = take(SOME_BYTES);

	assert_true(taken >= SOME_BYTES);
	return taken;
}

/* Takes a little of the answer now and then, and is cut off when the time is
 * over, in the middle of it. */
static void expect_cut_off_after(int64_t ms, size_t whole)
{
	size_t taken = take_some();

	for (; ms > STEP_MS; ms -= STEP_MS) {
		pass(STEP_MS);
		taken += take_some();
	}
	pass(ms - 1);
	taken += take_some();
	pass(SWEEP_MS);
	assert_true(taken + take(MOST_BYTES) < whole);
	assert_true(is_hung_up(client));
}

static size_t say_many_tickets(void)
{
	struct wire_reply reply = reply_to(&here.request.id, RESULT_DONE);
	char title[TITLE_MAX_BYTES + 1];
	struct wire_ticket_row *rows =
	    test_calloc(LIST_PAGE_MAX, sizeof(*rows));

	memset(title, '\1', TITLE_MAX_BYTES); /* six bytes each in JSON */
	title[TITLE_MAX_BYTES] = '\0';
	for (size_t i = 0; i < LIST_PAGE_MAX; i++) {
		rows[i].ticket.id = here.request.id;
		rows[i].ticket.seq = 1;
		rows[i].ticket.state = STATE_OPEN;
		rows[i].ticket.kind = KIND_APPEAL;
		rows[i].title = title;
		rows[i].external_id = "1";
	}
	reply.has_body = true;
	reply.kind = ASK_LIST;
	reply.list.tickets = rows;
	reply.list.count = LIST_PAGE_MAX;
	say_reply(&reply);
	test_free(rows);
	return (size_t)LIST_PAGE_MAX * 6 * TITLE_MAX_BYTES;
}

static void an_answer_is_taken_in_in_its_time(void **state)
{
	struct route_match match;
	char headers[512];
	size_t least;

	(void)state;
	assert_int_equal(
	    route_find(&match, route_table, route_count, "GET", CHANGES), 0);
	come_narrow();
	sign(headers, "hotline", here.key, "GET", CHANGES, "");
	send_request(client, "GET", CHANGES, headers, "");
	assert_true(hear(SOON_MS));
	least = say_many_tickets();
	expect_cut_off_after(match.route->wait_ms + LINE_ANSWER_MS, least);
}

/* ---- files ---- */

/* The pieces of a file as they are asked for. */
static void say_file(struct bytes whole)
{
	size_t at = 0;

	while (at < whole.len) {
		struct wire_reply reply;

		assert_true(hear(SOON_MS));
		assert_int_equal(here.request.kind, ASK_GET);
		assert_int_equal(here.request.get.offset, at);
		reply = reply_to(&here.request.id, RESULT_DONE);
		reply.has_body = true;
		reply.kind = ASK_GET;
		reply.get.size = whole.len;
		reply.get.type = FILE_TEXT;
		reply.get.asked = "";
		reply.get.data = bytes_of(whole.data + at, FILE_CHUNK_BYTES);
		say_reply(&reply);
		at += FILE_CHUNK_BYTES;
	}
}

static void a_file_is_taken_in_its_time(void **state)
{
	uint8_t *content = test_malloc(MOST_BYTES);
	char headers[512], hex[HASH_TEXT], target[128];
	struct hash hash;

	(void)state;
	memset(content, 'a', MOST_BYTES);
	hash_of(&hash, bytes_of(content, MOST_BYTES));
	snprintf(target, sizeof(target), FILES "/%s", hash_format(hex, &hash));
	come_narrow();
	sign(headers, "hotline", here.key, "GET", target, "");
	send_request(client, "GET", target, headers, "");
	say_file(bytes_of(content, MOST_BYTES));
	expect_cut_off_after(FILE_WAIT_MS, MOST_BYTES);
	test_free(content);
}

static void a_file_comes_in_its_time(void **state)
{
	char headers[512], text[1024];
	int64_t left_ms = FILE_WAIT_MS;

	(void)state;
	come();
	sign(headers, "hotline", here.key, "POST", FILES, "");
	snprintf(text, sizeof(text),
	    "POST " FILES " HTTP/1.1\r\nHost: here\r\n%s"
	    "Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n",
	    headers, FILE_MAX_BYTES);
	send_text(client, text);
	nudge();
	for (; left_ms > STEP_MS; left_ms -= STEP_MS) {
		pass(STEP_MS);
		send_text(client, "a");
		nudge();
	}
	pass(left_ms - 1);
	assert_true(is_quiet(client));
	pass(SWEEP_MS);
	assert_int_equal(read_answer(client), 408);
	assert_true(answer_has("urn:whistle:problem:too-slow"));
	assert_true(is_hung_up(client));
}

/* ---- a page ---- */

static void open_page(const char *path, bool is_let_in)
{
	struct wire_reply reply;

	get(client, path);
	if (is_let_in) {
		assert_true(hear(SOON_MS));
		reply = reply_to(&here.request.id, RESULT_NOT_FOUND);
		say_reply(&reply);
	}
	assert_int_equal(read_answer(client), is_let_in ? 404 : 429);
}

static void a_ticket_s_page_is_asked_for_so_often_in_a_minute(void **state)
{
	const struct id ticket = { { 1, 2, 3 } };
	char path[8 + SECRET_TEXT] = "/t/", file[128];
	uint8_t key[SIGN_KEY_BYTES];

	(void)state;
	in_home(file, "keys/pages.key");
	assert_int_equal(sign_key_load(key, file), 0);
	secret_format(path + strlen(path), key, &ticket);
	come();
	for (int i = 0; i < PAGE_RATE_MAX; i++)
		open_page(path, true);
	open_page(path, false);
	assert_true(answer_has("Retry-After: 60\r\n"));
	close(client);
	pass(60 * 1000);
	come();
	open_page(path, true);
}

#define SLOW(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SLOW(a_silent_connection_has_its_time),
		SLOW(so_has_one_between_two_requests),
		SLOW(an_answer_is_taken_in_in_its_time),
		SLOW(a_file_is_taken_in_its_time),
		SLOW(a_file_comes_in_its_time),
		SLOW(a_ticket_s_page_is_asked_for_so_often_in_a_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
