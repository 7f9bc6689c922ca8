/*
 * A city grows: from one node a level to one for each district, first the
 * grids alone, then all that is above them. Others run meanwhile, intake goes
 * on, tickets, orders and answers are on their way to nodes that are gone when
 * they arrive, and the command is killed between its steps. In the end every
 * acknowledged ticket is there once, all logs are equal, and what was done
 * before is answered as it was. WHISTLE_FLOW_LONG=1: a level at a time, and
 * killed at every step.
 */
#include "harness/harness.h"
#include "harness/flows.h"
#include "harness/steps.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIDES = 3,
	HOTLINE = SIDES,
	FLOWS,
	ROUNDS = 6,
	EACH = 12, /* wishes of each side in a round, up and down */
	ROUND = 2 * SIDES * EACH,
	OTHERS = 2, /* tickets */
	KILLED = 128 + SIGKILL,
	STEPS_MAX = 2000,
};

#define GRID   "grid-420704001002001"
#define STREET "street-420704001"
#define PHONE  "13800004207"

static const char *const grids[SIDES] = { "420702100001001", "420703100001001",
	"420704001002001" };
static const char *const workers[SIDES] = { "grid-420702100001001",
	"grid-420703100001001", GRID };

static struct city city;
static struct work *work[FLOWS];
static struct flow flows[FLOWS];
static size_t rounds;
static char called[ID_TEXT], attached[ID_TEXT];
static bool is_long;

/* ---- a city at work ---- */

static void prepare_flows(void)
{
	for (unsigned i = 0; i < FLOWS; i++) {
		size_t count = ROUNDS * EACH * (i == HOTLINE ? SIDES : 1);
		work[i] = calloc(count, sizeof(*work[i]));
		assert_non_null(work[i]);
		flows[i] = (struct flow){
			.operator= i == HOTLINE ? "hotline" : workers[i],
			.work = work[i],
			.count = count,
			.fill =
			    i == HOTLINE ? fill_for_a_grid : fill_for_the_city,
		};
		for (size_t k = 0; i == HOTLINE && k < count; k++)
			work[i][k].place = grids[k % SIDES];
	}
}

static int open_city(void **state)
{
	const char *wish = getenv("WHISTLE_FLOW_LONG");
	(void)state;

	is_long = wish && *wish == '1';
	city_prepare(&city);
	for (unsigned i = 0; i < SIDES; i++)
		city_hire(&city, workers[i], grids[i]);
	city_found(&city);
	city_start(&city);
	prepare_flows();
	steps_start();
	return 0;
}

/* Another round of wishes may be said, and some are. */
static void load(void)
{
	flows_allow(flows, FLOWS, ++rounds * ROUND);
	flows_go_on(flows, FLOWS, &city);
}

static void all_is_answered(void)
{
	flows_run(flows, FLOWS, &city, rounds * ROUND);
	city_check_alive(&city);
}

/* With a caller, at the community; with a picture, at the grid. */
static void two_for_later(void)
{
	const char *path = city_path(&city, "caller");
	const char *picture = city_path(&city, "picture");
	json_t *opened;

	file_write(path, "王女士\n" PHONE "\n");
	opened = cli_json(&city, GRID, "ticket", "open", "--title", "路灯不亮",
	    "--item", "garbage", "--contact-file", path, NULL);
	snprintf(called, sizeof(called), "%s", json_text_at(opened, "id"));
	json_decref(opened);
	cli_exits(
	    0, &city, GRID, "ticket", "forward", called, "420704001002", NULL);
	file_write(picture, "\xff\xd8\xff\xe0 a picture, as far as anybody "
			    "looks");
	opened = cli_json(&city, GRID, "ticket", "open", "--title",
	    "有件事想请人看看", "--source", "visit", "--attach", picture, NULL);
	snprintf(attached, sizeof(attached), "%s", json_text_at(opened, "id"));
	json_decref(opened);
}

/* Sent, and named by nothing yet. */
static const char pending[] = "\xff\xd8\xff\xe0 sent before, named after";

static struct hash pending_hash(void)
{
	struct hash hash;

	hash_of(&hash, bytes_of(pending, sizeof(pending)));
	return hash;
}

static void send_picture(void)
{
	struct wire_request request;
	struct wire_reply reply;

	request_clear(&request, ASK_PUT);
	request.put.hash = pending_hash();
	request.put.size = sizeof(pending);
	request.put.data = bytes_of(pending, sizeof(pending));
	ask(&reply, &city, GRID, NULL, &request);
	assert_int_equal(reply.result, RESULT_DONE);
	assert_true(reply.put.is_whole);
}

static void a_city_is_at_work(void **state)
{
	(void)state;
	load();
	all_is_answered();
	two_for_later();
	send_picture();
	city_wait_quiet(&city);
}

/* ---- orders that are under way ---- */

/* Asked once, and nobody waits for the answer. */
struct asked {
	const char *operator;
	struct wire_request request;
	bool is_pending;
};
static struct asked asked[2 * SIDES];
static unsigned asked_count;

static bool are_pending(void *context)
{
	struct wire_reply reply;
	bool are = true;
	(void)context;

	for (unsigned i = 0; i < asked_count; i++) {
		struct asked *one = &asked[i];
		struct client *client = city_client(&city, one->operator, NULL);
		while (
		    !one->is_pending && client_take(&reply, client, 100) == 0)
			for (unsigned k = 0; k < asked_count; k++)
				asked[k].is_pending |=
				    id_equal(&reply.id, &asked[k].request.id) &&
				    reply.result == RESULT_PENDING;
		are = are && one->is_pending;
	}
	return are;
}

/* An order for whoever holds it: it cannot get there. */
static void ask_far(
    const char *operator, const struct id * ticket, const char *text)
{
	struct asked *one = &asked[asked_count++];
	struct client *client = city_client(&city, operator, NULL);

	*one = (struct asked){ .operator= operator};
	request_clear(&one->request, ASK_COMMAND);
	one->request.command.verb = VERB_NOTE;
	one->request.command.ticket = *ticket;
	one->request.command.what.text = text;
	one->request.id = client_id(client);
	assert_int_equal(client_send(client, &one->request), 0);
}

/* The same wish again has an answer now, and once only. */
static void all_orders_have_arrived(void)
{
	for (unsigned i = 0; i < asked_count; i++) {
		struct wire_reply reply;
		ask(&reply, &city, asked[i].operator, NULL, &asked[i].request);
		if (reply.result != RESULT_DONE)
			fail_msg("%s's order: %s %s", asked[i].operator,
			    result_name(reply.result), reply.refusal);
	}
}

static unsigned notes_of(const char *node, const struct id *ticket)
{
	char id[ID_TEXT];
	unsigned count = 0;
	size_t i;
	json_t *event;
	json_t *shown = cli_json(&city, "admin", "--node", node, "ticket",
	    "show", id_format(id, ticket), NULL);

	json_array_foreach(json_object_get(shown, "events"), i, event) count +=
	    strcmp(json_text_at(event, "verb"), "note") == 0;
	json_decref(shown);
	return count;
}

/* ---- splitting ---- */

static int split(const char *node, unsigned die_at)
{
	struct run run;

	steps_die_at(die_at);
	cli(&run, &city, "engineer", "city", "split", "--at", "district", node,
	    NULL);
	steps_die_at(0);
	if (run.code != 0 && run.code != KILLED)
		fail_msg("split %s, killed at %u: %d %s", node ? node : "",
		    die_at, run.code, run_text(&run.err));
	int code = run.code;
	run_free(&run);
	return code;
}

/* Killed here and there, until it gets to its end before it is. */
static unsigned split_with_kills(const char *node)
{
	unsigned kills = 0, step = 1;

	for (; split(node, step) == KILLED; kills++) {
		assert_true(step < STEPS_MAX);
		flows_go_on(flows, FLOWS, &city);
		step += is_long ? 1 : 1 + step / 2;
	}
	assert_int_equal(split(node, 0), 0);
	return kills;
}

/* One after the other, the city at work; or all at once, which is quicker. */
static void restart_all(bool is_rolling)
{
	for (size_t i = 0; !is_rolling && i < city.daemon_count; i++)
		if (city.daemons[i].pid)
			daemon_signal(&city, city.daemons[i].name, SIGTERM);
	for (size_t i = 0; !is_rolling && i < city.daemon_count; i++)
		if (city.daemons[i].pid)
			daemon_stop(&city, city.daemons[i].name);
	for (size_t i = 0; i < city.daemon_count; i++) {
		const char *name = city.daemons[i].name;
		if (city.daemons[i].pid)
			assert_int_equal(daemon_stop(&city, name), 0);
		daemon_start(&city, name, NULL);
	}
	city_wait_up(&city);
}

static bool is_of(const char *name, const char *const *nodes)
{
	for (; *nodes; nodes++)
		if (!strcmp(*nodes, name))
			return true;
	return false;
}

/* They are stopped, or die, with what they have to say still unsaid. */
static void stop_some(const char *const *nodes)
{
	for (size_t i = 0; i < city.daemon_count; i++) {
		const char *name = city.daemons[i].name;
		if (!is_of(name, nodes))
			continue;
		if (i % 2)
			daemon_kill(&city, name);
		else
			assert_int_equal(daemon_stop(&city, name), 0);
	}
}

static void go_on_without(const char *const *nodes)
{
	/* flows of grids whose node is down wait; the hotline's go on */
	(void)nodes;
	load();
	for (int i = 0; i < 20; i++)
		flows_go_on(flows + HOTLINE, 1, &city);
}

static void the_grids_are_split_while_others_run(void **state)
{
	static const char *const nodes[] = { "gridd", NULL };
	(void)state;

	load();
	stop_some(nodes);
	for (unsigned i = 0; i < SIDES; i++)
		ask_far("hotline", &work[HOTLINE][i].ticket, "等着答复");
	assert_true(wait_until(are_pending, NULL, PATIENCE_MS));
	go_on_without(nodes);
	if (split_with_kills("gridd") < 5)
		fail_msg("it was hardly ever killed");
	city_meet_again(&city);
	restart_all(true);
	all_is_answered();
	all_orders_have_arrived();
	city_wait_quiet(&city);
	for (unsigned i = 0; i < SIDES; i++)
		assert_int_equal(
		    notes_of("cityd", &work[HOTLINE][i].ticket), 1);
	logs_check_all(&city);
}

static void the_rest_is_split_with_orders_under_way(void **state)
{
	static const char *const nodes[] = { "districtd", "streetd",
		"communityd", NULL };
	static const char *const up[] = { "communityd", NULL };
	static const char *const rest[] = { "districtd", "streetd", NULL };
	(void)state;

	asked_count = 0;
	stop_some(up);
	for (unsigned i = 0; i < SIDES; i++)
		ask_far(workers[i], &work[i][0].ticket, "居民又来问了");
	assert_true(wait_until(are_pending, NULL, PATIENCE_MS));
	load();
	stop_some(rest);
	go_on_without(nodes);
	if (is_long) {
		assert_true(split_with_kills("communityd") > 20);
		assert_true(split_with_kills("streetd") > 20);
		assert_true(split_with_kills("districtd") > 20);
	} else {
		assert_int_equal(split(NULL, 0), 0);
	}
	city_meet_again(&city);
	restart_all(is_long);
	all_is_answered();
	all_orders_have_arrived();
	city_wait_quiet(&city);
	for (unsigned i = 0; i < SIDES; i++)
		assert_int_equal(notes_of("cityd", &work[i][0].ticket), 1);
}

/* ---- afterwards ---- */

/* All that was acknowledged, and no other. */
static void check_all_there(void)
{
	size_t count, known;
	struct id *ids = flows_acknowledged(&count, flows, FLOWS);
	struct id *there = tickets_all(&known, &city, "cityd");

	assert_int_equal(known, count + OTHERS);
	for (size_t i = 0, k = 0; i < count; i++, k++) {
		while (k < known && !id_equal(&there[k], &ids[i]))
			k++;
		assert_true(k < known);
	}
	free(ids);
	free(there);
}

static void every_ticket_is_there_once(void **state)
{
	(void)state;
	load();
	all_is_answered();
	city_wait_quiet(&city);
	check_all_there();
	logs_check_all(&city);
}

/* Nobody opens a second ticket by saying the same again. */
static void what_was_done_before_is_answered_the_same(void **state)
{
	struct wire_request request;
	struct wire_reply reply;
	(void)state;

	for (unsigned i = 0; i < FLOWS; i++)
		for (size_t k = 0; k < EACH; k++) {
			request_clear(&request, ASK_COMMAND);
			flows[i].fill(&request, &work[i][k]);
			request.id = work[i][k].request;
			ask(&reply, &city, flows[i].operator, NULL, &request);
			assert_int_equal(reply.result, RESULT_DONE);
			assert_true(id_equal(
			    &reply.command.ticket, &work[i][k].ticket));
		}
	check_all_there();
}

static const char *phone_for(const char *operator)
{
	static char phone[64];
	json_t *shown = cli_json(
	    &city, operator, "ticket", "show", called, "--contact", NULL);
	const char *text = json_string_value(
	    json_object_get(json_object_get(shown, "contact"), "phone"));

	snprintf(phone, sizeof(phone), "%s", text ? text : "");
	json_decref(shown);
	return phone;
}

/* Sealed for the nodes that are gone; and it goes on from there. */
static void callers_are_read_and_passed_on(void **state)
{
	(void)state;
	assert_string_equal(phone_for(GRID), PHONE);
	assert_string_equal(phone_for("comm-420704001002"), PHONE);
	cli_exits(0, &city, "comm-420704001002", "ticket", "forward", called,
	    "420704001", NULL);
	city_wait_quiet(&city);
	assert_string_equal(phone_for(STREET), PHONE);
}

static void attachments_are_there(void **state)
{
	const char *got = city_path(&city, "got");
	size_t len;
	(void)state;

	cli_exits(0, &city, GRID, "--timeout", "60", "ticket", "attachment",
	    attached, "--output", got, NULL);
	char *bytes = file_read(&len, got);
	assert_non_null(bytes);
	assert_memory_equal(bytes, "\xff\xd8\xff\xe0 a picture", 13);
	free(bytes);
}

static void what_was_sent_before_can_be_named(void **state)
{
	const struct attachment picture = { .hash = pending_hash(),
		.name = "before.jpg" };
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "门口积水";
	wish.what->attachments = &picture;
	wish.what->attachment_count = 1;
	wish_do(&city, GRID, &wish);
}

static void what_cannot_be_split_is_refused(void **state)
{
	(void)state;
	cli_exits(1, &city, "engineer", "city", "split", "--at", "district",
	    "cityd", NULL);
	cli_exits(1, &city, "engineer", "city", "split", "--at", "district",
	    "gatewayd", NULL);
	cli_exits(1, &city, "engineer", "city", "split", "--at", "street",
	    "streetd-420704", NULL);
	cli_exits(
	    1, &city, "engineer", "city", "split", "--at", "district", NULL);
	cli_exits(2, &city, "engineer", "city", "split", NULL);
	cli_exits(
	    2, &city, "engineer", "city", "split", "--at", "continent", NULL);
	cli_exits(4, &city, "engineer", "city", "split", "--at", "street",
	    "nobody", NULL);
	/* it runs */
	cli_exits(1, &city, "engineer", "city", "split", "--at", "street",
	    "gridd-420704", NULL);
	cli_exits(0, &city, "engineer", "city", "check",
	    city_path(&city, "%s", ""), NULL);
}

static void every_store_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < city.daemon_count; i++)
		daemon_signal(&city, city.daemons[i].name, SIGTERM);
	city_stop(&city);
	cli_exits(0, &city, "admin", "store", "check", NULL);
	for (unsigned i = 0; i < FLOWS; i++)
		free(work[i]);
	city_close(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_city_is_at_work),
		cmocka_unit_test(the_grids_are_split_while_others_run),
		cmocka_unit_test(the_rest_is_split_with_orders_under_way),
		cmocka_unit_test(every_ticket_is_there_once),
		cmocka_unit_test(what_was_done_before_is_answered_the_same),
		cmocka_unit_test(callers_are_read_and_passed_on),
		cmocka_unit_test(attachments_are_there),
		cmocka_unit_test(what_was_sent_before_can_be_named),
		cmocka_unit_test(what_cannot_be_split_is_refused),
		cmocka_unit_test(every_store_is_sound),
	};

	return flow_end(
	    cmocka_run_group_tests_name("split", tests, open_city, NULL));
}
