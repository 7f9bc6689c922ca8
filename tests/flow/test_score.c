/*
 * Scores with real daemons: after a mixed life of tickets every node that
 * knows all tickets of a unit says the same of it, every number leads to its
 * tickets, and a node that knows only some of them says so.
 */
#include "harness/harness.h"
#include "harness/story.h"

#include <string.h>

#define STREET	   "street-420704001"
#define DEPARTMENT "420704-gdgs"

static struct city city;
static const char *whistled, *given_back, *excluded;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	story_in(&city);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	city_close(&city);
	return 0;
}

/* The hotline's ticket: the street whistles by itself, the company comes. */
static void a_callout_is_rated(void)
{
	const char *callout;

	whistled = opens("hotline", "--number", "S-1", "--title", "楼栋停电",
	    "--text", "3号楼从昨晚停电到现在", "--address",
	    "凤凰街道滨湖社区3号楼", NULL);
	sees(STREET, whistled, "waiting", "420704001");
	callout = callout_of(STREET, whistled, DEPARTMENT);
	does(DEPARTMENT, "check-in", callout, NULL);
	does(DEPARTMENT, "resolve", callout, "--solved", "--text", "已换开关",
	    NULL);
	sees(STREET, callout, "resolved", "420704001");
	does(STREET, "rate", callout, "--mostly", NULL);
	sees(STREET, whistled, "accepted", "420704001");
	does(STREET, "resolve", whistled, "--solved", "--text", "电已恢复",
	    NULL);
	sees("hotline", whistled, "resolved", "4207-12345");
	does("hotline", "rate", whistled, "--dissatisfied", NULL);
}

static void one_goes_up_and_comes_back(void)
{
	given_back = opens(STREET, "--title", "路口堆物", NULL);
	does(STREET, "forward", given_back, "420704", NULL);
	sees("echeng", given_back, "open", "420704");
	does("echeng", "return", given_back, "--reason",
	    "本级不受理，请街道处置", "--basis", "街道职责清单", NULL);
	sees(STREET, given_back, "open", "420704001");
	does(STREET, "accept", given_back, NULL);
}

static void one_is_excluded(void)
{
	excluded =
	    opens(STREET, "--title", "历史遗留问题", "--item", "dispute", NULL);
	does(STREET, "accept", excluded, NULL);
	sees("admin", excluded, "accepted", "420704001");
	does("admin", "exclude", excluded, "--reason", "不属于受理范围", NULL);
	sees(STREET, excluded, "excluded", "420704001");
}

static void tickets_live_in_many_ways(void **state)
{
	(void)state;
	a_callout_is_rated();
	one_goes_up_and_comes_back();
	one_is_excluded();
	city_wait_quiet(&city);
}

static json_t *unit_at(const char *node, const char *unit)
{
	return cli_json(&city, "admin", "--node", node, "score", "show", unit,
	    "--explain", "--tickets", NULL);
}

static void every_level_says_the_same(void **state)
{
	static const char *const units[] = { "420704001", DEPARTMENT };
	static const char *const nodes[] = { "districtd", "cityd" };
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		json_t *first = unit_at("cityd", units[i]);
		assert_true(json_is_true(json_at(first, "complete")));
		for (size_t k = 0; k < 2; k++) {
			json_t *other = unit_at(nodes[k], units[i]);
			assert_true(json_equal(first, other));
			json_decref(other);
		}
		json_decref(first);
	}
	json_t *street = unit_at("streetd", "420704001");
	json_t *city_says = unit_at("cityd", "420704001");
	assert_true(json_equal(street, city_says));
	json_decref(street);
	json_decref(city_says);
}

static void a_node_that_knows_some_says_so(void **state)
{
	json_t *district = unit_at("streetd", "420704");
	json_t *ranks = cli_json(&city, "admin", "--node", "streetd", "score",
	    "rank", "--by", "response", "--level", "district", NULL);
	json_t *rank;
	size_t i;
	(void)state;

	assert_true(json_is_false(json_at(district, "complete")));
	assert_true(json_array_size(ranks) > 0);
	json_array_foreach(ranks, i, rank)
	{
		assert_true(json_is_null(json_at(rank, "rank")));
		assert_string_equal(
		    json_text_at(rank, "not_ranked"), "partial");
	}
	json_decref(district);
	json_decref(ranks);
}

/* The tickets listed behind a side are as many as the side says. */
static void check_sides(json_t *unit)
{
	static const char *const rates[] = { "response", "completion",
		"satisfaction" };
	static const char *const sides[] = { "in", "missed", "left_out",
		"open" };

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 4; k++) {
			json_t *rate =
			    json_at(json_at(unit, "explain"), rates[i]);
			json_t *side = json_at(rate, sides[k]);
			assert_int_equal(
			    json_array_size(json_at(side, "tickets")),
			    json_number_at(side, "events"));
		}
}

static void every_number_leads_to_its_tickets(void **state)
{
	json_t *street = unit_at("cityd", "420704001");
	json_t *company = unit_at("cityd", DEPARTMENT);
	(void)state;

	check_sides(street);
	check_sides(company);
	assert_string_equal(
	    json_text_at(street, "explain.satisfaction.missed.tickets[0]"),
	    whistled);
	assert_string_equal(
	    json_text_at(street, "explain.completion.left_out.tickets[0]"),
	    excluded);
	assert_string_equal(
	    json_text_at(street, "explain.response.left_out.tickets[0]"),
	    excluded);
	assert_int_equal(
	    json_number_at(street, "counts.excluded_accepted_in_time"), 1);
	assert_int_equal(
	    json_number_at(company, "explain.response.department.raters.in"),
	    1);
	json_decref(street);
	json_decref(company);
}

static void burden_says_who_sent_it(void **state)
{
	json_t *lines =
	    cli_json(&city, "admin", "score", "burden", "420704001", NULL);
	json_t *street = unit_at("cityd", "420704001");
	int64_t received = 0, back = 0;
	json_t *line;
	size_t i;
	(void)state;

	json_array_foreach(lines, i, line)
	{
		received += json_number_at(line, "received");
		if (!strcmp(json_text_at(line, "from"), "420704"))
			back = json_number_at(line, "received");
	}
	assert_int_equal(received, json_number_at(street, "counts.received"));
	assert_int_equal(back, 1);
	json_decref(lines);
	json_decref(street);
}

static void months_and_ranks_add_up(void **state)
{
	json_t *trend =
	    cli_json(&city, "admin", "score", "trend", DEPARTMENT, NULL);
	json_t *ranks = cli_json(
	    &city, "admin", "score", "rank", "--kind", "department", NULL);
	(void)state;

	assert_int_equal(json_array_size(trend), 1);
	assert_int_equal(json_number_at(trend, "[0].counts.called"), 1);
	assert_int_equal(json_number_at(ranks, "[0].rank"), 1);
	assert_string_equal(json_text_at(ranks, "[0].unit"), DEPARTMENT);
	assert_true(json_is_null(json_at(ranks, "[1].rank")));
	json_decref(trend);
	json_decref(ranks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tickets_live_in_many_ways),
		cmocka_unit_test(every_level_says_the_same),
		cmocka_unit_test(a_node_that_knows_some_says_so),
		cmocka_unit_test(every_number_leads_to_its_tickets),
		cmocka_unit_test(burden_says_who_sent_it),
		cmocka_unit_test(months_and_ranks_add_up),
	};

	return flow_end(cmocka_run_group_tests(tests, open_city, close_city));
}
