/*
 * At a dispatcher's desk: the queue, the line for a caller on the telephone,
 * many tickets at once, and what happens as it happens.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#define STREET	"420704001"
#define DESK	"street-420704001"
#define GRID	"grid-420704001002001"
#define HOTLINE "hotline"

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

/* A call that routine brings to the street, which calls departments out. */
static void call_in(const char *number, const char *text)
{
	cli_exits(0, &city, HOTLINE, "ticket", "open", "--number", number,
	    "--title", "某事", "--text", text, "--address",
	    "凤凰街道滨湖社区3号楼", NULL);
	city_wait_quiet(&city);
}

static void says(const char *operator, const char * verb, const char *word,
    const char *lang, const char *text)
{
	struct run run;

	cli(&run, &city, operator, "ticket", verb, word, "--lang", lang, NULL);
	if (run.code != 0 || !strstr(run_text(&run.out), text))
		fail_msg("no “%s” in: %s%s", text, run_text(&run.out),
		    run_text(&run.err));
	run_free(&run);
}

static struct id at_grid(const char *item)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "某事";
	wish.what->item = item;
	return wish_do(&city, GRID, &wish);
}

static void a_queue_begins_with_the_most_urgent(void **state)
{
	json_t *queue;
	int64_t last = INT64_MIN;
	(void)state;

	at_grid("pest.control");
	at_grid("elder.visit");
	at_grid("pest.control");
	queue = cli_json(&city, GRID, "ticket", "queue", NULL);
	assert_int_equal(json_array_size(queue), 3);
	assert_string_equal(json_text_at(queue, "[0].item"), "elder.visit");
	assert_string_equal(json_text_at(queue, "[0].to_do"), "accept");
	for (size_t i = 0; i < json_array_size(queue); i++) {
		int64_t left =
		    json_number_at(json_array_get(queue, i), "left_s");
		assert_true(left >= last);
		last = left;
	}
	json_decref(queue);
	queue = cli_json(&city, DESK, "ticket", "queue", NULL);
	assert_int_equal(json_array_size(queue), 0);
	json_decref(queue);
	queue = cli_json(&city, DESK, "ticket", "queue", "--under", STREET,
	    "--item", "pest.control", NULL);
	assert_int_equal(json_array_size(queue), 2);
	json_decref(queue);
	says(GRID, "queue", "420704001002001", "zh", "还剩");
	says(GRID, "queue", "420704001002001", "en", "left");
	cli_exits(
	    2, &city, GRID, "ticket", "queue", STREET, "--under", STREET, NULL);
	cli_exits(2, &city, GRID, "ticket", "queue", "--color", "red", NULL);
}

static void has_colours_when_they_are_asked_for(void **state)
{
	struct run run;
	(void)state;

	cli(&run, &city, GRID, "ticket", "queue", "--color", "always", NULL);
	assert_non_null(strstr(run_text(&run.out), "\033["));
	run_free(&run);
	cli(&run, &city, GRID, "ticket", "queue", NULL);
	assert_null(strstr(run_text(&run.out), "\033["));
	run_free(&run);
}

/* One line at each step; the office's own words are not in it. */
static void a_caller_hears_how_it_stands(void **state)
{
	json_t *list;
	const char *callout;
	(void)state;

	call_in("D-1", "3号楼从昨晚停电到现在");
	says(HOTLINE, "status", "D-1", "zh", "D-1（停电与电压）：已通知");
	says(HOTLINE, "status", "D-1", "en",
	    "has been called in for it; to be "
	    "done by");
	list = cli_json(&city, DESK, "ticket", "list", "--kind", "callout",
	    "--item", "power.cut", NULL);
	callout = json_text_at(list, "[0].id");
	cli_exits(0, &city, "420704-gdgs", "ticket", "check-in", callout, NULL);
	cli_exits(0, &city, "420704-gdgs", "ticket", "resolve", callout,
	    "--solved", "--text", "已修好", NULL);
	city_wait_quiet(&city);
	cli_exits(
	    0, &city, DESK, "ticket", "rate", callout, "--satisfied", NULL);
	json_decref(list);
	city_wait_quiet(&city);
	says(HOTLINE, "status", "D-1", "zh", "凤凰街道正在办理，最晚");
	list = cli_json(&city, DESK, "ticket", "list", "--kind", "appeal",
	    "--item", "power.cut", NULL);
	cli_exits(0, &city, DESK, "ticket", "resolve",
	    json_text_at(list, "[0].id"), "--solved", "--text", "好了", NULL);
	json_decref(list);
	city_wait_quiet(&city);
	says(HOTLINE, "status", "D-1", "zh", "我们会给您回电核实");
	cli_exits(0, &city, HOTLINE, "ticket", "rate", "D-1", "--mostly", NULL);
	says(HOTLINE, "status", "D-1", "zh",
	    "已办结：问题已解决；您的评价：基本满意。");
	says(HOTLINE, "status", "D-1", "en", "Finished: it was solved");
}

/* The catalogue keeps a kind for the heads of a unit. */
static void a_kind_of_whistle_is_kept_for_some(void **state)
{
	struct run run;
	char id[ID_TEXT];
	struct id ticket;
	struct wish wish;
	(void)state;

	file_edit(city_path(&city, "catalogue.yaml"),
	    "{kind: project, levels: [street, district, city]}",
	    "{kind: project, levels: [street], roles: [supervisor]}");
	cli_exits(0, &city, "engineer", "node", "reload", "--all", NULL);
	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "某事";
	wish.what->item = "owners.committee";
	ticket = wish_do(&city, DESK, &wish);
	cli(&run, &city, DESK, "ticket", "whistle", id_format(id, &ticket),
	    "zjj", "--kind", "project", "--colour", "blue", "--lang", "zh",
	    NULL);
	assert_int_equal(run.code, 1);
	assert_non_null(strstr(run_text(&run.err), "不能吹“重点工作”类的哨"));
	run_free(&run);
	cli_exits(0, &city, DESK, "ticket", "whistle", id, "zjj", "--kind",
	    "law", "--colour", "blue", NULL);
}

/* A situation is all that a dispatcher types. */
static void a_situation_presets_the_whole_whistle(void **state)
{
	char id[ID_TEXT];
	struct id ticket;
	struct wish wish;
	json_t *situations, *shown;
	const char *law = NULL;
	(void)state;

	situations = cli_json(&city, DESK, "catalogue", "situations", NULL);
	assert_int_equal(json_array_size(situations), 43);
	for (size_t i = 0; i < json_array_size(situations); i++) {
		json_t *at = json_array_get(situations, i);
		if (!law && strcmp(json_text_at(at, "kind"), "law") == 0)
			law = json_text_at(at, "code");
	}
	assert_non_null(law);
	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "某事";
	wish.what->item = "owners.committee";
	ticket = wish_do(&city, DESK, &wish);
	cli_exits(0, &city, DESK, "ticket", "whistle", id_format(id, &ticket),
	    "--situation", law, NULL);
	shown = cli_json(&city, DESK, "ticket", "show", id, NULL);
	assert_string_equal(json_text_at(shown, "state"), "waiting");
	assert_true(json_array_size(json_at(shown, "callouts")) >= 1);
	json_decref(shown);
	json_decref(situations);
}

/* Each line is answered; what was refused does not stop the others. */
static void many_at_once_go_on_after_a_refusal(void **state)
{
	char first[ID_TEXT], second[ID_TEXT];
	struct id one = at_grid("pest.control"), two = at_grid("pest.control");
	char ids[256];
	struct run run;
	(void)state;

	snprintf(ids, sizeof(ids), "%s\nNONE-SUCH\n%s\n",
	    id_format(first, &one), id_format(second, &two));
	file_write(city_path(&city, "ids"), ids);
	cli(&run, &city, GRID, "ticket", "accept", "--ids-from",
	    city_path(&city, "ids"), NULL);
	assert_int_equal(run.code, 4);
	assert_non_null(strstr(run_text(&run.out), first));
	assert_non_null(strstr(run_text(&run.out), second));
	assert_non_null(strstr(run_text(&run.err), "NONE-SUCH"));
	run_free(&run);
	cli_exits(1, &city, GRID, "ticket", "accept", first, second, NULL);
}

static void watches_a_unit_and_what_is_below_it(void **state)
{
	(void)state;

	cli_exits(0, &city, DESK, "ticket", "watch", "--under", STREET, "--for",
	    "1", NULL);
	cli_exits(2, &city, DESK, "ticket", "watch", NULL);
	cli_exits(2, &city, DESK, "ticket", "watch", "--all", "--under", STREET,
	    NULL);
	cli_exits(
	    4, &city, DESK, "ticket", "watch", "--under", "nowhere", NULL);
}

static void what_a_catalogue_has_wrong_is_said_in_chinese(void **state)
{
	struct run run;
	(void)state;

	file_edit(city_path(&city, "catalogue.yaml"), "domain: elderly,",
	    "domain: nowhere,");
	cli(&run, &city, DESK, "catalogue", "check", "--lang", "zh", NULL);
	assert_int_equal(run.code, 1);
	assert_non_null(
	    strstr(run_text(&run.err), "领域“nowhere”不在 domains 中"));
	run_free(&run);
	file_edit(city_path(&city, "catalogue.yaml"), "domain: nowhere,",
	    "domain: elderly,");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_begins_with_the_most_urgent),
		cmocka_unit_test(has_colours_when_they_are_asked_for),
		cmocka_unit_test(a_caller_hears_how_it_stands),
		cmocka_unit_test(a_kind_of_whistle_is_kept_for_some),
		cmocka_unit_test(a_situation_presets_the_whole_whistle),
		cmocka_unit_test(many_at_once_go_on_after_a_refusal),
		cmocka_unit_test(watches_a_unit_and_what_is_below_it),
		cmocka_unit_test(what_a_catalogue_has_wrong_is_said_in_chinese),
	};

	return flow_end(
	    cmocka_run_group_tests_name("desk", tests, open_city, NULL));
}
