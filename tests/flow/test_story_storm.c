/*
 * A storm of duplicates: forty callers within a quarter of an hour, one burst
 * pipe. The hotline sends forty signed orders; the city's dispatcher sees
 * that they are one, lets thirty-nine follow the first, and sends one work
 * order to the street. It is settled once; all forty end with it, each caller
 * is called back, and each may rate once.
 *
 * The sample city. Nobody on the phone says what it is, so that routine leaves
 * the orders to a person.
 */
#include "harness/harness.h"
#include "harness/story.h"

#include <stdio.h>
#include "harness/hotline.h"

#define HOTLINE	 "hotline"
#define CITY	 "city"
#define STREET	 "street-420704001"
#define WATER	 "420704-gsgs" /* leads; */
#define POLICE	 "420704-gaj"  /* these assist */
#define MANAGERS "420704-cgj"

enum { CALLERS = 40 };

static struct city city;
static struct hotline *hotline;
static struct id tickets[CALLERS];
static char names[CALLERS][ID_TEXT];
#define MASTER names[0]

static int open_city(void **state)
{
	(void)state;
	moved_start("2026-11-24 06:00");
	city_prepare(&city);
	city_found(&city);
	hotline_open(&hotline, &city);
	city_start(&city);
	story_in(&city);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	city_close(&city);
	hotline_close(&hotline);
	return 0;
}

static void call(int caller)
{
	char body[400];
	json_t *answer = NULL;

	snprintf(body, sizeof(body),
	    "{\"number\":\"S-%d\",\"kind\":\"求助\",\"title\":"
	    "\"有事请帮忙看看\","
	    "\"content\":\"第%d位来电人：早上起来就这样了\","
	    "\"callback\":true,"
	    "\"caller\":\"来电人%d\",\"phone\":\"139000000%02d\"}",
	    caller, caller, caller, caller);
	assert_int_equal(
	    hotline_ask(&answer, hotline, "POST", "/hotline/v1/tickets", body),
	    201);
	assert_int_equal(
	    id_parse(&tickets[caller], json_text_at(answer, "id")), 0);
	id_format(names[caller], &tickets[caller]);
	json_decref(answer);
}

static void forty_people_call(void **state)
{
	(void)state;
	for (int i = 0; i < CALLERS; i++)
		call(i);
	for (int i = 0; i < CALLERS; i++)
		sees(CITY, names[i], "open", "4207");
}

static bool is_called_back(void *context)
{
	struct ticket seen;

	(void)context;
	for (int i = 0; i < CALLERS; i++) {
		see(&seen, &city, "gatewayd", &tickets[i]);
		if (hotline_heard(hotline, &tickets[i]) != seen.seq)
			return false;
	}
	return true;
}

/* The hotline has taken every change of all forty. */
static void wait_called_back(void)
{
	city_wait_quiet(&city);
	if (!wait_until(is_called_back, NULL, PATIENCE_MS))
		fail_msg("the hotline has not heard everything");
}

static void thirty_nine_follow_the_first(void **state)
{
	const char *path = city_path(&city, "duplicates.ids");
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	for (int i = 1; i < CALLERS; i++)
		fprintf(file, "%s\n", names[i]);
	assert_int_equal(fclose(file), 0);
	cli_exits(0, &city, CITY, "ticket", "merge", "--into", MASTER,
	    "--ids-from", path, NULL);
	for (int i = 1; i < CALLERS; i++)
		sees(HOTLINE, names[i], "merged", "4207");
	sees_word(HOTLINE, names[39], "parent", MASTER);
	may_not(CITY, "merge", MASTER, "cannot be merged into that one",
	    "--into", names[1], NULL);
}

/* … with the water company, the police and the city's managers. */
static void one_work_order_goes_out(void **state)
{
	(void)state;
	does(CITY, "forward", MASTER, "420704001", "--item", "water.burst",
	    "--place", "420704001002", "--reason", "四十个来电，同一处爆管",
	    NULL);
	sees(STREET, MASTER, "waiting", "420704001");
	sees_word(STREET, MASTER, "colour", "red");
	json_t *held = cli_json(
	    &city, STREET, "ticket", "list", "--holder", "420704001", NULL);
	assert_int_equal(json_array_size(held), 1);
	json_decref(held);
	wait_called_back();
}

static void settle(const char *department)
{
	const char *callout = callout_of(STREET, MASTER, department);

	does(department, "resolve", callout, "--solved", "--text", "已完成",
	    NULL);
	sees(STREET, callout, "resolved", "420704001");
	does(STREET, "rate", callout, "--satisfied", NULL);
}

static void it_is_settled_once(void **state)
{
	static const char *const called[] = { WATER, POLICE, MANAGERS };
	(void)state;

	it_is("2026-11-24 06:20");
	for (size_t i = 0; i < 3; i++)
		does(called[i], "check-in",
		    callout_of(STREET, MASTER, called[i]), NULL);
	it_is("2026-11-24 09:30");
	for (size_t i = 0; i < 3; i++)
		settle(called[i]);
	sees(STREET, MASTER, "accepted", "420704001");
	does(STREET, "resolve", MASTER, "--solved", "--text",
	    "水管已修复，9点半恢复供水", NULL);
}

static void all_forty_end_with_it(void **state)
{
	(void)state;
	for (int i = 0; i < CALLERS; i++) {
		sees(HOTLINE, names[i], "resolved", "4207-12345");
		sees_word(HOTLINE, names[i], "outcome", "solved");
	}
	wait_called_back();
}

static void each_caller_rates_once(void **state)
{
	(void)state;
	it_is("2026-11-24 11:00");
	for (int i = 0; i < CALLERS; i++)
		does(HOTLINE, "rate", names[i],
		    i % 4 ? "--satisfied" : "--mostly", NULL);
	for (int i = 0; i < CALLERS; i++)
		may_not(HOTLINE, "rate", names[i], "One issue has one rating",
		    "--dissatisfied", NULL);
	wait_called_back();
	for (int i = 0; i < CALLERS; i++)
		sees(CITY, names[i], "closed", "4207-12345");
}

/* Nothing came twice, nothing out of turn, nothing with a wrong signature. */
static void every_caller_was_called_back(void **state)
{
	struct hotline_tally tally = hotline_tally(hotline);

	(void)state;
	assert_int_equal(tally.again, 0);
	assert_int_equal(tally.disordered, 0);
	assert_int_equal(tally.unsigned_, 0);
	/* open, forward, merge, resolve, rate of each that followed */
	assert_true(tally.taken >= (CALLERS - 1) * 5);
	counts(CITY, "4207-12345", "opened", CALLERS);
	counts(CITY, "420704001", "whistles", 1);
	counts(CITY, WATER, "called", 1);
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forty_people_call),
		cmocka_unit_test(thirty_nine_follow_the_first),
		cmocka_unit_test(one_work_order_goes_out),
		cmocka_unit_test(it_is_settled_once),
		cmocka_unit_test(all_forty_end_with_it),
		cmocka_unit_test(each_caller_rates_once),
		cmocka_unit_test(every_caller_was_called_back),
	};

	return flow_end(
	    cmocka_run_group_tests_name("storm", tests, open_city, close_city));
}
