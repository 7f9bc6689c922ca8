#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/bytes.h"
#include "base/err.h"
#include "base/report.h"

static void prints_file_line_and_sentence(void **state)
{
	struct report report = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	report_add(&report, "units.csv", 7, "parent %s is unknown", "4209");
	report_add(&report, "nodes.yaml", 0, "there is no such file");
	report_print(&report, out);
	fclose(out);
	assert_string_equal(text, "units.csv:7: parent 4209 is unknown\n"
				  "nodes.yaml: there is no such file\n");
	free(text);
	report_free(&report);
	assert_int_equal(report.count, 0);
}

static void counts_what_it_cannot_keep(void **state)
{
	struct report report = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int i;

	(void)state;
	for (i = 0; i < REPORT_PROBLEMS_MAX + 5; i++)
		report_add(&report, "f", i + 1, "wrong");
	assert_int_equal(report.count, REPORT_PROBLEMS_MAX);
	assert_int_equal(report.dropped, 5);
	report_print(&report, out);
	fclose(out);
	assert_non_null(strstr(text, "f:100: wrong\nand 5 more\n"));
	free(text);
	report_free(&report);
}

static void cuts_a_long_sentence_between_characters(void **state)
{
	struct report report = { 0 };
	char text[3 * 1000 + 1] = "";
	size_t i, len;

	(void)state;
	for (i = 0; i < 1000; i++)
		memcpy(text + 3 * i, "鄂", 4);
	report_add(&report, text, 1, "x%s", text);
	len = strlen(report.problems[0].text);
	assert_int_equal(len, 1 + 3 * 170);
	assert_true(bytes_is_text(bytes_of(report.problems[0].text, len)));
	len = strlen(report.problems[0].file);
	assert_int_equal(len, 255);
	assert_true(bytes_is_text(bytes_of(report.problems[0].file, len)));
	report_free(&report);
}

static void a_problem_stays_one_line(void **state)
{
	struct report report = { 0 };

	(void)state;
	report_add(&report, "a\nb", 1, "\"%s\" is wrong", "x\n\x1b[2Jy");
	assert_string_equal(report.problems[0].file, "a b");
	assert_string_equal(report.problems[0].text, "\"x  [2Jy\" is wrong");
	report_free(&report);
}

static void every_error_has_a_phrase(void **state)
{
	(void)state;
	assert_string_equal(err_text(0), "done");
	assert_string_equal(err_text(ERR_NOMEM), "out of memory");
	assert_string_equal(
	    err_text(ERR_COMMIT), "a commit whose result is not known");
	assert_string_equal(err_text(ERR_COMMIT - 1), "an unknown error");
	assert_string_equal(err_text(1), "an unknown error");
	assert_string_equal(err_text(-2147483647 - 1), "an unknown error");
}

static void the_file_systems_errors_have_codes(void **state)
{
	(void)state;
	assert_int_equal(err_of_errno(ENOENT), ERR_NOT_FOUND);
	assert_int_equal(err_of_errno(EACCES), ERR_ACCESS);
	assert_int_equal(err_of_errno(ENOSPC), ERR_FULL);
	assert_int_equal(err_of_errno(EIO), ERR_IO);
	assert_int_equal(err_of_errno(0), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_file_line_and_sentence),
		cmocka_unit_test(counts_what_it_cannot_keep),
		cmocka_unit_test(cuts_a_long_sentence_between_characters),
		cmocka_unit_test(a_problem_stays_one_line),
		cmocka_unit_test(every_error_has_a_phrase),
		cmocka_unit_test(the_file_systems_errors_have_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
