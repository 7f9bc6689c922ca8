/* Why the law refuses, and when it does not any more. */
#include "law_cases.h"

static void asks_the_role_of_a_person_only(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_ACCEPT, BY_HOLDER);

	(void)state;
	question.role = ROLE_HOTLINE;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_ROLE);
	question.role = ROLE_ENGINEER;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_ROLE);
	question.role = (enum role)99;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_ROLE);
	question.role = ROLE_NONE; /* the autopilot */
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void the_engine_must_act_as_holder_timer_or_engine(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_NOTE, BY_ABOVE);

	(void)state;
	question.role = ROLE_NONE;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_ROLE);
	question.by = BY_STAYED | BY_ORIGIN;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_ROLE);
}

/* Withdrawn by one caller, it would end for the others as well. */
static void a_followed_ticket_is_withdrawn_by_nobody_below(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_EXCLUDE, BY_ORIGIN);

	(void)state;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.is_followed = true;
	assert_int_equal(ask(&ticket, &question), REFUSAL_FOLLOWED);
	question.by = BY_ORIGIN | BY_ABOVE;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	ticket = ticket_in(STATE_MERGED, KIND_APPEAL);
	question.by = BY_ORIGIN | BY_HOLDER | BY_ENGINE;
	question.role = ROLE_NONE;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void no_person_is_the_timer_or_the_engine(void **state)
{
	struct ticket ticket = ticket_in(STATE_WAITING, KIND_APPEAL);
	struct law_question question = question_of(VERB_RESUME, BY_ENGINE);

	(void)state;
	question.role = ROLE_SUPERVISOR;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_INVOLVED);
	question.verb = VERB_SUPERVISE;
	question.powers = ~POWER(CALLER);
	question.by = BY_TIMER | BY_HOLDER;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_ABOVE);
	question.verb = VERB_OPEN;
	question.powers = 0;
	question.by = BY_ENGINE;
	assert_int_equal(ask(NULL, &question), REFUSAL_NO_POWER);
}

static void tells_who_is_missing(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_ACCEPT, BY_ABOVE);

	(void)state;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_HOLDER);
	question.verb = VERB_NOTE;
	question.by = 0;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_INVOLVED);
	ticket = ticket_in(STATE_RESOLVED, KIND_APPEAL);
	question.verb = VERB_RATE;
	question.by = BY_HOLDER;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_ORIGIN);
	question.by = BY_ORIGIN;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_HOLDER);
}

/* The first reason is the one that a clerk can do something about. */
static void gives_reasons_in_their_order(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = {
		.verb = VERB_FORWARD,
		.role = ROLE_CLERK,
		.target = TARGET_DEPARTMENT,
		.to = code(STREET),
	};

	(void)state;
	ticket.seq = TICKET_EVENTS_MAX;
	question.role = ROLE_ENGINEER;
	assert_int_equal(ask(NULL, &question), REFUSAL_UNKNOWN_TICKET);
	ticket.state = STATE_CLOSED;
	assert_int_equal(ask(&ticket, &question), REFUSAL_WRONG_STATE);
	ticket.state = STATE_OPEN;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_HOLDER);
	question.by = BY_HOLDER;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_ROLE);
	question.role = ROLE_CLERK;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_POWER);
	question.powers = POWER(DISPATCH);
	assert_int_equal(ask(&ticket, &question), REFUSAL_VISITED);
	question.to = code(CGJ);
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
	ticket.seq = 3;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void refuses_a_second_rating(void **state)
{
	struct ticket ticket = ticket_in(STATE_CLOSED, KIND_APPEAL);
	struct law_question question =
	    question_of(VERB_RATE, BY_ORIGIN | BY_HOLDER);

	(void)state;
	assert_int_equal(ask(&ticket, &question), REFUSAL_RATED_ALREADY);
	question.by = 0;
	assert_int_equal(ask(&ticket, &question), REFUSAL_RATED_ALREADY);
}

static void extends_as_often_as_the_catalogue_lets(void **state)
{
	struct ticket ticket = ticket_in(STATE_ACCEPTED, KIND_APPEAL);
	struct law_question question = question_of(VERB_EXTEND, BY_HOLDER);

	(void)state;
	ticket.extensions = 2;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	ticket.extensions = 3;
	assert_int_equal(ask(&ticket, &question), REFUSAL_EXTENSIONS_USED);
	question.extensions_max = UINT32_MAX;
	ticket.extensions = UINT8_MAX;
	assert_int_equal(ask(&ticket, &question), REFUSAL_EXTENSIONS_USED);
	ticket.resolve_by_ms = 0;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_DEADLINE);
}

/* Its own clock, once a round, as long as the catalogue says; by whoever may
 * take more time, and without the power to permit. */
static void a_holder_waits_for_a_resident_once(void **state)
{
	struct ticket ticket = ticket_in(STATE_ACCEPTED, KIND_APPEAL);
	struct law_question question = question_of(VERB_SUSPEND, BY_HOLDER);

	(void)state;
	question.role = ROLE_WORKER;
	question.powers = POWER(SETTLE);
	question.await_until_ms = 5000;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_ABOVE);
	question.awaits = true;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.role = ROLE_HOTLINE;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_ROLE);
	question.role = ROLE_WORKER;
	question.by = BY_ABOVE | BY_ORIGIN;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_HOLDER);
	question.by = BY_HOLDER;
	question.await_until_ms = 0;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NO_AWAITING);
	question.await_until_ms = 5000;
	ticket.flags = TICKET_AWAITED;
	assert_int_equal(ask(&ticket, &question), REFUSAL_AWAITED_ALREADY);
	ticket.state = STATE_OPEN;
	assert_int_equal(ask(&ticket, &question), REFUSAL_WRONG_STATE);
}

static void a_ruled_unit_keeps_the_ticket(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_RETURN, BY_HOLDER);

	(void)state;
	ticket.ruled = ticket.holder;
	assert_int_equal(ask(&ticket, &question), REFUSAL_RULED);
	question.verb = VERB_FORWARD;
	question.target = TARGET_PARENT;
	assert_int_equal(ask(&ticket, &question), REFUSAL_RULED);
	question.target = TARGET_DEPARTMENT;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	ticket.ruled = code(STREET); /* another one's ruling */
	question.verb = VERB_RETURN;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void a_ruling_goes_where_the_ticket_has_been(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_RULE, BY_ABOVE);

	(void)state;
	question.to = code(STREET);
	question.target = TARGET_BELOW;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.to = ticket.holder; /* it keeps it */
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.target = TARGET_PARENT;
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_TARGET);
	question.target = TARGET_NONE;
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_TARGET);
}

static void returns_within_its_window_only(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_RETURN, BY_HOLDER);

	(void)state;
	ticket.return_by_ms = 1000;
	question.now_ms = 1000;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.now_ms = 1001;
	assert_int_equal(ask(&ticket, &question), REFUSAL_RETURN_WINDOW);
	ticket.return_by_ms = 0;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void nothing_is_pushed_down_without_a_permit(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_FORWARD, BY_HOLDER);

	(void)state;
	question.target = TARGET_BELOW;
	question.is_off_list = true;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_ADMITTED);
	question.names_permit = true;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
	question.powers = ~POWER(PERMIT);
	assert_int_equal(ask(&ticket, &question), REFUSAL_NOT_ADMITTED);
	question.target = TARGET_PARENT; /* up is no push */
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void a_master_is_alive_and_with_the_same_unit(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_MERGE, BY_HOLDER);
	struct ticket master = *question.master;

	(void)state;
	question.master = &master;
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		bool is_alive = s >= STATE_OPEN && s <= STATE_SUSPENDED;

		master.state = (uint8_t)s;
		assert_int_equal(ask(&ticket, &question),
		    is_alive ? REFUSAL_NONE : REFUSAL_BAD_MASTER);
	}
	master = *question_of(VERB_MERGE, BY_HOLDER).master;
	master.kind = KIND_CALLOUT;
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_MASTER);
	master.kind = KIND_APPEAL;
	master.holder = code(STREET);
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_MASTER);
	master.holder = ticket.holder;
	master.id = ticket.id;
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_MASTER);
	question.master = NULL;
	assert_int_equal(ask(&ticket, &question), REFUSAL_BAD_MASTER);
}

static void words_of_people_leave_room_in_the_log(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_REMIND, BY_ABOVE);

	(void)state;
	ticket.seq = TICKET_EVENTS_MAX - LAW_EVENTS_RESERVED;
	assert_int_equal(ask(&ticket, &question), REFUSAL_TOO_MANY);
	question = question_of(VERB_REMIND, BY_TIMER);
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

static void survives_verbs_and_states_that_do_not_exist(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of((enum verb)77, 63);

	(void)state;
	assert_int_equal(ask(&ticket, &question), REFUSAL_WRONG_STATE);
	assert_int_equal(ask(NULL, &question), REFUSAL_WRONG_STATE);
	question.verb = VERB_NOTE;
	ticket.state = 200;
	assert_int_equal(ask(&ticket, &question), REFUSAL_WRONG_STATE);
}

static void a_ticket_without_events_is_unknown(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_NOTE, BY_HOLDER);

	(void)state;
	ticket.seq = 0; /* whatever else is in the struct */
	assert_int_equal(ask(&ticket, &question), REFUSAL_UNKNOWN_TICKET);
}

static void says_what_must_follow(void **state)
{
	static const struct {
		enum state state;
		enum kind kind;
		enum verb verb;
		enum follow follow;
	} rows[] = {
		{ STATE_OPEN, KIND_APPEAL, VERB_ACCEPT, FOLLOW_NOTHING },
		{ STATE_OPEN, KIND_APPEAL, VERB_FORWARD, FOLLOW_CUSTODY },
		{ STATE_OPEN, KIND_APPEAL, VERB_RETURN, FOLLOW_CUSTODY },
		{ STATE_OPEN, KIND_APPEAL, VERB_WHISTLE, FOLLOW_CALLOUTS },
		{ STATE_WAITING, KIND_APPEAL, VERB_WHISTLE, FOLLOW_CALLOUTS },
		{ STATE_OPEN, KIND_APPEAL, VERB_RESOLVE, FOLLOW_HOME },
		{ STATE_ACCEPTED, KIND_CALLOUT, VERB_RESOLVE, FOLLOW_HOME },
		{ STATE_RESOLVED, KIND_APPEAL, VERB_RATE, FOLLOW_NOTHING },
		{ STATE_RESOLVED, KIND_CALLOUT, VERB_RATE, FOLLOW_PARENT },
		{ STATE_RESOLVED, KIND_APPEAL, VERB_REOPEN, FOLLOW_CUSTODY },
		{ STATE_OPEN, KIND_APPEAL, VERB_RULE, FOLLOW_CUSTODY },
		{ STATE_OPEN, KIND_APPEAL, VERB_EXTEND, FOLLOW_NOTHING },
		{ STATE_ACCEPTED, KIND_APPEAL, VERB_TAKE_OVER, FOLLOW_CUSTODY },
		{ STATE_ACCEPTED, KIND_APPEAL, VERB_EXCLUDE, FOLLOW_NOTHING },
		{ STATE_ACCEPTED, KIND_CALLOUT, VERB_EXCLUDE, FOLLOW_PARENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ticket ticket = ticket_in(rows[i].state, rows[i].kind);
		struct law_question question =
		    question_of(rows[i].verb, BY_HOLDER | BY_ORIGIN | BY_ABOVE);
		struct verdict verdict = law_decide(&ticket, &question);

		assert_int_equal(verdict.refusal, REFUSAL_NONE);
		assert_int_equal(verdict.follow, rows[i].follow);
	}
}

static void a_callout_is_opened_by_the_engine_and_handed_over(void **state)
{
	struct law_question question = question_of(VERB_OPEN, BY_ENGINE);
	struct verdict verdict;

	(void)state;
	question.powers = 0;
	verdict = law_decide(NULL, &question);
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_int_equal(verdict.next, STATE_OPEN);
	assert_int_equal(verdict.follow, FOLLOW_CUSTODY);
	question = question_of(VERB_OPEN, BY_HOLDER);
	assert_int_equal(law_decide(NULL, &question).follow, FOLLOW_NOTHING);
}

static void a_callout_is_answered_by_a_check_in(void **state)
{
	struct ticket callout = ticket_in(STATE_OPEN, KIND_CALLOUT);
	struct ticket appeal = ticket_in(STATE_OPEN, KIND_APPEAL);
	struct law_question question = question_of(VERB_ACCEPT, BY_HOLDER);

	(void)state;
	assert_int_equal(ask(&callout, &question), REFUSAL_NOT_CALLOUT);
	question.verb = VERB_RESOLVE;
	assert_int_equal(ask(&callout, &question), REFUSAL_NOT_CALLOUT);
	question.verb = VERB_WHISTLE;
	assert_int_equal(ask(&callout, &question), REFUSAL_NOT_CALLOUT);
	question.verb = VERB_CHECK_IN;
	assert_int_equal(ask(&appeal, &question), REFUSAL_ONLY_CALLOUT);
}

/* Else nobody could end it when no department is the right one. */
static void who_called_may_end_a_callout_that_came_back(void **state)
{
	struct ticket ticket = ticket_in(STATE_OPEN, KIND_CALLOUT);
	struct law_question question = question_of(VERB_RESOLVE, BY_HOLDER);

	(void)state;
	ticket.holder = ticket.origin;
	ticket.flags |= TICKET_WAS_RETURNED;
	assert_int_equal(ask(&ticket, &question), REFUSAL_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_the_role_of_a_person_only),
		cmocka_unit_test(the_engine_must_act_as_holder_timer_or_engine),
		cmocka_unit_test(
		    a_followed_ticket_is_withdrawn_by_nobody_below),
		cmocka_unit_test(no_person_is_the_timer_or_the_engine),
		cmocka_unit_test(tells_who_is_missing),
		cmocka_unit_test(gives_reasons_in_their_order),
		cmocka_unit_test(refuses_a_second_rating),
		cmocka_unit_test(extends_as_often_as_the_catalogue_lets),
		cmocka_unit_test(a_holder_waits_for_a_resident_once),
		cmocka_unit_test(a_ruled_unit_keeps_the_ticket),
		cmocka_unit_test(a_ruling_goes_where_the_ticket_has_been),
		cmocka_unit_test(returns_within_its_window_only),
		cmocka_unit_test(nothing_is_pushed_down_without_a_permit),
		cmocka_unit_test(a_master_is_alive_and_with_the_same_unit),
		cmocka_unit_test(words_of_people_leave_room_in_the_log),
		cmocka_unit_test(survives_verbs_and_states_that_do_not_exist),
		cmocka_unit_test(a_ticket_without_events_is_unknown),
		cmocka_unit_test(says_what_must_follow),
		cmocka_unit_test(
		    a_callout_is_opened_by_the_engine_and_handed_over),
		cmocka_unit_test(a_callout_is_answered_by_a_check_in),
		cmocka_unit_test(who_called_may_end_a_callout_that_came_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
