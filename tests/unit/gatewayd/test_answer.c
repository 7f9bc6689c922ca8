#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <string.h>
#include <stdlib.h>
#include "base/err.h"
#include "gatewayd/answer.h"
#include "gatewayd/ticket_json.h"

static struct arena *arena;
static struct answer answer;
static json_t *object;

static int begin(void **state)
{
	(void)state;
	setenv("TZ", "Asia/Shanghai", 1);
	return arena_open(&arena, 1024 * 1024);
}

static int end(void **state)
{
	(void)state;
	json_decref(object);
	object = NULL;
	answer_free(&answer);
	arena_close(&arena);
	return 0;
}

static void read_body(void)
{
	assert_non_null(answer.body);
	assert_int_equal(strlen(answer.body), answer.len);
	object = json_loads(answer.body, 0, NULL);
	assert_non_null(object);
}

static void expect(const char *key, const char *value)
{
	const json_t *found = json_object_get(object, key);

	assert_non_null(found);
	if (value)
		assert_string_equal(json_string_value(found), value);
	else
		assert_true(json_is_null(found));
}

static struct wire_reply opened(bool existed)
{
	struct wire_reply reply = {
		.result = RESULT_DONE, .has_body = true, .kind = ASK_COMMAND
	};

	memset(reply.command.ticket.b, 7, ID_BYTES);
	reply.command.state = STATE_OPEN;
	strcpy(reply.command.holder.s, "4207-12345");
	reply.command.existed = existed;
	return reply;
}

static void says_where_a_new_ticket_is(void **state)
{
	struct wire_reply reply = opened(false);

	(void)state;
	answer_opened(&answer, "A/1", "/t/x", &reply);
	read_body();
	assert_int_equal(answer.status, 201);
	assert_string_equal(answer.location, "/hotline/v1/tickets/A%2F1");
	expect("id", "070W3GE1R70W3GE1R70W3GE1R7");
	expect("number", "A/1");
	expect("state", "open");
	expect("holder", "4207-12345");
	assert_true(json_is_false(json_object_get(object, "existed")));
}

static void says_that_a_number_had_been_taken(void **state)
{
	struct wire_reply reply = opened(true);

	(void)state;
	answer_opened(&answer, "1", "/t/x", &reply);
	read_body();
	assert_int_equal(answer.status, 200);
	assert_true(json_is_true(json_object_get(object, "existed")));
}

/* The log of a ticket that was resolved twice. */
static void pack_resolve(struct buf *out, const char *text)
{
	struct event event = { .seq = 3,
		.term = 1,
		.time_ms = 1763712000000,
		.verb = VERB_RESOLVE,
		.operator= "zhang" };

	particulars_clear(&event.what);
	memset(event.ticket.b, 7, ID_BYTES);
	memset(event.prev.b, 9, HASH_BYTES);
	strcpy(event.unit.s, "420704001");
	strcpy(event.what.to.s, "4207-12345");
	event.what.outcome = OUTCOME_EXPLAINED;
	event.what.text = text;
	assert_int_equal(wire_event_pack(out, &event), 0);
}

static void tells_how_a_ticket_stands(void **state)
{
	struct wire_ticket_row row = { .title = "地下冒水",
		.external_id = "EZ-4" };
	struct wire_reply reply = {
		.result = RESULT_DONE, .has_body = true, .kind = ASK_SHOW
	};
	struct buf first = { 0 }, second = { 0 };
	struct bytes events[2];
	const json_t *rating;

	(void)state;
	memset(row.ticket.id.b, 7, ID_BYTES);
	row.ticket.state = STATE_CLOSED;
	row.ticket.outcome = OUTCOME_EXPLAINED;
	row.ticket.flags = TICKET_URGENT | TICKET_LATE_RESOLVE;
	row.ticket.reopens = 1;
	row.ticket.opened_ms = 1763712000000;
	row.ticket.rating = (struct rating){ 1, 1, 0, SATISFACTION_MOSTLY };
	strcpy(row.ticket.item, "water.burst");
	pack_resolve(&first, "第一次答复");
	pack_resolve(&second, "第二次答复");
	events[0] = bytes_of(first.data, first.len);
	events[1] = bytes_of(second.data, second.len);
	reply.show.row = &row;
	reply.show.events = events;
	reply.show.event_count = 2;
	answer_json(&answer, 200, ticket_json(&reply, arena, NULL));
	buf_free(&first);
	buf_free(&second);
	read_body();
	assert_int_equal(answer.status, 200);
	expect("number", "EZ-4");
	expect("state", "closed");
	expect("holder", NULL);
	expect("title", "地下冒水");
	expect("item", "water.burst");
	expect("opened", "2025-11-21T16:00:00+08:00");
	expect("accept_by", NULL);
	expect("outcome", "explained");
	expect("channel", NULL);
	expect("reply", "第二次答复");
	assert_true(json_is_true(json_object_get(object, "urgent")));
	assert_true(json_is_true(json_object_get(object, "late_resolve")));
	assert_true(json_is_false(json_object_get(object, "late_accept")));
	rating = json_object_get(object, "rating");
	assert_true(json_is_true(json_object_get(rating, "responded")));
	assert_true(json_is_false(json_object_get(rating, "resolved")));
	assert_string_equal(
	    json_string_value(json_object_get(rating, "satisfaction")),
	    "mostly-satisfied");
}

static void leaves_open_what_is_not_known_yet(void **state)
{
	struct wire_ticket_row row = { .title = "", .external_id = "1" };
	struct wire_reply reply = { .show.row = &row };

	(void)state;
	row.ticket.state = STATE_OPEN;
	answer_json(&answer, 200, ticket_json(&reply, arena, NULL));
	read_body();
	expect("title", NULL);
	expect("rating", NULL);
	expect("reply", NULL);
	expect("outcome", NULL);
	expect("resolve_by", NULL);
}

static void expect_problem(enum result result, const char *refusal,
    const char *detail, unsigned status, const char *field)
{
	const struct wire_reply reply = {
		.result = result, .refusal = refusal, .detail = detail
	};
	struct http_problem problem = answer_problem_of(&reply);

	assert_int_equal(problem_status(problem.kind), status);
	assert_string_equal(problem.field, field);
}

static void turns_other_results_into_problems(void **state)
{
	(void)state;
	expect_problem(RESULT_REFUSED, "store_full", "", 503, "");
	expect_problem(RESULT_REFUSED, "unknown_item", "x", 422, "item");
	expect_problem(RESULT_NOT_FOUND, "", "", 404, "");
	expect_problem(
	    RESULT_INVALID, "", "place: not a code", 422, "division");
	expect_problem(RESULT_INVALID, "", "external_id", 422, "number");
	expect_problem(RESULT_INVALID, "", "", 400, "");
	expect_problem(RESULT_INVALID, "", "What? No", 400, "");
	expect_problem(RESULT_FAILED, "", "", 500, "");
	expect_problem(RESULT_PENDING, "", "", 504, "");
	expect_problem(RESULT_PENDING, "", "not_mirrored", 503, "");
}

#define ANSWERING(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ANSWERING(says_where_a_new_ticket_is),
		ANSWERING(says_that_a_number_had_been_taken),
		ANSWERING(tells_how_a_ticket_stands),
		ANSWERING(leaves_open_what_is_not_known_yet),
		ANSWERING(turns_other_results_into_problems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
