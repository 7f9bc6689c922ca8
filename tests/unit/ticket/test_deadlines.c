#include "story.h"

enum { ACCEPT_MS = HOUR_MS, RESOLVE_MS = 8 * HOUR_MS };

static struct story timed(const char *department)
{
	struct story story = story_new();
	struct event event = department ? calling(&story, STREET, department)
					: opening(&story, STREET);

	event.what.accept_by_ms = STORY_START_MS + ACCEPT_MS;
	event.what.resolve_by_ms = STORY_START_MS + RESOLVE_MS;
	story_must(&story, &event);
	return story;
}

static void assert_due(const struct story *story, int64_t due_ms,
    enum deadline deadline, bool is_reminder)
{
	struct alarm alarm = ticket_next_alarm(&story->ticket);

	assert_int_equal(alarm.at_ms, due_ms);
	assert_int_equal(alarm.deadline, deadline);
	assert_int_equal(alarm.verb == VERB_REMIND, is_reminder);
}

static void assert_quiet(const struct story *story)
{
	assert_due(story, 0, DEADLINE_NONE, false);
}

static void a_deadline_comes_once_each_in_its_time(void **state)
{
	struct story story = timed(NULL);

	(void)state;
	assert_due(&story, STORY_START_MS + ACCEPT_MS, DEADLINE_ACCEPT, false);
	story_alarm(&story);
	assert_due(
	    &story, STORY_START_MS + 2 * ACCEPT_MS, DEADLINE_ACCEPT, false);
	story_alarm(&story);
	assert_due(&story, STORY_START_MS + RESOLVE_MS * 3 / 4,
	    DEADLINE_RESOLVE, true);
	story_alarm(&story);
	assert_due(
	    &story, STORY_START_MS + RESOLVE_MS, DEADLINE_RESOLVE, false);
	story_alarm(&story);
	assert_due(
	    &story, STORY_START_MS + 2 * RESOLVE_MS, DEADLINE_RESOLVE, false);
	story_alarm(&story);
	assert_quiet(&story);
}

static void lateness_goes_up_two_levels(void **state)
{
	struct story story = timed(NULL);

	(void)state;
	assert_int_equal(ticket_escalation(&story.ticket), 0);
	assert_int_equal(ticket_next_alarm(&story.ticket).step, 1);
	story_alarm(&story);
	assert_int_equal(ticket_escalation(&story.ticket), 1);
	assert_int_equal(ticket_next_alarm(&story.ticket).step, 2);
	story_alarm(&story);
	assert_int_equal(ticket_escalation(&story.ticket), 2);
}

static struct event extending(const struct story *story, int64_t by_ms)
{
	struct event event = story_event(story, VERB_EXTEND, STREET);

	event.what.text = "parts are on their way";
	event.what.resolve_by_ms = story->ticket.resolve_by_ms + by_ms;
	return event;
}

static void an_extension_gives_a_late_ticket_time_again(void **state)
{
	struct story story = timed(NULL);
	struct event event;

	(void)state;
	story_say(&story, VERB_ACCEPT);
	story_alarm(&story);
	story.now_ms = STORY_START_MS + RESOLVE_MS;
	story_alarm(&story);
	assert_true(story.ticket.flags & TICKET_LATE_RESOLVE);
	event = extending(&story, 24 * HOUR_MS);
	story_must(&story, &event);
	assert_false(story.ticket.flags & TICKET_LATE_RESOLVE);
	assert_int_equal(story.ticket.extensions, 1);
	assert_due(&story,
	    STORY_START_MS + RESOLVE_MS + 24 * HOUR_MS -
		(RESOLVE_MS + 24 * HOUR_MS) / 4,
	    DEADLINE_RESOLVE, true);
}

static void an_extension_into_the_past_changes_no_lateness(void **state)
{
	struct story story = timed(NULL);
	struct event event;

	(void)state;
	story_say(&story, VERB_ACCEPT);
	story_alarm(&story);
	story.now_ms = STORY_START_MS + 4 * RESOLVE_MS;
	story_alarm(&story);
	event = extending(&story, HOUR_MS);
	story_must(&story, &event);
	assert_true(story.ticket.flags & TICKET_LATE_RESOLVE);
}

static void an_extension_only_moves_on(void **state)
{
	struct story story = timed(NULL);
	struct event event = extending(&story, 0);

	(void)state;
	assert_int_equal(story_tell(&story, &event), ERR_INVALID);
	event = extending(&story, -1);
	assert_int_equal(story_tell(&story, &event), ERR_INVALID);
	assert_int_equal(story.ticket.extensions, 0);
}

static void the_clock_stands_still_while_suspended(void **state)
{
	struct story story = timed(NULL);
	struct event event;
	int64_t since_ms;

	(void)state;
	story_say(&story, VERB_ACCEPT);
	event = story_event(&story, VERB_SUSPEND, DISTRICT);
	event.what.text = "waits for the spring";
	since_ms = event.time_ms;
	story_must(&story, &event);
	assert_int_equal(story.ticket.state, STATE_SUSPENDED);
	assert_quiet(&story);

	story.now_ms = since_ms + 90 * INT64_C(24) * HOUR_MS;
	event = story_event(&story, VERB_RESUME, STREET);
	event.what.resolve_by_ms = STORY_START_MS + RESOLVE_MS;
	assert_int_equal(story_tell(&story, &event), ERR_INVALID);
	event.what.resolve_by_ms += 90 * INT64_C(24) * HOUR_MS;
	story_must(&story, &event);
	assert_int_equal(story.ticket.state, STATE_ACCEPTED);
	assert_int_equal(story.ticket.suspended_ms, 0);
	assert_due(&story,
	    STORY_START_MS + 90 * INT64_C(24) * HOUR_MS + RESOLVE_MS * 3 / 4,
	    DEADLINE_RESOLVE, true);
}

static void waiting_for_a_resident_is_remembered_for_a_round(void **state)
{
	struct story story = timed(NULL);
	struct event event;

	(void)state;
	story_say(&story, VERB_ACCEPT);
	event = story_event(&story, VERB_SUSPEND, STREET);
	event.what.text = "which house?";
	event.what.resident = true;
	event.what.until_ms = story.now_ms + 24 * HOUR_MS;
	story_must(&story, &event);
	assert_true(story.ticket.flags & TICKET_AWAITS);
	assert_int_equal(ticket_next_alarm(&story.ticket).verb, VERB_RESUME);
	event = story_event(&story, VERB_RESUME, STREET);
	event.what.resolve_by_ms =
	    ticket_resumed_by_ms(&story.ticket, event.time_ms);
	story_must(&story, &event);
	assert_int_equal(story.ticket.flags & (TICKET_AWAITS | TICKET_AWAITED),
	    TICKET_AWAITED);
	event = resolving(&story);
	story_must(&story, &event);
	event = sending(&story, VERB_REOPEN, story.ticket.origin.s,
	    story.ticket.resolver.s);
	story_must(&story, &event);
	assert_false(story.ticket.flags & TICKET_AWAITED);
}

static void a_suspended_ticket_goes_on_when_its_time_has_come(void **state)
{
	struct story story = timed(NULL);
	struct event event;

	(void)state;
	story_say(&story, VERB_ACCEPT);
	event = story_event(&story, VERB_SUSPEND, DISTRICT);
	event.what.text = "waits for the spring";
	event.what.until_ms = story.now_ms + 24 * HOUR_MS;
	story_must(&story, &event);
	assert_int_equal(ticket_next_alarm(&story.ticket).verb, VERB_RESUME);
	assert_int_equal(
	    ticket_next_alarm(&story.ticket).at_ms, event.what.until_ms);
	story.now_ms = event.what.until_ms;
	story_alarm(&story);
	assert_int_equal(story.ticket.state, STATE_ACCEPTED);
	assert_int_equal(story.ticket.until_ms, 0);
}

static void who_neither_accepts_nor_returns_has_accepted(void **state)
{
	struct story story = timed(NULL);
	struct event event = sending(&story, VERB_FORWARD, STREET, DISTRICT);

	(void)state;
	event.what.return_by_ms = story.now_ms + 24 * HOUR_MS;
	story_must(&story, &event);
	story_alarm(&story);
	story_alarm(&story);
	story_alarm(&story);
	assert_int_equal(ticket_next_alarm(&story.ticket).verb, VERB_ACCEPT);
	assert_int_equal(
	    ticket_next_alarm(&story.ticket).at_ms, event.what.return_by_ms);
	story_alarm(&story);
	assert_int_equal(story.ticket.state, STATE_ACCEPTED);
}

static void a_callout_has_to_check_in(void **state)
{
	struct story story = timed(ZJJ);

	(void)state;
	assert_due(
	    &story, STORY_START_MS + ACCEPT_MS, DEADLINE_CHECK_IN, false);
	story_say(&story, VERB_CHECK_IN);
	assert_due(&story, STORY_START_MS + RESOLVE_MS * 3 / 4,
	    DEADLINE_RESOLVE, true);
}

static void once_accepted_only_the_end_is_watched(void **state)
{
	struct story story = timed(NULL);

	(void)state;
	story_say(&story, VERB_ACCEPT);
	assert_due(&story, STORY_START_MS + RESOLVE_MS * 3 / 4,
	    DEADLINE_RESOLVE, true);
}

static void waiting_does_not_stop_the_clock(void **state)
{
	struct story story = timed(NULL);

	(void)state;
	story_whistle(&story, ZJJ);
	assert_due(&story, STORY_START_MS + RESOLVE_MS * 3 / 4,
	    DEADLINE_RESOLVE, true);
}

static void the_first_of_two_deadlines_comes_first(void **state)
{
	struct story story = timed(NULL);

	(void)state;
	story.ticket.accept_by_ms = STORY_START_MS + RESOLVE_MS * 7 / 8;
	assert_due(&story, STORY_START_MS + RESOLVE_MS * 3 / 4,
	    DEADLINE_RESOLVE, true);
	story_timer(&story, VERB_REMIND, DEADLINE_RESOLVE);
	assert_due(&story, STORY_START_MS + RESOLVE_MS * 7 / 8, DEADLINE_ACCEPT,
	    false);
}

static void nothing_is_due_once_it_is_resolved(void **state)
{
	struct story story = timed(NULL);

	(void)state;
	story_resolve(&story);
	assert_quiet(&story);
	story_rate(&story);
	assert_quiet(&story);
}

static void nothing_is_due_without_deadlines(void **state)
{
	struct story story = story_new();

	(void)state;
	memset(&story.ticket, 0xa5, sizeof(story.ticket));
	story.ticket.seq = 0;
	assert_quiet(&story);
	story = story_new();
	story_open(&story, GRID);
	assert_quiet(&story);
}

static void a_late_ticket_is_not_reminded_of_its_deadline(void **state)
{
	struct story story = timed(NULL);

	(void)state;
	story_say(&story, VERB_ACCEPT);
	story_timer(&story, VERB_SUPERVISE, DEADLINE_RESOLVE);
	assert_due(
	    &story, STORY_START_MS + 2 * RESOLVE_MS, DEADLINE_RESOLVE, false);
}

static void a_new_holder_has_its_own_time_to_accept(void **state)
{
	struct story story = timed(NULL);
	struct event event;
	int64_t accept_by_ms = STORY_START_MS + 2 * HOUR_MS;

	(void)state;
	story_timer(&story, VERB_SUPERVISE, DEADLINE_ACCEPT);
	event = sending(&story, VERB_FORWARD, STREET, DISTRICT);
	event.what.accept_by_ms = accept_by_ms;
	story_must(&story, &event);
	assert_due(&story, accept_by_ms, DEADLINE_ACCEPT, false);
}

static void a_new_round_is_reminded_within_its_own_time(void **state)
{
	struct story story = timed(NULL);
	struct event event;

	(void)state;
	story_resolve(&story);
	event = sending(&story, VERB_REOPEN, STREET, STREET);
	event.what.resolve_by_ms = story.now_ms + 4 * HOUR_MS;
	story_must(&story, &event);
	assert_due(&story, event.time_ms + 3 * HOUR_MS, DEADLINE_RESOLVE, true);
}

static void a_deadline_in_the_past_is_due_at_once(void **state)
{
	struct story story = story_new();
	struct event event = opening(&story, GRID);

	(void)state;
	event.what.resolve_by_ms = 1;
	story_must(&story, &event);
	assert_due(&story, 1, DEADLINE_RESOLVE, true);
	story_timer(&story, VERB_REMIND, DEADLINE_RESOLVE);
	assert_due(&story, 1, DEADLINE_RESOLVE, false);
}

static void the_last_possible_deadline_does_not_overflow(void **state)
{
	struct story story = story_new();
	struct event event = opening(&story, GRID);

	(void)state;
	event.time_ms = 4;
	event.what.resolve_by_ms = EVENT_TIME_MAX_MS;
	story_must(&story, &event);
	assert_due(&story, EVENT_TIME_MAX_MS - (EVENT_TIME_MAX_MS - 4) / 4,
	    DEADLINE_RESOLVE, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deadline_comes_once_each_in_its_time),
		cmocka_unit_test(lateness_goes_up_two_levels),
		cmocka_unit_test(an_extension_gives_a_late_ticket_time_again),
		cmocka_unit_test(
		    an_extension_into_the_past_changes_no_lateness),
		cmocka_unit_test(an_extension_only_moves_on),
		cmocka_unit_test(the_clock_stands_still_while_suspended),
		cmocka_unit_test(
		    waiting_for_a_resident_is_remembered_for_a_round),
		cmocka_unit_test(
		    a_suspended_ticket_goes_on_when_its_time_has_come),
		cmocka_unit_test(who_neither_accepts_nor_returns_has_accepted),
		cmocka_unit_test(a_callout_has_to_check_in),
		cmocka_unit_test(once_accepted_only_the_end_is_watched),
		cmocka_unit_test(waiting_does_not_stop_the_clock),
		cmocka_unit_test(the_first_of_two_deadlines_comes_first),
		cmocka_unit_test(nothing_is_due_once_it_is_resolved),
		cmocka_unit_test(nothing_is_due_without_deadlines),
		cmocka_unit_test(a_late_ticket_is_not_reminded_of_its_deadline),
		cmocka_unit_test(a_new_holder_has_its_own_time_to_accept),
		cmocka_unit_test(a_new_round_is_reminded_within_its_own_time),
		cmocka_unit_test(a_deadline_in_the_past_is_due_at_once),
		cmocka_unit_test(the_last_possible_deadline_does_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
