#include "story.h"

/*
 * What the law must say, written by hand from the design and not from
 * law.c: a row a verb and kind of ticket; the columns are the states none,
 * open, accepted, waiting, suspended, resolved, closed, excluded, merged;
 * a letter is the next state, a dot a refusal, a dash another row's to say.
 * Who: (H)older, (O)rigin, (A)bove, (S)tayed, (T)imer, (E)ngine; '&': both;
 * '*': anybody. Who of them needs no power is in is_free.
 */
static const struct rule {
	enum verb verb;
	enum kind kind;
	const char *next; /* "noawsrcem" */
	const char *who;
	uint64_t power;
} rules[] = {
	{ VERB_NONE, KIND_APPEAL, ".........", "*", 0 },
	{ VERB_OPEN, KIND_APPEAL, "o........", "*", POWER(OPEN) },
	{ VERB_ACCEPT, KIND_APPEAL, ".a.......", "HT", POWER(SETTLE) },
	{ VERB_NOTE, KIND_APPEAL, ".oawsr..m", "HOAS", 0 },
	{ VERB_FORWARD, KIND_APPEAL, ".oo......", "H", POWER(DISPATCH) },
	{ VERB_WHISTLE, KIND_APPEAL, ".www.....", "H", POWER(WHISTLE_OUT) },
	{ VERB_CHECK_IN, KIND_APPEAL, ".........", "H", POWER(CHECK_IN) },
	{ VERB_RETURN, KIND_APPEAL, ".oo......", "H", POWER(RETURN) },
	{ VERB_RULE, KIND_APPEAL, ".oo......", "HA", POWER(RULE) },
	{ VERB_EXTEND, KIND_APPEAL, ".oaw.....", "H", 0 },
	{ VERB_REMIND, KIND_APPEAL, ".oaw.....", "TAO", POWER(SUPERVISE) },
	{ VERB_SUPERVISE, KIND_APPEAL, ".oaw.....", "TA", POWER(SUPERVISE) },
	{ VERB_SUSPEND, KIND_APPEAL, "..s......", "A", POWER(PERMIT) },
	{ VERB_RESUME, KIND_APPEAL, "...a-....", "E", 0 },
	{ VERB_RESUME, KIND_APPEAL, "...-a....", "HATE", 0 },
	{ VERB_RESOLVE, KIND_APPEAL, ".rr.....-", "H", POWER(SETTLE) },
	{ VERB_RESOLVE, KIND_APPEAL, ".--.....r", "E", 0 },
	{ VERB_REOPEN, KIND_APPEAL, ".....o...", "O&H", POWER(RATE) },
	{ VERB_RATE, KIND_APPEAL, ".....c...", "O&H", POWER(RATE) },
	{ VERB_EXCLUDE, KIND_APPEAL, ".ee.e...-", "A", POWER(PERMIT) },
	{ VERB_EXCLUDE, KIND_APPEAL, ".--.-...e", "E", 0 },
	{ VERB_MERGE, KIND_APPEAL, ".mm......", "H", POWER(MERGE) },
	{ VERB_TAKE_OVER, KIND_APPEAL, ".oo......", "A", POWER(TAKE_OVER) },
	/* where a callout differs */
	{ VERB_ACCEPT, KIND_CALLOUT, ".........", "H", POWER(SETTLE) },
	{ VERB_WHISTLE, KIND_CALLOUT, ".........", "H", POWER(WHISTLE_OUT) },
	{ VERB_CHECK_IN, KIND_CALLOUT, ".a.......", "H", POWER(CHECK_IN) },
	{ VERB_RESOLVE, KIND_CALLOUT, "..r.....-", "H", POWER(SETTLE) },
	{ VERB_RATE, KIND_CALLOUT, ".....c...", "O&H", POWER(RATE) },
	{ VERB_NOTE, KIND_CALLOUT, ".oawsr..m", "HOAS", 0 },
	{ VERB_RULE, KIND_CALLOUT, ".oo......", "HA", POWER(RULE) },
	{ VERB_EXTEND, KIND_CALLOUT, ".oaw.....", "H", 0 },
	{ VERB_REMIND, KIND_CALLOUT, ".oaw.....", "TAO", POWER(SUPERVISE) },
	{ VERB_SUSPEND, KIND_CALLOUT, "..s......", "A", POWER(PERMIT) },
	{ VERB_EXCLUDE, KIND_CALLOUT, ".ee.e...-", "AO", POWER(PERMIT) },
	{ VERB_MERGE, KIND_CALLOUT, ".........", "H", POWER(MERGE) },
	{ VERB_TAKE_OVER, KIND_CALLOUT, ".oo......", "A", POWER(TAKE_OVER) },
	{ VERB_FORWARD, KIND_CALLOUT, ".oo......", "H", POWER(DISPATCH) },
	{ VERB_RETURN, KIND_CALLOUT, ".oo......", "H", POWER(RETURN) },
	{ VERB_REOPEN, KIND_CALLOUT, ".....o...", "O&H", POWER(RATE) },
};

static const char state_letters[] = "noawsrcem";
static const char who_letters[] = "HOASTE";

static struct ticket ticket_in(enum state state, enum kind kind)
{
	struct ticket ticket = {
		.seq = state == STATE_NONE ? 0 : 3,
		.term = 1,
		.state = (uint8_t)state,
		.kind = (uint8_t)kind,
		.origin = code(STREET),
		.holder = code(state == STATE_RESOLVED ? STREET : ZJJ),
		.sender = code(STREET),
		.resolver = code(ZJJ),
		.id = { { 7 } },
		.resolve_by_ms = HOUR_MS,
		.stay_count = 2,
		.stays = { { .unit = code(STREET) }, { .unit = code(ZJJ) } },
	};

	return ticket;
}

static struct law_question question_of(enum verb verb, unsigned by)
{
	static const struct callout called[] = {
		{ .department = { CGJ }, .lead = true },
	};
	static const struct ticket master = {
		.id = { { 8 } },
		.seq = 1,
		.state = STATE_WAITING,
		.kind = KIND_APPEAL,
		.holder = { ZJJ },
	};
	struct law_question question = {
		.verb = verb,
		.by = by,
		.master = &master,
		.extensions_max = 3,
		.powers = UINT64_MAX,
		.role = ROLE_SUPERVISOR,
		.target = TARGET_DEPARTMENT,
		.to = code(CGJ),
		.returns_max = 2,
		.callouts = called,
		.callouts_asked = 1,
	};

	if (by & (BY_TIMER | BY_ENGINE))
		question.role = ROLE_NONE;
	return question;
}

static unsigned letter_bit(char letter)
{
	const char *at = strchr(who_letters, letter);

	assert_non_null(at);
	return 1U << (at - who_letters);
}

static unsigned letter_bits(const char *letters)
{
	unsigned bits = 0;

	for (; *letters; letters++)
		bits |= letter_bit(*letters);
	return bits;
}

/* Whoever speaks for callers may press for, and withdraw, what it opened. */
static bool is_callers(
    const struct rule *rule, const struct law_question *question)
{
	return question->by & BY_ORIGIN && question->powers & POWER(CALLER) &&
	       rule->kind == KIND_APPEAL && rule->who[0] != 'E' &&
	       (rule->verb == VERB_SUPERVISE || rule->verb == VERB_EXCLUDE);
}

/* "O&H": the origin, which must be the holder as well. */
static bool is_right_one(const struct rule *rule, unsigned by)
{
	if (strcmp(rule->who, "*") == 0)
		return true;
	if (strcmp(rule->who, "O&H") == 0)
		return (by & BY_ORIGIN) && (by & BY_HOLDER);
	return (by & letter_bits(rule->who)) != 0;
}

static bool is_who_refusal(enum refusal refusal)
{
	if (refusal == REFUSAL_NOT_ABOVE)
		return true;
	return refusal == REFUSAL_NOT_HOLDER || refusal == REFUSAL_NOT_ORIGIN ||
	       refusal == REFUSAL_NOT_INVOLVED;
}

static bool is_state_refusal(enum refusal refusal)
{
	return refusal == REFUSAL_WRONG_STATE ||
	       refusal == REFUSAL_UNKNOWN_TICKET ||
	       refusal == REFUSAL_RATED_ALREADY ||
	       refusal == REFUSAL_NOT_CALLOUT ||
	       refusal == REFUSAL_ONLY_CALLOUT;
}

/* Time needs no power, nor does the engine when it opens a callout, nor
 * whoever opened the ticket and asks again. */
static bool is_free(const struct rule *rule, unsigned by)
{
	switch (rule->verb) {
	case VERB_OPEN:
		return by & BY_ENGINE;
	case VERB_ACCEPT:
	case VERB_SUPERVISE:
		return by & BY_TIMER;
	case VERB_REMIND:
		return by & (BY_TIMER | BY_ORIGIN);
	default:
		return false;
	}
}

/* Whoever whistled may call it off by the power to whistle; who stands
 * above by the power to permit. */
static bool has_right_power(
    const struct rule *rule, unsigned by, uint64_t powers)
{
	if (!rule->power || is_free(rule, by))
		return true;
	if (rule->verb == VERB_EXCLUDE && rule->kind == KIND_CALLOUT)
		return (by & BY_ABOVE && powers & POWER(PERMIT)) ||
		       (by & BY_ORIGIN && powers & POWER(WHISTLE_OUT));
	return (powers & rule->power) == rule->power;
}

static void check_answer(const struct rule *rule, enum state state,
    const struct law_question *question)
{
	struct ticket ticket = ticket_in(state, rule->kind);
	struct verdict verdict = law_decide(&ticket, question);
	char next = rule->next[state];

	if (next == '-')
		return;
	if (next == '.') {
		assert_true(is_state_refusal(verdict.refusal));
	} else if (is_callers(rule, question)) {
		assert_int_equal(verdict.refusal, REFUSAL_NONE);
		assert_int_equal(state_letters[verdict.next], next);
		return;
	} else if (!is_right_one(rule, question->by)) {
		assert_true(is_who_refusal(verdict.refusal));
	} else if (!has_right_power(rule, question->by, question->powers)) {
		assert_int_equal(verdict.refusal, REFUSAL_NO_POWER);
	} else {
		assert_int_equal(verdict.refusal, REFUSAL_NONE);
		assert_int_equal(state_letters[verdict.next], next);
		return;
	}
	assert_int_equal(verdict.next, STATE_NONE);
	assert_int_equal(verdict.follow, FOLLOW_NOTHING);
}

/* One cell, asked by every combination of relations, with all powers, with
 * all but the one needed, with that one alone, and with none. */
static void check_cell(const struct rule *rule, enum state state)
{
	for (unsigned by = 0; by < 64; by++) {
		struct law_question question = question_of(rule->verb, by);
		const uint64_t powers[] = { UINT64_MAX, rule->power,
			~rule->power, POWER(WHISTLE_OUT), 0 };

		for (size_t i = 0; i < 5; i++) {
			question.powers = powers[i];
			check_answer(rule, state, &question);
		}
	}
}

static void every_cell_says_what_the_design_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		assert_int_equal(strlen(rules[i].next), STATE_COUNT);
		for (unsigned s = 0; s < STATE_COUNT; s++)
			check_cell(&rules[i], (enum state)s);
	}
}

static void every_verb_has_a_rule_here(void **state)
{
	bool seen[VERB_COUNT] = { false };

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		seen[rules[i].verb] = true;
	for (size_t i = 0; i < VERB_COUNT; i++)
		assert_true(seen[i]);
}

/* Next of an appeal or of a callout: the fold asks without the kind. */
static void the_fold_sees_the_same_cells(void **state)
{
	bool has[STATE_COUNT][VERB_COUNT] = { { false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		for (unsigned s = 0; s < STATE_COUNT; s++)
			if (!strchr(".-", rules[i].next[s])) {
				has[s][rules[i].verb] = true;
				assert_int_equal(
				    state_letters[law_next(
					(enum state)s, rules[i].verb)],
				    rules[i].next[s]);
			}
	for (unsigned s = 0; s < STATE_COUNT; s++)
		for (unsigned v = 0; v < VERB_COUNT; v++)
			if (!has[s][v])
				assert_int_equal(
				    law_next((enum state)s, (enum verb)v),
				    STATE_NONE);
	assert_int_equal(law_next((enum state)99, VERB_NOTE), STATE_NONE);
	assert_int_equal(law_next(STATE_OPEN, (enum verb)99), STATE_NONE);
}

static void each_role_has_its_verbs(void **state)
{
	static const struct {
		enum role role;
		const char *verbs;
	} rows[] = {
		{ ROLE_NONE, " " },
		{ ROLE_WORKER, " open accept note forward return resolve rate "
			       "reopen extend remind resume " },
		{ ROLE_DISPATCHER,
		    " open accept note forward return resolve rate reopen "
		    "whistle extend remind resume merge exclude supervise "
		    "take-over " },
		{ ROLE_CLERK, " accept check-in note return resolve forward "
			      "extend resume " },
		{ ROLE_HOTLINE, " open note rate reopen forward remind "
				"supervise exclude merge " },
		{ ROLE_SUPERVISOR,
		    " open accept note forward whistle check-in return rule "
		    "extend remind supervise suspend resume resolve reopen "
		    "rate exclude merge take-over " },
		{ ROLE_ENGINEER, " " },
	};

	(void)state;
	assert_int_equal(sizeof(rows) / sizeof(rows[0]), ROLE_COUNT);
	for (size_t i = 0; i < ROLE_COUNT; i++)
		for (unsigned v = 0; v < VERB_COUNT; v++) {
			char word[32];

			snprintf(word, sizeof(word), " %s ",
			    word_name(WORD_VERB, v));
			assert_int_equal(role_may(rows[i].role, (enum verb)v),
			    strstr(rows[i].verbs, word) != NULL);
		}
	assert_false(role_may((enum role)99, VERB_NOTE));
	assert_false(role_may(ROLE_SUPERVISOR, (enum verb)99));
}

static enum refusal ask(
    const struct ticket *ticket, const struct law_question *question)
{
	return law_decide(ticket, question).refusal;
}

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
		cmocka_unit_test(every_cell_says_what_the_design_says),
		cmocka_unit_test(every_verb_has_a_rule_here),
		cmocka_unit_test(the_fold_sees_the_same_cells),
		cmocka_unit_test(each_role_has_its_verbs),
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
