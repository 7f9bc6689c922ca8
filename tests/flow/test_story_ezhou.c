/*
 * A story of Ezhou (鄂州, 五级联动): what a grid worker finds and nobody below
 * can settle goes up all five levels, each of which follows every step; it is
 * settled above, comes home to the one who raised it, and is rated from the
 * bottom up: one issue, one rating.
 *
 * The sample city with its own catalogue and calendar. A vegetable plot on
 * public green (veg.plot) is a grid's: accept 1wd, resolve 3wd. It is
 * Thursday 19 November 2026; between lies a weekend.
 */
#include "harness/harness.h"
#include "harness/story.h"

#define GRID	  "grid-420704001002001" /* 鄂城区 凤凰街道 滨湖社区 */
#define COMMUNITY "comm-420704001002"
#define STREET	  "street-420704001"
#define DISTRICT  "echeng"
#define CITY	  "city"

static const char *const levels[] = { GRID, COMMUNITY, STREET, DISTRICT, CITY };
enum { LEVELS = sizeof(levels) / sizeof(*levels) };

static struct city city;
static const char *plot;

static int open_city(void **state)
{
	(void)state;
	moved_start("2026-11-19 09:00");
	city_open(&city);
	story_in(&city);
	return 0;
}

static void all_five_see(const char *ticket_state, const char *holder)
{
	for (size_t i = 0; i < LEVELS; i++)
		sees(levels[i], plot, ticket_state, holder);
}

static void a_grid_worker_finds_it(void **state)
{
	(void)state;
	plot = opens(GRID, "--title", "屋后公共绿地被圈起来种菜", "--item",
	    "veg.plot", "--place", "420704001002001", "--source", "patrol",
	    NULL);
	all_five_see("open", "420704001002001");
	is_due(GRID, plot, "accept_by", "2026-11-20 09:00",
	    "item veg.plot: accept 1wd, resolve 3wd");
	is_due(GRID, plot, "resolve_by", "2026-11-24 09:00", NULL);
	does(GRID, "accept", plot, NULL);
	does(GRID, "note", plot, "上门劝了两次，三户都不肯拆", NULL);
	all_five_see("accepted", "420704001002001");
}

/* Each level has its own time to accept; the time to resolve is one. */
static void goes_up(const char *from, const char *to, const char *unit,
    const char *reason, const char *accept_by)
{
	does(from, "forward", plot, unit, "--reason", reason, NULL);
	all_five_see("open", unit);
	is_due(to, plot, "accept_by", accept_by, NULL);
	is_due(to, plot, "resolve_by", "2026-11-24 09:00", NULL);
	may_not(from, "resolve", plot, "Only the unit that holds the ticket",
	    "--solved", NULL);
	does(to, "accept", plot, NULL);
}

static void it_goes_up_level_by_level(void **state)
{
	(void)state;
	it_is("2026-11-19 10:00");
	goes_up(
	    GRID, COMMUNITY, "420704001002", "网格劝不动", "2026-11-20 10:00");
	does(COMMUNITY, "note", plot, "居民议事会开过，两户愿意自拆", NULL);
	it_is("2026-11-19 15:00");
	goes_up(COMMUNITY, STREET, "420704001", "一户不服，要街道出面",
	    "2026-11-20 15:00");
	it_is("2026-11-20 09:00");
	goes_up(STREET, DISTRICT, "420704", "地属哪家说不清，请区里协调",
	    "2026-11-23 09:00");
	it_is("2026-11-20 16:00");
	goes_up(
	    DISTRICT, CITY, "4207", "权属在市里的园林用地", "2026-11-23 16:00");
	was_told(CITY, plot, "remind", "resolve", 0, 0);
}

/* Nobody passes the parcel: down again it goes by a ruling alone. */
static void the_one_below_is_not_sent_it_again(void **state)
{
	(void)state;
	may_not(CITY, "forward", plot, "has been with 凤凰街道", "420704001",
	    "--reason", "还是你们办", NULL);
	may_not(GRID, "rate", plot, "cannot be done", "--satisfied", NULL);
}

/* A quarter of the whole time is left: it is all of Sunday. */
static void the_holder_is_reminded_on_the_way(void **state)
{
	(void)state;
	it_is("2026-11-23 08:30");
	was_told(GRID, plot, "remind", "resolve", 0, 1);
	was_told(GRID, plot, "supervise", "resolve", 1, 0);
}

static void it_is_settled_above_and_comes_home(void **state)
{
	(void)state;
	does(CITY, "resolve", plot, "--solved", "--channel", "government",
	    "--text", "园林部门已收回绿地并补种，三户都签了承诺书", NULL);
	all_five_see("resolved", "420704001002001");
	sees_word(GRID, plot, "resolver", "4207");
	sees_word(STREET, plot, "outcome", "solved");
	sees_word(STREET, plot, "channel", "government");
}

static void the_grid_verifies_and_rates_once(void **state)
{
	(void)state;
	it_is("2026-11-23 11:00");
	may_not(COMMUNITY, "rate", plot, "Only the unit that opened",
	    "--satisfied", NULL);
	does(GRID, "rate", plot, "--satisfied", "--text", "绿地回来了", NULL);
	all_five_see("closed", "420704001002001");
	may_not(GRID, "rate", plot, "One issue has one rating",
	    "--dissatisfied", NULL);
	sees_word(CITY, plot, "rating.satisfaction", "satisfied");
	sees_number(CITY, plot, "escalation", 0);
}

static void every_level_has_followed_every_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEVELS; i++)
		happened(levels[i], plot,
		    "open accept note forward accept note forward accept "
		    "forward accept forward accept remind resolve rate");
}

/* All five accepted in time; the rating is of the one who settled it. */
static void the_scores_say_who_did_what(void **state)
{
	static const char *const units[] = { "420704001002001", "420704001002",
		"420704001", "420704", "4207" };

	(void)state;
	city_wait_quiet(&city);
	for (size_t i = 0; i < 4; i++)
		scores(CITY, units[i],
		    "response 1/1, completion 0/0, satisfaction 0/0");
	scores(CITY, "4207", "response 1/1, completion 1/1, satisfaction 1/1");
	counts(CITY, "4207", "resolved_in_time", 1);
	counts(CITY, "4207", "immediate", 0);
	counts(CITY, "420704001002001", "opened", 1);
	counts(CITY, "420704001", "received", 1);
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grid_worker_finds_it),
		cmocka_unit_test(it_goes_up_level_by_level),
		cmocka_unit_test(the_one_below_is_not_sent_it_again),
		cmocka_unit_test(the_holder_is_reminded_on_the_way),
		cmocka_unit_test(it_is_settled_above_and_comes_home),
		cmocka_unit_test(the_grid_verifies_and_rates_once),
		cmocka_unit_test(every_level_has_followed_every_step),
		cmocka_unit_test(the_scores_say_who_did_what),
	};

	return flow_end(
	    cmocka_run_group_tests_name("ezhou", tests, open_city, NULL));
}
