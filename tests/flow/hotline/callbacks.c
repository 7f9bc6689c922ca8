/* Callbacks: refused, seen, sent again; a deadline that passes. */
#include "hotline/tests.h"

#include <stdio.h>
#include <string.h>
#include "hotline/said.h"

static bool is_refused(void *context)
{
	json_t *answer =
	    expect(200, "GET", "/hotline/v1/callbacks?state=refused", "");
	bool is_so = json_array_size(json_object_get(answer, "callbacks")) > 0;

	(void)context;
	json_decref(answer);
	return is_so;
}

static void says(const char *lang, const char *text, const char *id)
{
	struct run run;

	cli(&run, &city, "hotline", "--lang", lang, "gateway", "callbacks",
	    "show", id, NULL);
	assert_int_equal(run.code, 0);
	if (!strstr(run_text(&run.out), text))
		fail_msg("%s", run_text(&run.out));
	run_free(&run);
}

/* The same as people do it. */
static void by_command_line(const char *id)
{
	json_t *list = cli_json(
	    &city, "hotline", "gateway", "callbacks", "--failed", NULL);

	assert_string_equal(json_text_at(list, "callbacks[0].id"), id);
	json_decref(list);
	says("en", "Refused 1 times since", id);
	says("zh", "被拒收 1 次", id);
	cli_exits(
	    0, &city, "hotline", "gateway", "callbacks", "replay", id, NULL);
	cli_exits(0, &city, "hotline", "gateway", "callbacks", NULL);
	cli_exits(4, &city, "hotline", "gateway", "callbacks", "show",
	    "01M80453T3VTTMRZ2YZPNX2KWA-1", NULL);
	cli_exits(1, &city, "hotline", "gateway", "callbacks", "--client",
	    "reader", NULL);
	cli_exits(2, &city, "hotline", "gateway", "callbacks", "drop", NULL);
	cli_exits(3, &city, "hotline", "gateway", "callbacks", "--url",
	    "http://127.0.0.1:1", NULL);
}

void callbacks_are_seen_and_sent_again(void **state)
{
	struct id id;
	char path[128], text[ID_TEXT];
	json_t *answer;

	(void)state;
	hotline_feel(hotline, HOTLINE_UNWELL);
	id = open_order("B-1", ",\"title\":\"垃圾\"");
	hotline_refuse(hotline, &id);
	hotline_feel(hotline, HOTLINE_WELL);
	assert_true(wait_until(is_refused, NULL, PATIENCE_MS));
	snprintf(path, sizeof(path), "/hotline/v1/callbacks/%s-1",
	    id_format(text, &id));
	answer = expect(200, "GET", path, "");
	assert_string_equal(json_text_at(answer, "state"), "refused");
	assert_string_equal(json_text_at(answer, "body.number"), "B-1");
	json_decref(answer);
	by_command_line(strrchr(path, '/') + 1);
	hotline_refuse(hotline, NULL);
	expect_only(202, "POST", path, "");
	expect_only(200, "GET", "/hotline/v1/callbacks?limit=1", "");
}

static bool is_late(void *context)
{
	json_t *ticket = told("D-1");
	bool is_so = json_is_true(json_object_get(ticket, "late_accept"));

	(void)context;
	json_decref(ticket);
	return is_so;
}

void a_missed_deadline_is_told(void **state)
{
	struct ticket ticket;
	struct id id;
	json_t *answer;

	(void)state;
	answer = expect(201, "POST", TICKETS,
	    "{\"number\":\"D-1\",\"title\":\"x\",\"item\":\"quick\","
	    "\"division\":\"" GRID_AT "\"}");
	assert_int_equal(id_parse(&id, json_text_at(answer, "id")), 0);
	json_decref(answer);
	assert_true(wait_until(is_late, NULL, PATIENCE_MS));
	see(&ticket, &city, "gatewayd", &id);
	assert_true(wait_until(has_heard, &ticket, PATIENCE_MS));
}
