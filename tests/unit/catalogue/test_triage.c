#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "city.h"

static struct city city;
static struct ticket ticket;

static const uint64_t all =
    POWER(FORWARD_UP) | POWER(DISPATCH) | POWER(WHISTLE_OUT);

static int make(void **state)
{
	(void)state;
	city_make(&city);
	city_load(&city);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	city_remove(&city);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	memset(&ticket, 0, sizeof(ticket));
	ticket.kind = KIND_APPEAL;
	ticket.state = STATE_OPEN;
	return 0;
}

static const struct unit *unit(const char *code)
{
	return unit_of(city.folder.org, code);
}

static struct decision decide(
    const char *holder, uint64_t powers, const char *address, const char *text)
{
	const struct triage_case the_case = {
		.ticket = &ticket,
		.unit = unit(holder),
		.title = "",
		.text = text,
		.address = address,
		.catalogue = city.catalogue,
		.places = city.places,
		.org = city.folder.org,
		.powers = powers,
	};

	return triage_default(&the_case);
}

static void expect_forward(
    const struct decision *decision, const char *to, enum triage_reason reason)
{
	assert_int_equal(decision->verb, VERB_FORWARD);
	assert_non_null(decision->to);
	assert_string_equal(decision->to->code.s, to);
	assert_int_equal(decision->reason, reason);
}

static void add_stay(const char *code)
{
	struct stay *stay = &ticket.stays[ticket.stay_count++];

	assert_int_equal(code_set(&stay->unit, code), 0);
	stay->visits = 1;
}

static void sends_a_direct_item_to_the_competent_level_at_once(void **state)
{
	struct decision decision =
	    decide("4207", all, "凤凰街道吴都社区", "路灯坏了");

	(void)state;
	expect_forward(&decision, "420704001", TRIAGE_BELOW_US);
	assert_false(decision.is_suggestion);
	assert_string_equal(decision.item->code, "lamp");
	assert_string_equal(decision.place->code.s, "420704001002");
}

static void sends_other_items_one_level_down(void **state)
{
	struct decision decision =
	    decide("4207", all, "凤凰街道吴都社区", "外墙要粉刷");

	(void)state;
	expect_forward(&decision, "420704", TRIAGE_BELOW_US);
	decision = decide("420704", all, "凤凰街道吴都社区", "外墙要粉刷");
	expect_forward(&decision, "420704001", TRIAGE_BELOW_US);
}

static void sends_it_as_deep_as_the_place_is_known(void **state)
{
	struct decision decision = decide("4207", all, "鄂城区", "路灯坏了");

	(void)state;
	expect_forward(&decision, "420704", TRIAGE_BELOW_US);
	assert_false(decision.is_suggestion);
	decision = decide("4207", all, "吴都社区", "独居老人");
	expect_forward(&decision, "420704", TRIAGE_BELOW_US);
}

static void sends_up_what_a_level_above_is_competent_for(void **state)
{
	struct decision decision =
	    decide("420704001002001", all, "", "路灯坏了");

	(void)state;
	expect_forward(&decision, "420704001002", TRIAGE_ABOVE_US);
	decision = decide("420704001", all, "吴都社区", "公交不来");
	expect_forward(&decision, "420704", TRIAGE_ABOVE_US);
	assert_false(decision.is_suggestion);
}

static void settles_what_it_is_competent_for(void **state)
{
	struct decision decision =
	    decide("420704001002", all, "", "表扬网格员");

	(void)state;
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_COMPETENT);
	assert_false(decision.is_suggestion);
	assert_string_equal(decision.item->code, "praise");
}

static void whistles_for_the_departments_of_the_nearest_host(void **state)
{
	struct decision decision = decide("420704001", all, "", "路灯坏了");

	(void)state;
	assert_int_equal(decision.verb, VERB_WHISTLE);
	assert_int_equal(decision.reason, TRIAGE_SITUATION);
	assert_false(decision.is_suggestion);
	assert_int_equal(decision.colour, COLOUR_YELLOW);
	assert_int_equal(decision.callout_count, 3);
	assert_string_equal(decision.callouts[0].department.s, "420704-cgj");
	assert_true(decision.callouts[0].lead);
	assert_string_equal(decision.callouts[1].department.s, "4207-gaj");
	assert_string_equal(decision.callouts[2].department.s, "420704-zjj");
	assert_false(decision.callouts[1].lead || decision.callouts[2].lead);
	decision = decide("420703100", all, "", "路灯坏了");
	assert_string_equal(decision.callouts[0].department.s, "420703-cgj");
	assert_string_equal(decision.callouts[2].department.s, "4207-zjj");
}

static void keeps_a_graver_colour_of_the_ticket(void **state)
{
	struct decision decision;

	(void)state;
	ticket.colour = COLOUR_RED;
	decision = decide("420704001", all, "", "路灯坏了");
	assert_int_equal(decision.colour, COLOUR_RED);
	ticket.colour = COLOUR_BLUE;
	decision = decide("420704001", all, "", "路灯坏了");
	assert_int_equal(decision.colour, COLOUR_YELLOW);
}

static void only_suggests_a_whistle_that_asks(void **state)
{
	struct decision decision = decide("420704001", all, "", "外墙掉了");

	(void)state;
	assert_int_equal(decision.verb, VERB_WHISTLE);
	assert_true(decision.is_suggestion);
	assert_int_equal(decision.callout_count, 1);
}

static void blows_no_second_whistle(void **state)
{
	struct decision decision;

	(void)state;
	ticket.callout_count = 1;
	decision = decide("420704001", all, "", "路灯坏了");
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_COMPETENT);
}

static void hands_over_to_a_department_of_its_own(void **state)
{
	struct decision decision = decide("420704", all, "", "房产证办不了");

	(void)state;
	expect_forward(&decision, "420704-zjj", TRIAGE_DEPARTMENT);
	assert_false(decision.is_suggestion);
	decision = decide("4207", all, "", "公交不来");
	expect_forward(&decision, "4207-gaj", TRIAGE_DEPARTMENT);
	/* 420703 has no such department; 4207's is not its own */
	decision = decide("420703", all, "", "房产证办不了");
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_COMPETENT);
}

static void leaves_a_departments_ticket_to_it(void **state)
{
	struct decision decision =
	    decide("420704-zjj", all, "", "房产证办不了");

	(void)state;
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_COMPETENT);
}

static void sends_all_of_the_hotline_up(void **state)
{
	struct decision decision =
	    decide("4207-12345", POWER(FORWARD_UP), "", "你好");

	(void)state;
	expect_forward(&decision, "4207", TRIAGE_ABOVE_US);
	assert_false(decision.is_suggestion);
	decision = decide("4207-12345", POWER(FORWARD_UP), "吴都社区", "路灯");
	expect_forward(&decision, "4207", TRIAGE_ABOVE_US);
	assert_string_equal(decision.item->code, "lamp");
	assert_string_equal(decision.place->code.s, "420704001002");
}

static void suggests_what_it_knows_without_an_item(void **state)
{
	struct decision decision = decide("4207", all, "吴都社区", "你好");

	(void)state;
	expect_forward(&decision, "420704", TRIAGE_UNKNOWN_ITEM);
	assert_true(decision.is_suggestion);
	assert_null(decision.item);
	decision = decide("4207", all, "", "你好");
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_UNKNOWN_ITEM);
	assert_true(decision.is_suggestion);
}

static void suggests_what_it_knows_without_a_place(void **state)
{
	struct decision decision = decide("4207", all, "", "路灯坏了");

	(void)state;
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_UNKNOWN_PLACE);
	assert_true(decision.is_suggestion);
	assert_string_equal(decision.item->code, "lamp");
	decision = decide("4207", all, "凤凰街道与古楼街道之间", "路灯坏了");
	expect_forward(&decision, "420704", TRIAGE_UNKNOWN_PLACE);
	assert_true(decision.is_suggestion);
	assert_null(decision.place);
}

static void sends_nothing_to_a_place_that_is_not_below(void **state)
{
	struct decision decision =
	    decide("420703", all, "凤凰街道吴都社区", "路灯坏了");

	(void)state;
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_UNKNOWN_PLACE);
	assert_true(decision.is_suggestion);
	decision = decide("4207", all, "鄂州市", "路灯坏了");
	assert_int_equal(decision.verb, VERB_NONE);
}

static void believes_the_tickets_own_item_and_place(void **state)
{
	struct decision decision;

	(void)state;
	strcpy(ticket.item, "praise");
	assert_int_equal(code_set(&ticket.place, "420703100202"), 0);
	decision = decide("4207", all, "吴都社区", "路灯坏了");
	expect_forward(&decision, "420703100202", TRIAGE_BELOW_US);
	strcpy(ticket.item, "gone");
	decision = decide("4207", all, "吴都社区", "路灯坏了");
	assert_int_equal(decision.reason, TRIAGE_UNKNOWN_ITEM);
	assert_null(decision.item);
	strcpy(ticket.item, "lamp");
	assert_int_equal(code_set(&ticket.place, "420704-zjj"), 0);
	decision = decide("4207", all, "", "");
	expect_forward(&decision, "420704", TRIAGE_BELOW_US);
}

static void never_sends_it_where_it_has_been(void **state)
{
	struct decision decision;

	(void)state;
	add_stay("420704001");
	decision = decide("4207", all, "吴都社区", "路灯坏了");
	assert_int_equal(decision.verb, VERB_NONE);
	assert_null(decision.to);
	assert_int_equal(decision.reason, TRIAGE_NOT_ROUTINE);
	assert_true(decision.is_suggestion);
	decision = decide("420704001002", all, "", "路灯坏了");
	assert_int_equal(decision.verb, VERB_NONE);
	add_stay("420704-zjj");
	decision = decide("420704", all, "", "房产证");
	assert_int_equal(decision.verb, VERB_NONE);
}

static void proposes_nothing_that_it_has_no_power_for(void **state)
{
	static const char *const holders[] = { "4207", "420704", "420704001",
		"420704001002", "420704001002001", "4207-12345" };
	static const char *const texts[] = { "路灯", "外墙", "表扬", "房产证",
		"公交", "独居", "你好" };

	(void)state;
	for (size_t i = 0; i < 6 * 7; i++) {
		struct decision decision =
		    decide(holders[i / 7], 0, "吴都社区", texts[i % 7]);

		assert_int_equal(decision.verb, VERB_NONE);
		assert_int_equal(decision.callout_count, 0);
	}
}

static void settles_it_itself_without_the_whistle(void **state)
{
	struct decision decision;

	(void)state;
	decision = decide("420704001", POWER(DISPATCH), "", "路灯坏了");
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_COMPETENT);
}

static void only_suggests_when_a_person_has_to_look(void **state)
{
	struct decision decision;

	(void)state;
	ticket.flags = TICKET_WAS_RETURNED;
	decision = decide("4207", all, "吴都社区", "路灯坏了");
	expect_forward(&decision, "420704001", TRIAGE_NOT_ROUTINE);
	assert_true(decision.is_suggestion);
	ticket.flags = 0;
	ticket.reopens = 1;
	decision = decide("420704001", all, "", "路灯坏了");
	assert_int_equal(decision.verb, VERB_WHISTLE);
	assert_true(decision.is_suggestion);
	ticket.reopens = 0;
	ticket.kind = KIND_CALLOUT;
	decision = decide("420704-zjj", all, "", "路灯坏了");
	assert_int_equal(decision.verb, VERB_NONE);
	assert_int_equal(decision.reason, TRIAGE_NOT_ROUTINE);
	assert_true(decision.is_suggestion);
}

static void finds_the_place_in_the_title_too(void **state)
{
	struct triage_case the_case = {
		.ticket = &ticket,
		.unit = unit("4207"),
		.title = "给吴都社区点个灯",
		.text = "路灯坏了",
		.address = "",
		.catalogue = city.catalogue,
		.places = city.places,
		.org = city.folder.org,
		.powers = all,
	};
	struct decision decision = triage_default(&the_case);

	(void)state;
	expect_forward(&decision, "420704001", TRIAGE_BELOW_US);
}

static void has_a_word_for_every_reason(void **state)
{
	(void)state;
	assert_string_equal(triage_reason_name(TRIAGE_SITUATION), "whistle");
	for (unsigned i = 0; i < TRIAGE_REASON_COUNT; i++)
		assert_true(
		    strlen(triage_reason_name((enum triage_reason)i)) > 1);
	assert_string_equal(triage_reason_name(TRIAGE_REASON_COUNT), "?");
}

#define CASE(test) cmocka_unit_test_setup(test, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(sends_a_direct_item_to_the_competent_level_at_once),
		CASE(sends_other_items_one_level_down),
		CASE(sends_it_as_deep_as_the_place_is_known),
		CASE(sends_up_what_a_level_above_is_competent_for),
		CASE(settles_what_it_is_competent_for),
		CASE(whistles_for_the_departments_of_the_nearest_host),
		CASE(keeps_a_graver_colour_of_the_ticket),
		CASE(only_suggests_a_whistle_that_asks),
		CASE(blows_no_second_whistle),
		CASE(hands_over_to_a_department_of_its_own),
		CASE(leaves_a_departments_ticket_to_it),
		CASE(sends_all_of_the_hotline_up),
		CASE(suggests_what_it_knows_without_an_item),
		CASE(suggests_what_it_knows_without_a_place),
		CASE(sends_nothing_to_a_place_that_is_not_below),
		CASE(believes_the_tickets_own_item_and_place),
		CASE(never_sends_it_where_it_has_been),
		CASE(proposes_nothing_that_it_has_no_power_for),
		CASE(settles_it_itself_without_the_whistle),
		CASE(only_suggests_when_a_person_has_to_look),
		CASE(finds_the_place_in_the_title_too),
		CASE(has_a_word_for_every_reason),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
