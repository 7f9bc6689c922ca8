/*
 * A node that lost its disk gets back from its neighbours every ticket that
 * ever left it, before it takes anything new.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COMPLAINTS SOURCE_DIR "/deploy/cities/ezhou/complaints.csv"
#define GRID	   "grid-420704001002001"
#define GRID_AT	   "420704001002001"

static struct city city;
static struct id with_contact; /* at the grid, and a caller is known */
static struct id rated;	       /* its whole life behind it */

static struct id order_with_contact(void)
{
	static const char order[] =
	    "{\"number\":\"C-1\",\"title\":\"垃圾没人收\",\"item\":\"garbage\","
	    "\"division\":\"" GRID_AT "\",\"caller\":\"来电的人\","
	    "\"phone\":\"000-0000\"}";
	struct http_answer answer;
	struct id id;

	http_order(&answer, &city, order, HTTP_GOOD);
	assert_int_equal(answer.status, 201);
	assert_int_equal(id_parse(&id, json_text_at(answer.json, "id")), 0);
	http_free(&answer);
	wait_held(&city, &id, GRID_AT, STATE_OPEN);
	return id;
}

static struct id whole_life(void)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "楼道堆物";
	struct id id = wish_do(&city, GRID, &wish);
	wish_start(&wish, VERB_RESOLVE, &id);
	wish.what->outcome = OUTCOME_SOLVED;
	wish.what->channel = CHANNEL_SELF_GOVERNMENT;
	wish.what->text = "楼组长带头清走了";
	wish_do(&city, GRID, &wish);
	wish_start(&wish, VERB_RATE, &id);
	wish.what->satisfaction = SATISFACTION_SATISFIED;
	wish_do(&city, GRID, &wish);
	return id;
}

static int open_city(void **state)
{
	struct imported imported;
	(void)state;

	city_open(&city);
	sheet_import(&imported, &city, COMPLAINTS, NULL);
	assert_int_equal(imported.refused, 0);
	imported_free(&imported);
	with_contact = order_with_contact();
	rated = whole_life();
	city_wait_quiet(&city);
	return 0;
}

/* A neighbour, whose absence keeps a node from having everything back. */
static const char *neighbour_of(const char *node)
{
	const struct node *self = org_node(city.org, node);

	return self->parent ? self->parent->name : "districtd";
}

/* A unit that the node serves. */
static struct unit_code unit_at(const char *node)
{
	for (size_t i = 0; i < org_unit_count(city.org); i++) {
		const struct unit *unit = org_unit_at(city.org, i);
		if (!strcmp(unit->node->name, node))
			return unit->code;
	}
	fail_msg("%s serves nobody", node);
	return unit_code("4207");
}

/* The reply lives until the next question. */
static void ask_once(
    struct wire_reply *reply, const char *node, struct wire_request *request)
{
	struct client *client = city_client(&city, "admin", node);

	assert_int_equal(client_ask(reply, client, request, PATIENCE_MS), 0);
}

static void refuses_writes(const char *node)
{
	struct wire_reply reply;
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "太早了";
	wish.request.command.unit = unit_at(node);
	ask_once(&reply, node, &wish.request);
	assert_int_equal(reply.result, RESULT_REFUSED);
	assert_string_equal(reply.refusal, "recovering");
}

static void answers_reads(const char *node)
{
	struct wire_request request;
	struct wire_reply reply;

	request_clear(&request, ASK_LIST);
	ask_once(&reply, node, &request);
	assert_int_equal(reply.result, RESULT_DONE);
}

static void lose_store(const char *node)
{
	const char *path = city_path(&city, "data/%s", node);

	assert_int_equal(daemon_stop(&city, node), 0);
	folder_remove(path);
	assert_false(file_exists(path));
}

static void comes_back_with_everything(const char *node)
{
	const char *neighbour = neighbour_of(node);
	struct node_status before, after;

	assert_true(node_status(&before, &city, node));
	assert_true(before.tickets > 0);
	struct hash scores = node_scores(&city, node), scores_after;
	assert_int_equal(daemon_stop(&city, neighbour), 0);
	lose_store(node);
	daemon_start(&city, node, NULL);
	city_wait_state(&city, node, "recovering");
	refuses_writes(node);
	answers_reads(node);
	daemon_start(&city, neighbour, NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_true(node_status(&after, &city, node));
	assert_string_not_equal(before.store, after.store);
	assert_int_equal(after.tickets, before.tickets);
	assert_int_equal(after.held, before.held);
	scores_after = node_scores(&city, node);
	assert_true(hash_equal(&scores, &scores_after));
	logs_check_all(&city);
}

static void cityd_comes_back_with_everything(void **state)
{
	(void)state;
	comes_back_with_everything("cityd");
}

static void districtd_comes_back_with_everything(void **state)
{
	(void)state;
	comes_back_with_everything("districtd");
}

static void streetd_comes_back_with_everything(void **state)
{
	(void)state;
	comes_back_with_everything("streetd");
}

static void communityd_comes_back_with_everything(void **state)
{
	(void)state;
	comes_back_with_everything("communityd");
}

static void gridd_comes_back_with_everything(void **state)
{
	(void)state;
	comes_back_with_everything("gridd");
}

static void gatewayd_comes_back_with_everything(void **state)
{
	(void)state;
	comes_back_with_everything("gatewayd");
}

static void two_neighbours_at_once_come_back(void **state)
{
	struct node_status before, after;
	(void)state;

	assert_true(node_status(&before, &city, "communityd"));
	lose_store("communityd");
	lose_store("gridd");
	daemon_start(&city, "gridd", NULL);
	daemon_start(&city, "communityd", NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_true(node_status(&after, &city, "communityd"));
	assert_int_equal(after.tickets, before.tickets);
	logs_check_all(&city);
}

static void knows_again_what_the_hotline_has_sent(void **state)
{
	struct imported imported;
	(void)state;

	sheet_import(&imported, &city, COMPLAINTS, NULL);
	assert_int_equal(imported.added, 0);
	assert_int_equal(imported.refused, 0);
	imported_free(&imported);
}

static void can_still_read_who_called(void **state)
{
	struct wire_request request;
	struct wire_reply reply;
	(void)state;

	request_clear(&request, ASK_SHOW);
	request.show.ticket = with_contact;
	request.show.contact = true;
	ask(&reply, &city, GRID, NULL, &request);
	assert_true(reply.show.has_contact);
	assert_string_equal(reply.show.contact.name, "来电的人");
	assert_string_equal(reply.show.contact.phone, "000-0000");
}

static void goes_on_where_it_was(void **state)
{
	struct ticket ticket;
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_ACCEPT, &with_contact);
	wish_do(&city, GRID, &wish);
	wish_start(&wish, VERB_RATE, &rated);
	wish.what->satisfaction = SATISFACTION_DISSATISFIED;
	wish_refused(&city, GRID, NULL, &wish, "rated_already");
	see(&ticket, &city, "gridd", &rated);
	assert_int_equal(ticket.rating.satisfaction, SATISFACTION_SATISFIED);
}

/* Somebody put yesterday's copy of the disk back. */
static void an_old_copy_catches_up(void **state)
{
	char path[CITY_PATH], copy[CITY_PATH];
	struct node_status before, after;
	(void)state;

	snprintf(
	    path, sizeof(path), "%s/data.mdb", city_path(&city, "data/gridd"));
	snprintf(copy, sizeof(copy), "%s", city_path(&city, "old.mdb"));
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	file_copy(copy, path);
	daemon_start(&city, "gridd", NULL);
	city_wait_up(&city);
	struct id later = whole_life();
	city_wait_quiet(&city);
	assert_true(node_status(&before, &city, "gridd"));
	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	file_copy(path, copy);
	daemon_start(&city, "gridd", NULL);
	city_wait_log(&city, "gridd", "problem=old_store", 0);
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_true(node_status(&after, &city, "gridd"));
	assert_int_equal(after.tickets, before.tickets);
	logs_check(&city, &later, 1);
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cityd_comes_back_with_everything),
		cmocka_unit_test(districtd_comes_back_with_everything),
		cmocka_unit_test(streetd_comes_back_with_everything),
		cmocka_unit_test(communityd_comes_back_with_everything),
		cmocka_unit_test(gridd_comes_back_with_everything),
		cmocka_unit_test(gatewayd_comes_back_with_everything),
		cmocka_unit_test(two_neighbours_at_once_come_back),
		cmocka_unit_test(knows_again_what_the_hotline_has_sent),
		cmocka_unit_test(can_still_read_who_called),
		cmocka_unit_test(goes_on_where_it_was),
		cmocka_unit_test(an_old_copy_catches_up),
	};

	return flow_end(
	    cmocka_run_group_tests_name("recover", tests, open_city, NULL));
}
