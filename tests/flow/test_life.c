/*
 * A ticket's whole life over six real daemons, lived by the command line.
 */
#include "harness/harness.h"

#include <string.h>

#define GRID	  "grid-420704001002001"
#define COMMUNITY "comm-420704001002"
#define STREET	  "street-420704001"

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

/* `whistle --as OPERATOR ticket VERB ID …` must be done. */
#define DO(operator, verb, ticket, ...)                                        \
	cli_exits(0, &city, operator, "ticket", verb, ticket, __VA_ARGS__)

static json_t *show(const char *operator_name, const char *ticket)
{
	return cli_json(&city, operator_name, "ticket", "show", ticket, NULL);
}

static struct id parse(const char *text)
{
	struct id id;

	assert_int_equal(id_parse(&id, text), 0);
	return id;
}

static void wait_for(const char *ticket, const char *holder, enum state state)
{
	struct id id = parse(ticket);

	wait_held(&city, &id, holder, state);
}

static void open_at_grid(char ticket_out[ID_TEXT])
{
	json_t *done = cli_json(&city, GRID, "ticket", "open", "--title",
	    "有件事想请人看看", "--text", "说不清归哪里管", "--source", "visit",
	    NULL);

	assert_string_equal(json_text_at(done, "state"), "open");
	assert_string_equal(json_text_at(done, "holder"), "420704001002001");
	strcpy(ticket_out, json_text_at(done, "id"));
	json_decref(done);
}

static void climb_to_street(const char *ticket)
{
	DO(GRID, "accept", ticket, NULL);
	DO(GRID, "note", ticket, "上门看过", NULL);
	DO(GRID, "forward", ticket, "420704001002", "--reason", "网格办不了",
	    NULL);
	wait_for(ticket, "420704001002", STATE_OPEN);
	DO(COMMUNITY, "accept", ticket, NULL);
	DO(COMMUNITY, "forward", ticket, "420704001", "--reason", "社区办不了",
	    NULL);
	wait_for(ticket, "420704001", STATE_OPEN);
}

struct callouts {
	char zjj[ID_TEXT], cgj[ID_TEXT], gaj[ID_TEXT];
};

static void take_callout(char to[ID_TEXT], json_t *ticket, const char *unit)
{
	json_t *callouts = json_at(ticket, "callouts"), *callout;
	size_t i;

	json_array_foreach(callouts, i,
	    callout) if (!strcmp(json_text_at(callout, "department"), unit))
	    strcpy(to, json_text_at(callout, "id"));
}

static void whistle_out(struct callouts *callouts, const char *ticket)
{
	memset(callouts, 0, sizeof(*callouts));
	DO(STREET, "accept", ticket, NULL);
	DO(STREET, "whistle", ticket, "zjj", "cgj", "gaj", "--lead", "zjj",
	    "--colour", "red", "--kind", "law", "--text", "请到现场", NULL);
	json_t *shown = show(STREET, ticket);
	assert_string_equal(json_text_at(shown, "state"), "waiting");
	assert_string_equal(json_text_at(shown, "colour"), "red");
	assert_int_equal(json_array_size(json_at(shown, "callouts")), 3);
	take_callout(callouts->zjj, shown, "420704-zjj");
	take_callout(callouts->cgj, shown, "420704-cgj");
	take_callout(callouts->gaj, shown, "420704-gaj");
	json_decref(shown);
}

static void handle_callout(
    const char *callout, const char *clerk, const char *unit)
{
	wait_for(callout, unit, STATE_OPEN);
	DO(clerk, "check-in", callout, "已到场", NULL);
	DO(clerk, "resolve", callout, "--solved", "--text", "办好了", NULL);
	wait_for(callout, "420704001", STATE_RESOLVED);
	DO(STREET, "rate", callout, "--satisfied", NULL);
}

/* It says that it is not theirs; the street finds another department. */
static void return_callout(const char *callout)
{
	wait_for(callout, "420704-gaj", STATE_OPEN);
	DO("420704-gaj", "return", callout, "--reason", "不属本局职责",
	    "--basis", "权责清单", NULL);
	wait_for(callout, "420704001", STATE_OPEN);
	DO(STREET, "forward", callout, "xfj", "--reason", "请消防来看", NULL);
	handle_callout(callout, "420704-xfj", "420704-xfj");
}

static void settle(const char *ticket)
{
	DO(STREET, "resolve", ticket, "--solved", "--channel", "mediation",
	    "--text", "已协调解决", NULL);
	wait_for(ticket, "420704001002001", STATE_RESOLVED);
}

static void check_story(const char *ticket)
{
	static const char *const verbs[] = { "open", "accept", "note",
		"forward", "accept", "forward", "accept", "whistle", "resume",
		"resolve", "reopen", "accept", "resolve", "rate" };
	enum { COUNT = sizeof(verbs) / sizeof(*verbs) };
	json_t *shown = show(GRID, ticket);
	json_t *events = json_at(shown, "events");

	assert_string_equal(json_text_at(shown, "state"), "closed");
	assert_string_equal(
	    json_text_at(shown, "rating.satisfaction"), "satisfied");
	assert_int_equal(json_number_at(shown, "reopens"), 1);
	assert_int_equal(json_array_size(events), COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		json_t *event = json_array_get(events, i);
		assert_string_equal(json_text_at(event, "verb"), verbs[i]);
		assert_int_equal(json_number_at(event, "seq"), i + 1);
		if (i > 0)
			assert_string_equal(json_text_at(event, "prev_hash"),
			    json_text_at(
				json_array_get(events, i - 1), "hash"));
	}
	json_decref(shown);
}

static void lives_from_the_grid_to_the_rating(void **state)
{
	struct callouts callouts;
	char ticket[ID_TEXT];
	(void)state;

	open_at_grid(ticket);
	climb_to_street(ticket);
	whistle_out(&callouts, ticket);
	handle_callout(callouts.zjj, "420704-zjj", "420704-zjj");
	handle_callout(callouts.cgj, "420704-cgj", "420704-cgj");
	return_callout(callouts.gaj);
	wait_for(ticket, "420704001", STATE_ACCEPTED);
	settle(ticket);
	DO(GRID, "reopen", ticket, "--reason", "还没好", NULL);
	wait_for(ticket, "420704001", STATE_OPEN);
	DO(STREET, "accept", ticket, NULL);
	settle(ticket);
	DO(GRID, "rate", ticket, "--satisfied", NULL);
	city_wait_quiet(&city);
	check_story(ticket);
	struct id all[] = { parse(ticket), parse(callouts.zjj),
		parse(callouts.cgj), parse(callouts.gaj) };
	logs_check(&city, all, 4);
}

/* ---- what scripts rely on ---- */

static void has_keys(json_t *object, const char *const *keys)
{
	for (; *keys; keys++)
		if (!json_object_get(object, *keys))
			fail_msg("no key %s", *keys);
}

static void shows_the_keys_that_scripts_rely_on(void **state)
{
	static const char *const of_ticket[] = { "id", "state", "kind",
		"holder", "origin", "item", "colour", "accept_by", "resolve_by",
		"rating", "callouts", "events", NULL };
	static const char *const of_event[] = { "seq", "time", "verb", "unit",
		"operator", "hash", "prev_hash", NULL };
	static const char *const of_node[] = { "node", "level", "state",
		"tickets", "outbox", "last_commit_ms", NULL };
	char ticket[ID_TEXT];
	int64_t time_ms;
	(void)state;

	open_at_grid(ticket);
	json_t *shown = show(GRID, ticket);
	json_t *nodes = cli_json(&city, "admin", "node", "list", NULL);
	has_keys(shown, of_ticket);
	has_keys(json_at(shown, "events[0]"), of_event);
	assert_int_equal(
	    time_parse(&time_ms, json_text_at(shown, "events[0].time")), 0);
	assert_int_equal(json_array_size(nodes), CITY_NODES);
	has_keys(json_at(nodes, "[0]"), of_node);
	json_decref(nodes);
	json_decref(shown);
}

static void lists_what_a_unit_holds(void **state)
{
	char ticket[ID_TEXT];
	bool is_there = false;
	json_t *row;
	size_t i;
	(void)state;

	open_at_grid(ticket);
	json_t *list = cli_json(&city, GRID, "ticket", "list", "--state",
	    "open", "--holder", "420704001002001", "--all", NULL);
	json_array_foreach(list, i, row)
	{
		assert_string_equal(
		    json_text_at(row, "holder"), "420704001002001");
		is_there |= !strcmp(json_text_at(row, "id"), ticket);
	}
	assert_true(is_there);
	json_decref(list);
}

static void ends_with_the_exit_code_of_what_happened(void **state)
{
	char ticket[ID_TEXT];
	(void)state;

	open_at_grid(ticket);
	cli_exits(0, &city, GRID, "ticket", "show", ticket, NULL);
	cli_exits(
	    1, &city, GRID, "ticket", "rate", ticket, "--satisfied", NULL);
	cli_exits(2, &city, GRID, "ticket", "resolve", ticket, NULL);
	cli_exits(2, &city, GRID, "ticket", "vanish", ticket, NULL);
	cli_exits(4, &city, GRID, "ticket", "show",
	    "01JD0000000000000000000000", NULL);
	assert_int_equal(daemon_stop(&city, "gatewayd"), 0);
	cli_exits(
	    3, &city, "hotline", "ticket", "list", "--timeout", "1", NULL);
	daemon_start(&city, "gatewayd", NULL);
	city_wait_up(&city);
}

static void speaks_chinese_and_english(void **state)
{
	struct run zh, en;
	char ticket[ID_TEXT];
	(void)state;

	open_at_grid(ticket);
	cli(&zh, &city, GRID, "ticket", "show", ticket, "--lang", "zh", NULL);
	cli(&en, &city, GRID, "ticket", "show", ticket, "--lang", "en", NULL);
	assert_int_equal(zh.code, 0);
	assert_int_equal(en.code, 0);
	assert_non_null(strstr(run_text(&zh.out), "有件事想请人看看"));
	assert_non_null(strstr(run_text(&en.out), "有件事想请人看看"));
	assert_non_null(strstr(run_text(&zh.out), "状态"));
	assert_null(strstr(run_text(&zh.out), "State"));
	assert_non_null(strstr(run_text(&en.out), "State"));
	assert_null(strstr(run_text(&en.out), "状态"));
	run_free(&en);
	run_free(&zh);
}

static void routine_needs_nobody(void **state)
{
	json_t *done = cli_json(&city, "hotline", "ticket", "open", "--title",
	    "楼道灯坏了", "--text", "楼道灯坏了好多天，晚上上楼看不见",
	    "--address", "凤凰街道吴都社区第二网格", NULL);
	char ticket[ID_TEXT];
	(void)state;

	strcpy(ticket, json_text_at(done, "id"));
	json_decref(done);
	city_wait_quiet(&city);
	json_t *shown = show("hotline", ticket);
	assert_string_equal(json_text_at(shown, "item"), "street.light");
	assert_string_equal(json_text_at(shown, "place"), "420704001002002");
	assert_string_equal(json_text_at(shown, "state"), "waiting");
	assert_string_equal(json_text_at(shown, "holder"), "420704001");
	assert_int_equal(json_array_size(json_at(shown, "callouts")), 2);
	json_decref(shown);
	struct id id = parse(ticket);
	logs_check(&city, &id, 1);
}

static void all_logs_are_the_same_everywhere(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	assert_true(logs_check_all(&city) >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lives_from_the_grid_to_the_rating),
		cmocka_unit_test(shows_the_keys_that_scripts_rely_on),
		cmocka_unit_test(lists_what_a_unit_holds),
		cmocka_unit_test(ends_with_the_exit_code_of_what_happened),
		cmocka_unit_test(speaks_chinese_and_english),
		cmocka_unit_test(routine_needs_nobody),
		cmocka_unit_test(all_logs_are_the_same_everywhere),
	};

	return flow_end(
	    cmocka_run_group_tests_name("life", tests, open_city, NULL));
}
