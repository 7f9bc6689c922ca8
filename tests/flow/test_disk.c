/*
 * The disk under a store: short, full, failing, slow. New tickets are refused
 * in a word while there is little room, and what is there can be finished; a
 * disk that fails ends the daemon before it says what is not so, and started
 * again it has all that it acknowledged; a slow one is slow, and no more.
 */
#include "harness/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define GRID   "grid-420704001002001"
#define STREET "street-420704001"

enum {
	SLOW_MS = 300,
	SLOW_ROUNDS = 4,
	BRIM_TICKETS = 400,
	BRIM_MS = 400, /* for an answer that may not come */
};

static struct city city;
static struct disk_faults *disk; /* gridd's */
static struct id first;		 /* opened while all was well */

static struct id open_one(const char *operator_name)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "说不清归哪里管的事";
	return wish_do(&city, operator_name, &wish);
}

static void finish(const char *operator_name, const struct id *ticket)
{
	struct wish wish;

	wish_start(&wish, VERB_RESOLVE, ticket);
	wish.what->outcome = OUTCOME_SOLVED;
	wish.what->channel = CHANNEL_GOVERNMENT;
	wish_do(&city, operator_name, &wish);
	wish_start(&wish, VERB_RATE, ticket);
	wish.what->satisfaction = SATISFACTION_SATISFIED;
	wish_do(&city, operator_name, &wish);
}

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	city_found(&city);
	disk_start(&city);
	city_start(&city);
	disk = disk_of(&city, "gridd");
	first = open_one(GRID);
	return 0;
}

/* ---- short ---- */

static bool takes_one(void *context)
{
	struct client *client = city_client(&city, GRID, NULL);
	struct wire_reply reply;
	struct wish wish;

	(void)context;
	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "又一件";
	return client_ask(&reply, client, &wish.request, PATIENCE_MS) == 0 &&
	       reply.result == RESULT_DONE;
}

static bool refuses_one(void *context)
{
	return !takes_one(context);
}

static void a_disk_with_little_room_takes_no_new_tickets(void **state)
{
	struct run run;
	struct wish wish;
	(void)state;

	atomic_store(&disk->is_short, 1);
	assert_true(wait_until(refuses_one, NULL, PATIENCE_MS));
	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "又一件";
	wish_refused(&city, GRID, NULL, &wish, "store_full");
	cli(&run, &city, GRID, "--lang", "zh", "ticket", "open", "--title",
	    "又一件", NULL);
	assert_int_equal(run.code, 1);
	assert_non_null(strstr(run_text(&run.err), "存储已满"));
	run_free(&run);
}

static void what_is_there_is_finished(void **state)
{
	(void)state;
	finish(GRID, &first);
	assert_true(file_count(city_log(&city, "gridd"), "store=full") == 1);
}

static void with_room_again_it_goes_on_by_itself(void **state)
{
	(void)state;
	disk_mend(disk);
	assert_true(wait_until(takes_one, NULL, PATIENCE_MS));
	assert_true(file_count(city_log(&city, "gridd"), "store=has_room"));
	city_check_alive(&city);
}

/* ---- full to the brim: nothing more can be written ---- */

static struct id taken[BRIM_TICKETS];
static size_t taken_count;

/* The file has room of its own for a while. */
static bool brims_over(void *context)
{
	struct client *client = city_client(&city, GRID, NULL);
	struct wire_reply reply;
	struct wish wish;

	(void)context;
	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "把盘装满";
	if (client_ask(&reply, client, &wish.request, BRIM_MS))
		return false;
	if (reply.result == RESULT_DONE && taken_count < BRIM_TICKETS)
		taken[taken_count++] = reply.command.ticket;
	return atomic_load(&disk->full) > 0;
}

static void a_full_disk_ends_no_daemon_and_loses_nothing(void **state)
{
	static const char *const options[] = { "--reserve-mib", "0", NULL };
	struct ticket ticket;
	(void)state;

	assert_int_equal(daemon_stop(&city, "gridd"), 0);
	daemon_start(&city, "gridd", options);
	city_wait_up(&city);
	atomic_store(&disk->is_full, 1);
	assert_true(wait_until(brims_over, NULL, PATIENCE_MS));
	city_wait_log(&city, "gridd", "turn=given_up problem=store_full", 0);
	disk_mend(disk);
	assert_true(wait_until(takes_one, NULL, PATIENCE_MS));
	city_wait_up(&city);
	city_wait_quiet(&city);
	for (size_t i = 0; i < taken_count; i++) {
		see(&ticket, &city, "cityd", &taken[i]);
		assert_true(ticket.seq > 0);
	}
	logs_check_all(&city);
}

/* ---- failing ---- */

static bool has_ended(void *context)
{
	struct daemon *daemon = context;
	int status = 0;

	if (process_lives(&status, daemon->pid))
		return false;
	daemon->pid = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 5);
	return true;
}

/* A wish is under way when the disk fails, and is said again after. */
static void fails_once(enum disk_fault fault, unsigned after)
{
	struct client *client = city_client(&city, GRID, NULL);
	struct daemon *daemon = city_daemon(&city, "gridd");
	struct wish wish;
	struct ticket ticket;

	city_wait_quiet(&city);
	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "盘坏的时候报的事";
	wish.request.id = client_id(client);
	disk_strike(disk, fault, after);
	assert_int_equal(client_send(client, &wish.request), 0);
	assert_true(wait_until(has_ended, daemon, PATIENCE_MS));
	assert_int_equal(atomic_load(&disk->felt[fault]), 1);
	daemon_start(&city, "gridd", NULL);
	struct id id = wish_do(&city, GRID, &wish);
	city_wait_up(&city);
	city_wait_quiet(&city);
	see(&ticket, &city, "cityd", &id);
	assert_true(ticket.seq > 0);
}

static void a_disk_that_fails_ends_the_daemon_before_it_says_anything(
    void **state)
{
	size_t before, after;
	(void)state;

	free(tickets_all(&before, &city, "cityd"));
	fails_once(DISK_SYNC_FAILS, 0);
	fails_once(DISK_WRITE_FAILS, 0);
	fails_once(DISK_HEAD_FAILS, 0);
	fails_once(DISK_SHORT_WRITE, 0);
	free(tickets_all(&after, &city, "cityd"));
	assert_int_equal(after - before, 4); /* each once */
	logs_check_all(&city);
}

/* ---- slow ---- */

static bool is_done_slowly(void *context)
{
	return atomic_load(&disk->slow) >= *(const unsigned *)context;
}

static void a_slow_disk_is_late_and_right(void **state)
{
	unsigned wanted = atomic_load(&disk->slow) + SLOW_ROUNDS;
	const char *above = city_log(&city, "communityd");
	unsigned downs = file_count(above, "link=gridd state=down");
	struct ticket ticket;
	struct id ids[SLOW_ROUNDS];
	(void)state;

	atomic_store(&disk->sync_ms, SLOW_MS);
	for (int i = 0; i < SLOW_ROUNDS; i++)
		ids[i] = open_one(GRID);
	assert_true(wait_until(is_done_slowly, &wanted, PATIENCE_MS));
	atomic_store(&disk->sync_ms, 0);
	city_wait_quiet(&city);
	assert_int_equal(file_count(above, "link=gridd state=down"), downs);
	assert_true(
	    process_memory_kb(city_daemon(&city, "gridd")->pid) < MEMORY_KB);
	for (int i = 0; i < SLOW_ROUNDS; i++) {
		see(&ticket, &city, "cityd", &ids[i]);
		assert_true(ticket.seq > 0);
	}
}

/* Neither its neighbours nor it itself took the other for away. */
static void and_nobody_takes_it_for_dead(void **state)
{
	(void)state;
	assert_int_equal(file_count(city_log(&city, "communityd"),
			     "link=gridd state=silent"),
	    0);
	city_stop(&city);
	cli_exits(0, &city, "admin", "store", "check", NULL);
	city_close(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_disk_with_little_room_takes_no_new_tickets),
		cmocka_unit_test(what_is_there_is_finished),
		cmocka_unit_test(with_room_again_it_goes_on_by_itself),
		cmocka_unit_test(a_full_disk_ends_no_daemon_and_loses_nothing),
		cmocka_unit_test(
		    a_disk_that_fails_ends_the_daemon_before_it_says_anything),
		cmocka_unit_test(a_slow_disk_is_late_and_right),
		cmocka_unit_test(and_nobody_takes_it_for_dead),
	};

	return flow_end(
	    cmocka_run_group_tests_name("disk", tests, open_city, NULL));
}
