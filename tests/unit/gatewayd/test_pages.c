/* The residents' pages over HTTP, with the test in the engine's place. */
#include "fixture.h"
#include "gatewayd/gateway.h"
#include "client/secret.h"
#include "gatewayd/page.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static int client;
static char path[8 + SECRET_TEXT];
static struct id ticket = { { 1, 2, 3 } };

static int begin(void **state)
{
	uint8_t key[SIGN_KEY_BYTES];
	char file[128];
	int rc = open_here(state);

	client = rc ? -1 : dial();
	in_home(file, "keys/pages.key");
	assert_int_equal(sign_key_load(key, file), 0);
	strcpy(path, "/t/");
	secret_format(path + 3, key, &ticket);
	return rc;
}

static int end(void **state)
{
	close(client);
	return close_here(state);
}

static void say_ticket(enum state state)
{
	struct wire_ticket_row row = { .title = "", .external_id = "" };
	struct wire_reply reply = reply_to(&here.request.id, RESULT_DONE);

	reply.has_body = true;
	reply.kind = ASK_SHOW;
	row.ticket.id = ticket;
	row.ticket.seq = 5;
	row.ticket.state = (uint8_t)state;
	row.ticket.kind = KIND_APPEAL;
	reply.show.row = &row;
	reply.show.suggestion.verb = reply.show.suggestion.reason = "";
	reply.show.suggestion.item = "";
	say_reply(&reply);
}

static void shows_a_page_that_may_do_nothing_else(void **state)
{
	(void)state;
	get(client, path);
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.kind, ASK_SHOW);
	assert_true(id_equal(&here.request.show.ticket, &ticket));
	say_ticket(STATE_RESOLVED);
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("Content-Security-Policy: default-src 'none'"));
	assert_true(answer_has("frame-ancestors 'none'"));
	assert_true(answer_has("Referrer-Policy: same-origin\r\n"));
	assert_true(answer_has("Cache-Control: no-store\r\n"));
	assert_false(answer_has("<script"));
	assert_true(answer_has("name=\"viewport\""));
}

static void asks_nobody_about_a_wrong_secret(void **state)
{
	(void)state;
	path[strlen(path) - 1] ^= 1;
	get(client, path);
	assert_int_equal(read_answer(client), 404);
	assert_true(answer_has("text/html"));
	send_request(client, "POST", path, FORM, "action=remark&text=a");
	assert_int_equal(read_answer(client), 404);
	assert_false(hear(0));
}

static void slows_down_who_guesses(void **state)
{
	int status = 404, tried = 0;

	(void)state;
	path[strlen(path) - 1] ^= 1;
	for (; status == 404 && tried < 3 * PAGE_ADDRESS_MAX; tried++) {
		get(client, path);
		status = read_answer(client);
	}
	assert_int_equal(status, 429);
	assert_true(tried > PAGE_ADDRESS_MAX);
	assert_true(answer_has("Retry-After: 60\r\n"));
	assert_false(hear(0));
}

static void keeps_the_language_that_was_chosen(void **state)
{
	char chosen[sizeof(path) + 16];

	(void)state;
	snprintf(chosen, sizeof(chosen), "%s?lang=en", path);
	get(client, chosen);
	assert_true(hear(SOON_MS));
	say_ticket(STATE_OPEN);
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("<html lang=\"en\">"));
	send_request(client, "POST", chosen, FORM, "action=remark&text=a");
	assert_true(hear(SOON_MS));
	say_ticket(STATE_OPEN);
	assert_true(hear(SOON_MS));
	say_opened(false);
	assert_int_equal(read_answer(client), 303);
	assert_true(answer_has("?done=remarked&lang=en\r\n"));
}

static void says_back_what_was_too_long(void **state)
{
	char form[2000] = "action=remark&text=%E4%BD%A0%3C";

	(void)state;
	memset(form + strlen(form), 'x', 1100);
	send_request(client, "POST", path, FORM, form);
	assert_true(hear(SOON_MS));
	say_ticket(STATE_OPEN);
	assert_int_equal(read_answer(client), 400);
	assert_true(answer_has("role=\"alert\""));
	assert_true(answer_has("你&lt;xxx"));
	assert_false(hear(0));
}

/* … on whose log there are so many remarks already. */
static void say_remarked(unsigned count)
{
	struct wire_ticket_row row = { .title = "", .external_id = "" };
	struct wire_reply reply = reply_to(&here.request.id, RESULT_DONE);
	struct buf packed[PAGE_REMARKS_MAX] = { 0 };
	struct bytes events[PAGE_REMARKS_MAX];
	struct event event = { .ticket = ticket,
		.term = 1,
		.time_ms = 1,
		.prev = { { 1 } },
		.verb = VERB_NOTE };

	assert_int_equal(code_set(&event.unit, "4207-12345"), 0);
	event.operator= "gateway"; /* a resident, by its page */
	particulars_clear(&event.what);
	event.what.text = "x";
	for (unsigned i = 0; i < count; i++) {
		event.seq = 2 + i;
		assert_int_equal(wire_event_pack(&packed[i], &event), 0);
		events[i] = bytes_of(packed[i].data, packed[i].len);
	}
	reply.has_body = true;
	reply.kind = ASK_SHOW;
	row.ticket.id = ticket;
	row.ticket.seq = 1 + count;
	row.ticket.state = STATE_OPEN;
	row.ticket.kind = KIND_APPEAL;
	row.ticket.origin = event.unit;
	reply.show.row = &row;
	reply.show.suggestion.verb = reply.show.suggestion.reason = "";
	reply.show.suggestion.item = "";
	reply.show.events = events;
	reply.show.event_count = count;
	say_reply(&reply);
	for (unsigned i = 0; i < count; i++)
		buf_free(&packed[i]);
}

static void a_ticket_has_so_many_remarks(void **state)
{
	(void)state;
	send_request(client, "POST", path, FORM, "action=remark&text=a");
	assert_true(hear(SOON_MS));
	say_remarked(PAGE_REMARKS_MAX - 1);
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.command.verb, VERB_NOTE);
	say_opened(false);
	assert_int_equal(read_answer(client), 303);
	send_request(client, "POST", path, FORM, "action=remark&text=again");
	assert_true(hear(SOON_MS));
	say_remarked(PAGE_REMARKS_MAX);
	assert_int_equal(read_answer(client), 409);
	assert_true(answer_has("role=\"alert\""));
	assert_true(answer_has("again"));
	assert_false(hear(0));
}

static void refuses_a_form_of_another_site(void **state)
{
	static const char *const sites[] = { "cross-site", "same-site" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char headers[128];

		snprintf(headers, sizeof(headers),
		    FORM "Sec-Fetch-Site: %s\r\n", sites[i]);
		send_request(
		    client, "POST", path, headers, "action=remark&text=a");
		assert_int_equal(read_answer(client), 403);
	}
	assert_false(hear(0));
	send_request(client, "POST", path,
	    FORM "Sec-Fetch-Site: same-origin\r\n", "action=remark&text=a");
	assert_true(hear(SOON_MS));
	say_ticket(STATE_OPEN);
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.command.verb, VERB_NOTE);
	assert_string_equal(here.request.command.what.text, "a");
	say_opened(false);
	assert_int_equal(read_answer(client), 303);
	assert_true(answer_has("?done=remarked\r\n"));
}

static void says_politely_that_it_was_rated(void **state)
{
	(void)state;
	send_request(client, "POST", path, FORM,
	    "action=rate&responded=yes&resolved=no&satisfaction=dissatisfied");
	assert_true(hear(SOON_MS));
	say_ticket(STATE_CLOSED);
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.command.verb, VERB_RATE);
	assert_true(here.request.command.what.responded);
	assert_false(here.request.command.what.resolved);
	say_refused("rated_already");
	assert_int_equal(read_answer(client), 303);
	assert_true(answer_has("?done=already\r\n"));
}

static void tells_a_resident_when_the_store_is_full(void **state)
{
	(void)state;
	send_request(client, "POST", path, FORM, "action=remark&text=a");
	assert_true(hear(SOON_MS));
	say_ticket(STATE_OPEN);
	assert_true(hear(SOON_MS));
	say_refused("store_full");
	assert_int_equal(read_answer(client), 503);
	assert_true(answer_has("text/html"));
}

static void never_logs_a_secret(void **state)
{
	(void)state;
	get(client, path);
	assert_true(hear(SOON_MS));
	say_ticket(STATE_OPEN);
	assert_int_equal(read_answer(client), 200);
	get(client, "/metrics");
	assert_true(hear(SOON_MS));
	say_status(&here.request.id, 0);
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("path=\"/t/{secret}\""));
	assert_false(answer_has(path));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(shows_a_page_that_may_do_nothing_else),
		TEST(asks_nobody_about_a_wrong_secret),
		TEST(slows_down_who_guesses),
		TEST(keeps_the_language_that_was_chosen),
		TEST(says_back_what_was_too_long),
		TEST(a_ticket_has_so_many_remarks),
		TEST(refuses_a_form_of_another_site),
		TEST(says_politely_that_it_was_rated),
		TEST(tells_a_resident_when_the_store_is_full),
		TEST(never_logs_a_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
