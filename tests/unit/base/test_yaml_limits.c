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

struct row {
	char **texts;
	unsigned texts_count;
};

struct file {
	struct row *items;
	unsigned items_count;
};

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};
static const cyaml_schema_field_t row_fields[] = {
	CYAML_FIELD_SEQUENCE("texts", CYAML_FLAG_POINTER, struct row, texts,
	    &text_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t row_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct row, row_fields),
};
static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER, struct file, items,
	    &row_schema, 0, CYAML_UNLIMITED),
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

/* A file of "items: [", what `write` adds for `count`, and "]". */
static int load(void (*write)(FILE *out, long count), long count)
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
	write(out, count);
	fputs("]\n", out);
	assert_int_equal(fclose(out), 0);
	report_free(&report);
	rc = yaml_open(&yaml, &data, &report, path, &schema);
	yaml_close(&yaml);
	unlink(path);
	return rc;
}

static void write_deep(FILE *out, long count)
{
	for (long i = 0; i < count; i++)
		fputc('[', out);
	for (long i = 0; i < count; i++)
		fputc(']', out);
}

/* In many lists: libcyaml takes one anew for each entry. A row is a mapping,
 * a key, a list and its texts. */
static void write_many(FILE *out, long count)
{
	enum { ROW_VALUES = 1000, AROUND = 3 };

	while (count > 0) {
		/* what is left for the next one must be a row as well */
		long values = count > 2 * ROW_VALUES ? ROW_VALUES : count;

		fputs("{texts: [", out);
		for (long i = AROUND; i < values; i++)
			fputs("a,", out);
		fputs("]},\n", out);
		count -= values;
	}
}

/* The mapping and its list are two of them. */
static void lists_are_so_deep_and_no_deeper(void **state)
{
	(void)state;
	load(write_deep, YAML_DEPTH_MAX - 2);
	assert_false(says("nested too deeply"));
	load(write_deep, YAML_DEPTH_MAX - 1);
	assert_true(says("nested too deeply"));
	report_free(&report);
}

/* The mapping, its key and its list are three of them. */
static void a_file_holds_so_many_values_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(load(write_many, YAML_NODES_MAX - 3), 0);
	load(write_many, YAML_NODES_MAX - 2);
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
