#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"

static FILE *caught;
static int real_stderr;

static int catch_stderr(void **state)
{
	(void)state;
	caught = tmpfile();
	real_stderr = dup(STDERR_FILENO);
	log_setup("streetd", LOG_INFO);
	return caught ? dup2(fileno(caught), STDERR_FILENO) < 0 : -1;
}

static int let_go(void **state)
{
	(void)state;
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	return fclose(caught);
}

/* All that was written; the next call starts after it. */
static char *text(void)
{
	static char all[256 * 1024];
	ssize_t len = pread(fileno(caught), all, sizeof(all) - 1, 0);

	assert_true(len >= 0);
	all[len] = '\0';
	assert_int_equal(ftruncate(fileno(caught), 0), 0);
	lseek(fileno(caught), 0, SEEK_SET);
	return all;
}

static void a_line_has_time_level_and_node(void **state)
{
	char *line, *rest;
	int64_t time;

	(void)state;
	log_line(LOG_WARN, "link=%s state=%s", "cityd", "up");
	line = text();
	rest = strchr(line, ' ');
	*rest = '\0';
	assert_int_equal(time_parse(&time, line), 0);
	assert_string_equal(
	    rest + 1, "warn node=streetd link=cityd state=up\n");
}

static void drops_lines_below_the_least_level(void **state)
{
	(void)state;
	log_line(LOG_DEBUG, "a=1");
	assert_string_equal(text(), "");
	log_setup("streetd", LOG_DEBUG);
	log_line(LOG_DEBUG, "a=1");
	assert_non_null(strstr(text(), "debug node=streetd a=1\n"));
}

static void a_line_stays_one_line(void **state)
{
	char *line;

	(void)state;
	log_line(LOG_INFO, "name=%s", "a\nb\r\x1b[31m\x7f鄂");
	line = text();
	assert_non_null(
	    strstr(line, "name=a\\x0ab\\x0d\\x1b[31m\\x7f\\xe9\\x84\\x82\n"));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void a_long_line_is_cut(void **state)
{
	char *long_text = malloc(100000), *line;

	(void)state;
	assert_non_null(long_text);
	memset(long_text, '\n', 99999);
	long_text[99999] = '\0';
	log_line(LOG_INFO, "text=%s", long_text);
	line = text();
	assert_true(strlen(line) <= 4096 && strlen(line) > 4000);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	free(long_text);
}

static void *write_lines(void *name)
{
	int i;

	for (i = 0; i < 200; i++)
		log_line(LOG_INFO, "writer=%s end=yes", (const char *)name);
	return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
	static char names[4][2] = { "a", "b", "c", "d" };
	pthread_t threads[4];
	char *rest, *line;
	int i, count = 0;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, write_lines, names[i]),
		    0);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	rest = text();
	while ((line = strsep(&rest, "\n")) && *line != '\0') {
		assert_non_null(strstr(line, " info node=streetd writer="));
		assert_string_equal(line + strlen(line) - 8, " end=yes");
		count++;
	}
	assert_int_equal(count, 800);
}

static void a_value_is_quoted_when_it_must(void **state)
{
	char out[LOG_VALUE_MAX];

	(void)state;
	assert_string_equal(log_value(out, "420704-zjj"), "420704-zjj");
	assert_string_equal(
	    log_value(out, "tcp://[::1]:8301"), "tcp://[::1]:8301");
	assert_string_equal(log_value(out, ""), "\"\"");
	assert_string_equal(log_value(out, "a b"), "\"a b\"");
	assert_string_equal(log_value(out, "a=b"), "\"a=b\"");
	assert_string_equal(log_value(out, "a\"\\\n"), "\"a\\\"\\\\\\x0a\"");
	assert_string_equal(log_value(out, "é"), "\"\\xc3\\xa9\"");
}

static void a_long_value_is_cut_and_closed(void **state)
{
	char in[4096], out[LOG_VALUE_MAX];
	const char *odd = "a\n\"\\";
	size_t i, lead;

	(void)state;
	for (i = 0; i < 4; i++) {
		for (lead = 0; lead < 8; lead++) {
			memset(in, odd[i], sizeof(in) - 1);
			memset(in, ' ', lead);
			in[sizeof(in) - 1] = '\0';
			log_value(out, in);
			assert_true(strlen(out) < LOG_VALUE_MAX);
			if (out[0] == '"')
				assert_int_equal(out[strlen(out) - 1], '"');
		}
	}
}

static void a_subject_is_due_once_in_its_time(void **state)
{
	(void)state;
	assert_true(log_is_due("peer-a", 1000, 500));
	assert_false(log_is_due("peer-a", 1000, 500));
	assert_false(log_is_due("peer-a", 1499, 500));
	assert_true(log_is_due("peer-b", 1499, 500));
	assert_true(log_is_due("peer-a", 1500, 500));
	assert_false(log_is_due("peer-a", 1501, 500));
}

static void a_clock_that_steps_back_silences_nobody(void **state)
{
	(void)state;
	assert_true(log_is_due("stepper", 9000000, 500));
	assert_true(log_is_due("stepper", 100, 500));
	assert_false(log_is_due("stepper", 101, 500));
}

static void made_up_subjects_do_not_fill_the_log(void **state)
{
	int64_t now = 50000000;
	int i, due = 0;
	char name[32];

	(void)state;
	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "stranger-%d", i);
		due += log_is_due(name, now, 60000);
	}
	assert_true(due > 100 && due <= 257);
	assert_true(log_is_due("late-comer", now + 60000, 60000));
}

#define CATCHING(name)                                                         \
	cmocka_unit_test_setup_teardown(name, catch_stderr, let_go)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CATCHING(a_line_has_time_level_and_node),
		CATCHING(drops_lines_below_the_least_level),
		CATCHING(a_line_stays_one_line),
		CATCHING(a_long_line_is_cut),
		CATCHING(lines_of_threads_do_not_mix),
		cmocka_unit_test(a_value_is_quoted_when_it_must),
		cmocka_unit_test(a_long_value_is_cut_and_closed),
		cmocka_unit_test(a_subject_is_due_once_in_its_time),
		cmocka_unit_test(a_clock_that_steps_back_silences_nobody),
		cmocka_unit_test(made_up_subjects_do_not_fill_the_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
