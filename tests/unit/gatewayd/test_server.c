#include "fixture.h"

#define ORDER "{\"number\":\"EZ-1\",\"title\":\"地下冒水\"}"

static int client;

static int begin(void **state)
{
	int rc = open_here(state);

	client = rc ? -1 : dial();
	return rc;
}

static int end(void **state)
{
	close(client);
	return close_here(state);
}

static void opens_a_ticket_for_a_signed_order(void **state)
{
	(void)state;
	post_order(client, ORDER);
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.kind, ASK_COMMAND);
	assert_int_equal(here.request.command.verb, VERB_OPEN);
	assert_string_equal(here.request.command.what.external_id, "EZ-1");
	assert_string_equal(here.request.command.what.title, "地下冒水");
	say_opened(false);
	assert_int_equal(read_answer(client), 201);
	assert_true(answer_has("Location: /hotline/v1/tickets/EZ-1\r\n"));
	assert_true(answer_has("\"number\":\"EZ-1\""));
	assert_true(answer_has("\"existed\":false"));
}

static void says_when_the_number_had_been_taken(void **state)
{
	(void)state;
	post_order(client, ORDER);
	assert_true(hear(SOON_MS));
	say_opened(true);
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("\"existed\":true"));
}

static void serves_one_request_after_another_on_a_connection(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		post_order(client, ORDER);
		assert_true(hear(SOON_MS));
		say_opened(i > 0);
		assert_int_equal(read_answer(client), i > 0 ? 200 : 201);
	}
}

static void answers_in_order_what_came_in_one_piece(void **state)
{
	static const char ask[] = "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
				  "GET / HTTP/1.1\r\nHost: here\r\n"
				  "Connection: close\r\n\r\n";

	(void)state;
	send_text(client, ask);
	assert_true(hear(SOON_MS));
	assert_false(hear(0));
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(client), 200);
	while (!answer_has("HTTP/1.1 404") && read_answer(client) != 0)
		;
	assert_true(answer_has("HTTP/1.1 404"));
}

static void shows_a_ticket_by_its_number(void **state)
{
	struct wire_ticket_row row = { .title = "", .external_id = "A/1" };
	struct wire_reply reply;
	char headers[512];

	(void)state;
	sign(headers, "hotline", here.key, "GET", "/hotline/v1/tickets/A%2F1",
	    "");
	send_request(client, "GET", "/hotline/v1/tickets/A%2F1", headers, "");
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.kind, ASK_SHOW);
	assert_string_equal(here.request.show.external_id, "A/1");
	reply = reply_to(&here.request.id, RESULT_DONE);
	reply.has_body = true;
	reply.kind = ASK_SHOW;
	row.ticket.id = here.request.id;
	row.ticket.seq = 1;
	row.ticket.state = STATE_ACCEPTED;
	row.ticket.kind = KIND_APPEAL;
	reply.show.row = &row;
	reply.show.suggestion.verb = reply.show.suggestion.reason = "";
	reply.show.suggestion.item = "";
	say_reply(&reply);
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("\"state\":\"accepted\""));
}

static void says_when_no_ticket_has_the_number(void **state)
{
	struct wire_reply reply;
	char headers[512];

	(void)state;
	sign(headers, "hotline", here.key, "GET", "/hotline/v1/tickets/9", "");
	send_request(client, "GET", "/hotline/v1/tickets/9", headers, "");
	assert_true(hear(SOON_MS));
	reply = reply_to(&here.request.id, RESULT_NOT_FOUND);
	say_reply(&reply);
	assert_int_equal(read_answer(client), 404);
	assert_true(answer_has("no-such-ticket"));
}

static void says_what_the_law_refused(void **state)
{
	(void)state;
	post_order(client, ORDER);
	assert_true(hear(SOON_MS));
	say_refused("unknown_item");
	assert_int_equal(read_answer(client), 422);
	assert_true(answer_has("application/problem+json"));
	assert_true(answer_has("\"refusal\":\"unknown_item\""));
	post_order(client, ORDER);
	assert_true(hear(SOON_MS));
	say_refused("store_full");
	assert_int_equal(read_answer(client), 503);
	assert_true(answer_has("Retry-After: 60\r\n"));
}

static void gives_each_of_many_its_own_answer(void **state)
{
	enum { MANY = 100 };
	struct id ids[MANY];
	int fds[MANY];
	char line[64];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		fds[i] = dial();
		get(fds[i], "/metrics");
		assert_true(hear(SOON_MS));
		ids[i] = here.request.id;
	}
	for (int i = MANY; i-- > 0;)
		say_nodes(&ids[i], (uint64_t)i);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(read_answer(fds[i]), 200);
		snprintf(line, sizeof(line),
		    "\nwhistle_tickets{node=\"gatewayd\"} %d\n", i);
		assert_true(answer_has(line));
		close(fds[i]);
	}
}

static void is_healthy_while_the_engine_answers(void **state)
{
	(void)state;
	get(client, "/healthz");
	assert_true(hear(SOON_MS));
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("{\"status\":\"ok\"}"));
}

/* The only test that waits: two seconds are what is promised. */
static void is_not_healthy_while_the_engine_is_silent(void **state)
{
	(void)state;
	get(client, "/healthz");
	assert_true(hear(SOON_MS));
	assert_int_equal(read_answer(client), 503);
	say_status(&here.request.id, 0);
	get(client, "/healthz");
	assert_true(hear(SOON_MS));
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(client), 200);
}

static void answers_head_without_a_body(void **state)
{
	char byte;

	(void)state;
	send_text(client, "HEAD /healthz HTTP/1.1\r\nHost: here\r\n"
			  "Connection: close\r\n\r\n");
	assert_true(hear(SOON_MS));
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(client), 0);
	assert_true(answer_has("HTTP/1.1 200 OK"));
	assert_false(answer_has("status"));
	assert_int_equal(recv(client, &byte, 1, 0), 0);
}

static void overlooks_replies_that_nobody_waits_for(void **state)
{
	struct id id = { { 1, 2, 3 } };

	(void)state;
	get(client, "/healthz");
	assert_true(hear(SOON_MS));
	say_bytes(bytes_of("nonsense", 8));
	say_bytes(bytes_of("", 0));
	say_status(&id, 0);
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(client), 200);
}

static void outlives_a_client_that_does_not_wait(void **state)
{
	int fd = dial();

	(void)state;
	get(fd, "/healthz");
	assert_true(hear(SOON_MS));
	close(fd);
	say_status(&here.request.id, 0);
	is_healthy_while_the_engine_answers(state);
}

static void tells_those_who_wait_that_it_stops(void **state)
{
	(void)state;
	post_order(client, ORDER);
	assert_true(hear(SOON_MS));
	http_side.stop(here.side);
	here.side = NULL;
	assert_int_equal(read_answer(client), 503);
	assert_true(answer_has("stopping"));
	assert_true(is_hung_up(client));
}

static void says_when_its_port_is_taken(void **state)
{
	void *first = here.side;

	(void)state;
	assert_int_equal(start_side(), ERR_BUSY);
	here.side = first;
	is_healthy_while_the_engine_answers(state);
}

static void does_not_start_without_a_key(void **state)
{
	char path[128];

	(void)state;
	http_side.stop(here.side);
	here.side = NULL;
	in_home(path, "keys/http/hotline.key");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(start_side(), ERR_ACCESS);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(start_side(), ERR_NOT_FOUND);
	assert_null(here.side);
}

/* The status of an order that `name` signed with `key`; the engine takes it
 * when it gets there. */
static int order_of(const char *name, const uint8_t key[SIGN_KEY_BYTES])
{
	char headers[600];

	strcpy(headers, "Content-Type: application/json\r\n");
	sign(headers + strlen(headers), name, key, "POST",
	    "/hotline/v1/tickets", ORDER);
	send_request(client, "POST", "/hotline/v1/tickets", headers, ORDER);
	if (hear(200))
		say_opened(false);
	return read_answer(client);
}

static void reads_its_keys_again_when_told(void **state)
{
	uint8_t key[SIGN_KEY_BYTES];
	char path[128];

	(void)state;
	in_home(path, "keys/http/second.key");
	assert_int_equal(sign_key_make(path), 0);
	assert_int_equal(sign_key_load(key, path), 0);
	assert_int_equal(order_of("second", key), 401);
	http_side.reload(here.side);
	while (order_of("second", key) != 201)
		;
	assert_int_equal(order_of("hotline", here.key), 201);
	assert_int_equal(chmod(path, 0644), 0);
	http_side.reload(here.side);
	assert_int_equal(order_of("second", key), 201);
	assert_int_equal(order_of("hotline", here.key), 201);
}

#define SERVING(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVING(opens_a_ticket_for_a_signed_order),
		SERVING(says_when_the_number_had_been_taken),
		SERVING(serves_one_request_after_another_on_a_connection),
		SERVING(answers_in_order_what_came_in_one_piece),
		SERVING(shows_a_ticket_by_its_number),
		SERVING(says_when_no_ticket_has_the_number),
		SERVING(says_what_the_law_refused),
		SERVING(gives_each_of_many_its_own_answer),
		SERVING(is_healthy_while_the_engine_answers),
		SERVING(is_not_healthy_while_the_engine_is_silent),
		SERVING(answers_head_without_a_body),
		SERVING(overlooks_replies_that_nobody_waits_for),
		SERVING(outlives_a_client_that_does_not_wait),
		SERVING(tells_those_who_wait_that_it_stops),
		SERVING(says_when_its_port_is_taken),
		SERVING(does_not_start_without_a_key),
		SERVING(reads_its_keys_again_when_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
