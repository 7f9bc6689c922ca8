/*
 * A grid's node with `durability: mirrored`: what it takes in counts when the
 * node above has it, too. Nobody is told so before; and what was told survives
 * the loss of the store.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#define GRID "grid-420704001002001"

static struct city city;
static struct id kept; /* acknowledged, and its store deleted at once */

static int open_city(void **state)
{
	char path[CITY_PATH + 32];
	(void)state;

	city_prepare(&city);
	snprintf(path, sizeof(path), "%s/nodes.yaml", city.from);
	file_edit(path, "    level: grid\n",
	    "    level: grid\n    durability: mirrored\n");
	file_edit(path, "    level: hotline\n",
	    "    level: hotline\n    durability: mirrored\n");
	city_found(&city);
	city_start(&city);
	return 0;
}

static void wish_opening(struct wish *wish, const char *number)
{
	wish_start(wish, VERB_OPEN, NULL);
	wish->what->title = "两处都要有的事";
	wish->what->external_id = number;
	wish->request.id = client_id(city_client(&city, GRID, NULL));
}

/* One answer, whatever it is. */
static void ask_once(struct wire_reply *reply, struct wish *wish)
{
	struct client *client = city_client(&city, GRID, NULL);

	assert_int_equal(
	    client_ask(reply, client, &wish->request, PATIENCE_MS), 0);
}

static void is_acknowledged_when_both_have_it(void **state)
{
	struct ticket above;
	struct wish wish;
	(void)state;

	wish_opening(&wish, "A-1");
	struct id id = wish_do(&city, GRID, &wish);
	see(&above, &city, "communityd", &id);
	assert_true(above.seq > 0);
}

static void is_not_acknowledged_while_the_node_above_is_away(void **state)
{
	struct wire_reply reply;
	struct wish wish, other;
	struct run run;
	(void)state;

	assert_int_equal(daemon_stop(&city, "communityd"), 0);
	wish_opening(&wish, "A-2");
	ask_once(&reply, &wish);
	assert_int_equal(reply.result, RESULT_PENDING);
	assert_string_equal(reply.detail, "not_mirrored");
	ask_once(&reply, &wish); /* the same wish */
	assert_int_equal(reply.result, RESULT_PENDING);
	wish_opening(&other, "A-2"); /* another, with the same number */
	ask_once(&reply, &other);
	assert_int_equal(reply.result, RESULT_PENDING);
	cli(&run, &city, GRID, "--timeout", "3", "--lang", "zh", "ticket",
	    "open", "--number", "A-2", "--title", "两处都要有的事", NULL);
	assert_int_equal(run.code, 3);
	assert_non_null(strstr(run_text(&run.err), "上级节点尚未收到"));
	run_free(&run);
	daemon_start(&city, "communityd", NULL);
	struct id id = wish_do(&city, GRID, &wish);
	struct id same = wish_do(&city, GRID, &other);
	assert_true(id_equal(&id, &same));
	city_wait_up(&city);
	city_wait_quiet(&city);
}

static void the_hotline_is_told_503_and_then_200(void **state)
{
	static const char order[] =
	    "{\"number\":\"H-1\",\"title\":\"垃圾没人收\",\"item\":\"garbage\","
	    "\"division\":\"420704001002001\"}";
	struct http_answer answer;
	(void)state;

	assert_int_equal(daemon_stop(&city, "cityd"), 0);
	http_order(&answer, &city, order, HTTP_GOOD);
	assert_int_equal(answer.status, 503);
	assert_string_equal(json_text_at(answer.json, "type"),
	    "urn:whistle:problem:not-mirrored");
	http_free(&answer);
	daemon_start(&city, "cityd", NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	http_order(&answer, &city, order, HTTP_GOOD);
	assert_int_equal(answer.status, 200); /* it had been taken */
	http_free(&answer);
}

/* The very moment after the answer. */
static void what_was_acknowledged_survives_the_loss_of_the_store(void **state)
{
	struct ticket ticket;
	struct wish wish;
	(void)state;

	wish_opening(&wish, "A-3");
	kept = wish_do(&city, GRID, &wish);
	daemon_kill(&city, "gridd");
	folder_remove(city_path(&city, "data/gridd"));
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	see(&ticket, &city, "gridd", &kept);
	assert_true(ticket.seq > 0);
	struct id same = wish_do(&city, GRID, &wish);
	assert_true(id_equal(&same, &kept));
	logs_check_all(&city);
}

static void whoever_is_not_mirrored_does_not_wait(void **state)
{
	struct wish wish;
	(void)state;

	assert_int_equal(daemon_stop(&city, "districtd"), 0);
	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "街道自己的事";
	wish_do(&city, "street-420704001", &wish);
	daemon_start(&city, "districtd", NULL);
	city_wait_up(&city);
	city_close(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_acknowledged_when_both_have_it),
		cmocka_unit_test(
		    is_not_acknowledged_while_the_node_above_is_away),
		cmocka_unit_test(the_hotline_is_told_503_and_then_200),
		cmocka_unit_test(
		    what_was_acknowledged_survives_the_loss_of_the_store),
		cmocka_unit_test(whoever_is_not_mirrored_does_not_wait),
	};

	return flow_end(
	    cmocka_run_group_tests_name("mirror", tests, open_city, NULL));
}
