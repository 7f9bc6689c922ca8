#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "gatewayd/lines.h"

static struct lines lines;
static struct line *line;
static int ends[2]; /* ours and the client's */

static int open_line(void **state)
{
	(void)state;
	lines = (struct lines){ 0 };
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return -1;
	line = line_open(&lines, ends[0], 1000);
	return line ? 0 : -1;
}

static int close_line(void **state)
{
	(void)state;
	line_close(line);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

/* What the client has got so far; -1: nothing, and the line is open. */
static ssize_t read_text(char *text, size_t size)
{
	ssize_t len = recv(ends[1], text, size - 1, MSG_DONTWAIT);

	text[len > 0 ? len : 0] = '\0';
	return len;
}

static void expect_open_until(int64_t until_ms)
{
	char text[2048];

	lines_sweep(&lines, until_ms - 1);
	assert_false(line->is_cut);
	assert_int_equal(read_text(text, sizeof(text)), -1);
	lines.swept_ms = 0;
	lines_sweep(&lines, until_ms);
	assert_true(line->is_cut);
}

static void gives_a_request_its_time_from_its_first_line(void **state)
{
	char text[2048];

	(void)state;
	line_begin(line, 3000);
	expect_open_until(3000 + LINE_REQUEST_MS);
	assert_true(read_text(text, sizeof(text)) > 0);
	assert_non_null(strstr(text, "HTTP/1.1 408 Request Timeout\r\n"));
	assert_non_null(strstr(text, "urn:whistle:problem:too-slow"));
	assert_int_equal(read_text(text, sizeof(text)), 0);
}

/* An idle one is closed before, so this one had a byte. */
static void gives_a_first_line_its_time_as_well(void **state)
{
	(void)state;
	expect_open_until(1000 + LINE_IDLE_MS + LINE_REQUEST_MS);
}

static void never_gives_more_time_to_a_late_first_line(void **state)
{
	(void)state;
	line_begin(line, 1000 + LINE_REQUEST_MS);
	expect_open_until(1000 + LINE_IDLE_MS + LINE_REQUEST_MS);
}

static void says_nothing_into_an_answer(void **state)
{
	char text[2048];

	(void)state;
	line->is_answered = true;
	line->until_ms = 2000;
	expect_open_until(2000);
	assert_int_equal(read_text(text, sizeof(text)), 0);
}

static void starts_anew_after_each_request(void **state)
{
	(void)state;
	line_begin(line, 2000);
	line->is_answered = true;
	line_rest(line, 20000);
	assert_false(line->is_answered);
	expect_open_until(20000 + LINE_IDLE_MS + LINE_REQUEST_MS);
}

static void forgets_a_line_that_is_closed(void **state)
{
	(void)state;
	line_close(line);
	line = NULL;
	line_close(NULL);
	lines_sweep(&lines, INT64_MAX);
}

#define LINE(test) cmocka_unit_test_setup_teardown(test, open_line, close_line)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LINE(gives_a_request_its_time_from_its_first_line),
		LINE(gives_a_first_line_its_time_as_well),
		LINE(never_gives_more_time_to_a_late_first_line),
		LINE(says_nothing_into_an_answer),
		LINE(starts_anew_after_each_request),
		LINE(forgets_a_line_that_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
