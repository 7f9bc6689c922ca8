/*
 * The hotline's interface, all of it, against the running gateway; and its
 * description: what is answered is described, and what is described has
 * been seen.
 */
#include "harness/harness.h"

#include <stdio.h>
#include "harness/openapi.h"
#include "hotline/said.h"
#include "hotline/tests.h"

/* A client beside the hotline's own, which may do everything. */
static void add_client(const char *name, const char *access)
{
	assert_int_equal(
	    sign_key_make(city_path(&city, "keys/http/%s.key", name)), 0);
	file_write(city_path(&city, "keys/http/%s.yaml", name), access);
}

/* An item whose time to accept is over at once. */
static void add_item(void)
{
	char path[CITY_PATH + 32];

	snprintf(path, sizeof(path), "%s/catalogue.yaml", city.from);
	file_edit(path, "  - {code: dust,",
	    "  - {code: quick, zh: 快件, en: Quick, domain: livable, keywords: "
	    "[快件快件], competent: grid, immediate: true, lead: cgj, colour: "
	    "blue, accept: 1s, resolve: 7d}\n  - {code: dust,");
}

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	add_item();
	city_found(&city);
	add_client("watcher", "scopes: [callbacks]\n");
	add_client("reader", "scopes: [read]\n");
	add_client("slow", "scopes: [read, open, act, rate, callbacks]\n"
			   "rate: 1\nburst: 1\n");
	hotline_open(&hotline, &city);
	city_start(&city);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	city_close(&city);
	hotline_close(&hotline);
	return 0;
}

/* ---- the description ---- */

static void the_gateway_gives_the_description_that_was_checked(void **state)
{
	json_t *file = json_load_file(
	    SOURCE_DIR "/services/gatewayd/openapi.json", 0, NULL);
	json_t *answer = expect(200, "GET", "/hotline/v1/openapi.json", "");

	(void)state;
	assert_true(json_equal(file, answer));
	json_decref(file);
	json_decref(answer);
}

static void all_that_is_described_has_been_seen(void **state)
{
	(void)state;
	openapi_check_covered();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_an_order_comes_back),
		cmocka_unit_test(a_caller_s_details_are_erased),
		cmocka_unit_test(an_order_is_found_by_its_ticket_s_id_too),
		cmocka_unit_test(acts_are_done_once_for_each_key),
		cmocka_unit_test(the_name_of_an_act_is_signed),
		cmocka_unit_test(a_survey_reopens_and_rates),
		cmocka_unit_test(
		    what_the_law_refuses_is_said_in_the_language_asked_for),
		cmocka_unit_test(
		    what_was_overheard_changes_nothing_after_a_restart),
		cmocka_unit_test(
		    what_the_holder_has_not_answered_is_on_its_way),
		cmocka_unit_test(one_more_call_follows_and_each_caller_rates),
		cmocka_unit_test(hints_at_what_may_be_a_duplicate),
		cmocka_unit_test(a_whistle_s_colour_shows),
		cmocka_unit_test(lists_each_ticket_once_by_its_last_change),
		cmocka_unit_test(callbacks_are_seen_and_sent_again),
		cmocka_unit_test(a_missed_deadline_is_told),
		cmocka_unit_test(takes_a_file_of_orders),
		cmocka_unit_test(gives_its_tickets_as_a_file),
		cmocka_unit_test(signs_for_files_too),
		cmocka_unit_test(each_operation_refuses_what_it_says),
		cmocka_unit_test(scopes_are_read_again),
		cmocka_unit_test(
		    the_gateway_gives_the_description_that_was_checked),
		cmocka_unit_test(an_order_names_a_file_that_was_sent_before),
		cmocka_unit_test(all_that_is_described_has_been_seen),
	};

	return flow_end(cmocka_run_group_tests(tests, open_city, close_city));
}
