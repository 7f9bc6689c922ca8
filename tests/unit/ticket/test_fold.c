#include "fold_cases.h"

/* ---- each verb ---- */

static void opening_fills_the_ticket(void **state)
{
	static const uint8_t hash[HASH_BYTES] = { 3 };
	struct story story = story_new();
	struct event event = opening(&story, GRID);

	(void)state;
	memset(&story.ticket, 0xa5, sizeof(story.ticket));
	story.ticket.seq = 0; /* all that says that there is no ticket */
	event.what.item = "road.lamp";
	event.what.place = code(COMMUNITY);
	event.what.urgent = event.what.callback = true;
	event.what.accept_by_ms = story.now_ms + 1;
	event.what.resolve_by_ms = story.now_ms + 2;
	event.what.contact_hash = bytes_of(hash, sizeof(hash));
	event.prev = (struct hash){ { 0 } };
	story_must(&story, &event);

	assert_int_equal(story.ticket.seq, 1);
	assert_int_equal(story.ticket.term, 1);
	assert_int_equal(story.ticket.state, STATE_OPEN);
	assert_int_equal(story.ticket.kind, KIND_APPEAL);
	assert_int_equal(story.ticket.source, SOURCE_PATROL);
	assert_int_equal(story.ticket.flags,
	    TICKET_URGENT | TICKET_CALLBACK | TICKET_HAS_CONTACT);
	assert_unit(story.ticket.origin, GRID);
	assert_unit(story.ticket.holder, GRID);
	assert_unit(story.ticket.sender, "");
	assert_unit(story.ticket.place, COMMUNITY);
	assert_string_equal(story.ticket.item, "road.lamp");
	assert_int_equal(story.ticket.opened_ms, event.time_ms);
	assert_int_equal(story.ticket.custody_ms, event.time_ms);
	assert_int_equal(story.ticket.updated_ms, event.time_ms);
	assert_int_equal(story.ticket.accept_by_ms, event.time_ms + 1);
	assert_int_equal(story.ticket.resolve_by_ms, event.time_ms + 2);
	assert_int_equal(story.ticket.stay_count, 1);
	assert_int_equal(story.ticket.stays[0].visits, 1);
	assert_int_equal(story.ticket.callout_count, 0);
	assert_int_equal(story.ticket.accepted_ms, 0);
}

static void a_callout_begins_at_its_department(void **state)
{
	struct story story = story_new();
	struct event event = calling(&story, STREET, ZJJ);

	(void)state;
	event.what.lead = true;
	story_must(&story, &event);

	assert_int_equal(story.ticket.kind, KIND_CALLOUT);
	assert_int_equal(story.ticket.flags, TICKET_IS_LEAD);
	assert_unit(story.ticket.origin, STREET);
	assert_unit(story.ticket.holder, ZJJ);
	assert_unit(story.ticket.sender, STREET);
	assert_int_equal(story.ticket.stay_count, 2);
	assert_unit(story.ticket.stays[0].unit, STREET);
	assert_int_equal(story.ticket.stays[0].visits, 0);
	assert_int_equal(story.ticket.stays[1].visits, 1);
}

static void forwarding_gives_custody_and_new_times(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_say(&story, VERB_ACCEPT);
	story.ticket.flags |= TICKET_LATE_ACCEPT;
	event = sending(&story, VERB_FORWARD, GRID, COMMUNITY);
	event.what.accept_by_ms = story.now_ms + HOUR_MS;
	event.what.resolve_by_ms = story.now_ms + 2 * HOUR_MS;
	event.what.item = "noise";
	event.what.place = code(COMMUNITY);
	story_must(&story, &event);

	assert_int_equal(story.ticket.state, STATE_OPEN);
	assert_unit(story.ticket.holder, COMMUNITY);
	assert_unit(story.ticket.sender, GRID);
	assert_unit(story.ticket.origin, GRID);
	assert_unit(story.ticket.place, COMMUNITY);
	assert_string_equal(story.ticket.item, "noise");
	assert_int_equal(story.ticket.accepted_ms, 0);
	assert_int_equal(story.ticket.custody_ms, event.time_ms);
	assert_int_equal(story.ticket.accept_by_ms, event.what.accept_by_ms);
	assert_int_equal(story.ticket.resolve_by_ms, event.what.resolve_by_ms);
	assert_int_equal(story.ticket.stay_count, 2);
	assert_false(is_flag(&story, TICKET_LATE_ACCEPT));
}

static void forwarding_keeps_what_it_does_not_name(void **state)
{
	struct story story = story_new();
	struct event event = opening(&story, GRID);

	(void)state;
	event.what.item = "a-long-item-code";
	event.what.place = code(GRID);
	event.what.accept_by_ms = story.now_ms + HOUR_MS;
	event.what.resolve_by_ms = story.now_ms + HOUR_MS;
	story_must(&story, &event);
	story.ticket.flags |= TICKET_LATE_RESOLVE;
	story_send(&story, VERB_FORWARD, COMMUNITY);

	assert_string_equal(story.ticket.item, "a-long-item-code");
	assert_unit(story.ticket.place, GRID);
	assert_int_equal(story.ticket.accept_by_ms, 0);
	assert_int_equal(story.ticket.resolve_by_ms, event.what.resolve_by_ms);
	assert_true(is_flag(&story, TICKET_LATE_RESOLVE));
}

/* A shorter code leaves nothing of the longer one behind it: two nodes that
 * fold the same log have the same bytes. */
static void a_new_item_replaces_every_byte(void **state)
{
	static const char tail[ITEM_CODE_MAX - 2];
	struct story story = story_new();
	struct event event = opening(&story, GRID);

	(void)state;
	event.what.item = "a-long-item-code";
	story_must(&story, &event);
	event = sending(&story, VERB_FORWARD, GRID, COMMUNITY);
	event.what.item = "ab";
	story_must(&story, &event);

	assert_memory_equal(story.ticket.item, "ab", 2);
	assert_memory_equal(story.ticket.item + 2, tail, sizeof(tail));
}

static void another_deadline_has_not_been_missed_yet(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story.ticket.resolve_by_ms = story.now_ms;
	story.ticket.flags |= TICKET_LATE_RESOLVE | TICKET_WARNED_RESOLVE;
	event = sending(&story, VERB_FORWARD, GRID, COMMUNITY);
	event.what.resolve_by_ms = story.now_ms;
	story_must(&story, &event);
	assert_true(is_flag(&story, TICKET_LATE_RESOLVE)); /* the same one */

	event = sending(&story, VERB_FORWARD, COMMUNITY, STREET);
	event.what.resolve_by_ms = story.now_ms + HOUR_MS;
	story_must(&story, &event);
	assert_false(is_flag(&story, TICKET_LATE_RESOLVE));
	assert_false(is_flag(&story, TICKET_WARNED_RESOLVE));
}

static void accepting_notes_the_time_and_may_name_the_item(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	event = story_event(&story, VERB_ACCEPT, GRID);
	event.what.item = "road.lamp";
	event.what.resolve_by_ms = story.now_ms + HOUR_MS;
	story_must(&story, &event);

	assert_int_equal(story.ticket.state, STATE_ACCEPTED);
	assert_int_equal(story.ticket.accepted_ms, event.time_ms);
	assert_string_equal(story.ticket.item, "road.lamp");
	assert_int_equal(story.ticket.resolve_by_ms, event.what.resolve_by_ms);
}

static void returning_goes_back_and_is_remembered(void **state)
{
	struct story story = story_new();

	(void)state;
	story_open(&story, GRID);
	story_send(&story, VERB_FORWARD, COMMUNITY);
	story_say(&story, VERB_ACCEPT);
	story_send(&story, VERB_RETURN, GRID);

	assert_int_equal(story.ticket.state, STATE_OPEN);
	assert_unit(story.ticket.holder, GRID);
	assert_unit(story.ticket.sender, COMMUNITY);
	assert_int_equal(story.ticket.returns, 1);
	assert_int_equal(story.ticket.accepted_ms, 0);
	assert_true(is_flag(&story, TICKET_WAS_RETURNED));
	assert_int_equal(story.ticket.stays[0].visits, 2);
	assert_int_equal(story.ticket.stays[0].returns, 0);
	assert_int_equal(story.ticket.stays[1].returns, 1);
}

static void whistling_waits_for_the_departments(void **state)
{
	static const char *const departments[] = { ZJJ, CGJ };
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, STREET);
	event = whistling(&story, 2, departments);
	story_must(&story, &event);

	assert_int_equal(story.ticket.state, STATE_WAITING);
	assert_int_equal(story.ticket.colour, COLOUR_YELLOW);
	assert_int_equal(story.ticket.accepted_ms, event.time_ms);
	assert_int_equal(story.ticket.callout_count, 2);
	assert_unit(story.ticket.callouts[0].department, ZJJ);
	assert_true(story.ticket.callouts[0].lead);
	assert_unit(story.ticket.callouts[1].department, CGJ);
	assert_false(story.ticket.callouts[1].lead);
	assert_unit(story.ticket.holder, STREET);
}

static void further_departments_are_added_behind(void **state)
{
	struct story story = story_new();
	int64_t accepted_ms;

	(void)state;
	story_open(&story, STREET);
	story_whistle(&story, ZJJ);
	accepted_ms = story.ticket.accepted_ms;
	story_whistle(&story, CGJ);
	assert_int_equal(story.ticket.callout_count, 2);
	assert_unit(story.ticket.callouts[1].department, CGJ);
	assert_int_equal(story.ticket.accepted_ms, accepted_ms);
	story_say(&story, VERB_RESUME);
	assert_int_equal(story.ticket.state, STATE_ACCEPTED);
}

/* Nobody waits for those of the whistle before, wherever they are. */
static void a_whistle_after_the_wait_is_over_waits_for_its_own(void **state)
{
	struct story story = story_new();

	(void)state;
	story_open(&story, STREET);
	story_whistle(&story, ZJJ);
	story_whistle(&story, CGJ);
	assert_int_equal(story.ticket.callouts_over, 0);
	story_say(&story, VERB_RESUME);
	story_whistle(&story, ZJJ);
	assert_int_equal(story.ticket.callout_count, 3);
	assert_int_equal(story.ticket.callouts_over, 2);
}

static void resolving_sends_it_home(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_send(&story, VERB_FORWARD, COMMUNITY);
	story_say(&story, VERB_ACCEPT);
	event = resolving(&story);
	story_must(&story, &event);

	assert_int_equal(story.ticket.state, STATE_RESOLVED);
	assert_unit(story.ticket.resolver, COMMUNITY);
	assert_unit(story.ticket.holder, GRID);
	assert_int_equal(story.ticket.outcome, OUTCOME_SOLVED);
	assert_int_equal(story.ticket.channel, CHANNEL_GOVERNMENT);
	assert_int_equal(story.ticket.resolved_ms, event.time_ms);
	assert_true(story.ticket.accepted_ms < event.time_ms);
	assert_int_equal(story.ticket.stays[0].visits, 2);
}

static void resolving_at_once_implies_acceptance(void **state)
{
	struct story story = story_new();

	(void)state;
	story_open(&story, GRID);
	story_resolve(&story);

	assert_int_equal(story.ticket.state, STATE_RESOLVED);
	assert_unit(story.ticket.resolver, GRID);
	assert_unit(story.ticket.holder, GRID);
	assert_int_equal(story.ticket.accepted_ms, story.ticket.resolved_ms);
	assert_int_equal(story.ticket.stays[0].visits, 1);
}

static void rating_closes(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_resolve(&story);
	event = rating(&story);
	event.what.responded = false;
	event.what.satisfaction = SATISFACTION_DISSATISFIED;
	story_must(&story, &event);

	assert_int_equal(story.ticket.state, STATE_CLOSED);
	assert_int_equal(story.ticket.closed_ms, event.time_ms);
	assert_int_equal(story.ticket.rating.is_given, 1);
	assert_int_equal(story.ticket.rating.responded, 0);
	assert_int_equal(story.ticket.rating.resolved, 1);
	assert_int_equal(
	    story.ticket.rating.satisfaction, SATISFACTION_DISSATISFIED);
}

static void reopening_starts_a_new_round(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_send(&story, VERB_FORWARD, COMMUNITY);
	story_resolve(&story);
	story.ticket.flags |=
	    TICKET_LATE_RESOLVE | TICKET_WARNED_RESOLVE | TICKET_LATE_ACCEPT;
	event = sending(&story, VERB_REOPEN, GRID, COMMUNITY);
	event.what.resolve_by_ms = story.now_ms + HOUR_MS;
	story_must(&story, &event);

	assert_int_equal(story.ticket.state, STATE_OPEN);
	assert_int_equal(story.ticket.reopens, 1);
	assert_int_equal(story.ticket.flags, 0);
	assert_unit(story.ticket.holder, COMMUNITY);
	assert_unit(story.ticket.sender, GRID);
	assert_unit(story.ticket.resolver, COMMUNITY);
	assert_int_equal(story.ticket.outcome, OUTCOME_NONE);
	assert_int_equal(story.ticket.resolved_ms, 0);
	assert_int_equal(story.ticket.accepted_ms, 0);
	assert_int_equal(story.ticket.accept_by_ms, 0);
	assert_int_equal(story.ticket.resolve_by_ms, event.what.resolve_by_ms);
	assert_int_equal(story.ticket.rating.is_given, 0);
}

static void the_second_reopening_goes_higher(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	story_send(&story, VERB_FORWARD, COMMUNITY);
	story_resolve(&story);
	event = sending(&story, VERB_REOPEN, GRID, STREET);
	assert_refused(&story, &event); /* not the first time */
	story_send(&story, VERB_REOPEN, COMMUNITY);
	story_resolve(&story);
	story_send(&story, VERB_REOPEN, STREET);
	assert_unit(story.ticket.holder, STREET);
	assert_int_equal(story.ticket.reopens, 2);
}

static void a_timer_marks_its_deadline_and_nothing_else(void **state)
{
	static const struct {
		enum verb verb;
		enum deadline deadline;
		uint32_t flag;
	} rows[] = {
		{ VERB_SUPERVISE, DEADLINE_ACCEPT, TICKET_LATE_ACCEPT },
		{ VERB_SUPERVISE, DEADLINE_CHECK_IN, TICKET_LATE_ACCEPT },
		{ VERB_SUPERVISE, DEADLINE_RESOLVE, TICKET_LATE_RESOLVE },
		{ VERB_REMIND, DEADLINE_RESOLVE, TICKET_WARNED_RESOLVE },
		{ VERB_REMIND, DEADLINE_ACCEPT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct story story = story_new();

		story_open(&story, GRID);
		story_timer(&story, rows[i].verb, rows[i].deadline);
		assert_int_equal(story.ticket.flags, rows[i].flag);
		assert_int_equal(story.ticket.state, STATE_OPEN);
		assert_unit(story.ticket.holder, GRID);
	}
}

static void words_of_pressure_mark_no_deadline(void **state)
{
	struct story story = story_new();
	struct event event;

	(void)state;
	story_open(&story, GRID);
	event = story_event(&story, VERB_SUPERVISE, CITY);
	event.what.text = "please hurry";
	story_must(&story, &event);
	assert_int_equal(story.ticket.flags, 0);
}

static void a_note_changes_only_the_log(void **state)
{
	struct story story = story_new();
	struct ticket before;

	(void)state;
	story_open(&story, GRID);
	before = story.ticket;
	story_say(&story, VERB_NOTE);
	before.seq = 2;
	before.last = story.ticket.last;
	before.updated_ms = story.ticket.updated_ms;
	assert_memory_equal(&before, &story.ticket, sizeof(before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_fills_the_ticket),
		cmocka_unit_test(a_callout_begins_at_its_department),
		cmocka_unit_test(forwarding_gives_custody_and_new_times),
		cmocka_unit_test(forwarding_keeps_what_it_does_not_name),
		cmocka_unit_test(a_new_item_replaces_every_byte),
		cmocka_unit_test(another_deadline_has_not_been_missed_yet),
		cmocka_unit_test(
		    accepting_notes_the_time_and_may_name_the_item),
		cmocka_unit_test(returning_goes_back_and_is_remembered),
		cmocka_unit_test(whistling_waits_for_the_departments),
		cmocka_unit_test(further_departments_are_added_behind),
		cmocka_unit_test(
		    a_whistle_after_the_wait_is_over_waits_for_its_own),
		cmocka_unit_test(resolving_sends_it_home),
		cmocka_unit_test(resolving_at_once_implies_acceptance),
		cmocka_unit_test(rating_closes),
		cmocka_unit_test(reopening_starts_a_new_round),
		cmocka_unit_test(the_second_reopening_goes_higher),
		cmocka_unit_test(a_timer_marks_its_deadline_and_nothing_else),
		cmocka_unit_test(words_of_pressure_mark_no_deadline),
		cmocka_unit_test(a_note_changes_only_the_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
