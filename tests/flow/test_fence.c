/*
 * A street that does not answer: the district takes over without it, and
 * what the street did unheard is seen everywhere and counts nowhere.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#define STREET	 "street-420704001"
#define DISTRICT "echeng"

static struct city city;
static struct id noted, whistled;
static struct id callout; /* of the whistle that nobody heard */

static int open_city(void **state)
{
	char path[CITY_PATH + 32];
	(void)state;

	city_prepare(&city);
	snprintf(path, sizeof(path), "%s/catalogue.yaml", city.from);
	file_edit(path, "fence_after: 4h", "fence_after: 3s");
	city_found(&city);
	city_start(&city);
	return 0;
}

static struct id open_at_the_street(const char *title)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = title;
	return wish_do(&city, STREET, &wish);
}

static void note(const char *operator_name, const struct id *ticket)
{
	struct wish wish;

	wish_start(&wish, VERB_NOTE, ticket);
	wish.what->text = "没有人听见的话";
	wish_do(&city, operator_name, &wish);
}

static void whistle_for_the_police(const struct id *ticket)
{
	struct callout departments[] = { { .department =
					       unit_code("420704-gaj") } };
	struct ticket seen;
	struct wish wish;

	wish_start(&wish, VERB_WHISTLE, ticket);
	wish.what->colour = COLOUR_RED;
	wish.what->callouts = departments;
	wish.what->callout_count = 1;
	wish_do(&city, STREET, &wish);
	see(&seen, &city, "streetd", ticket);
	callout = seen.callouts[0].ticket;
}

/* The district is away while the street works, and the street when the
 * district is back. */
static void the_street_works_unheard(void **state)
{
	(void)state;
	noted = open_at_the_street("一件说不清的事");
	whistled = open_at_the_street("另一件说不清的事");
	city_wait_quiet(&city);
	assert_int_equal(daemon_stop(&city, "districtd"), 0);
	note(STREET, &noted);
	note(STREET, &noted);
	whistle_for_the_police(&whistled);
	daemon_kill(&city, "streetd");
	daemon_start(&city, "districtd", NULL);
	city_wait_state(&city, "districtd", "running");
}

static void take_over(
    struct run *run, const struct id *ticket, const char *language, bool fence)
{
	char id[ID_TEXT];

	id_format(id, ticket);
	cli(run, &city, DISTRICT, "--lang", language, "--timeout", "8",
	    "ticket", "take-over", id, "--reason", "街道没有回音",
	    fence ? "--fence" : NULL, NULL);
}

static void expects(const struct id *ticket, const char *language, bool fence,
    int code, const char *words)
{
	struct run run;

	take_over(&run, ticket, language, fence);
	if (run.code != code || !strstr(run_text(&run.err), words))
		fail_msg("exit code %d, and not “%s” but: %s", run.code, words,
		    run_text(&run.err));
	run_free(&run);
}

static void an_order_in_vain_says_what_comes_next(void **state)
{
	(void)state;
	expects(&noted, "en", false, 3, "--fence");
	expects(&whistled, "zh", false, 3, "直接接管");
}

static bool is_taken(void *context)
{
	struct run run;

	take_over(&run, context, "en", true);
	int code = run.code;
	if (code != 0 && !strstr(run_text(&run.err), "may still answer"))
		fail_msg("exit code %d: %s", code, run_text(&run.err));
	run_free(&run);
	return code == 0;
}

static void the_district_goes_on_without_the_street(void **state)
{
	struct ticket ticket;
	(void)state;

	assert_true(wait_until(is_taken, &noted, PATIENCE_MS));
	assert_true(wait_until(is_taken, &whistled, PATIENCE_MS));
	wait_held(&city, &noted, "420704", STATE_OPEN);
	see(&ticket, &city, "districtd", &noted);
	assert_int_equal(ticket.term, 2);
	note(DISTRICT, &noted);
}

static bool is_withdrawn(void *context)
{
	struct ticket ticket;

	(void)context;
	see(&ticket, &city, "cityd", &callout);
	return ticket.seq > 0 && ticket.state == STATE_EXCLUDED;
}

static void the_street_follows_when_it_is_back(void **state)
{
	struct ticket ticket;
	(void)state;

	daemon_start(&city, "streetd", NULL);
	city_wait_up(&city);
	assert_true(wait_until(is_withdrawn, NULL, PATIENCE_MS));
	city_wait_quiet(&city);
	see(&ticket, &city, "streetd", &whistled);
	assert_string_equal(ticket.holder.s, "420704");
	assert_int_equal(ticket.state, STATE_OPEN);
	assert_int_equal(ticket.callout_count, 0);
	logs_check_all(&city);
}

static size_t stranded_at(const char *node, const struct id *ticket)
{
	char id[ID_TEXT];
	json_t *shown = cli_json(&city, "admin", "--node", node, "ticket",
	    "show", id_format(id, ticket), NULL);
	json_t *stranded = json_at(shown, "stranded");
	size_t count = json_array_size(stranded);

	for (size_t i = 0; i < count; i++)
		assert_int_equal(
		    json_number_at(json_array_get(stranded, i), "term"), 1);
	json_decref(shown);
	return count;
}

static void everybody_sees_what_does_not_count(void **state)
{
	static const char *const nodes[] = { "streetd", "districtd", "cityd" };
	struct run run;
	char id[ID_TEXT];
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		/* the order, too, may have been obeyed before the fence came */
		assert_true(stranded_at(nodes[i], &noted) >= 2);
		assert_int_equal(stranded_at(nodes[i], &noted),
		    stranded_at("cityd", &noted));
		assert_true(stranded_at(nodes[i], &whistled) >= 1);
	}
	cli(&run, &city, "admin", "--lang", "zh", "ticket", "trace",
	    id_format(id, &noted), NULL);
	assert_int_equal(run.code, 0);
	assert_non_null(strstr(run_text(&run.out), "作废"));
	run_free(&run);
	assert_true(file_count(city_log(&city, "streetd"), " stranded=") >= 2);
}

/* All sums are counted anew from the logs. */
static void no_store_has_a_fault(void **state)
{
	(void)state;
	city_stop(&city);
	cli_exits(0, &city, "admin", "store", "check", NULL);
	city_close(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_street_works_unheard),
		cmocka_unit_test(an_order_in_vain_says_what_comes_next),
		cmocka_unit_test(the_district_goes_on_without_the_street),
		cmocka_unit_test(the_street_follows_when_it_is_back),
		cmocka_unit_test(everybody_sees_what_does_not_count),
		cmocka_unit_test(no_store_has_a_fault),
	};

	return flow_end(
	    cmocka_run_group_tests_name("fence", tests, open_city, NULL));
}
