#include "story.h"

enum form { EVENT, COMMAND };

static const char *wrong_field;

static int check(const struct particulars *what, enum verb verb, enum form form)
{
	const char *problem = NULL;
	int err;

	wrong_field = NULL;
	err = particulars_check(
	    &wrong_field, &problem, what, verb, form == COMMAND);
	assert_non_null(wrong_field);
	assert_non_null(problem);
	assert_int_equal(err == 0, problem[0] == '\0');
	return err;
}

static void refuses(const struct particulars *what, enum verb verb,
    enum form form, const char *field)
{
	assert_int_equal(check(what, verb, form), ERR_INVALID);
	assert_string_equal(wrong_field, field);
}

static void takes(
    const struct particulars *what, enum verb verb, enum form form)
{
	if (check(what, verb, form) < 0)
		fail_msg(
		    "%s: field %s", word_name(WORD_VERB, verb), wrong_field);
}

/* The least that each verb must say, as a command or as an event. */
static struct particulars least(enum verb verb, enum form form)
{
	static const struct callout wished[] = { { .department = { CGJ } } };
	static const struct callout called[] = {
		{ .ticket = { { 1 } }, .department = { CGJ } },
	};
	struct particulars what;

	particulars_clear(&what);
	if (verb == VERB_OPEN) {
		what.kind = KIND_APPEAL;
		what.source = SOURCE_VISIT;
		what.text = form == COMMAND ? "a lamp is out" : "";
	}
	if (verb == VERB_NOTE || verb == VERB_RETURN || verb == VERB_REOPEN ||
	    verb == VERB_RULE || verb == VERB_EXTEND || verb == VERB_SUSPEND ||
	    verb == VERB_EXCLUDE || verb == VERB_TAKE_OVER ||
	    (form == COMMAND &&
		(verb == VERB_REMIND || verb == VERB_SUPERVISE)))
		what.text = "because";
	else if (verb == VERB_REMIND || verb == VERB_SUPERVISE) {
		what.deadline = DEADLINE_RESOLVE;
		what.due_ms = STORY_START_MS;
		what.step = verb == VERB_SUPERVISE ? 1 : 0;
	}
	if ((verb == VERB_RETURN && form == COMMAND) ||
	    verb == VERB_ERASE_CONTACT)
		what.basis = "the list";
	if (verb == VERB_EXTEND && form == EVENT)
		what.resolve_by_ms = STORY_START_MS;
	if (verb == VERB_MERGE)
		what.master = (struct id){ { 3 } };
	if (verb == VERB_FORWARD || verb == VERB_RULE ||
	    (form == EVENT && (verb == VERB_TAKE_OVER || verb == VERB_RETURN ||
				  verb == VERB_REOPEN || verb == VERB_RESOLVE)))
		what.to = code(STREET);
	if (verb == VERB_WHISTLE) {
		what.colour = COLOUR_RED;
		what.callouts = form == COMMAND ? wished : called;
		what.callout_count = 1;
	}
	if (verb == VERB_RESOLVE) {
		what.outcome = OUTCOME_SOLVED;
		what.channel = CHANNEL_MARKET;
	}
	if (verb == VERB_RATE)
		what.satisfaction = SATISFACTION_MOSTLY;
	return what;
}

static bool is_known(enum verb verb)
{
	switch (verb) {
	case VERB_NONE:
		return false;
	default:
		return verb < VERB_COUNT;
	}
}

/*
 * Every field, one after the other, with a right value in an otherwise
 * least event or command. 'e' it may say so in an event, 'c' in a command,
 * 'b' in both, '.' in none. Verbs from open to rate as in `columns`.
 */
static const enum verb columns[] = { VERB_OPEN, VERB_ACCEPT, VERB_NOTE,
	VERB_FORWARD, VERB_WHISTLE, VERB_CHECK_IN, VERB_RETURN, VERB_REMIND,
	VERB_RESUME, VERB_RESOLVE, VERB_REOPEN, VERB_RATE, VERB_RULE,
	VERB_EXTEND, VERB_SUSPEND, VERB_EXCLUDE, VERB_MERGE, VERB_TAKE_OVER,
	VERB_SUPERVISE, VERB_ERASE_CONTACT };

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static const struct {
	const char *field;
	const char *verbs;
} says[] = {
	/*		   oanfwcrmsvptuxdkgtyz */
	{ "to", "e..b..e..ee.b....e.." },
	{ "text", "bbbbbbbbbbbbbbbbbbbb" },
	{ "item", "bb.bb.b..bb.b......." },
	{ "place", "bb.bb.b..bb.b......." },
	{ "colour", "e...b..............." },
	{ "accept_by_ms", "e..e..e...e.e....e.." },
	{ "resolve_by_ms", "ee.e....e.e.ee......" },
	{ "contact_key", "e..e..e..ee.e....e.." },
	{ "external_id", "b..................." },
	{ "title", "b..................." },
	{ "address", "b..................." },
	{ "parent", "...................." }, /* of a callout only */
	{ "lead", "...................." },
	{ "urgent", "b..................." },
	{ "confidential", "b..................." },
	{ "callback", "b..................." },
	{ "contact_hash", "e..................." },
	{ "whistle", "....b..............." },
	{ "situation", "....b..............." },
	{ "meet_at", "....b..............." },
	{ "meet_ms", "....b..............." },
	{ "basis", "...b..b.....b.bb...b" },
	{ "outcome", ".........b.........." },
	{ "channel", ".........b.........." },
	{ "responded", "...........b........" },
	{ "resolved", "...........b........" },
	{ "satisfaction", "...........b........" },
	{ "rule", "ee.e..e.e.e.ee...e.e" },
	{ "return_by_ms", "e..e..e...e.e....e.." },
	{ "until_ms", "..............b....." },
	{ "master", "c...............b..." },
	{ "finding", ".........b.........." },
	{ "contacted_ms", ".........b.........." },
	{ "measures", ".........b.........." },
	{ "step", "..................e." },
};

static void say(struct particulars *what, const char *field)
{
	static const uint8_t some[HASH_BYTES] = { 1 };

#define SAY(member, value)                                                     \
	if (strcmp(field, #member) == 0)                                       \
		what->member = value;
	SAY(to, code(STREET))
	SAY(text, "some words")
	SAY(item, "road.lamp")
	SAY(place, code(GRID))
	SAY(colour, COLOUR_BLUE)
	SAY(accept_by_ms, STORY_START_MS)
	SAY(resolve_by_ms, STORY_START_MS)
	SAY(contact_key, bytes_of(some, 3))
	SAY(external_id, "2026-1 A")
	SAY(title, "a lamp")
	SAY(address, "1 Lake Road")
	SAY(parent, ((struct id){ { 1 } }))
	SAY(lead, true)
	SAY(urgent, true)
	SAY(confidential, true)
	SAY(callback, true)
	SAY(contact_hash, bytes_of(some, sizeof(some)))
	SAY(whistle, WHISTLE_LAW)
	SAY(situation, "fire")
	SAY(meet_at, "the gate")
	SAY(meet_ms, STORY_START_MS)
	SAY(basis, "list 3")
	SAY(outcome, OUTCOME_SOLVED)
	SAY(channel, CHANNEL_MARKET)
	SAY(responded, true)
	SAY(resolved, true)
	SAY(satisfaction, SATISFACTION_SATISFIED)
	SAY(rule, "item road.lamp: accept 1h")
	SAY(return_by_ms, STORY_START_MS)
	SAY(until_ms, STORY_START_MS)
	SAY(master, ((struct id){ { 2 } }))
	SAY(finding, FINDING_UNTRUE)
	SAY(contacted_ms, STORY_START_MS)
	SAY(measures, "a new lamp")
	SAY(step, 2)
#undef SAY
}

static void check_saying(
    const char *field, enum verb verb, enum form form, bool is_right)
{
	struct particulars what = least(verb, form);

	say(&what, field);
	if (is_right)
		takes(&what, verb, form);
	else
		refuses(&what, verb, form, field);
}

static void each_verb_says_its_fields_and_no_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		assert_int_equal(strlen(says[i].verbs), COLUMNS);
		for (size_t k = 0; k < COLUMNS; k++) {
			char c = says[i].verbs[k];

			check_saying(says[i].field, columns[k], EVENT,
			    c == 'e' || c == 'b');
			check_saying(says[i].field, columns[k], COMMAND,
			    c == 'c' || c == 'b');
		}
	}
}

static void takes_the_least_that_a_verb_must_say(void **state)
{
	(void)state;
	for (unsigned v = 0; v < VERB_COUNT; v++) {
		struct particulars what = least((enum verb)v, EVENT);
		struct particulars wish = least((enum verb)v, COMMAND);

		if (is_known((enum verb)v)) {
			takes(&what, (enum verb)v, EVENT);
			takes(&wish, (enum verb)v, COMMAND);
		} else {
			refuses(&what, (enum verb)v, EVENT, "verb");
			refuses(&wish, (enum verb)v, COMMAND, "verb");
		}
	}
}

static void refuses_verbs_that_do_not_exist(void **state)
{
	struct particulars what;

	(void)state;
	particulars_clear(&what);
	refuses(&what, VERB_COUNT, EVENT, "verb");
	refuses(&what, (enum verb)UINT32_MAX, COMMAND, "verb");
}

static void refuses_when_something_is_missing(void **state)
{
	static const struct {
		enum verb verb;
		const char
		    *command; /* the first field missed in an empty one */
		const char *event;
	} rows[] = {
		{ VERB_OPEN, "kind", "kind" },
		{ VERB_NOTE, "text", "text" },
		{ VERB_FORWARD, "to", "to" },
		{ VERB_WHISTLE, "colour", "colour" },
		{ VERB_RETURN, "text", "to" },
		{ VERB_REMIND, "text", "deadline" },
		{ VERB_SUPERVISE, "text", "deadline" },
		{ VERB_RESOLVE, "text", "to" },
		{ VERB_REOPEN, "text", "to" },
		{ VERB_RATE, "satisfaction", "satisfaction" },
		{ VERB_RULE, "to", "to" },
		{ VERB_EXTEND, "text", "text" },
		{ VERB_SUSPEND, "text", "text" },
		{ VERB_EXCLUDE, "text", "text" },
		{ VERB_MERGE, "master", "master" },
		{ VERB_TAKE_OVER, "text", "to" },
	};
	struct particulars what;

	(void)state;
	particulars_clear(&what);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		refuses(&what, rows[i].verb, COMMAND, rows[i].command);
		refuses(&what, rows[i].verb, EVENT, rows[i].event);
	}
	what.kind = KIND_APPEAL;
	refuses(&what, VERB_OPEN, COMMAND, "source");
	what.source = SOURCE_PATROL;
	refuses(&what, VERB_OPEN, COMMAND, "title");
	takes(&what, VERB_OPEN, EVENT);
	what.title = "only a title";
	takes(&what, VERB_OPEN, COMMAND);
}

static void an_explanation_needs_words_and_a_solution_its_channel(void **state)
{
	struct particulars what = least(VERB_RESOLVE, EVENT);

	(void)state;
	what.channel = CHANNEL_NONE;
	refuses(&what, VERB_RESOLVE, EVENT, "channel");
	what.outcome = OUTCOME_EXPLAINED;
	refuses(&what, VERB_RESOLVE, EVENT, "text");
	what.text = "the law does not provide for it";
	takes(&what, VERB_RESOLVE, EVENT);
	what.channel = CHANNEL_MARKET;
	refuses(&what, VERB_RESOLVE, EVENT, "channel");
}

/* ---- callouts ---- */

static struct particulars of_callout(void)
{
	struct particulars what;

	particulars_clear(&what);
	what.kind = KIND_CALLOUT;
	what.source = SOURCE_WHISTLE;
	what.to = code(ZJJ);
	what.colour = COLOUR_RED;
	what.parent = (struct id){ { 1 } };
	return what;
}

static void a_callout_names_department_colour_and_parent(void **state)
{
	struct particulars what = of_callout();

	(void)state;
	takes(&what, VERB_OPEN, EVENT);
	what.lead = true;
	what.whistle = WHISTLE_EMERGENCY;
	what.meet_at = "the gate";
	takes(&what, VERB_OPEN, EVENT);
	what.parent = (struct id){ { 0 } };
	refuses(&what, VERB_OPEN, EVENT, "parent");
	what = of_callout();
	what.to = (struct unit_code){ { 0 } };
	refuses(&what, VERB_OPEN, EVENT, "to");
	what = of_callout();
	what.colour = COLOUR_NONE;
	refuses(&what, VERB_OPEN, EVENT, "colour");
}

static void nobody_opens_a_callout_by_command(void **state)
{
	struct particulars what = of_callout();

	(void)state;
	what.text = "come";
	assert_int_equal(check(&what, VERB_OPEN, COMMAND), ERR_INVALID);
	what.to = (struct unit_code){ { 0 } };
	what.parent = (struct id){ { 0 } };
	what.colour = COLOUR_NONE;
	assert_int_equal(check(&what, VERB_OPEN, COMMAND), ERR_INVALID);
}

static void kind_and_source_fit_each_other(void **state)
{
	struct particulars what = of_callout();

	(void)state;
	what.source = SOURCE_PATROL;
	refuses(&what, VERB_OPEN, EVENT, "source");
	what = least(VERB_OPEN, COMMAND);
	what.source = SOURCE_WHISTLE;
	refuses(&what, VERB_OPEN, COMMAND, "source");
}

static struct particulars of_whistle(struct callout *callouts, size_t count)
{
	struct particulars what;

	particulars_clear(&what);
	what.colour = COLOUR_RED;
	what.callouts = callouts;
	what.callout_count = count;
	return what;
}

static void a_whistle_names_each_department_once(void **state)
{
	struct callout callouts[] = {
		{ { { 1 } }, code(CGJ), true },
		{ { { 2 } }, code(ZJJ), false },
	};
	struct particulars what = of_whistle(callouts, 2);

	(void)state;
	takes(&what, VERB_WHISTLE, EVENT);
	callouts[1].department = callouts[0].department;
	refuses(&what, VERB_WHISTLE, EVENT, "callouts");
	callouts[1].department = (struct unit_code){ { 0 } };
	refuses(&what, VERB_WHISTLE, EVENT, "callouts");
}

static void a_whistle_gives_each_callout_its_own_ticket(void **state)
{
	struct callout callouts[] = {
		{ { { 1 } }, code(CGJ), true },
		{ { { 1 } }, code(ZJJ), false },
	};
	struct particulars what = of_whistle(callouts, 2);

	(void)state;
	refuses(&what, VERB_WHISTLE, EVENT, "callouts");
	callouts[1].ticket = (struct id){ { 0 } };
	refuses(&what, VERB_WHISTLE, EVENT, "callouts");
	refuses(&what, VERB_WHISTLE, COMMAND, "callouts");
	callouts[0].ticket = (struct id){ { 0 } };
	takes(&what, VERB_WHISTLE, COMMAND);
}

static void only_one_department_leads(void **state)
{
	struct callout callouts[] = {
		{ { { 1 } }, code(CGJ), true },
		{ { { 2 } }, code(ZJJ), true },
	};
	struct particulars what = of_whistle(callouts, 2);

	(void)state;
	refuses(&what, VERB_WHISTLE, EVENT, "callouts");
}

static void refuses_more_callouts_than_a_ticket_holds(void **state)
{
	struct callout callouts[TICKET_CALLOUTS_MAX + 1];
	struct particulars what = of_whistle(callouts, TICKET_CALLOUTS_MAX);

	(void)state;
	for (size_t i = 0; i <= TICKET_CALLOUTS_MAX; i++) {
		char text[UNIT_CODE_MAX];

		snprintf(text, sizeof(text), "420704-d%u", (unsigned)i);
		callouts[i] = (struct callout){ { { 1, (uint8_t)i } },
			code(text), false };
	}
	takes(&what, VERB_WHISTLE, EVENT);
	what.callout_count++;
	refuses(&what, VERB_WHISTLE, EVENT, "callouts");
	what.callout_count = SIZE_MAX; /* not looked at, or we would crash */
	refuses(&what, VERB_WHISTLE, EVENT, "callouts");
}

/* ---- ranges ---- */

static void texts_have_a_length(void **state)
{
	static char words[TEXT_MAX_BYTES + 2];
	struct particulars what = least(VERB_NOTE, EVENT);

	(void)state;
	memset(words, 'x', TEXT_MAX_BYTES);
	what.text = words;
	takes(&what, VERB_NOTE, EVENT);
	words[TEXT_MAX_BYTES] = 'x';
	refuses(&what, VERB_NOTE, EVENT, "text");
	what.text = NULL;
	refuses(&what, VERB_NOTE, EVENT, "text");
}

static void codes_leave_room_for_their_end(void **state)
{
	char item[] = "123456789012345678901234567890123";
	struct particulars what = least(VERB_ACCEPT, EVENT);

	(void)state;
	item[ITEM_CODE_MAX - 1] = '\0';
	what.item = item;
	takes(&what, VERB_ACCEPT, EVENT);
	item[ITEM_CODE_MAX - 1] = 'x';
	item[ITEM_CODE_MAX] = '\0';
	refuses(&what, VERB_ACCEPT, EVENT, "item");
}

static void codes_hold_no_control_characters(void **state)
{
	static const char *const bad[] = { "a\nb", "\x7f", "a\x1b[2J", "\t" };
	struct particulars what = least(VERB_OPEN, COMMAND);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		what.external_id = bad[i];
		refuses(&what, VERB_OPEN, COMMAND, "external_id");
		what.external_id = "";
		what.item = bad[i];
		refuses(&what, VERB_OPEN, COMMAND, "item");
		what.item = "";
	}
	what.external_id = "工单 2026/1";
	takes(&what, VERB_OPEN, COMMAND);
}

static void times_are_from_1970_to_9999(void **state)
{
	static const int64_t bad[] = { -1, INT64_MIN, INT64_MAX,
		EVENT_TIME_MAX_MS + 1 };
	struct particulars what = least(VERB_FORWARD, EVENT);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		what.resolve_by_ms = bad[i];
		refuses(&what, VERB_FORWARD, EVENT, "resolve_by_ms");
	}
	what.resolve_by_ms = EVENT_TIME_MAX_MS;
	takes(&what, VERB_FORWARD, EVENT);
}

static void numbers_are_in_their_lists(void **state)
{
	struct particulars what = least(VERB_RATE, EVENT);

	(void)state;
	what.satisfaction = SATISFACTION_COUNT;
	refuses(&what, VERB_RATE, EVENT, "satisfaction");
	what.satisfaction = (enum satisfaction)UINT32_MAX;
	refuses(&what, VERB_RATE, EVENT, "satisfaction");
	what = least(VERB_OPEN, EVENT);
	what.kind = KIND_COUNT;
	refuses(&what, VERB_OPEN, EVENT, "kind");
}

static void a_deadline_and_its_time_go_together(void **state)
{
	struct particulars what = least(VERB_SUPERVISE, EVENT);

	(void)state;
	what.due_ms = 0;
	assert_int_equal(check(&what, VERB_SUPERVISE, EVENT), ERR_INVALID);
	what.text = "hurry";
	assert_int_equal(check(&what, VERB_SUPERVISE, EVENT), ERR_INVALID);
	what.deadline = DEADLINE_NONE;
	refuses(&what, VERB_SUPERVISE, EVENT, "step");
	what.step = 0;
	takes(&what, VERB_SUPERVISE, EVENT);
	takes(&what, VERB_SUPERVISE, COMMAND);
	what.due_ms = STORY_START_MS;
	what.deadline = DEADLINE_ACCEPT;
	refuses(&what, VERB_SUPERVISE, EVENT, "step");
	what.step = ESCALATION_MAX + 1;
	refuses(&what, VERB_SUPERVISE, EVENT, "step");
	what.step = ESCALATION_MAX;
	takes(&what, VERB_SUPERVISE, EVENT);
	assert_int_equal(check(&what, VERB_SUPERVISE, COMMAND), ERR_INVALID);
}

static void hashes_and_keys_have_their_length(void **state)
{
	static const uint8_t some[CONTACT_MAX_BYTES + 1];
	struct particulars what = least(VERB_OPEN, EVENT);

	(void)state;
	what.contact_hash = bytes_of(some, HASH_BYTES - 1);
	refuses(&what, VERB_OPEN, EVENT, "contact_hash");
	what.contact_hash = bytes_of(some, HASH_BYTES + 1);
	refuses(&what, VERB_OPEN, EVENT, "contact_hash");
	what.contact_hash = bytes_of(some, HASH_BYTES);
	what.contact_key = bytes_of(some, CONTACT_MAX_BYTES + 1);
	refuses(&what, VERB_OPEN, EVENT, "contact_key");
	what.contact_key.len--;
	takes(&what, VERB_OPEN, EVENT);
}

/* ---- operators ---- */

static void knows_the_names_of_operators(void **state)
{
	char name[NAME_MAX_BYTES + 1];

	(void)state;
	assert_true(operator_name_is_valid("wang.li-2_A", false));
	assert_false(operator_name_is_valid("", true));
	assert_true(operator_name_is_valid("网格员甲", false));
	assert_false(operator_name_is_valid("\xff\xfe", true));
	assert_false(operator_name_is_valid("\xed\xa0\x80", true));
	assert_false(operator_name_is_valid("a+b", true));
	assert_false(operator_name_is_valid("a b", true));
	assert_false(operator_name_is_valid("a\n", true));
	memset(name, 'a', sizeof(name));
	name[NAME_MAX_BYTES] = '\0';
	assert_false(operator_name_is_valid(name, true));
	name[NAME_MAX_BYTES - 1] = '\0';
	assert_true(operator_name_is_valid(name, true));
}

static void no_person_has_the_name_of_the_engine(void **state)
{
	(void)state;
	assert_true(operator_name_is_valid(OPERATOR_AUTOPILOT, true));
	assert_true(operator_name_is_valid(OPERATOR_TIMER, true));
	assert_false(operator_name_is_valid(OPERATOR_AUTOPILOT, false));
	assert_false(operator_name_is_valid(OPERATOR_TIMER, false));
	assert_false(operator_name_is_valid("@other", true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verb_says_its_fields_and_no_others),
		cmocka_unit_test(takes_the_least_that_a_verb_must_say),
		cmocka_unit_test(refuses_verbs_that_do_not_exist),
		cmocka_unit_test(refuses_when_something_is_missing),
		cmocka_unit_test(
		    an_explanation_needs_words_and_a_solution_its_channel),
		cmocka_unit_test(a_callout_names_department_colour_and_parent),
		cmocka_unit_test(nobody_opens_a_callout_by_command),
		cmocka_unit_test(kind_and_source_fit_each_other),
		cmocka_unit_test(a_whistle_names_each_department_once),
		cmocka_unit_test(a_whistle_gives_each_callout_its_own_ticket),
		cmocka_unit_test(only_one_department_leads),
		cmocka_unit_test(refuses_more_callouts_than_a_ticket_holds),
		cmocka_unit_test(texts_have_a_length),
		cmocka_unit_test(codes_leave_room_for_their_end),
		cmocka_unit_test(codes_hold_no_control_characters),
		cmocka_unit_test(times_are_from_1970_to_9999),
		cmocka_unit_test(numbers_are_in_their_lists),
		cmocka_unit_test(a_deadline_and_its_time_go_together),
		cmocka_unit_test(hashes_and_keys_have_their_length),
		cmocka_unit_test(knows_the_names_of_operators),
		cmocka_unit_test(no_person_has_the_name_of_the_engine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
