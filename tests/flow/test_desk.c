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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_begins_with_the_most_urgent),
		cmocka_unit_test(has_colours_when_they_are_asked_for),
		cmocka_unit_test(a_caller_hears_how_it_stands),
	};

	return flow_end(
	    cmocka_run_group_tests_name("desk", tests, open_city, NULL));
}
