/* What a caller wants of a ticket that there is: acts, once for each key. */
#include "hotline/tests.h"

#include <stdio.h>
#include <string.h>
#include "hotline/said.h"

static json_t *act_with_key(
    long status, const char *path, const char *body, const char *key)
{
	struct hotline_request request = {
		.method = "POST", .target = path, .body = body, .key = key
	};
	json_t *answer = NULL;

	assert_int_equal(hotline_send(&answer, hotline, &request), status);
	return answer;
}

/* Said again under one key it is done once, and answered alike. */
void acts_are_done_once_for_each_key(void **state)
{
	struct id id = open_order("A-1", ",\"title\":\"垃圾\"");
	json_t *first, *again, *other;
	struct ticket ticket;

	(void)state;
	wait_held(&city, &id, GRID_AT, STATE_OPEN);
	first = act_with_key(200, act_path("A-1", "notes"), TEXT, "one");
	again = act_with_key(200, act_path("A-1", "notes"), TEXT, "one");
	other = act_with_key(200, act_path("A-1", "notes"), TEXT, "two");
	assert_true(json_equal(first, again));
	assert_false(json_equal(first, other));
	json_decref(first);
	json_decref(again);
	json_decref(other);
	expect_only(200, "POST", act_path("A-1", "remind"), TEXT);
	expect_only(200, "POST", act_path("A-1", "supervise"), TEXT);
	expect_only(200, "POST", act_path("A-1", "withdraw"), REASON);
	see(&ticket, &city, "gridd", &id);
	assert_int_equal(ticket.state, STATE_EXCLUDED);
	expect_state("A-1", "excluded");
}

/* What was overheard cannot be sent as another act. */
void the_name_of_an_act_is_signed(void **state)
{
	struct hotline_request request = { .method = "POST",
		.target = TICKETS "/A-1/notes",
		.body = TEXT,
		.key = "two",
		.signed_key = "one" };
	json_t *answer;

	(void)state;
	assert_int_equal(hotline_send(&answer, hotline, &request), 401);
	assert_string_equal(json_text_at(answer, "type"),
	    "urn:whistle:problem:wrong-signature");
	json_decref(answer);
}

void a_survey_reopens_and_rates(void **state)
{
	struct id id = open_order("R-1", ",\"title\":\"垃圾\"");
	json_t *first, *again, *ticket;

	(void)state;
	settle(&id);
	await_state("R-1", "resolved");
	expect_only(200, "POST", act_path("R-1", "reopen"), REASON);
	settle(&id);
	await_state("R-1", "resolved");
	first = act_with_key(200, act_path("R-1", "rating"), RATING, "r");
	again = act_with_key(200, act_path("R-1", "rating"), RATING, "r");
	assert_true(json_equal(first, again));
	json_decref(first);
	json_decref(again);
	ticket = told("R-1");
	assert_string_equal(
	    json_text_at(ticket, "rating.satisfaction_zh"), "基本满意");
	assert_string_equal(json_text_at(ticket, "state"), "closed");
	json_decref(ticket);
}

/* R-1 is closed by now. */
void what_the_law_refuses_is_said_in_the_language_asked_for(void **state)
{
	struct hotline_request request = {
		.method = "POST",
		.target = TICKETS "/R-1/rating",
		.body = RATING,
		.language = "zh-CN",
	};
	static const char *const texts[] = { "notes", "remind", "supervise" };
	static const char *const reasons[] = { "withdraw", "reopen" };
	json_t *answer = expect(409, "POST", request.target, RATING);

	(void)state;
	assert_string_equal(json_text_at(answer, "refusal"), "rated_already");
	assert_non_null(
	    strstr(json_text_at(answer, "detail"), "One issue has one rating"));
	json_decref(answer);
	assert_int_equal(hotline_send(&answer, hotline, &request), 409);
	assert_non_null(strstr(json_text_at(answer, "detail"), "一事一评"));
	json_decref(answer);
	for (size_t i = 0; i < 3; i++)
		expect_only(409, "POST", act_path("R-1", texts[i]), TEXT);
	for (size_t i = 0; i < 2; i++)
		expect_only(409, "POST", act_path("R-1", reasons[i]), REASON);
}

/* A nonce is good once; after a restart the gateway knows none, but the act
 * has its name from it. */
void what_was_overheard_changes_nothing_after_a_restart(void **state)
{
	struct id id = open_order("O-1", ",\"title\":\"垃圾\"");
	struct ticket before, after;
	(void)state;

	wait_held(&city, &id, GRID_AT, STATE_OPEN);
	expect_only(200, "POST", act_path("O-1", "notes"), TEXT);
	see(&before, &city, "gridd", &id);
	atomic_fetch_sub(&hotline->nonces, 1);
	expect_only(401, "POST", act_path("O-1", "notes"), TEXT);
	daemon_kill(&city, "gatewayd");
	daemon_start(&city, "gatewayd", NULL);
	city_wait_up(&city);
	atomic_fetch_sub(&hotline->nonces, 1);
	expect_only(200, "POST", act_path("O-1", "notes"), TEXT);
	city_wait_quiet(&city);
	see(&after, &city, "gridd", &id);
	assert_int_equal(after.seq, before.seq);
}

/* The holder's node is down: taken on, and where to look is said. */
void what_the_holder_has_not_answered_is_on_its_way(void **state)
{
	static const char *const texts[] = { "notes", "remind", "supervise" };
	struct id id =
	    open_order("P-1", ",\"title\":\"垃圾\",\"phone\":\"13900000000\"");
	json_t *answer;

	(void)state;
	wait_held(&city, &id, GRID_AT, STATE_OPEN);
	city_wait_quiet(&city);
	daemon_stop(&city, "gridd");
	for (size_t i = 0; i < 3; i++)
		json_decref(act_with_key(
		    202, act_path("P-1", texts[i]), TEXT, "later"));
	json_decref(act_with_key(
	    202, act_path("P-1", "erase-contact"), BASIS, "later"));
	json_decref(
	    act_with_key(202, act_path("P-1", "withdraw"), REASON, "later"));
	daemon_start(&city, "gridd", NULL);
	await_state("P-1", "excluded");
	answer = act_with_key(200, act_path("P-1", "notes"), TEXT, "later");
	assert_true(json_is_true(json_object_get(answer, "done")));
	json_decref(answer);
}
