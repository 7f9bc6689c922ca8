/*
 * What monitoring sees of a city through its gateway: every node, in
 * Prometheus' own text; whether the gateway is alive, and whether it is
 * ready.
 */
#include "harness/harness.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/prom.h"
#include "harness/web.h"

enum { LOOK_MS = 50 };

#define GRID "grid-420704001002001"

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

static double metric(const char *series)
{
	struct web_answer answer;
	double value = -1;

	web_ask(&answer, &city, "/metrics", NULL, NULL);
	assert_int_equal(answer.status, 200);
	prom_check(web_text(&answer));
	if (!prom_value(&value, web_text(&answer), series))
		value = -1;
	web_free(&answer);
	return value;
}

static void wait_metric(const char *series, double value)
{
	int64_t until_ms = now_ms() + PATIENCE_MS;
	double last = -1;

	while (now_ms() < until_ms) {
		last = metric(series);
		if (last >= value && last <= value)
			return;
		usleep(LOOK_MS * 1000);
	}
	fail_msg("%s is %g, not %g", series, last, value);
}

static void tells_of_every_node_through_the_gateway(void **state)
{
	char series[128];
	(void)state;

	for (size_t i = 0; i < CITY_NODES; i++) {
		snprintf(series, sizeof(series),
		    "whistle_node_stale{node=\"%s\"}", city.daemons[i].name);
		wait_metric(series, 0);
		snprintf(series, sizeof(series),
		    "whistle_node_state{node=\"%s\",state=\"running\"}",
		    city.daemons[i].name);
		wait_metric(series, 1);
	}
	wait_metric("whistle_link_up{node=\"gridd\",peer=\"communityd\"}", 1);
}

/* An alert on a metric that is none would never ring. */
static void the_sample_alerts_are_on_metrics_that_there_are(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	char head[128], *rules;
	struct web_answer answer;
	unsigned count = 0;
	size_t bytes;
	(void)state;

	rules = file_read(
	    &bytes, SOURCE_DIR "/deploy/prometheus/whistle.rules.yaml");
	assert_non_null(rules);
	web_ask(&answer, &city, "/metrics", NULL, NULL);
	for (const char *at = rules; (at = strstr(at, "whistle_")); count++) {
		size_t len = strspn(at, letters);
		snprintf(head, sizeof(head), "# TYPE %.*s ", (int)len, at);
		if (!strstr(web_text(&answer), head))
			fail_msg("no such metric: %.*s", (int)len, at);
		at += len;
	}
	assert_true(count > 8);
	web_free(&answer);
	free(rules);
}

static void what_happens_below_shows_above(void **state)
{
	struct wish wish;
	struct id id;
	(void)state;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "有期限的一件事";
	id = wish_do(&city, GRID, &wish);
	wish_start(&wish, VERB_RULE, &id);
	wish.what->to = unit_code("420704001002001");
	wish.what->text = "不归他管";
	wish_refused(&city, GRID, NULL, &wish, "no_role");
	wait_metric("whistle_tickets{node=\"gridd\"}", 1);
	wait_metric(
	    "whistle_refusals_total{node=\"gridd\",refusal=\"no_role\"}", 1);
}

/* The node above says so, and what is known of the node grows old. (When it
 * is stale, after half a minute, is for the unit tests.) */
static void a_node_that_is_gone_shows(void **state)
{
	(void)state;
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	wait_metric("whistle_link_up{node=\"communityd\",peer=\"gridd\"}", 0);
	assert_true(metric("whistle_node_age_seconds{node=\"gridd\"}") > 0);
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	wait_metric("whistle_link_up{node=\"communityd\",peer=\"gridd\"}", 1);
}

static json_t *ready(long status)
{
	return web_json(&city, status, "/readyz", NULL);
}

static void is_ready_while_it_takes_orders(void **state)
{
	json_t *json = ready(200);
	(void)state;

	assert_true(json_is_true(json_at(json, "ready")));
	assert_string_equal(json_text_at(json, "state"), "running");
	assert_string_equal(json_text_at(json, "parent.node"), "cityd");
	assert_true(json_is_true(json_at(json, "parent.up")));
	json_decref(json);
}

/* Orders wait for the city: that is no reason to send them elsewhere. */
static void is_ready_without_its_parent_and_says_so(void **state)
{
	bool is_up = true;
	(void)state;

	assert_int_equal(daemon_stop(&city, "cityd"), 0);
	for (int64_t until_ms = now_ms() + PATIENCE_MS;
	     is_up && now_ms() < until_ms; usleep(LOOK_MS * 1000)) {
		json_t *json = ready(200);
		is_up = json_is_true(json_at(json, "parent.up"));
		json_decref(json);
	}
	assert_false(is_up);
	daemon_start(&city, "cityd", NULL);
	city_wait_up(&city);
}

/* A gateway that lost its store and cannot reach the city is alive, and
 * must not be given orders. */
static void is_not_ready_while_it_recovers(void **state)
{
	struct web_answer answer;
	json_t *json;
	(void)state;

	assert_int_equal(daemon_stop(&city, "cityd"), 0);
	assert_int_equal(daemon_stop(&city, "gatewayd"), 0);
	folder_remove(city_path(&city, "data/gatewayd"));
	daemon_start(&city, "gatewayd", NULL);
	city_wait_state(&city, "gatewayd", "recovering");
	json = ready(503);
	assert_false(json_is_true(json_at(json, "ready")));
	assert_string_equal(json_text_at(json, "state"), "recovering");
	json_decref(json);
	web_ask(&answer, &city, "/healthz", NULL, NULL);
	assert_int_equal(answer.status, 200);
	web_free(&answer);
	daemon_start(&city, "cityd", NULL);
	city_wait_up(&city);
	json_decref(ready(200));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_of_every_node_through_the_gateway),
		cmocka_unit_test(
		    the_sample_alerts_are_on_metrics_that_there_are),
		cmocka_unit_test(what_happens_below_shows_above),
		cmocka_unit_test(is_ready_while_it_takes_orders),
		cmocka_unit_test(is_ready_without_its_parent_and_says_so),
		cmocka_unit_test(is_not_ready_while_it_recovers),
		cmocka_unit_test(a_node_that_is_gone_shows),
	};

	return flow_end(
	    cmocka_run_group_tests_name("watch", tests, open_city, NULL));
}
