/* Where a ticket may go, whom a whistle may call, and how much of it fits. */
#include "law_cases.h"

/* ---- where it may go ---- */

static void each_way_needs_its_power(void **state)
{
	static const struct {
		enum target target;
		uint64_t powers;
		enum refusal refusal;
	} rows[] = {
		{ TARGET_PARENT, POWER(FORWARD_UP), REFUSAL_NONE },
		{ TARGET_PARENT, ~POWER(FORWARD_UP), REFUSAL_NO_POWER },
		{ TARGET_BELOW, POWER(DISPATCH), REFUSAL_NONE },
		{ TARGET_BELOW, ~POWER(DISPATCH), REFUSAL_NO_POWER },
		{ TARGET_DEPARTMENT, POWER(DISPATCH), REFUSAL_NONE },
		{ TARGET_DEPARTMENT, ~POWER(DISPATCH), REFUSAL_NO_POWER },
		{ TARGET_NONE, UINT64_MAX, REFUSAL_BAD_TARGET },
		{ TARGET_SELF, UINT64_MAX, REFUSAL_BAD_TARGET },
		{ TARGET_NONE, 0, REFUSAL_NO_POWER },
		{ (enum target)99, UINT64_MAX, REFUSAL_BAD_TARGET },
	};
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct law_question question =
		    question_of(VERB_FORWARD, BY_HOLDER);

		question.target = rows[i].target;
		question.powers = rows[i].powers;
		assert_int_equal(ask(&ticket, &question), rows[i].refusal);
	}
}

static void refuses_to_forward_to_nobody_or_to_the_holder(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_FORWARD, BY_HOLDER);

	(void)state;
	question.to = (struct unit_code){ { 0 } };
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_TARGET);
	question.to = ticket.holder;
	question.target = TARGET_PARENT;
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_TARGET);
}

static void no_ticket_visits_a_unit_twice_by_dispatch(void **state)
{
	struct ticket ticket = ticket_in(STATE_ACCEPTED, KIND_APPEAL);
	struct law_question question = question_of(VERB_FORWARD, BY_HOLDER);

	(void)state;
	question.to = code(STREET); /* the origin counts as visited */
	question.target = TARGET_BELOW;
	assert_int_equal(ask(&ticket, &question), REFUSAL_VISITED);
	question.target = TARGET_DEPARTMENT;
	assert_int_equal(ask(&ticket, &question), REFUSAL_VISITED);
	question.target = TARGET_PARENT; /* help may always be asked for */
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void who_called_may_call_another_when_one_gave_back(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_CALLOUT);
	struct law_question question = question_of(VERB_FORWARD, BY_HOLDER);

	(void)state;
	question.powers = POWER(WHISTLE_OUT);
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_POWER);
	ticket.holder = ticket.origin;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_POWER);
	ticket.flags |= TICKET_WAS_RETURNED;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.to = code(ZJJ); /* not the one that gave it back */
	assert_int_equal(ask(&ticket, &question), REFUSAL_VISITED);
	question.target = TARGET_BELOW;
	question.to = code(COMMUNITY);
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_POWER);
}

static void returns_only_to_a_sender(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_RETURN, BY_HOLDER);

	(void)state;
	ticket.holder = ticket.origin; /* its sender gave it back */
	ticket.sender = code(ZJJ);
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_SENDER);
	ticket.holder = code(ZJJ);
	ticket.sender = (struct unit_code){ { 0 } };
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_SENDER);
}

static void after_enough_returns_the_unit_keeps_it(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_RETURN, BY_HOLDER);

	(void)state;
	ticket.returns = 1;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	ticket.returns = 2;
	assert_int_equal(ask(&ticket, &question), REFUSAL_RETURNS_USED);
	ticket.returns = 255;
	question.returns_max = 1000;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
	ticket.returns = 0;
	question.returns_max = 0;
	assert_int_equal(ask(&ticket, &question), REFUSAL_RETURNS_USED);
}

static void reopens_to_the_resolver_then_above_it(void **state)
{
	struct ticket ticket = ticket_in(STATE_RESOLVED, KIND_APPEAL);
	struct unit_code above = code(DISTRICT);

	(void)state;
	assert_string_equal(law_reopen_to(&ticket, &above)->s, ZJJ);
	ticket.reopens = 1;
	assert_string_equal(law_reopen_to(&ticket, &above)->s, DISTRICT);
	assert_string_equal(law_reopen_to(&ticket, NULL)->s, ZJJ);
}

static void refuses_to_reopen_to_nobody(void **state)
{
	struct ticket ticket = ticket_in(STATE_RESOLVED, KIND_APPEAL);
	struct law_question question =
	    question_of(VERB_REOPEN, BY_HOLDER | BY_ORIGIN);

	(void)state;
	question.to = (struct unit_code){ { 0 } };
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_TARGET);
	question.to = ticket.resolver;
	ticket.reopens = UINT8_MAX;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
}

/* ---- the whistle ---- */

static struct law_question calls(size_t count, const struct callout *callouts)
{
	struct law_question question = question_of(VERB_WHISTLE, BY_HOLDER);

	question.callouts = callouts;
	question.callouts_asked = count;
	return question;
}

static void calls_each_department_once(void **state)
{
	const struct callout twice[] = { { .department = code(CGJ) },
		{ .department = code(ZJJ) }, { .department = code(CGJ) } };
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = calls(3, twice);

	(void)state;
	assert_int_equal(ask(&ticket, &question), REFUSAL_CALLED_ALREADY);
	question = calls(2, twice);
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	ticket.state = STATE_WAITING;
	ticket.callout_count = 1;
	ticket.callouts[0] = twice[1];
	assert_int_equal(ask(&ticket, &question), REFUSAL_CALLED_ALREADY);
}

/* As when the origin reopened it, and the department must come again. */
static void calls_a_department_again_when_all_callouts_ended(void **state)
{
	const struct callout again[] = { { .department = code(CGJ) } };
	struct ticket ticket = ticket_in(STATE_ACCEPTED, KIND_APPEAL);
	struct law_question question = calls(1, again);

	(void)state;
	ticket.callout_count = 1;
	ticket.callouts[0] = again[0];
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void calls_no_more_than_the_ticket_can_hold(void **state)
{
	struct callout many[TICKET_CALLOUTS_MAX + 1];
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = calls(TICKET_CALLOUTS_MAX, many);

	(void)state;
	for (size_t i = 0; i < TICKET_CALLOUTS_MAX + 1; i++) {
		char text[UNIT_CODE_MAX];

		snprintf(text, sizeof(text), "420704-d%u", (unsigned)i);
		many[i] = (struct callout){ .department = code(text) };
	}
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.callouts_asked++;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
	question.callouts_asked = SIZE_MAX;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
	question.callouts_asked = 1;
	ticket.callout_count = TICKET_CALLOUTS_MAX;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
}

static void calls_departments_and_nobody_else(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_WHISTLE, BY_HOLDER);

	(void)state;
	question.target = TARGET_NONE;
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_TARGET);
	question = calls(0, question.callouts);
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_FIELD);
	question = calls(1, NULL);
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_FIELD);
}

/* ---- limits ---- */

static void goes_to_no_more_units_than_it_can_remember(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_FORWARD, BY_HOLDER);

	(void)state;
	ticket.stay_count = TICKET_UNITS_MAX;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
	question.target = TARGET_PARENT;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
	question.to = code(STREET); /* has been there */
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.verb = VERB_RETURN;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void a_ticket_full_of_notes_can_still_be_finished(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question note = question_of(VERB_NOTE, BY_HOLDER);
	struct law_question resolve = question_of(VERB_RESOLVE, BY_HOLDER);

	(void)state;
	ticket.seq = TICKET_EVENTS_MAX - LAW_EVENTS_RESERVED - 1;
	assert_int_equal(ask(&ticket, &note), REFUSAL_NONE);
	ticket.seq++;
	assert_int_equal(ask(&ticket, &note), REFUSAL_TOO_MANY);
	assert_int_equal(ask(&ticket, &resolve), REFUSAL_NONE);
	ticket.seq = TICKET_EVENTS_MAX;
	assert_int_equal(ask(&ticket, &resolve), REFUSAL_TOO_MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_needs_its_power),
		cmocka_unit_test(refuses_to_forward_to_nobody_or_to_the_holder),
		cmocka_unit_test(no_ticket_visits_a_unit_twice_by_dispatch),
		cmocka_unit_test(
		    who_called_may_call_another_when_one_gave_back),
		cmocka_unit_test(returns_only_to_a_sender),
		cmocka_unit_test(after_enough_returns_the_unit_keeps_it),
		cmocka_unit_test(reopens_to_the_resolver_then_above_it),
		cmocka_unit_test(refuses_to_reopen_to_nobody),
		cmocka_unit_test(calls_each_department_once),
		cmocka_unit_test(
		    calls_a_department_again_when_all_callouts_ended),
		cmocka_unit_test(calls_no_more_than_the_ticket_can_hold),
		cmocka_unit_test(calls_departments_and_nobody_else),
		cmocka_unit_test(goes_to_no_more_units_than_it_can_remember),
		cmocka_unit_test(a_ticket_full_of_notes_can_still_be_finished),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
