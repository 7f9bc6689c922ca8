/* Events that do not follow change nothing. */
#include "fold_cases.h"

/* ---- what does not follow ---- */

static void refuses_events_out_of_their_place_in_the_log(void **state)
{
	static const uint32_t wrong_seqs[] = { 0, 1, 2, 4, UINT32_MAX };
	static const uint32_t wrong_terms[] = { 0, 2, UINT32_MAX };
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_say(&story, VERB_NOTE);
	for (size_t i = 0; i < sizeof(wrong_seqs) / sizeof(uint32_t); i++) {
		event = story_event(&story, VERB_ACCEPT, GRID);
		event.seq = wrong_seqs[i];
		assert_refused(&story, &event);
	}
	for (size_t i = 0; i < sizeof(wrong_terms) / sizeof(uint32_t); i++) {
		event = story_event(&story, VERB_ACCEPT, GRID);
		event.term = wrong_terms[i];
		assert_refused(&story, &event);
	}
	for (size_t i = 0; i < HASH_BYTES; i++) {
		event = story_event(&story, VERB_ACCEPT, GRID);
		event.prev.b[i] ^= 1;
		assert_refused(&story, &event);
	}
}

static void refuses_a_first_event_that_is_none(void **state)
{
	struct story story = story_new();
	struct event event = opening(&story, GRID);

	(void)state;
	event.term = 2;
	assert_refused(&story, &event);
	event = opening(&story, GRID);
	event.prev.b[31] = 1;
	assert_refused(&story, &event);
	event = opening(&story, GRID);
	event.seq = 2;
	assert_refused(&story, &event);
	event = story_event(&story, VERB_NOTE, GRID);
	assert_refused(&story, &event);
	event = opening(&story, GRID);
	event.ticket = (struct id){ { 0 } };
	assert_refused(&story, &event);
}

static void refuses_a_second_opening(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	event = opening(&story, GRID);
	assert_refused(&story, &event);
}

static void refuses_an_event_of_another_ticket(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	event = story_event(&story, VERB_ACCEPT, GRID);
	event.ticket.b[15] = 1;
	assert_refused(&story, &event);
}

static void refuses_times_and_units_that_cannot_be(void **state)
{
	static const int64_t times[] = { 0, -1, INT64_MIN, INT64_MAX,
		EVENT_TIME_MAX_MS + 1 };
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		event = story_event(&story, VERB_ACCEPT, GRID);
		event.time_ms = times[i];
		assert_refused(&story, &event);
	}
	event = story_event(&story, VERB_ACCEPT, "");
	assert_refused(&story, &event);
}

/* Clocks of nodes differ: the log's order is that of seq. */
static void takes_an_event_that_is_earlier_than_the_one_before(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	event = story_event(&story, VERB_ACCEPT, GRID);
	event.time_ms -= HOUR_MS;
	assert_int_equal(story_tell(&story, &event), 0);
}

static void refuses_verbs_without_a_cell(void **state)
{
	struct story story = story_new();

	(void)state;
	story_open(&story, GRID);
	story_resolve(&story);
	story_rate(&story);
	for (unsigned v = 0; v < VERB_COUNT + 3; v++) {
		struct event event = story_event(&story, (enum verb)v, GRID);

		event.what.to = code(GRID);
		if (v != VERB_ERASE_CONTACT) /* at any time */
			assert_refused(&story, &event);
	}
	story.ticket.state = 250;
	{
		struct event event = story_event(&story, VERB_NOTE, GRID);

		assert_refused(&story, &event);
	}
}

static void goes_on_as_before_when_the_caller_is_erased(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story.ticket.flags |= TICKET_HAS_CONTACT;
	event = story_event(&story, VERB_ERASE_CONTACT, GRID);
	event.what.basis = "the caller's wish";
	assert_int_equal(story_tell(&story, &event), 0);
	assert_int_equal(story.ticket.state, STATE_OPEN);
	assert_false(story.ticket.flags & TICKET_HAS_CONTACT);
}

static void refuses_verbs_of_the_other_kind(void **state)
{
	struct story appeal = story_new();
	struct story callout = story_new();
	struct event event;

	(void)state;
	story_open(&appeal, GRID);
	event = story_event(&appeal, VERB_CHECK_IN, GRID);
	assert_refused(&appeal, &event);
	story_call(&callout, STREET, ZJJ);
	event = story_event(&callout, VERB_ACCEPT, ZJJ);
	assert_refused(&callout, &event);
	event = whistling(&callout, 1, (const char *const[]){ CGJ });
	assert_refused(&callout, &event);
	event = resolving(&callout); /* before the department is there */
	assert_refused(&callout, &event);
	story_say(&callout, VERB_CHECK_IN);
	story_resolve(&callout);
}

static void who_called_ends_a_callout_that_came_back(void **state)
{
	struct story story = story_new();

	(void)state;
	story_call(&story, STREET, ZJJ);
	story_send(&story, VERB_RETURN, STREET);
	story_resolve(&story);
	assert_int_equal(story.ticket.state, STATE_RESOLVED);
	assert_unit(story.ticket.resolver, STREET);
}

static void refuses_custody_that_does_not_follow(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	event = sending(&story, VERB_RETURN, GRID, "");
	assert_refused(&story, &event); /* nobody sent it */
	event = sending(&story, VERB_FORWARD, GRID, "");
	assert_refused(&story, &event);
	event = sending(&story, VERB_FORWARD, GRID, GRID);
	assert_refused(&story, &event);
	story_send(&story, VERB_FORWARD, COMMUNITY);
	event = sending(&story, VERB_RETURN, COMMUNITY, STREET);
	assert_refused(&story, &event);
	event = resolving(&story);
	event.what.to = code(COMMUNITY);
	assert_refused(&story, &event);
	event.what.to = code("");
	assert_refused(&story, &event);
}

static void the_origin_has_nobody_to_return_to(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_send(&story, VERB_FORWARD, COMMUNITY);
	story_send(&story, VERB_RETURN, GRID);
	event = sending(&story, VERB_RETURN, GRID, COMMUNITY);
	assert_refused(&story, &event);
}

static void refuses_to_call_a_department_twice_while_waiting(void **state)
{
	static const char *const departments[] = { CGJ, ZJJ };
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, STREET);
	story_whistle(&story, ZJJ);
	event = whistling(&story, 2, departments);
	assert_refused(&story, &event);
	story_say(&story, VERB_RESUME);
	event = whistling(&story, 2, departments);
	story_must(&story, &event);
	assert_int_equal(story.ticket.callout_count, 3);
}

static void refuses_more_callouts_than_there_is_room_for(void **state)
{
	struct story story = story_new();
	struct event event;
	char text[UNIT_CODE_MAX];

	(void)state;
	story_open(&story, STREET);
	for (unsigned i = 0; i < TICKET_CALLOUTS_MAX; i++) {
		snprintf(text, sizeof(text), "420704-d%u", i);
		story_whistle(&story, text);
	}
	event = whistling(&story, 1, (const char *const[]){ ZJJ });
	assert_refused(&story, &event);
	event.what.callout_count = SIZE_MAX;
	assert_refused(&story, &event);
	event.what.callout_count = 0;
	assert_refused(&story, &event);
}

static void refuses_more_units_than_there_is_room_for(void **state)
{
	struct story story = story_new();
	struct event event;
	char text[UNIT_CODE_MAX];

	(void)state;
	story_open(&story, GRID);
	for (unsigned i = 1; i < TICKET_UNITS_MAX; i++) {
		snprintf(text, sizeof(text), "420704%03u", i);
		story_send(&story, VERB_FORWARD, text);
	}
	assert_int_equal(story.ticket.stay_count, TICKET_UNITS_MAX);
	event = sending(&story, VERB_FORWARD, text, CITY);
	assert_refused(&story, &event);
	story_send(&story, VERB_FORWARD, "420704001"); /* was there */
}

static void refuses_more_events_than_a_log_holds(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	while (story.ticket.seq < TICKET_EVENTS_MAX) {
		event = story_event(&story, VERB_NOTE, GRID);
		assert_int_equal(story_tell(&story, &event), 0);
	}
	event = story_event(&story, VERB_NOTE, GRID);
	assert_refused(&story, &event);
}

static void counters_of_a_byte_do_not_wrap(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_send(&story, VERB_FORWARD, COMMUNITY);
	story.ticket.returns = UINT8_MAX;
	event = sending(&story, VERB_RETURN, COMMUNITY, GRID);
	assert_refused(&story, &event);
	story_resolve(&story);
	story.ticket.reopens = UINT8_MAX;
	event = sending(&story, VERB_REOPEN, GRID, COMMUNITY);
	assert_refused(&story, &event);
}

static void an_item_that_does_not_fit_is_refused(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	event = sending(&story, VERB_FORWARD, GRID, COMMUNITY);
	event.what.item = "12345678901234567890123456789012";
	assert_refused(&story, &event);
}

/* ---- looking ---- */

static void finds_the_stay_of_a_unit(void **state)
{
	struct story story = story_new();
	struct unit_code community = code(COMMUNITY);
	struct unit_code empty = code("");

	(void)state;
	story_open(&story, GRID);
	assert_null(ticket_stay(&story.ticket, &community));
	assert_null(ticket_stay(&story.ticket, &empty));
	story_send(&story, VERB_FORWARD, COMMUNITY);
	assert_ptr_equal(
	    ticket_stay(&story.ticket, &community), &story.ticket.stays[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_events_out_of_their_place_in_the_log),
		cmocka_unit_test(refuses_a_first_event_that_is_none),
		cmocka_unit_test(refuses_a_second_opening),
		cmocka_unit_test(refuses_an_event_of_another_ticket),
		cmocka_unit_test(refuses_times_and_units_that_cannot_be),
		cmocka_unit_test(
		    takes_an_event_that_is_earlier_than_the_one_before),
		cmocka_unit_test(refuses_verbs_without_a_cell),
		cmocka_unit_test(goes_on_as_before_when_the_caller_is_erased),
		cmocka_unit_test(refuses_verbs_of_the_other_kind),
		cmocka_unit_test(who_called_ends_a_callout_that_came_back),
		cmocka_unit_test(refuses_custody_that_does_not_follow),
		cmocka_unit_test(the_origin_has_nobody_to_return_to),
		cmocka_unit_test(
		    refuses_to_call_a_department_twice_while_waiting),
		cmocka_unit_test(refuses_more_callouts_than_there_is_room_for),
		cmocka_unit_test(refuses_more_units_than_there_is_room_for),
		cmocka_unit_test(refuses_more_events_than_a_log_holds),
		cmocka_unit_test(counters_of_a_byte_do_not_wrap),
		cmocka_unit_test(an_item_that_does_not_fit_is_refused),
		cmocka_unit_test(finds_the_stay_of_a_unit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
