/*
 * How many units and people a city has at most: a million of each are taken,
 * one more is refused, with its line. deploy/limits.md lists the bounds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "folder.h"

static struct folder folder;

static int make(void **state)
{
	(void)state;
	folder_make(&folder);
	folder_write(&folder, "nodes.yaml",
	    "city: 市\nnodes:\n"
	    "  - {name: a, level: city, serves: [4207], endpoint: "
	    "'ipc://a'}\n");
	folder_write(&folder, "operators.csv", "name,unit,role,public_key\n");
	folder_write(&folder, "units.csv",
	    "code,name,level,kind,parent\n4207,市,city,area,\n");
	return 0;
}

static int drop(void **state)
{
	(void)state;
	folder_remove(&folder);
	return 0;
}

/* Rows of that form, with the numbers from `from` up to `to`. */
static void append(const char *name, const char *form, int from, int to)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder.dir, name);
	out = fopen(path, "ab");
	assert_non_null(out);
	for (int i = from; i < to; i++)
		fprintf(out, form, i);
	assert_int_equal(fclose(out), 0);
}

static void expect_refused(const char *name, long line, const char *sentence)
{
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_null(folder.org);
	if (!has_problem(&folder.report, name, line, sentence))
		fail_msg("%s:%ld does not say: %s", name, line, sentence);
	assert_int_equal(folder.report.count, 1);
}

static void a_city_has_a_million_units_and_no_more(void **state)
{
	static const char form[] = "4207-d%d,局,city,department,4207\n";

	(void)state;
	append("units.csv", form, 1, ORG_UNITS_MAX);
	folder_load(&folder);
	assert_int_equal(org_unit_count(folder.org), ORG_UNITS_MAX);
	org_close(&folder.org);
	append("units.csv", form, ORG_UNITS_MAX, ORG_UNITS_MAX + 1);
	expect_refused("units.csv", 1 + ORG_UNITS_MAX + 1,
	    "more than 1000000 units; split the city");
}

static void a_city_has_a_million_operators_and_no_more(void **state)
{
	static const char form[] = "p%d,4207,worker,\n";

	(void)state;
	append("operators.csv", form, 0, ORG_OPERATORS_MAX);
	folder_load(&folder);
	assert_non_null(org_operator(folder.org, "p999999"));
	org_close(&folder.org);
	append("operators.csv", form, ORG_OPERATORS_MAX, ORG_OPERATORS_MAX + 1);
	expect_refused("operators.csv", 1 + ORG_OPERATORS_MAX + 1,
	    "more than 1000000 operators; split the city");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_city_has_a_million_units_and_no_more),
		IN_FOLDER(a_city_has_a_million_operators_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
