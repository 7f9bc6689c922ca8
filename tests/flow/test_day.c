/*
 * The sample day against a city that it did not start: complaints come in by
 * HTTP, staff act, and each daemon is killed on the way. What the day's record
 * says was acknowledged is there once, and all logs are equal; and whoever
 * looks for that finds what is amiss.
 */
#include "harness/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SOME = 15, /* acknowledgements */
	EXIT_BROKEN_OFF = 5,
};

#define DEMO	   BIN_DIR "/whistle-demo"
#define COMPLAINTS SOURCE_DIR "/deploy/cities/ezhou/complaints.csv"

static struct city city;
static unsigned lines_wanted;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

static const char *record(void)
{
	return city_path(&city, "acknowledged");
}

/* 0 when all that `path` says is there. */
static int check(const char *path)
{
	const char *argv[] = { DEMO, "--home", city.home.path, "--check", path,
		"--lang", "en", NULL };
	struct run run;

	run_program(&run, argv, PATIENCE_MS);
	int code = run.code;
	if (code)
		print_message("%s", run_text(&run.err));
	run_free(&run);
	return code;
}

static bool has_lines(void *context)
{
	(void)context;
	return file_count(record(), "\n") >= lines_wanted;
}

/* Somebody is told that something is done. */
static void wait_some(void)
{
	lines_wanted = file_count(record(), "\n") + SOME;
	assert_true(wait_until(has_lines, NULL, PATIENCE_MS));
}

static void nothing_of_a_day_is_lost_when_each_daemon_is_killed(void **state)
{
	const char *argv[] = { DEMO, "--home", city.home.path, "--complaints",
		COMPLAINTS, "--day", "16", "--record", record(), NULL };
	(void)state;

	pid_t day = process_start(argv, city_path(&city, "log/day.log"));
	for (size_t i = 0; i < CITY_NODES; i++) {
		const char *node = city.daemons[i].name;

		wait_some();
		daemon_kill(&city, node);
		daemon_start(&city, node, NULL);
	}
	wait_some();
	assert_int_equal(kill(day, SIGTERM), 0);
	int status = process_wait(day, PATIENCE_MS);
	city_wait_up(&city);
	city_wait_quiet(&city);

	assert_int_equal(WEXITSTATUS(status), EXIT_BROKEN_OFF);
	assert_true(file_count(record(), "open ") > SOME);
	assert_true(file_count(record(), "accept ") > 0);
	assert_true(file_count(record(), "check-in ") > 0);
	assert_int_equal(check(record()), 0);
}

/* The record without the first line that begins with `verb`. */
static const char *record_without(const char *verb)
{
	const char *path = city_path(&city, "without");
	size_t len;
	char *text = file_read(&len, record());
	char *line = strstr(text, verb);

	assert_non_null(line);
	char *rest = strchr(line, '\n') + 1;
	memmove(line, rest, strlen(rest) + 1);
	file_write(path, text);
	free(text);
	return path;
}

static void a_deed_that_nobody_was_told_of_is_found(void **state)
{
	(void)state;

	assert_int_equal(check(record_without("accept ")), EXIT_BROKEN_OFF);
}

static void an_acknowledgement_that_nobody_gave_is_found(void **state)
{
	const char *path = city_path(&city, "with");
	size_t len;
	char *text = file_read(&len, record());
	char *more = NULL;
	char id[ID_TEXT] = "";
	(void)state;

	memcpy(id, strchr(text, ' ') + 1, sizeof(id) - 1);
	assert_true(asprintf(&more, "%snote %s gridd 1 2 99\n", text, id) > 0);
	file_write(path, more);
	free(more);
	free(text);

	assert_int_equal(check(path), EXIT_BROKEN_OFF);
}

static void an_order_that_became_two_tickets_is_found(void **state)
{
	const char *path = city_path(&city, "other");
	size_t len;
	char *text = file_read(&len, record());
	char *line = strstr(text, "open ");
	(void)state;

	/* another ticket's id, and the order's number */
	line[5] = line[5] == '0' ? '1' : '0';
	line[15] = line[15] == 'Z' ? 'Y' : 'Z';
	file_write(path, text);
	free(text);

	assert_int_equal(check(path), EXIT_BROKEN_OFF);
}

static void what_is_no_record_is_refused(void **state)
{
	const char *path = city_path(&city, "torn");
	(void)state;

	file_write(path, "open 01M811GR7579W3E3JHFSVXVJ4F gatewayd 1 2 A-1");

	assert_int_equal(check(path), EXIT_BROKEN_OFF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    nothing_of_a_day_is_lost_when_each_daemon_is_killed),
		cmocka_unit_test(a_deed_that_nobody_was_told_of_is_found),
		cmocka_unit_test(an_acknowledgement_that_nobody_gave_is_found),
		cmocka_unit_test(an_order_that_became_two_tickets_is_found),
		cmocka_unit_test(what_is_no_record_is_refused),
	};

	return flow_end(
	    cmocka_run_group_tests_name("day", tests, open_city, NULL));
}
