#include "law_cases.h"

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
	{ VERB_ERASE_CONTACT, KIND_APPEAL, ".oawsrcem", "OATE", 0 },
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
	{ VERB_ERASE_CONTACT, KIND_CALLOUT, ".oawsrcem", "OATE", 0 },
	{ VERB_FORWARD, KIND_CALLOUT, ".oo......", "H", POWER(DISPATCH) },
	{ VERB_RETURN, KIND_CALLOUT, ".oo......", "H", POWER(RETURN) },
	{ VERB_REOPEN, KIND_CALLOUT, ".....o...", "O&H", POWER(RATE) },
};

static const char state_letters[] = "noawsrcem";
static const char who_letters[] = "HOASTE";

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
		    "take-over erase-contact " },
		{ ROLE_CLERK, " accept check-in note return resolve forward "
			      "extend resume " },
		{ ROLE_HOTLINE, " open note rate reopen forward remind "
				"supervise exclude merge erase-contact " },
		{ ROLE_SUPERVISOR,
		    " open accept note forward whistle check-in return rule "
		    "extend remind supervise suspend resume resolve reopen "
		    "rate exclude merge take-over erase-contact " },
		{ ROLE_ENGINEER, " " },
		{ ROLE_READER, " " },
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

/* (W)hole, (M)asked, (N)ot: holds it, opened it, had it, none of these. */
static void each_role_sees_so_much_of_a_caller(void **state)
{
	static const unsigned by[] = { BY_HOLDER | BY_ORIGIN | BY_STAYED,
		BY_HOLDER | BY_STAYED, BY_ORIGIN | BY_STAYED | BY_ABOVE,
		BY_STAYED | BY_ABOVE, BY_ABOVE, 0 };
	static const char letters[] = "NMW";
	static const struct {
		enum role role;
		const char *sees;
	} rows[] = {
		{ ROLE_NONE, "NNNNNN" },
		{ ROLE_WORKER, "WWWMNN" },
		{ ROLE_DISPATCHER, "WWMMNN" },
		{ ROLE_CLERK, "WWMMNN" },
		{ ROLE_HOTLINE, "WWWMNN" },
		{ ROLE_SUPERVISOR, "WWMMNN" },
		{ ROLE_ENGINEER, "NNNNNN" },
		{ ROLE_READER, "NNNNNN" },
	};

	(void)state;
	assert_int_equal(sizeof(rows) / sizeof(rows[0]), ROLE_COUNT);
	for (size_t i = 0; i < ROLE_COUNT; i++)
		for (size_t k = 0; k < sizeof(by) / sizeof(by[0]); k++)
			assert_int_equal(
			    letters[role_sees_contact(rows[i].role, by[k])],
			    rows[i].sees[k]);
	assert_int_equal(
	    role_sees_contact((enum role)99, BY_HOLDER), CONTACT_NOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_says_what_the_design_says),
		cmocka_unit_test(every_verb_has_a_rule_here),
		cmocka_unit_test(the_fold_sees_the_same_cells),
		cmocka_unit_test(each_role_has_its_verbs),
		cmocka_unit_test(each_role_sees_so_much_of_a_caller),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
