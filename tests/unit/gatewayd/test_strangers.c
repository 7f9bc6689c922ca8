/* What a stranger, or a client that errs, can send to the HTTP side. None of
 * it may reach the engine. */
#include "fixture.h"

#define TICKETS "/hotline/v1/tickets"
#define JSON	"Content-Type: application/json\r\n"

static int client;

static int begin(void **state)
{
	int rc = open_here(state);

	client = rc ? -1 : dial();
	return rc;
}

/* Whatever it was, the next one is served and the engine saw nothing. */
static int end(void **state)
{
	int fd = dial();

	assert_false(hear(0));
	get(fd, "/healthz");
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.kind, ASK_STATUS);
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(fd), 200);
	close(fd);
	close(client);
	return close_here(state);
}

static void expect(int status, const char *slug)
{
	char type[128];

	assert_int_equal(read_answer(client), status);
	snprintf(
	    type, sizeof(type), "\"type\":\"urn:whistle:problem:%s\"", slug);
	assert_true(answer_has(type));
	assert_true(answer_has("Content-Type: application/problem+json\r\n"));
}

static void finds_no_other_paths(void **state)
{
	(void)state;
	get(client, "/");
	expect(404, "no-such-path");
	get(client, "/hotline/v1/tickets/1/events");
	expect(404, "no-such-path");
}

static void says_which_methods_there_are(void **state)
{
	(void)state;
	send_request(client, "DELETE", TICKETS "/1", "", "");
	expect(405, "wrong-method");
	assert_true(answer_has("Allow: GET, HEAD\r\n"));
	send_request(client, "BREW", "/healthz", "", "");
	expect(405, "wrong-method");
}

static void refuses_orders_without_a_signature(void **state)
{
	(void)state;
	send_request(client, "POST", TICKETS, JSON, "{}");
	expect(401, "unsigned");
	assert_true(answer_has("WWW-Authenticate: Whistle-HMAC-SHA256\r\n"));
	get(client, TICKETS "/1");
	expect(401, "unsigned");
}

static void refuses_a_signature_for_something_else(void **state)
{
	char headers[600] = JSON;

	(void)state;
	sign(headers + strlen(headers), "hotline", here.key, "POST", TICKETS,
	    "{}");
	send_request(client, "POST", TICKETS, headers, "{ }");
	expect(401, "wrong-signature");
	send_request(client, "POST", TICKETS "?x", headers, "{}");
	expect(401, "wrong-signature");
	sign(headers, "hotline", here.key, "GET", TICKETS "/1", "");
	send_request(client, "GET", TICKETS "/2", headers, "");
	expect(401, "wrong-signature");
	send_request(client, "HEAD", TICKETS "/1", headers, "");
	assert_true(hear(0) == false);
}

static void refuses_what_was_overheard(void **state)
{
	char headers[600] = JSON;

	(void)state;
	sign(headers + strlen(headers), "hotline", here.key, "POST", TICKETS,
	    "[]");
	send_request(client, "POST", TICKETS, headers, "[]");
	expect(400, "bad-json");
	send_request(client, "POST", TICKETS, headers, "[]");
	expect(401, "nonce-used");
}

static void names_the_field_in_the_callers_language(void **state)
{
	static const char body[] = "{\"number\":\"1\",\"titel\":\"x\"}";
	char headers[600] = JSON "Accept-Language: zh-CN,zh;q=0.9\r\n";

	(void)state;
	sign(headers + strlen(headers), "hotline", here.key, "POST", TICKETS,
	    body);
	send_request(client, "POST", TICKETS, headers, body);
	expect(400, "bad-field");
	assert_true(answer_has("\"field\":\"titel\""));
	assert_true(answer_has("不是此处可用的字段"));
}

static void wants_a_length(void **state)
{
	char headers[512], text[1024];

	(void)state;
	sign(headers, "hotline", here.key, "POST", TICKETS, "{}");
	snprintf(text, sizeof(text),
	    "POST " TICKETS " HTTP/1.1\r\nHost: here\r\n" JSON "%s"
	    "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	    headers);
	send_text(client, text);
	expect(411, "no-length");
	close(client);
	client = dial();
	snprintf(text, sizeof(text),
	    "POST " TICKETS " HTTP/1.1\r\nHost: here\r\n" JSON "%s\r\n",
	    headers);
	send_text(client, text);
	expect(411, "no-length");
}

static void wants_json(void **state)
{
	char headers[600];

	(void)state;
	strcpy(headers, "Content-Type: text/plain\r\n");
	sign(headers + strlen(headers), "hotline", here.key, "POST", TICKETS,
	    "{}");
	send_request(client, "POST", TICKETS, headers, "{}");
	expect(415, "not-json");
	sign(headers, "hotline", here.key, "POST", TICKETS, "{}");
	send_request(client, "POST", TICKETS, headers, "{}");
	expect(415, "not-json");
}

static void hears_out_a_body_that_is_too_large(void **state)
{
	size_t len = 300 * 1024;
	char *body = malloc(len + 1), headers[600] = JSON;

	(void)state;
	assert_non_null(body);
	memset(body, ' ', len);
	body[len] = '\0';
	sign(headers + strlen(headers), "hotline", here.key, "POST", TICKETS,
	    body);
	send_request(client, "POST", TICKETS, headers, body);
	expect(413, "too-large");
	get(client, "/");
	expect(404, "no-such-path");
	free(body);
}

static void takes_a_body_that_is_as_large_as_can_be(void **state)
{
	size_t len = 256 * 1024;
	char *body = malloc(len + 1), headers[600] = JSON;

	(void)state;
	assert_non_null(body);
	memset(body, ' ', len);
	body[len] = '\0';
	sign(headers + strlen(headers), "hotline", here.key, "POST", TICKETS,
	    body);
	send_request(client, "POST", TICKETS, headers, body);
	expect(400, "bad-json");
	free(body);
}

static void does_not_wait_for_a_body_without_end(void **state)
{
	char headers[512], text[1024];

	(void)state;
	sign(headers, "hotline", here.key, "POST", TICKETS, "");
	snprintf(text, sizeof(text),
	    "POST " TICKETS " HTTP/1.1\r\nHost: here\r\n" JSON "%s"
	    "Content-Length: 99999999999\r\n\r\n",
	    headers);
	send_text(client, text);
	expect(413, "too-large");
	assert_true(is_hung_up(client));
}

static void answers_before_a_body_that_waits_for_its_word(void **state)
{
	(void)state;
	send_text(client, "POST " TICKETS " HTTP/1.1\r\nHost: here\r\n" JSON
			  "Expect: 100-continue\r\n"
			  "Content-Length: 20\r\n\r\n");
	expect(401, "unsigned");
}

static void says_no_to_what_is_not_http(void **state)
{
	static const struct {
		const char *text;
		int status;
	} junk[] = {
		{ "GET\r\n\r\n", 0 },
		{ "\x16\x03\x01\x02\x01\r\n\r\n", 0 },
		{ "GET / HTTP/9.9\r\n\r\n", 505 },
		{ "GET /healthz HTTP/1.1\r\n\r\n", 400 },
		{ "GET / HTTP/1.0\r\n\r\n", 404 },
		{ "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		    400 },
		{ "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n",
		    400 },
		{ "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
		{ "GET / HTTP/1.1\r\nHost: x\r\n: \r\n\r\n", 404 },
		{ "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
		int fd = dial();

		send_text(fd, junk[i].text);
		assert_int_equal(read_answer(fd), junk[i].status);
		close(fd);
	}
}

static void refuses_headers_without_end(void **state)
{
	char line[1024];

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "X-Long: ", 8);
	memcpy(line + sizeof(line) - 3, "\r\n", 3);
	send_text(client, "GET / HTTP/1.1\r\nHost: here\r\n");
	for (int i = 0; i < 64; i++)
		send_text(client, line);
	while (read_answer(client) != 0)
		assert_true(
		    answer_has("HTTP/1.1 431") || answer_has("HTTP/1.1 413"));
}

static void forgets_clients_that_leave_halfway(void **state)
{
	static const char text[] =
	    "POST " TICKETS " HTTP/1.1\r\nHost: x\r\n" JSON
	    "Content-Length: 9\r\n\r\n{\"num";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		int fd = dial();

		send_bytes(fd, text, len);
		close(fd);
	}
}

static void takes_so_many_connections_of_one_address(void **state)
{
	enum { MOST = 200, MORE = 220 };
	int fds[MORE], refused = 0;

	(void)state;
	for (int i = 0; i < MORE; i++) {
		fds[i] = dial();
		get(fds[i], "/");
		refused += read_answer(fds[i]) != 404;
	}
	assert_int_equal(refused, MORE - MOST + 1);
	for (int i = 0; i < MORE; i++)
		close(fds[i]);
	close(client);
	client = -1;
	do { /* until the closed ones are noticed */
		if (client >= 0)
			close(client);
		client = dial();
		get(client, "/");
	} while (read_answer(client) != 404);
}

#define STRANGER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STRANGER(finds_no_other_paths),
		STRANGER(says_which_methods_there_are),
		STRANGER(refuses_orders_without_a_signature),
		STRANGER(refuses_a_signature_for_something_else),
		STRANGER(refuses_what_was_overheard),
		STRANGER(names_the_field_in_the_callers_language),
		STRANGER(wants_a_length),
		STRANGER(wants_json),
		STRANGER(hears_out_a_body_that_is_too_large),
		STRANGER(takes_a_body_that_is_as_large_as_can_be),
		STRANGER(does_not_wait_for_a_body_without_end),
		STRANGER(answers_before_a_body_that_waits_for_its_word),
		STRANGER(says_no_to_what_is_not_http),
		STRANGER(refuses_headers_without_end),
		STRANGER(forgets_clients_that_leave_halfway),
		STRANGER(takes_so_many_connections_of_one_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
