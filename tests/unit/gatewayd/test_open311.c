/* Open311 over HTTP, with the test in the engine's place. */
#include "fixture.h"

#define V2   "/open311/v2/"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

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

static void post_form(const char *target, const char *rest, bool with_key)
{
	char form[1024], hex[2 * SIGN_KEY_BYTES + 1] = "";

	for (size_t i = 0; i < SIGN_KEY_BYTES; i++)
		sprintf(hex + 2 * i, "%02x", here.api_key[i]);
	snprintf(form, sizeof(form), "%s%s&%s",
	    with_key ? "api_key=" : "x=", hex, rest);
	send_request(client, "POST", target, FORM, form);
}

static void wants_a_key_to_write(void **state)
{
	(void)state;
	post_form(V2 "requests.json", "service_code=garbage", false);
	assert_int_equal(read_answer(client), 403);
	assert_true(answer_has("[{\"code\":403,\"description\":"));
	send_request(client, "POST", V2 "servicerequestupdates.json", FORM,
	    "api_key=00ff&service_request_id=x");
	assert_int_equal(read_answer(client), 403);
	assert_false(hear(0));
}

static void answers_a_browser_that_asks_whether_it_may(void **state)
{
	(void)state;
	send_request(client, "OPTIONS", V2 "requests.json",
	    "Origin: https://example.org\r\n"
	    "Access-Control-Request-Method: POST\r\n",
	    "");
	assert_int_equal(read_answer(client), 200);
	assert_true(
	    answer_has("Access-Control-Allow-Methods: GET, HEAD, POST\r\n"));
	assert_true(answer_has("Access-Control-Allow-Origin: *\r\n"));
	send_request(client, "OPTIONS", "/hotline/v1/tickets", "", "");
	assert_int_equal(read_answer(client), 405);
}

static void does_not_mind_a_slash_at_the_end(void **state)
{
	(void)state;
	send_request(client, "GET", V2 "services.json/?x=/", "", "");
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("application/json"));
	send_request(client, "GET", V2 "services/", "", "");
	assert_int_equal(read_answer(client), 404);
}

static void opens_and_says_its_number(void **state)
{
	char number[ID_TEXT];

	(void)state;
	post_form(V2 "requests.xml",
	    "service_code=garbage&address_string=8%E5%8F%B7", true);
	assert_true(hear(SOON_MS));
	assert_int_equal(here.request.command.verb, VERB_OPEN);
	assert_int_equal(here.request.command.what.source, SOURCE_RESIDENT);
	say_opened(false);
	assert_int_equal(read_answer(client), 201);
	assert_true(answer_has("<service_requests><request>"
			       "<service_request_id>"));
	assert_true(answer_has(id_format(number, &here.request.id)));
}

static void says_every_refusal_in_both_formats(void **state)
{
	static const struct {
		const char *method, *target, *more;
		int status;
	} asks[] = {
		{ "GET", V2 "nothing", "", 404 },
		{ "GET", V2 "requests/17", "", 404 },
		{ "GET", V2 "services/none", "", 404 },
		{ "POST", V2 "services", FORM, 405 },
		{ "POST", V2 "requests", "Content-Type: text/plain\r\n", 415 },
		{ "POST", V2 "requests", FORM, 403 },
	};
	char target[128], code[64];

	(void)state;
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		snprintf(target, sizeof(target), "%s.json", asks[i].target);
		send_request(
		    client, asks[i].method, target, asks[i].more, "a=b");
		assert_int_equal(read_answer(client), asks[i].status);
		snprintf(code, sizeof(code), "[{\"code\":%d,\"description\":\"",
		    asks[i].status);
		assert_true(answer_has(code));
		snprintf(target, sizeof(target), "%s.xml", asks[i].target);
		send_request(
		    client, asks[i].method, target, asks[i].more, "a=b");
		assert_int_equal(read_answer(client), asks[i].status);
		snprintf(code, sizeof(code),
		    "<errors><error><code>%d</code><description>",
		    asks[i].status);
		assert_true(answer_has(code));
	}
}

static void says_when_the_store_is_full(void **state)
{
	(void)state;
	post_form(
	    V2 "requests.json", "service_code=garbage&address_string=8", true);
	assert_true(hear(SOON_MS));
	say_refused("store_full");
	assert_int_equal(read_answer(client), 503);
	assert_true(answer_has("Retry-After: 60\r\n"));
	assert_true(answer_has("{\"code\":503,"));
}

static void say_rows(size_t count, bool is_cut)
{
	static struct wire_ticket_row rows[LIST_PAGE_MAX];
	struct wire_reply reply = reply_to(&here.request.id, RESULT_DONE);
	struct clock clock = clock_system();
	struct id_maker maker = { .entropy = entropy_system() };

	memset(rows, 0, sizeof(rows));
	for (size_t i = 0; i < count; i++) {
		struct ticket *ticket = &rows[i].ticket;

		id_next(&ticket->id, &maker, clock_now_ms(&clock));
		ticket->seq = 1;
		ticket->state = STATE_OPEN;
		ticket->kind = KIND_APPEAL;
		ticket->source = SOURCE_HOTLINE;
		ticket->opened_ms = clock_now_ms(&clock);
		strcpy(ticket->origin.s, "4207-12345");
		strcpy(ticket->holder.s, "4207-12345");
		rows[i].title = rows[i].external_id = "";
	}
	reply.has_body = true;
	reply.kind = ASK_LIST;
	reply.list.tickets = rows;
	reply.list.count = count;
	if (is_cut)
		reply.list.cursor =
		    bytes_of(rows[count - 1].ticket.id.b, ID_BYTES);
	say_reply(&reply);
}

static void goes_on_until_there_are_no_more(void **state)
{
	(void)state;
	get(client, V2 "requests.json");
	for (int i = 0; i < 3; i++) {
		assert_true(hear(SOON_MS));
		assert_int_equal(here.request.kind, ASK_LIST);
		assert_int_equal(here.request.list.cursor.len, i ? 16 : 0);
		say_rows(10, i < 2);
	}
	assert_int_equal(read_answer(client), 200);
	assert_true(answer_has("\r\n\r\n[]"));
}

/* What it has found by then is no whole list, and is not passed off as one. */
static void never_looks_for_ever(void **state)
{
	int asked = 0;

	(void)state;
	get(client, V2 "requests.xml?updated_after=2020-01-01T00:00:00Z");
	while (hear(1000)) {
		say_rows(1, true);
		asked++;
	}
	assert_true(asked > 100);
	assert_int_equal(read_answer(client), 400);
	assert_true(answer_has("<errors><error><code>400</code>"));
}

static void bounds_how_many_search(void **state)
{
	int others[8];

	(void)state;
	for (int i = 0; i < 8; i++) {
		others[i] = dial();
		get(others[i], V2 "requests.json");
		assert_true(hear(SOON_MS));
	}
	get(client, V2 "requests.json");
	assert_int_equal(read_answer(client), 503);
	assert_true(answer_has("Retry-After: 1\r\n"));
	say_rows(0, false);
	assert_int_equal(read_answer(others[7]), 200);
	get(client, V2 "requests.json");
	assert_true(hear(SOON_MS));
	say_rows(0, false);
	assert_int_equal(read_answer(client), 200);
	for (int i = 0; i < 8; i++)
		close(others[i]);
}

static void speaks_english_when_asked_to(void **state)
{
	(void)state;
	send_request(client, "GET", V2 "services/none.json",
	    "Accept-Language: en-GB\r\n", "");
	assert_int_equal(read_answer(client), 404);
	assert_true(answer_has("No service has"));
	get(client, V2 "services/none.json");
	assert_int_equal(read_answer(client), 404);
	assert_true(answer_has("没有该 service_code"));
}

static void keeps_a_wish_apart_by_its_update_id(void **state)
{
	static const char form[] =
	    "service_request_id=01KAKX0000000000000000000A&description=a&"
	    "update_id=7";
	struct wire_ticket_row row = { .title = "", .external_id = "" };
	struct id wishes[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct wire_reply reply;

		post_form(V2 "servicerequestupdates.json", form, true);
		assert_true(hear(SOON_MS));
		assert_int_equal(here.request.kind, ASK_SHOW);
		reply = reply_to(&here.request.id, RESULT_DONE);
		reply.has_body = true;
		reply.kind = ASK_SHOW;
		row.ticket.id = here.request.show.ticket;
		row.ticket.seq = 1;
		row.ticket.state = STATE_ACCEPTED;
		row.ticket.kind = KIND_APPEAL;
		row.ticket.source = SOURCE_RESIDENT;
		reply.show.row = &row;
		reply.show.suggestion.verb = reply.show.suggestion.reason = "";
		reply.show.suggestion.item = "";
		say_reply(&reply);
		assert_true(hear(SOON_MS));
		assert_int_equal(here.request.command.verb, VERB_NOTE);
		wishes[i] = here.request.id;
		say_opened(false);
		assert_int_equal(read_answer(client), 201);
	}
	assert_true(id_equal(&wishes[0], &wishes[1]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(wants_a_key_to_write),
		TEST(answers_a_browser_that_asks_whether_it_may),
		TEST(does_not_mind_a_slash_at_the_end),
		TEST(opens_and_says_its_number),
		TEST(says_every_refusal_in_both_formats),
		TEST(says_when_the_store_is_full),
		TEST(goes_on_until_there_are_no_more),
		TEST(never_looks_for_ever),
		TEST(bounds_how_many_search),
		TEST(speaks_english_when_asked_to),
		TEST(keeps_a_wish_apart_by_its_update_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
