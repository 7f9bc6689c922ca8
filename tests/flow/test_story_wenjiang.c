/*
 * A story of Wenjiang (成都温江, 小事不出网格、难事不出社区、大事不出街道): of
 * 251 demands 212 are settled, 34 under way, 5 explained as impossible; settled
 * by the government 139, by self-government 49, by the market 6, by community
 * funds 3, by mediation 13. Those are the published numbers; the channels add
 * up to 210, so two are settled with none stated. Which level settled which
 * was not published: here small matters stay in the grid, hard ones in the
 * community, big ones in the street.
 *
 * The sample city. What is asked at the end is what a supervisor asks: how
 * many, in which state, how solved; by list and by scoreboard.
 */
#include "harness/harness.h"
#include "harness/story.h"

#include <stdio.h>
#include <string.h>

#define GRID	  "grid-420704001002001"
#define COMMUNITY "comm-420704001002"
#define STREET	  "street-420704001"

enum { DEMANDS = 251 };

/* What comes in, and what becomes of it. */
static const struct group {
	const char *name, *item, *who, *outcome, *channel;
	int count;
} groups[] = {
	{ "mediated", "dispute", GRID, "--solved", "mediation", 13 },
	{ "self", "corridor", GRID, "--solved", "self-government", 49 },
	{ "market", "property.service", COMMUNITY, "--solved", "market", 6 },
	{ "funds", "property.service", COMMUNITY, "--solved", "community-funds",
	    3 },
	{ "unstated", "property.service", COMMUNITY, "--solved", "unstated",
	    2 },
	{ "government", "low.income", STREET, "--solved", "government", 139 },
	{ "explained", "low.income", STREET, "--explained", NULL, 5 },
	{ "underway", "low.income", STREET, NULL, NULL, 34 },
};
enum { GROUPS = sizeof(groups) / sizeof(*groups) };

static struct city city;

static int open_city(void **state)
{
	(void)state;
	moved_start("2026-11-24 09:00");
	city_open(&city);
	story_in(&city);
	return 0;
}

static void write_demands(const char *path)
{
	FILE *file = fopen(path, "w");
	char number[32];

	assert_non_null(file);
	sheet_row(file, "number", "title", "item", "place", NULL);
	for (size_t i = 0; i < GROUPS; i++) {
		for (int k = 0; k < groups[i].count; k++) {
			snprintf(
			    number, sizeof(number), "%s-%d", groups[i].name, k);
			sheet_row(file, number, "居民诉求", groups[i].item,
			    "420704001002001", NULL);
		}
	}
	assert_int_equal(fclose(file), 0);
}

static const char *ids_of(const struct group *group)
{
	return city_path(&city, "%s.ids", group->name);
}

/* The street's own list says which is which. */
static void write_ids(const struct group *group, json_t *list)
{
	FILE *file = fopen(ids_of(group), "w");
	size_t len = strlen(group->name), i;
	json_t *row;
	int count = 0;

	assert_non_null(file);
	json_array_foreach(list, i, row)
	{
		const char *number = json_text_at(row, "external_id");
		if (strncmp(number, group->name, len) || number[len] != '-')
			continue;
		fprintf(file, "%s\n", json_text_at(row, "id"));
		count++;
	}
	assert_int_equal(fclose(file), 0);
	assert_int_equal(count, group->count);
}

static void the_grid_collects_251_demands(void **state)
{
	const char *path = city_path(&city, "demands.csv");
	(void)state;

	write_demands(path);
	cli_exits(0, &city, GRID, "import", path, "--source", "visit", NULL);
	city_wait_quiet(&city);
	json_t *list = cli_json(&city, STREET, "ticket", "list", NULL);
	assert_int_equal(json_array_size(list), DEMANDS);
	for (size_t i = 0; i < GROUPS; i++)
		write_ids(&groups[i], list);
	json_decref(list);
}

/* Each is where it belongs by then: routine has sent it there. */
static void each_is_accepted_where_it_belongs(void **state)
{
	(void)state;
	it_is("2026-11-24 09:10");
	for (size_t i = 0; i < GROUPS; i++)
		cli_exits(0, &city, groups[i].who, "ticket", "accept",
		    "--ids-from", ids_of(&groups[i]), NULL);
}

static void most_are_settled_some_explained(void **state)
{
	(void)state;
	it_is("2026-11-24 16:00");
	for (size_t i = 0; i < GROUPS; i++) {
		const struct group *group = &groups[i];

		if (group->channel)
			cli_exits(0, &city, group->who, "ticket", "resolve",
			    "--ids-from", ids_of(group), "--solved",
			    "--channel", group->channel, NULL);
		else if (group->outcome)
			cli_exits(0, &city, group->who, "ticket", "resolve",
			    "--ids-from", ids_of(group), "--explained",
			    "--text", "政策不允许，已向居民说明", NULL);
	}
	city_wait_quiet(&city);
}

/* "resolved solved mediation 13", a line each. */
static void has_line(json_t *lines, const char *wanted)
{
	char said[160];
	json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		const char *outcome =
		    json_string_value(json_at(line, "outcome"));
		const char *channel =
		    json_string_value(json_at(line, "channel"));
		snprintf(said, sizeof(said), "%s %s %s %lld",
		    json_text_at(line, "state"), outcome ? outcome : "-",
		    channel ? channel : "-",
		    (long long)json_number_at(line, "tickets"));
		if (!strcmp(said, wanted))
			return;
	}
	fail_msg("no line “%s”", wanted);
}

static void the_lists_count_them(void **state)
{
	static const char *const wanted[] = { "accepted - - 34",
		"resolved solved government 139",
		"resolved solved self-government 49",
		"resolved solved market 6", "resolved solved community-funds 3",
		"resolved solved mediation 13", "resolved solved unstated 2",
		"resolved explained - 5" };
	static const char *const askers[] = { STREET, "echeng", "city" };
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		json_t *lines = cli_json(
		    &city, askers[i], "ticket", "list", "--count", NULL);
		assert_int_equal(json_array_size(lines), 8);
		for (size_t k = 0; k < 8; k++)
			has_line(lines, wanted[k]);
		json_decref(lines);
	}
}

static void lists(size_t count, const char *option, const char *word)
{
	json_t *list =
	    cli_json(&city, STREET, "ticket", "list", option, word, NULL);

	assert_int_equal(json_array_size(list), count);
	json_decref(list);
}

static void the_lists_show_them(void **state)
{
	(void)state;
	lists(212, "--outcome", "solved");
	lists(5, "--outcome", "explained");
	lists(34, "--state", "accepted");
	lists(139, "--channel", "government");
	lists(49, "--channel", "self-government");
	lists(6, "--channel", "market");
	lists(3, "--channel", "community-funds");
	lists(13, "--channel", "mediation");
	lists(2, "--channel", "unstated");
}

/* 小事不出网格、难事不出社区、大事不出街道: nothing went any higher. */
static void the_scoreboard_says_who_settled_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *who = i ? "city" : STREET;

		counts(who, "420704001002001", "opened", DEMANDS);
		counts(who, "420704001002001", "solved", 13 + 49);
		counts(who, "420704001002001", "immediate", 13 + 49);
		counts(who, "420704001002", "solved", 6 + 3 + 2);
		counts(who, "420704001", "solved", 139);
		counts(who, "420704001", "explained", 5);
		counts(who, "420704001", "received", 139 + 5 + 34);
		scores(who, "420704001",
		    "response 178/178, completion 0/0, satisfaction 0/0");
	}
}

static void a_person_reads_the_count(void **state)
{
	struct run run;
	(void)state;

	cli(&run, &city, STREET, "ticket", "list", "--count", "--lang", "zh",
	    NULL);
	assert_int_equal(run.code, 0);
	assert_non_null(strstr(run_text(&run.out), "居民自治"));
	assert_non_null(strstr(run_text(&run.out), "未注明"));
	assert_non_null(strstr(run_text(&run.out), "251"));
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_grid_collects_251_demands),
		cmocka_unit_test(each_is_accepted_where_it_belongs),
		cmocka_unit_test(most_are_settled_some_explained),
		cmocka_unit_test(the_lists_count_them),
		cmocka_unit_test(the_lists_show_them),
		cmocka_unit_test(the_scoreboard_says_who_settled_them),
		cmocka_unit_test(a_person_reads_the_count),
	};

	return flow_end(
	    cmocka_run_group_tests_name("wenjiang", tests, open_city, NULL));
}
