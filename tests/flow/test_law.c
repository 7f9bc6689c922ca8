/*
 * The verbs of those above and of time, over real daemons: an order finds
 * the holder wherever it is, and every node that knows the ticket agrees.
 */
#include "harness/harness.h"

#include <string.h>

#define GRID	       "grid-420704001002001"
#define GRID_2	       "grid-420704001002002"
#define COMMUNITY      "comm-420704001002"
#define STREET	       "street-420704001"
#define DISTRICT       "echeng-head"

#define GRID_UNIT      "420704001002001"
#define COMMUNITY_UNIT "420704001002"
#define STREET_UNIT    "420704001"

enum { FAST_ACCEPT_MS = 1000, FAST_RESOLVE_MS = 4000 };

static struct city city;

/* An item that is in a hurry, so that deadlines pass while we look. */
static int open_city(void **state)
{
	char path[2 * CITY_PATH];

	(void)state;
	city_prepare(&city);
	snprintf(path, sizeof(path), "%s/catalogue.yaml", city.from);
	file_edit(path, "\nitems:\n",
	    "\nitems:\n"
	    "  - {code: test.fast, zh: 极速, en: Fast, domain: other, "
	    "keywords: [极速测试], competent: grid, colour: blue, "
	    "accept: 1s, resolve: 4s}\n");
	city_found(&city);
	city_start(&city);
	return 0;
}

/* ---- wishes in one line ---- */

static struct id open_at(const char *who, const char *item)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->kind = KIND_APPEAL;
	wish.what->source = SOURCE_VISIT;
	wish.what->title = "请看看这件事";
	wish.what->item = item;
	return wish_do(&city, who, &wish);
}

static void wish_to(struct wish *wish, enum verb verb, const struct id *ticket,
    const char *to, const char *text)
{
	wish_start(wish, verb, ticket);
	if (to)
		wish->what->to = unit_code(to);
	if (text)
		wish->what->text = text;
	if (verb == VERB_RETURN)
		wish->what->basis = "职责清单";
	if (verb == VERB_RESOLVE) {
		wish->what->outcome = OUTCOME_SOLVED;
		wish->what->channel = CHANNEL_GOVERNMENT;
	}
	if (verb == VERB_RATE) {
		wish->what->responded = wish->what->resolved = true;
		wish->what->satisfaction = SATISFACTION_SATISFIED;
	}
}

static void does(const char *who, enum verb verb, const struct id *ticket,
    const char *to, const char *text)
{
	struct wish wish;

	wish_to(&wish, verb, ticket, to, text);
	wish_do(&city, who, &wish);
}

static void may_not(const char *who, enum verb verb, const struct id *ticket,
    const char *to, const char *text, const char *refusal)
{
	struct wish wish;

	wish_to(&wish, verb, ticket, to, text);
	wish_refused(&city, who, NULL, &wish, refusal);
}

/* Up from the grid to the street, by hand. */
static struct id at_street(const char *grid)
{
	struct id ticket = open_at(grid, "");

	does(grid, VERB_FORWARD, &ticket, COMMUNITY_UNIT, "网格办不了");
	wait_held(&city, &ticket, COMMUNITY_UNIT, STATE_OPEN);
	does(COMMUNITY, VERB_FORWARD, &ticket, STREET_UNIT, "社区办不了");
	wait_held(&city, &ticket, STREET_UNIT, STATE_OPEN);
	return ticket;
}

static struct ticket seen(const char *node, const struct id *ticket)
{
	struct ticket seen;

	city_wait_quiet(&city);
	see(&seen, &city, node, ticket);
	return seen;
}

struct known {
	const char *node;
	const struct id *ticket;
};

static bool is_known(void *context)
{
	struct known *known = context;
	struct ticket ticket;

	see(&ticket, &city, known->node, known->ticket);
	return ticket.seq > 0;
}

/* The way up takes a moment. */
static void wait_known(const char *node, const struct id *ticket)
{
	struct known known = { node, ticket };

	assert_true(wait_until(is_known, &known, PATIENCE_MS));
}

static void agree(const struct id *tickets, size_t count)
{
	city_wait_quiet(&city);
	logs_check(&city, tickets, count);
}

/* What `whistle ticket show` says in that language has the text. */
static void shows(const struct id *ticket, const char *lang, const char *text)
{
	char id[ID_TEXT];
	struct run run;

	cli(&run, &city, GRID, "ticket", "show", id_format(id, ticket),
	    "--lang", lang, NULL);
	assert_int_equal(run.code, 0);
	if (!strstr(run_text(&run.out), text))
		fail_msg("no “%s” in: %s", text, run_text(&run.out));
	run_free(&run);
}

/* ---- time ---- */

static void gives_more_time_three_times(void **state)
{
	struct id ticket = open_at(GRID, "pest.control");
	struct ticket before, after;
	(void)state;

	does(GRID, VERB_ACCEPT, &ticket, NULL, NULL);
	before = seen("gridd", &ticket);
	shows(&ticket, "en",
	    "item Pest control (pest.control): accept within 1 work day");
	shows(&ticket, "zh",
	    "事项“病媒生物消杀”（pest.control）：1 个工作日内签收");
	for (int i = 0; i < 3; i++)
		does(GRID, VERB_EXTEND, &ticket, NULL, "等配件");
	may_not(GRID, VERB_EXTEND, &ticket, NULL, "还要等", "extensions_used");
	shows(&ticket, "en", "extended by 3 work days, time 3 of at most 3");
	shows(&ticket, "zh", "延期 3 个工作日，第 3 次，最多 3 次");
	after = seen("cityd", &ticket);
	assert_int_equal(after.extensions, 3);
	/* nine work days, with one or two weekends, are more than nine */
	assert_true(after.resolve_by_ms - before.resolve_by_ms >=
		    INT64_C(9) * 24 * 3600 * 1000);
	agree(&ticket, 1);
}

static unsigned count_events(
    const struct id *ticket, const char *verb, int step)
{
	char id[ID_TEXT];
	json_t *shown = cli_json(
	    &city, GRID, "ticket", "show", id_format(id, ticket), NULL);
	json_t *event, *events = json_at(shown, "events");
	unsigned count = 0;
	size_t i;

	json_array_foreach(events, i, event)
	{
		const json_t *at = json_object_get(event, "step");
		count += !strcmp(json_text_at(event, "verb"), verb) &&
			 json_integer_value(at) == step;
	}
	json_decref(shown);
	return count;
}

static bool is_past(void *at_ms)
{
	struct clock clock = clock_system();

	return clock_now_ms(&clock) > *(int64_t *)at_ms;
}

/* All of it passes while the node is down. */
static void tells_each_lateness_once_though_it_was_down(void **state)
{
	struct id ticket = open_at(GRID, "test.fast");
	struct ticket now;
	int64_t late_ms;
	(void)state;

	now = seen("gridd", &ticket);
	late_ms = now.opened_ms + 2 * FAST_RESOLVE_MS + 200;
	daemon_kill(&city, "gridd");
	assert_true(wait_until(is_past, &late_ms, PATIENCE_MS));
	for (int i = 0; i < 2; i++) {
		daemon_start(&city, "gridd", NULL);
		city_wait_up(&city);
		city_wait_quiet(&city);
		assert_int_equal(count_events(&ticket, "remind", 0), 1);
		assert_int_equal(count_events(&ticket, "supervise", 1), 2);
		assert_int_equal(count_events(&ticket, "supervise", 2), 2);
		assert_int_equal(daemon_stop(&city, "gridd"), 0);
	}
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	now = seen("cityd", &ticket);
	assert_int_equal(ticket_escalation(&now), 2);
	agree(&ticket, 1);
}

/* The city permits it from afar; the clock stands still. */
static void suspends_and_goes_on_by_itself(void **state)
{
	struct id ticket = open_at(GRID, "pest.control");
	struct clock clock = clock_system();
	struct ticket before, after;
	struct wish wish;
	(void)state;

	wait_known("cityd", &ticket);
	may_not(
	    "admin", VERB_SUSPEND, &ticket, NULL, "明年再做", "wrong_state");
	does(GRID, VERB_ACCEPT, &ticket, NULL, NULL);
	before = seen("cityd", &ticket);
	may_not(GRID, VERB_SUSPEND, &ticket, NULL, "明年再做", "not_above");
	wish_to(&wish, VERB_SUSPEND, &ticket, NULL, "明年再做");
	wish.what->until_ms = clock_now_ms(&clock) - 1;
	wish_refused(&city, "admin", NULL, &wish, "bad_field");
	wish_to(&wish, VERB_SUSPEND, &ticket, NULL, "明年再做");
	wish.what->until_ms = clock_now_ms(&clock) + 1500;
	wish_do(&city, "admin", &wish);
	wait_held(&city, &ticket, GRID_UNIT, STATE_SUSPENDED);
	may_not(GRID, VERB_RESOLVE, &ticket, NULL, "好了", "wrong_state");
	wait_held(&city, &ticket, GRID_UNIT, STATE_ACCEPTED);
	after = seen("cityd", &ticket);
	assert_true(after.resolve_by_ms - before.resolve_by_ms >= 1000);
	assert_int_equal(after.until_ms, 0);
	does("admin", VERB_SUSPEND, &ticket, NULL, "再等等");
	wait_held(&city, &ticket, GRID_UNIT, STATE_SUSPENDED);
	does(GRID, VERB_RESUME, &ticket, NULL, "可以办了");
	wait_held(&city, &ticket, GRID_UNIT, STATE_ACCEPTED);
	agree(&ticket, 1);
}

/* ---- those above ---- */

static void presses_the_holder_and_leaves_the_state(void **state)
{
	struct id ticket = at_street(GRID);
	struct ticket now;
	(void)state;

	does(GRID, VERB_REMIND, &ticket, NULL, "来电人又打来了");
	does("city", VERB_SUPERVISE, &ticket, NULL, "请抓紧");
	may_not(GRID, VERB_SUPERVISE, &ticket, NULL, "请抓紧", "not_above");
	may_not(GRID_2, VERB_REMIND, &ticket, NULL, "怎么样了", "not_involved");
	now = seen("streetd", &ticket);
	assert_int_equal(now.state, STATE_OPEN);
	assert_int_equal(ticket_escalation(&now), 0);
	agree(&ticket, 1);
}

static void a_ruled_unit_keeps_it(void **state)
{
	struct id ticket = at_street(GRID);
	struct ticket now;
	(void)state;

	may_not(STREET, VERB_RULE, &ticket, COMMUNITY_UNIT, "归你", "no_role");
	does(DISTRICT, VERB_RULE, &ticket, COMMUNITY_UNIT, "属社区职责");
	wait_held(&city, &ticket, COMMUNITY_UNIT, STATE_OPEN);
	now = seen("communityd", &ticket);
	assert_true(code_equal(&now.ruled, &now.holder));
	may_not(COMMUNITY, VERB_RETURN, &ticket, NULL, "不是我们的", "ruled");
	may_not(
	    COMMUNITY, VERB_FORWARD, &ticket, STREET_UNIT, "请街道", "ruled");
	does(DISTRICT, VERB_RULE, &ticket, "420704-zjj", "改由住建局");
	wait_held(&city, &ticket, "420704-zjj", STATE_OPEN);
	agree(&ticket, 1);
}

static void excludes_with_a_reason(void **state)
{
	struct id ticket = open_at(GRID, "");
	(void)state;

	wait_known("districtd", &ticket);
	may_not(COMMUNITY, VERB_EXCLUDE, &ticket, NULL, "不归我们", "no_role");
	may_not(STREET, VERB_EXCLUDE, &ticket, NULL, "不归我们", "no_power");
	does(DISTRICT, VERB_EXCLUDE, &ticket, NULL, "超出受理范围");
	wait_held(&city, &ticket, GRID_UNIT, STATE_EXCLUDED);
	may_not(GRID, VERB_ACCEPT, &ticket, NULL, NULL, "wrong_state");
	agree(&ticket, 1);
}

static void add_contact(struct wish *wish, struct buf *contact)
{
	struct wire_contact caller = { "王女士", "13800000000" };

	assert_int_equal(wire_contact_pack(contact, &caller), 0);
	wish->request.command.contact = bytes_of(contact->data, contact->len);
}

/* … and can then call the resident. */
static void takes_over_with_the_caller(void **state)
{
	struct buf contact = { 0 };
	struct wish wish;
	struct id ticket;
	char id[ID_TEXT];
	(void)state;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->kind = KIND_APPEAL;
	wish.what->source = SOURCE_VISIT;
	wish.what->title = "请看看这件事";
	add_contact(&wish, &contact);
	ticket = wish_do(&city, GRID, &wish);
	buf_free(&contact);
	wait_known("streetd", &ticket);
	may_not(COMMUNITY, VERB_TAKE_OVER, &ticket, NULL, "我来", "no_role");
	does(STREET, VERB_TAKE_OVER, &ticket, NULL, "网格没有回音");
	wait_held(&city, &ticket, STREET_UNIT, STATE_OPEN);
	may_not(GRID, VERB_ACCEPT, &ticket, NULL, NULL, "not_holder");
	json_t *shown = cli_json(&city, STREET, "ticket", "show",
	    id_format(id, &ticket), "--contact", NULL);
	assert_string_equal(
	    json_text_at(shown, "contact.phone"), "13800000000");
	json_decref(shown);
	agree(&ticket, 1);
}

static void pushes_nothing_down_without_a_permit(void **state)
{
	struct id ticket = at_street(GRID);
	struct wish wish;
	(void)state;

	does(STREET, VERB_FORWARD, &ticket, "420704", "请区里看");
	wait_held(&city, &ticket, "420704", STATE_OPEN);
	wish_to(&wish, VERB_FORWARD, &ticket, "420704002", "请办理");
	wish.what->item = "road.plan"; /* the district's */
	wish_refused(&city, DISTRICT, NULL, &wish, "not_admitted");
	wish_to(&wish, VERB_FORWARD, &ticket, "420704002", "请办理");
	wish.what->item = "road.plan";
	wish.what->basis = "permit: 2026-17";
	wish_do(&city, DISTRICT, &wish);
	wait_held(&city, &ticket, "420704002", STATE_OPEN);
	agree(&ticket, 1);
}

/* ---- whistles and duplicates ---- */

static void a_whistle_can_be_called_off(void **state)
{
	struct id ticket = at_street(GRID);
	struct callout called[] = { { .department = { "420704-zjj" } },
		{ .department = { "420704-cgj" } } };
	struct id callouts[2];
	struct ticket now;
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_WHISTLE, &ticket);
	wish.what->colour = COLOUR_RED;
	wish.what->callouts = called;
	wish.what->callout_count = 2;
	wish_do(&city, STREET, &wish);
	now = seen("streetd", &ticket);
	for (int i = 0; i < 2; i++)
		callouts[i] = now.callouts[i].ticket;
	does(STREET, VERB_EXCLUDE, &callouts[0], NULL, "不需要了");
	wait_held(&city, &ticket, STREET_UNIT, STATE_WAITING);
	does("420704-cgj", VERB_CHECK_IN, &callouts[1], NULL, "到了");
	does(STREET, VERB_EXCLUDE, &callouts[1], NULL, "不需要了");
	wait_held(&city, &ticket, STREET_UNIT, STATE_ACCEPTED);
	agree(&ticket, 1);
	agree(callouts, 2);
}

enum { STORM = 40 };

/* The community's workers may not merge: the street, to which they all go,
 * has dispatchers who may. */
static void gather(struct id tickets[STORM])
{
	for (int i = 0; i < STORM; i++) {
		const char *grid = i % 2 ? GRID : GRID_2;

		tickets[i] = open_at(grid, "");
		does(grid, VERB_FORWARD, &tickets[i], COMMUNITY_UNIT,
		    "水管爆了");
	}
	for (int i = 0; i < STORM; i++) {
		wait_held(&city, &tickets[i], COMMUNITY_UNIT, STATE_OPEN);
		does(COMMUNITY, VERB_FORWARD, &tickets[i], STREET_UNIT,
		    "请街道");
	}
	for (int i = 0; i < STORM; i++)
		wait_held(&city, &tickets[i], STREET_UNIT, STATE_OPEN);
}

static void merge(
    const struct id *ticket, const struct id *master, const char *refusal)
{
	struct wish wish;

	wish_start(&wish, VERB_MERGE, ticket);
	wish.what->master = *master;
	if (refusal)
		wish_refused(&city, STREET, NULL, &wish, refusal);
	else
		wish_do(&city, STREET, &wish);
}

/* Forty callers about one pipe: one work order, forty callbacks. */
static void a_storm_of_duplicates_is_one_work_order(void **state)
{
	struct id tickets[STORM];
	(void)state;

	gather(tickets);
	for (int i = 1; i < STORM; i++)
		merge(&tickets[i], &tickets[0], NULL);
	merge(&tickets[0], &tickets[1], "bad_master");
	merge(&tickets[0], &tickets[0], "bad_master");
	daemon_kill(&city, "streetd"); /* none is forgotten */
	daemon_start(&city, "streetd", NULL);
	city_wait_up(&city);
	does(STREET, VERB_RESOLVE, &tickets[0], NULL, "水管已修好");
	for (int i = 0; i < STORM; i++) {
		const char *grid = i % 2 ? GRID : GRID_2;

		wait_held(&city, &tickets[i],
		    i % 2 ? GRID_UNIT : "420704001002002", STATE_RESOLVED);
		does(grid, VERB_RATE, &tickets[i], NULL, NULL);
	}
	agree(tickets, STORM);
}

static void all_logs_are_the_same_everywhere(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	assert_true(logs_check_all(&city) >= STORM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_more_time_three_times),
		cmocka_unit_test(tells_each_lateness_once_though_it_was_down),
		cmocka_unit_test(suspends_and_goes_on_by_itself),
		cmocka_unit_test(presses_the_holder_and_leaves_the_state),
		cmocka_unit_test(a_ruled_unit_keeps_it),
		cmocka_unit_test(excludes_with_a_reason),
		cmocka_unit_test(takes_over_with_the_caller),
		cmocka_unit_test(pushes_nothing_down_without_a_permit),
		cmocka_unit_test(a_whistle_can_be_called_off),
		cmocka_unit_test(a_storm_of_duplicates_is_one_work_order),
		cmocka_unit_test(all_logs_are_the_same_everywhere),
	};

	return flow_end(
	    cmocka_run_group_tests_name("law", tests, open_city, NULL));
}
