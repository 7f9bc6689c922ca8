/* How deep a YAML file may be and how much it may hold: at the edge. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/yaml.h"
#include "base/yaml_check.h"

struct file {
	char **items;
	unsigned items_count;
};

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};
static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER, struct file, items,
	    &text_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, fields),
};

static struct report report;

static bool says(const char *sentence)
{
	for (size_t i = 0; i < report.count; i++)
		if (strcmp(report.problems[i].text, sentence) == 0)
			return true;
	return false;
}

/* A file of "items: [", `count` times `word`, and what closes it. */
static int load(const char *word, long count, const char *end)
{
	char path[] = "/tmp/whistle-yaml-XXXXXX";
	int fd = mkstemp(path), rc;
	struct yaml *yaml = NULL;
	void *data = NULL;
	FILE *out;

	assert_true(fd >= 0);
	out = fdopen(fd, "w");
	assert_non_null(out);
	fputs("items: [", out);
	for (long i = 0; i < count; i++)
		fputs(word, out);
	for (long i = 0; i < count && end[0]; i++)
		fputs(end, out);
	fputs("]\n", out);
	assert_int_equal(fclose(out), 0);
	report_free(&report);
	rc = yaml_open(&yaml, &data, &report, path, &schema);
	yaml_close(&yaml);
	unlink(path);
	return rc;
}

/* The mapping and its list are two of them. */
static void lists_are_so_deep_and_no_deeper(void **state)
{
	(void)state;
	load("[", YAML_DEPTH_MAX - 2, "]");
	assert_false(says("nested too deeply"));
	load("[", YAML_DEPTH_MAX - 1, "]");
	assert_true(says("nested too deeply"));
	report_free(&report);
}

/* The mapping, its key and its list are three of them. */
static void a_file_holds_so_many_values_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(load("a,", YAML_NODES_MAX - 3, ""), 0);
	load("a,", YAML_NODES_MAX - 2, "");
	assert_true(says("too many values in one file"));
	report_free(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_so_deep_and_no_deeper),
		cmocka_unit_test(a_file_holds_so_many_values_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
