/*
 * Keys change while the city runs: a node's, in either order, with tickets
 * under way; one that was stolen; an operator's. Nothing waits for it, and
 * what was sealed before can be read after.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/harness.h"
#include "client/sign.h"
#include "harness/peer.h"

#define GRID	 "grid-420704001002001"
#define WORKER	 "grid-420704001002002"
#define OTHER	 "grid-420704001002003"
#define STREET	 "street-420704001"
#define HOTLINE	 "hotline"
#define ENGINEER "engineer"

static struct city city;
static char ticket[ID_TEXT]; /* with a caller, at the street */

static void as_engineer(const char *noun, const char *verb, const char *what)
{
	cli_exits(0, &city, ENGINEER, noun, verb, what, NULL);
}

static void open_one(const char *operator, const char * item)
{
	char path[CITY_PATH + 32];
	json_t *opened;

	snprintf(path, sizeof(path), "%s/caller", city.dir);
	file_write(path, "王女士\n13800004207\n");
	opened = cli_json(&city, operator, "ticket", "open", "--title",
	    "路灯不亮", "--item", item, "--address", "凤凰街道滨湖社区3号楼",
	    "--contact-file", path, NULL);
	snprintf(ticket, sizeof(ticket), "%s", json_text_at(opened, "id"));
	json_decref(opened);
}

static bool are_links_up(void *context)
{
	json_t *nodes = cli_json(&city, ENGINEER, "node", "list", NULL);
	bool are_up = true;
	size_t i;
	json_t *node;

	(void)context;
	json_array_foreach(nodes, i, node)
	{
		json_t *links = json_object_get(node, "links"), *link;
		size_t k;

		if (strcmp(json_text_at(node, "state"), "running") != 0)
			are_up = false;
		json_array_foreach(links, k, link)
		{
			if (!json_is_true(json_object_get(link, "up")))
				are_up = false;
		}
	}
	json_decref(nodes);
	return are_up;
}

static void wait_up(void)
{
	assert_true(wait_until(are_links_up, NULL, PATIENCE_MS));
}

static bool is_told(void *context)
{
	json_t *shown = cli_json(
	    &city, context, "ticket", "show", ticket, "--contact", NULL);
	const char *phone = json_string_value(
	    json_object_get(json_object_get(shown, "contact"), "phone"));
	bool is = phone && strcmp(phone, "13800004207") == 0;

	json_decref(shown);
	return is;
}

static bool is_known(void *context)
{
	struct run run;
	cli(&run, &city, context, "ticket", "show", ticket, NULL);
	bool is = run.code == 0;

	run_free(&run);
	return is;
}

/* From the hotline down to the street: through every node. */
static void it_still_flows(void)
{
	open_one(HOTLINE, "power.cut");
	assert_true(wait_until(is_known, STREET, PATIENCE_MS));
}

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

static void check_old_keys(const char *node, size_t old, size_t retired)
{
	char *text;
	size_t len, lists = 0;

	text = file_read(&len, city_path(&city, "nodes.yaml"));
	assert_non_null(strstr(text, node));
	lists += strstr(text, "old_keys: [\"") != NULL;
	assert_int_equal(lists, old > 0);
	assert_int_equal(
	    strstr(text, "retired_keys: [\"") != NULL, retired > 0);
	free(text);
}

/* The node first, then the others; tickets go on all the while, and the
 * caller of before is read with the key of before. */
static void a_node_s_key_is_rotated_while_it_works(void **state)
{
	(void)state;
	open_one(GRID, "garbage");
	cli_exits(
	    0, &city, GRID, "ticket", "forward", ticket, "420704001002", NULL);
	assert_true(is_told(GRID));
	as_engineer("key", "rotate", "gridd");
	check_old_keys("gridd", 1, 0);
	as_engineer("node", "reload", "gridd");
	city_wait_log(&city, "gridd", "key=changed", 0);
	it_still_flows();
	as_engineer("node", "reload", "--all");
	wait_up();
	it_still_flows();
	as_engineer("key", "retire", "gridd");
	check_old_keys("gridd", 0, 1);
	as_engineer("node", "reload", "--all");
	wait_up();
	it_still_flows();
	cli_exits(0, &city, ENGINEER, "city", "check",
	    city_path(&city, "%s", ""), NULL);
}

/* The root: everybody else is its child, and hears of the new key first. */
static void the_root_s_key_is_rotated_with_the_others_first(void **state)
{
	static const char *const others[] = { "districtd", "streetd",
		"communityd", "gridd", "gatewayd" };
	(void)state;
	open_one(HOTLINE, "power.cut");
	as_engineer("key", "rotate", "cityd");
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		as_engineer("node", "reload", others[i]);
	wait_up();
	it_still_flows();
	as_engineer("node", "reload", "cityd");
	wait_up();
	it_still_flows();
	as_engineer("key", "retire", "cityd");
	as_engineer("node", "reload", "--all");
	wait_up();
	it_still_flows();
}

/* Sealed for the street's old key; read, and passed on, with the new one. */
static void what_was_sealed_before_is_read_after(void **state)
{
	(void)state;
	it_still_flows();
	assert_true(wait_until(is_told, STREET, PATIENCE_MS));
	as_engineer("key", "rotate", "streetd");
	as_engineer("node", "reload", "--all");
	wait_up();
	as_engineer("key", "retire", "streetd");
	as_engineer("node", "reload", "--all");
	wait_up();
	assert_true(wait_until(is_told, STREET, PATIENCE_MS));
	daemon_stop(&city, "streetd");
	daemon_start(&city, "streetd", NULL);
	wait_up();
	assert_true(wait_until(is_told, STREET, PATIENCE_MS));
}

/* Whoever speaks by a key that is good for a while yet is cut off when it is
 * retired, and so is who stole it: at once, though connected. */
static void an_old_key_is_cut_off_when_it_is_retired(void **state)
{
	const char *key = city_path(&city, "keys/nodes/gridd.key");
	const char *kept = city_path(&city, "kept.key");
	struct peer thief;
	(void)state;

	as_engineer("key", "rotate", "gridd");
	as_engineer("node", "reload", "--all");
	wait_up();
	daemon_stop(&city, "gridd");
	assert_int_equal(rename(key, kept), 0);
	assert_int_equal(
	    link(city_path(&city, "keys/nodes/gridd.key.2"), key), 0);
	peer_open(&thief, &city, "gridd", "communityd");
	assert_int_equal(rename(kept, key), 0);
	as_engineer("key", "retire", "gridd");
	as_engineer("node", "reload", "communityd");
	city_wait_log(&city, "communityd",
	    "link=gridd state=down problem=key_retired", 0);
	peer_close(&thief);
	daemon_start(&city, "gridd", NULL);
	wait_up();
	it_still_flows();
}

/* As when a machine was stolen: none of its keys is good any more. */
static void a_stolen_node_key_is_revoked_at_once(void **state)
{
	(void)state;
	as_engineer("key", "revoke", "communityd");
	daemon_signal(&city, "communityd", SIGHUP);
	city_wait_log(&city, "communityd", "key=changed", 0);
	as_engineer("node", "reload", "--all");
	wait_up();
	it_still_flows();
	cli_exits(4, &city, ENGINEER, "key", "revoke", "nobody", NULL);
}

static void an_operator_s_key_is_rotated_and_revoked(void **state)
{
	const char *key = city_path(&city, "keys/operators/" GRID ".key");
	const char *kept = city_path(&city, "person.key");
	const char *people = city_path(&city, "operators.csv");
	size_t len;
	char *before;
	(void)state;

	assert_int_equal(link(key, kept), 0);
	before = file_read(&len, people);
	as_engineer("key", "rotate", GRID);
	as_engineer("node", "reload", "--all");
	cli_exits(0, &city, GRID, "ticket", "list", NULL);
	/* the key of before, with what the files said before */
	char *after = file_read(&len, people);
	const char *now = city_path(&city, "now.key");
	assert_int_equal(rename(key, now), 0);
	assert_int_equal(rename(kept, key), 0);
	file_write(people, before);
	cli_exits(3, &city, GRID, "ticket", "list", "--timeout", "1", NULL);
	file_write(people, after);
	assert_int_equal(rename(now, key), 0);
	assert_int_equal(link(key, kept), 0);
	as_engineer("key", "revoke", GRID);
	as_engineer("node", "reload", "--all");
	assert_int_equal(rename(kept, key), 0);
	file_write(people, after);
	cli_exits(3, &city, GRID, "ticket", "list", "--timeout", "1", NULL);
	free(before);
	free(after);
}

static void ask_anything(const struct org *org, const char *who)
{
	struct wire_request request;
	struct wire_reply reply;
	struct client *client = NULL;

	assert_int_equal(
	    client_open(&client, &city.home, org, who, org_node(org, "gridd")),
	    0);
	request_clear(&request, ASK_LIST);
	assert_int_equal(client_ask(&reply, client, &request, PATIENCE_MS), 0);
	assert_int_equal(reply.result, RESULT_DONE);
	client_close(&client);
}

/*
 * A person who is connected when the key is revoked: whoever asks goes
 * unheard from the reload on, and what was watched ends.
 */
static void who_is_connected_is_not_heard_any_more(void **state)
{
	struct wire_request request;
	struct wire_reply reply;
	struct client *client = NULL;
	const struct org *org = city.org;
	(void)state;

	city_meet_again(&city); /* keys and endpoints are others by now */
	org = city.org;
	assert_int_equal(client_open(&client, &city.home, org, WORKER,
			     org_node(org, "gridd")),
	    0);
	request_clear(&request, ASK_FOLLOW);
	request.follow.from_now = true;
	assert_int_equal(client_ask(&reply, client, &request, PATIENCE_MS), 0);
	assert_int_equal(reply.result, RESULT_DONE);
	as_engineer("key", "revoke", WORKER);
	as_engineer("node", "reload", "gridd");
	/* others are heard, and this one is not, by the same connection */
	ask_anything(org, OTHER);
	request.id = (struct id){ { 0 } };
	assert_int_equal(
	    client_ask(&reply, client, &request, 1000), ERR_TIMEOUT);
	request_clear(&request, ASK_STATUS);
	request.id = client_id(client);
	assert_int_equal(client_send(client, &request), 0);
	ask_anything(org, OTHER);
	assert_int_equal(client_take(&reply, client, 0), ERR_TIMEOUT);
	client_close(&client);
}

/* ---- clients of HTTP ---- */

static long order_status(const char *key)
{
	static unsigned number;
	const char *now = city_path(&city, "keys/http/hotline.key");
	struct http_answer answer;
	char order[256];

	/* the gateway has read it: what lies there is who signs */
	unlink(now);
	assert_int_equal(link(key, now), 0);
	snprintf(order, sizeof(order),
	    "{\"number\":\"K-%u\",\"title\":\"垃圾没人收\"}", ++number);
	http_order(&answer, &city, order, HTTP_GOOD);
	long status = answer.status;
	http_free(&answer);
	return status;
}

struct knock {
	const char *key;
	long status;
};

static bool is_answered_so(void *context)
{
	const struct knock *knock = context;

	return order_status(knock->key) == knock->status;
}

static void is_answered(const char *key, long status)
{
	struct knock knock = { key, status };

	if (!wait_until(is_answered_so, &knock, PATIENCE_MS))
		fail_msg("%s is not answered %ld", key, status);
}

/* The gateway reads the keys again with `key` as the client's. */
static void take_key(const char *key)
{
	const char *now = city_path(&city, "keys/http/hotline.key");

	unlink(now);
	assert_int_equal(link(key, now), 0);
	as_engineer("node", "reload", "gatewayd");
}

/* Without a moment in which the hotline is not heard. */
static void an_http_client_changes_its_key_at_leisure(void **state)
{
	const char *first = city_path(&city, "first.key");
	const char *second = city_path(&city, "second.key");
	const char *old = city_path(&city, "keys/http/hotline.key.old");
	(void)state;

	assert_int_equal(
	    link(city_path(&city, "keys/http/hotline.key"), first), 0);
	assert_int_equal(sign_key_make(second), 0);
	assert_int_equal(order_status(first), 201);
	assert_int_equal(order_status(second), 401);
	assert_int_equal(link(first, old), 0);
	take_key(second);
	is_answered(second, 201);
	assert_int_equal(order_status(first), 201);
	unlink(old);
	take_key(second);
	is_answered(first, 401);
	assert_int_equal(order_status(second), 201);
}

/* Cut off between its steps, it is finished by saying it again. */
static void a_rotation_that_was_cut_off_is_finished(void **state)
{
	const char *key = city_path(&city, "keys/nodes/districtd.key");
	const char *coming =
	    city_path(&city, "keys/nodes/districtd.key.coming");
	const char *old = city_path(&city, "keys/nodes/districtd.key.1");
	(void)state;

	as_engineer("key", "rotate", "districtd");
	/* as if it had ended before the new file took its place */
	assert_int_equal(rename(key, coming), 0);
	assert_int_equal(rename(old, key), 0);
	as_engineer("key", "rotate", "districtd");
	assert_false(file_exists(coming));
	assert_true(file_exists(old));
	as_engineer("node", "reload", "--all");
	wait_up();
	it_still_flows();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_s_key_is_rotated_while_it_works),
		cmocka_unit_test(
		    the_root_s_key_is_rotated_with_the_others_first),
		cmocka_unit_test(what_was_sealed_before_is_read_after),
		cmocka_unit_test(an_old_key_is_cut_off_when_it_is_retired),
		cmocka_unit_test(a_stolen_node_key_is_revoked_at_once),
		cmocka_unit_test(a_rotation_that_was_cut_off_is_finished),
		cmocka_unit_test(an_operator_s_key_is_rotated_and_revoked),
		cmocka_unit_test(who_is_connected_is_not_heard_any_more),
		cmocka_unit_test(an_http_client_changes_its_key_at_leisure),
	};

	return flow_end(
	    cmocka_run_group_tests_name("keys", tests, open_city, NULL));
}
