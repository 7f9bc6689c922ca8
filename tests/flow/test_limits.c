/*
 * What is very long, and what is full: refused with a reason where it must
 * be, and nothing is lost.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"

enum { LONG_NOTES = 60, LONG_BYTES = 30 * 1024, TICKETS_MAX = 20000 };

static struct city city;
static char long_text[LONG_BYTES + 1];

static int open_city(void **state)
{
	(void)state;
	memset(long_text, 'x', LONG_BYTES);
	city_open(&city);
	return 0;
}

/* ---- long ---- */

static struct id new_ticket(void)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "一件说来话长的事";
	return wish_do(&city, GRID, &wish);
}

static void a_log_longer_than_a_frame_reaches_everybody(void **state)
{
	struct id id = new_ticket();
	struct ticket ticket;
	struct wish wish;
	(void)state;

	for (int i = 0; i < LONG_NOTES; i++) {
		wish_start(&wish, VERB_NOTE, &id);
		wish.what->text = long_text;
		wish_do(&city, GRID, &wish);
	}
	wish_start(&wish, VERB_FORWARD, &id);
	wish.what->to = unit_code("420704001002");
	wish.what->text = "接着办";
	wish_do(&city, GRID, &wish);
	city_wait_quiet(&city);
	see(&ticket, &city, "cityd", &id);
	assert_int_equal(ticket.seq, LONG_NOTES + 2);
	logs_check(&city, &id, 1);
}

/* To a node that has nothing of it yet, all of it goes at once. */
static void a_long_log_comes_back_after_a_loss(void **state)
{
	(void)state;
	assert_int_equal(daemon_stop(&city, "communityd"), 0);
	folder_remove(city_path(&city, "data/communityd"));
	daemon_start(&city, "communityd", NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	assert_true(logs_check_all(&city) > 0);
}

static void a_list_of_long_titles_comes_in_pages(void **state)
{
	enum { COUNT = 40 };
	char title[TITLE_MAX_BYTES];
	struct wish wish;
	size_t before, after;
	(void)state;

	free(tickets_all(&before, &city, "gridd"));
	memset(title, 'y', sizeof(title) - 1);
	title[sizeof(title) - 1] = '\0';
	for (int i = 0; i < COUNT; i++) {
		wish_start(&wish, VERB_OPEN, NULL);
		wish.what->title = title;
		wish.what->text = long_text;
		wish_do(&city, GRID, &wish);
	}
	free(tickets_all(&after, &city, "gridd"));
	assert_int_equal(after - before, COUNT);
}

static void refuses_what_is_too_long(void **state)
{
	static char text[TEXT_MAX_BYTES + 2];
	struct wire_request request;
	(void)state;

	memset(text, 'z', sizeof(text) - 1);
	cli_exits(2, &city, GRID, "ticket", "open", "--title", text, NULL);
	request_clear(&request, ASK_COMMAND);
	request.command.verb = VERB_OPEN;
	request.command.what.kind = KIND_APPEAL;
	request.command.what.source = SOURCE_PATROL;
	request.command.what.text = text;
	struct buf packed = { 0 };
	assert_int_not_equal(wire_request_pack(&packed, &request), 0);
	buf_free(&packed);
}

/* ---- full ---- */

static struct id opened[TICKETS_MAX];
static size_t opened_count;

static void restart_gridd(const char *limit_mib, const char *reserve_mib)
{
	const char *const options[] = { "--store-limit-mib", limit_mib,
		"--reserve-mib", reserve_mib, NULL };

	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	daemon_start(&city, "gridd", limit_mib ? options : NULL);
}

/* Opens tickets until one is not taken, and says how that was answered:
 * refused, or not at all. */
static void open_until_full(struct wire_reply *reply, int patience_ms)
{
	struct client *client = city_client(&city, GRID, NULL);
	struct wish wish;
	int rc = 0;

	while (opened_count < TICKETS_MAX) {
		wish_start(&wish, VERB_OPEN, NULL);
		wish.what->title = "把库装满";
		wish.what->text = long_text + LONG_BYTES / 2;
		rc = client_ask(reply, client, &wish.request, patience_ms);
		if (rc || reply->result != RESULT_DONE)
			break;
		opened[opened_count++] = reply->command.ticket;
	}
	if (rc)
		reply->refusal = "";
	assert_true(opened_count > 0 && opened_count < TICKETS_MAX);
	city_check_alive(&city);
}

static void a_full_store_takes_no_new_tickets_and_finishes_old_ones(
    void **state)
{
	struct wire_reply reply;
	struct wish wish;
	(void)state;

	restart_gridd("16", "8");
	open_until_full(&reply, PATIENCE_MS);
	assert_string_equal(reply.refusal, "store_full");
	assert_true(file_count(city_log(&city, "gridd"), "store=full") > 0);
	wish_start(&wish, VERB_RESOLVE, &opened[0]);
	wish.what->outcome = OUTCOME_SOLVED;
	wish.what->channel = CHANNEL_GOVERNMENT;
	wish.what->text = "办好了";
	wish_do(&city, GRID, &wish);
	wish_start(&wish, VERB_RATE, &opened[0]);
	wish.what->satisfaction = SATISFACTION_SATISFIED;
	wish_do(&city, GRID, &wish);
	cli_exits(
	    1, &city, GRID, "ticket", "open", "--title", "还有一件", NULL);
}

static void takes_tickets_again_when_there_is_room(void **state)
{
	(void)state;
	restart_gridd(NULL, NULL);
	opened[opened_count++] = new_ticket();
	city_wait_up(&city);
}

/* Without a reserve even the map runs over: turns are given up, and what
 * was acknowledged is there all the same. */
static void a_store_full_to_the_brim_loses_nothing(void **state)
{
	struct wire_reply reply;
	struct view *views = calloc(TICKETS_MAX, sizeof(*views));
	(void)state;

	assert_non_null(views);
	restart_gridd("20", "0");
	open_until_full(&reply, 3000);
	assert_true(file_count(city_log(&city, "gridd"), "turn=given_up") > 0);
	restart_gridd(NULL, NULL);
	city_wait_up(&city);
	city_wait_quiet(&city);
	views_read(views, &city, "gridd", opened, opened_count, NULL, NULL);
	for (size_t i = 0; i < opened_count; i++)
		assert_true(views[i].seq > 0);
	free(views);
	logs_check_all(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_longer_than_a_frame_reaches_everybody),
		cmocka_unit_test(a_long_log_comes_back_after_a_loss),
		cmocka_unit_test(a_list_of_long_titles_comes_in_pages),
		cmocka_unit_test(refuses_what_is_too_long),
		cmocka_unit_test(
		    a_full_store_takes_no_new_tickets_and_finishes_old_ones),
		cmocka_unit_test(takes_tickets_again_when_there_is_room),
		cmocka_unit_test(a_store_full_to_the_brim_loses_nothing),
	};

	return flow_end(
	    cmocka_run_group_tests_name("limits", tests, open_city, NULL));
}
