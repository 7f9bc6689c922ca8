#include "wander.h"

enum { WALKS = 3000, STEPS_MAX = 300 };

static void check_stays(const struct ticket *ticket)
{
	assert_in_range(ticket->stay_count, 1, TICKET_UNITS_MAX);
	assert_true(code_equal(&ticket->stays[0].unit, &ticket->origin));
	assert_non_null(ticket_stay(ticket, &ticket->holder));
	for (size_t i = 0; i < ticket->stay_count; i++) {
		assert_false(code_is_empty(&ticket->stays[i].unit));
		assert_ptr_equal(ticket_stay(ticket, &ticket->stays[i].unit),
		    &ticket->stays[i]);
	}
}

/* True of every ticket at any time. */
static void check_ticket(const struct ticket *ticket)
{
	check_stays(ticket);
	assert_in_range(ticket->state, STATE_OPEN, STATE_COUNT - 1);
	assert_in_range(ticket->callout_count, 0, TICKET_CALLOUTS_MAX);
	assert_int_equal(ticket->term, 1);
	assert_int_equal(
	    ticket->rating.is_given, ticket->state == STATE_CLOSED);
	assert_int_equal(ticket->closed_ms != 0,
	    ticket->state == STATE_CLOSED || ticket->state == STATE_EXCLUDED);
	assert_int_equal(
	    ticket->suspended_ms != 0, ticket->state == STATE_SUSPENDED);
	assert_int_equal(ticket->outcome != OUTCOME_NONE,
	    ticket->state == STATE_RESOLVED || ticket->state == STATE_CLOSED);
	/* what ended otherwise may have been accepted, or not */
	if (ticket->state != STATE_EXCLUDED && ticket->state != STATE_MERGED)
		assert_int_equal(
		    ticket->accepted_ms == 0, ticket->state == STATE_OPEN);
	if (ticket->state == STATE_RESOLVED || ticket->state == STATE_CLOSED)
		assert_true(code_equal(&ticket->holder, &ticket->origin));
	if (ticket->kind == KIND_CALLOUT)
		assert_int_equal(ticket->callout_count, 0);
	if (ticket->state == STATE_WAITING)
		assert_true(ticket->callout_count > 0);
}

/* True of every step: no gap, and the right to write moves only by a verb
 * that says so. */
static void check_step(const struct ticket *before, const struct ticket *after,
    const struct event *event)
{
	bool moves = event->verb == VERB_OPEN || event->verb == VERB_FORWARD ||
		     event->verb == VERB_RETURN ||
		     event->verb == VERB_RESOLVE ||
		     event->verb == VERB_REOPEN || event->verb == VERB_RULE ||
		     event->verb == VERB_TAKE_OVER;

	assert_int_equal(after->seq, before->seq + 1);
	assert_int_equal(after->updated_ms, event->time_ms);
	if (before->seq > 0) {
		assert_true(code_equal(&before->origin, &after->origin));
		assert_true(after->stay_count >= before->stay_count);
		assert_memory_equal(before->callouts, after->callouts,
		    before->callout_count * sizeof(before->callouts[0]));
	}
	if (moves)
		assert_true(code_is_empty(&event->what.to) ||
			    code_equal(&after->holder, &event->what.to));
	else
		assert_true(code_equal(&before->holder, &after->holder));
}

static void what_the_law_allows_the_fold_takes(void **state)
{
	unsigned ends = 0, longest = 0;

	(void)state;
	for (uint64_t walk = 1; walk <= WALKS; walk++) {
		struct story story = story_new();
		struct event event;

		story.random = walk * 2654435761u;
		for (int i = 0; i < STEPS_MAX && wander_next(&event, &story);
		     i++) {
			struct ticket before = story.ticket;

			story_must(&story, &event);
			check_step(&before, &story.ticket, &event);
			check_ticket(&story.ticket);
		}
		ends += story.ticket.state == STATE_CLOSED;
		if (story.ticket.seq > longest)
			longest = story.ticket.seq;
	}
	/* The walks have seen something. */
	assert_true(ends > WALKS / 4);
	assert_true(longest > 100);
}

/* A copy of the log makes the same ticket, byte for byte. */
static void the_same_log_makes_the_same_ticket(void **state)
{
	(void)state;
	for (uint64_t walk = 1; walk <= 300; walk++) {
		struct story story = story_new();
		struct story copy = story_new();
		struct event event;

		memset(&copy.ticket, 0x5a, sizeof(copy.ticket));
		copy.ticket.seq = 0;
		story.random = walk * 40503u;
		for (int i = 0; i < 60 && wander_next(&event, &story); i++) {
			story_must(&story, &event);
			assert_int_equal(story_tell(&copy, &event), 0);
		}
		assert_memory_equal(
		    &story.ticket, &copy.ticket, sizeof(story.ticket));
	}
}

/* One thing made wrong in a right event. */
static void spoil(struct event *event, uint64_t how)
{
	switch (how) {
	case 0:
		event->seq++;
		break;
	case 1:
		event->seq--;
		break;
	case 2:
		/* a take-over may begin the next term, but not the one after */
		event->term = event->verb == VERB_TAKE_OVER ? 3 : 2;
		break;
	case 3:
		event->prev.b[7] ^= 0x10;
		break;
	case 4:
		event->ticket = (struct id){ { 0 } };
		break;
	case 5:
		event->time_ms = -event->time_ms;
		break;
	case 6:
		event->unit = code("");
		break;
	case 7:
		event->verb = VERB_NONE;
		break;
	default:
		event->verb = (enum verb)(VERB_COUNT + how);
		break;
	}
}

static void a_spoilt_event_changes_nothing(void **state)
{
	(void)state;
	for (uint64_t walk = 1; walk <= 300; walk++) {
		struct story story = story_new();
		struct event event;

		story.random = walk * 69069u;
		for (int i = 0; i < 40 && wander_next(&event, &story); i++) {
			for (uint64_t how = 0; how < 10; how++) {
				struct event spoilt = event;
				struct ticket before = story.ticket;

				spoil(&spoilt, how);
				assert_int_equal(
				    story_tell(&story, &spoilt), ERR_INVALID);
				assert_memory_equal(
				    &before, &story.ticket, sizeof(before));
			}
			story_must(&story, &event);
		}
	}
}

/* Any verb at any time with any particulars, past the law: whatever the
 * fold takes, the ticket stays whole. */
static void a_hostile_log_never_breaks_a_ticket(void **state)
{
	unsigned taken = 0, refused = 0;

	(void)state;
	for (uint64_t walk = 1; walk <= WALKS; walk++) {
		struct story story = story_new();

		story.random = walk * 7046029u;
		for (int i = 0; i < 150; i++) {
			struct ticket before = story.ticket;
			enum verb verb =
			    (enum verb)story_random(&story, VERB_COUNT);
			struct event event = wander_event(&story, verb);

			if ((verb == VERB_EXCLUDE || verb == VERB_MERGE) &&
			    story_random(&story, 8) != 0)
				continue; /* would end it too soon */
			if (story_random(&story, 8) == 0)
				event.what.to =
				    code(story_coin(&story) ? "" : CITY);
			if (story_tell(&story, &event) == 0) {
				check_step(&before, &story.ticket, &event);
				check_ticket(&story.ticket);
				taken++;
				continue;
			}
			refused++;
			assert_memory_equal(
			    &before, &story.ticket, sizeof(before));
		}
	}
	assert_true(taken > WALKS * 10 && refused > WALKS * 10);
}

/* Whatever was done before, the timer falls silent. */
static void every_deadline_fires_once(void **state)
{
	(void)state;
	for (uint64_t walk = 1; walk <= WALKS; walk++) {
		struct story story = story_new();
		struct event event;
		int fired = 0;

		story.random = walk * 22695477u;
		for (uint64_t i = 0; i < walk % 40; i++)
			if (wander_next(&event, &story))
				story_must(&story, &event);
		while (ticket_next_alarm(&story.ticket).at_ms > 0) {
			story_alarm(&story);
			assert_in_range(++fired, 1, 7);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_law_allows_the_fold_takes),
		cmocka_unit_test(the_same_log_makes_the_same_ticket),
		cmocka_unit_test(a_spoilt_event_changes_nothing),
		cmocka_unit_test(a_hostile_log_never_breaks_a_ticket),
		cmocka_unit_test(every_deadline_fires_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
