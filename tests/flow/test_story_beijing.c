/*
 * A story of Beijing (接诉即办): an order of the hotline whose duty is clear
 * goes directly to a street (直派), which has seven calendar days. The street
 * says that it is not its own, gives it back in time with basis and reason;
 * nobody passes the parcel, so the district rules, and the ruled unit keeps
 * it. Finished is not solved: the caller's survey reopens it, first to the
 * one who resolved it, then one level higher.
 *
 * A catalogue of the story's own: accept 4h, resolve 7d, a day to return. It
 * is Tuesday 24 November 2026.
 */
#include "harness/harness.h"
#include "harness/story.h"

#include <stdio.h>

#define HOTLINE	 "hotline"
#define CITY	 "city"
#define DISTRICT "echeng"
#define HEAD	 "echeng-head"
#define STREET	 "street-420704001"
#define OTHER	 "street-420704002"

static struct city city;
static const char *order, *second;

static int open_city(void **state)
{
	char path[CITY_PATH + 32];

	(void)state;
	moved_start("2026-11-24 09:00");
	city_prepare(&city);
	snprintf(path, sizeof(path), "%s/catalogue.yaml", city.from);
	file_copy(path, SOURCE_DIR "/tests/flow/data/beijing.yaml");
	city_found(&city);
	city_start(&city);
	story_in(&city);
	return 0;
}

static const char *call(const char *number, const char *unit)
{
	return opens(HOTLINE, "--number", number, "--title",
	    "菜市场外便民摊点占了盲道", "--item", "general", "--place", unit,
	    "--callback", NULL);
}

static void an_order_goes_directly_to_the_street(void **state)
{
	(void)state;
	order = call("BJ-1", "420704001");
	sees(STREET, order, "open", "420704001");
	/* city to street, past the district, which follows all the same */
	happened(STREET, order, "open forward forward");
	sees(DISTRICT, order, "open", "420704001");
	sees_word(STREET, order, "sender", "4207");
	is_due(STREET, order, "accept_by", "2026-11-24 13:00",
	    "item general: accept 4h; return 1d");
	is_due(STREET, order, "resolve_by", "2026-12-01 09:00", NULL);
	is_due(STREET, order, "return_by", "2026-11-25 09:00", NULL);
}

static void the_street_returns_it_in_time(void **state)
{
	(void)state;
	it_is("2026-11-24 11:00");
	does(STREET, "return", order, "--basis", "区城管局职责清单第12条",
	    "--reason", "该路段由区城管局直管，不在我街道范围", NULL);
	sees(CITY, order, "open", "4207");
	sees_number(CITY, order, "returns", 1);
}

/* The sender insists; but not twice to the same without a ruling. */
static void the_sender_may_not_send_it_there_again(void **state)
{
	(void)state;
	may_not(CITY, "forward", order, "cannot be sent there again",
	    "420704001", "--reason", "位置在贵街道", NULL);
	does(CITY, "forward", order, "420704", "--reason",
	    "街道不认，请区里裁定", NULL);
	sees(DISTRICT, order, "open", "420704");
	may_not(DISTRICT, "rule", order, "Your role does not allow this",
	    "420704001", "--reason", "应归他们", NULL);
}

static void the_district_rules(void **state)
{
	(void)state;
	it_is("2026-11-24 14:00");
	does(HEAD, "rule", order, "420704001", "--reason",
	    "属地管理，由凤凰街道牵头，首接负责", NULL);
	sees(STREET, order, "open", "420704001");
	sees_word(STREET, order, "ruled", "420704001");
	/* the time to resolve is still that of the call */
	is_due(STREET, order, "resolve_by", "2026-12-01 09:00", NULL);
	may_not(STREET, "return", order, "A ruling gave the ticket", "--basis",
	    "区城管局职责清单第12条", "--reason", "还是不归我们", NULL);
	may_not(STREET, "forward", order, "A ruling gave the ticket", "420704",
	    "--reason", "请区里办", NULL);
	does(STREET, "accept", order, NULL);
}

static void who_says_nothing_in_time_has_accepted(void **state)
{
	(void)state;
	it_is("2026-11-25 10:00");
	second = call("BJ-2", "420704002");
	sees(OTHER, second, "open", "420704002");
	is_due(OTHER, second, "return_by", "2026-11-26 10:00", NULL);
	it_is("2026-11-26 10:30");
	sees(OTHER, second, "accepted", "420704002");
	may_not(OTHER, "return", second,
	    "The time to return it was over at 2026-11-26", "--basis",
	    "区职责清单", "--reason", "不归我们", NULL);
	/* nobody has looked at it in its day all the same */
	was_told(OTHER, second, "supervise", "accept", 1, 1);
	was_told(OTHER, second, "supervise", "accept", 2, 1);
	does(OTHER, "resolve", second, "--solved", "--text", "已劝离", NULL);
	sees(HOTLINE, second, "resolved", "4207-12345");
	does(HOTLINE, "rate", second, "--satisfied", NULL);
}

/* What is with the caller runs nobody's time. */
static void finished_waits_for_the_caller(void **state)
{
	(void)state;
	it_is("2026-11-27 09:00");
	does(STREET, "resolve", order, "--solved", "--text", "已办结", NULL);
	sees(HOTLINE, order, "resolved", "4207-12345");
	it_is("2026-12-10 09:00");
	was_told(HOTLINE, order, "remind", "resolve", 0, 0);
	was_told(HOTLINE, order, "supervise", "resolve", 1, 0);
	sees_number(CITY, order, "escalation", 0);
}

static void finished_is_not_solved(void **state)
{
	(void)state;
	may_not(STREET, "reopen", order, "Only the unit that opened",
	    "--reason", "没解决", NULL);
	does(HOTLINE, "reopen", order, "--reason",
	    "回访：来电人说摊点第二天又回来了", NULL);
	/* to the one who resolved it, with seven days again */
	sees(STREET, order, "open", "420704001");
	is_due(STREET, order, "accept_by", "2026-12-10 13:00",
	    "item general: accept 4h, resolve 7d; return 1d");
	is_due(STREET, order, "resolve_by", "2026-12-17 09:00", NULL);
	sees_number(STREET, order, "reopens", 1);
	does(STREET, "accept", order, NULL);
	it_is("2026-12-15 09:00");
	does(STREET, "resolve", order, "--solved", "--text", "已安排每日巡查",
	    NULL);
	sees(HOTLINE, order, "resolved", "4207-12345");
}

static void the_second_time_it_goes_one_level_higher(void **state)
{
	(void)state;
	it_is("2026-12-16 09:00");
	does(HOTLINE, "reopen", order, "--reason", "回访：摊点还在", NULL);
	sees(DISTRICT, order, "open", "420704");
	is_due(DISTRICT, order, "resolve_by", "2026-12-23 09:00", NULL);
	does(DISTRICT, "accept", order, NULL);
	it_is("2026-12-22 09:00");
	does(DISTRICT, "resolve", order, "--solved", "--text",
	    "划定便民疏导点，摊点全部入点", NULL);
	sees(HOTLINE, order, "resolved", "4207-12345");
	it_is("2026-12-24 09:00");
	does(HOTLINE, "rate", order, "--mostly", NULL);
	sees(STREET, order, "closed", "4207-12345");
	happened(CITY, order,
	    "open forward forward return forward rule accept resolve reopen "
	    "accept resolve reopen accept remind resolve rate");
}

/* The rating is of who resolved it in the end; two resolutions of the
 * street's were not accepted. */
static void the_scores_tell_it(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	scores(
	    CITY, "420704", "response 1/1, completion 1/1, satisfaction 1/1");
	scores(CITY, "420704001",
	    "response 2/2, completion 0/0, satisfaction 0/0");
	counts(CITY, "420704001", "returned", 1);
	counts(CITY, "420704001", "reopened", 2);
	counts(CITY, "420704001", "resolved_in_time", 2);
	scores(CITY, "420704002",
	    "response 0/1, completion 1/1, satisfaction 1/1");
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_goes_directly_to_the_street),
		cmocka_unit_test(the_street_returns_it_in_time),
		cmocka_unit_test(the_sender_may_not_send_it_there_again),
		cmocka_unit_test(the_district_rules),
		cmocka_unit_test(who_says_nothing_in_time_has_accepted),
		cmocka_unit_test(finished_waits_for_the_caller),
		cmocka_unit_test(finished_is_not_solved),
		cmocka_unit_test(the_second_time_it_goes_one_level_higher),
		cmocka_unit_test(the_scores_tell_it),
	};

	return flow_end(
	    cmocka_run_group_tests_name("beijing", tests, open_city, NULL));
}
