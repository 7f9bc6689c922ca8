#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "folder.h"

static void expect_all(const struct wrong *wrongs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_wrong("units.csv", sound_units, &wrongs[i], 0, 0);
}

#define EXPECT_ALL(wrongs)                                                     \
	expect_all(wrongs, sizeof(wrongs) / sizeof(wrongs[0]))

static void refuses_columns_that_are_not_its_own(void **state)
{
	static const struct wrong wrongs[] = {
		{ 1, "code,name,level,kind,parent,phone\n", 1,
		    "unknown column \"phone\"; remove it" },
		{ 1, "code,name,level,kind\n", 1,
		    "column \"parent\" is missing; add it" },
		{ 1, "code,name,level,kind,parent,name\n", 1,
		    "column \"name\" stands twice; remove one" },
		{ 1, "", 1, "unknown column \"4207\"" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_damaged_rows(void **state)
{
	static const struct wrong wrongs[] = {
		{ 9, "420704002,古楼街道,street,area\n", 9,
		    "4 fields where the first line names 5" },
		{ 9, "420704002,古楼街道,street,area,420704,\n", 9,
		    "6 fields where the first line names 5" },
		{ 0, "420704002,\"古楼街道,street,area,420704\n", 16, "" },
		{ 9, "420704002,\xff\xfe,street,area,420704\n", 9, "" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_codes_that_are_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 9, "四二零,古楼街道,street,area,420704\n", 9,
		    "\"四二零\" is not a code" },
		{ 9, ",古楼街道,street,area,420704\n", 9,
		    "\"\" is not a code" },
		{ 9, "420704002-A,古楼街道,street,area,420704\n", 9,
		    "is not a code" },
		{ 9, "42070400200000000000000000,x,street,area,420704\n", 9,
		    "is not a code" },
		{ 9, "4207040020,古楼街道,street,area,420704\n", 9,
		    "an area's code is 4, 6, 9, 12 or 15 digits" },
		{ 9, "420704-gl,古楼街道,street,area,420704\n", 9,
		    "an area's code is 4, 6, 9, 12 or 15 digits" },
		{ 6, "420704999,区住建局,district,department,420704\n", 6,
		    "is its host's code, a dash and a short name" },
		{ 6, "420704-,区住建局,district,department,420704\n", 6, "" },
		{ 9, "420704002,古楼街道,street,area,街道\n", 9,
		    "parent \"街道\" is not a code" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_names_levels_and_kinds_that_are_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 9, "420704002,,street,area,420704\n", 9,
		    "unit 420704002: the name is empty" },
		{ 9, "420704002,\"古\n楼\",street,area,420704\n", 9,
		    "control characters" },
		{ 9, "420704002,古楼街道,Street,area,420704\n", 9,
		    "level \"Street\" is not a word" },
		{ 9, "420704002,古楼街道,,area,420704\n", 9,
		    "level \"\" is not a word" },
		{ 9, "420704002,古楼街道,street,region,420704\n", 9,
		    "kind \"region\" is none of area, department, hotline" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_a_name_that_is_too_long(void **state)
{
	char row[512] = "420704002,";
	const struct wrong wrong = { 9, row, 9, "the name is empty, over" };

	(void)state;
	memset(row + strlen(row), 'a', UNIT_NAME_MAX);
	strcat(row, ",street,area,420704\n");
	expect_wrong("units.csv", sound_units, &wrong, 0, 0);
}

static void refuses_parents_that_do_not_fit(void **state)
{
	static const struct wrong wrongs[] = {
		{ 9, "420704002,古楼街道,street,area,420799\n", 9,
		    "its parent 420799 is not in this file" },
		{ 9, "420704002,古楼街道,street,area,420703\n", 9,
		    "the code does not continue its parent's code 420703" },
		{ 9, "420704002,古楼街道,street,area,420704-zjj\n", 9,
		    "its parent 420704-zjj is not an area" },
		{ 9, "420704002,古楼街道,street,area,420704002\n", 9,
		    "does not continue its parent's code" },
		{ 6, "420704-zjj,区住建局,district,department,4207\n", 6,
		    "does not continue its parent's code 4207" },
		{ 3, "4207-12345,热线,hotline,hotline,\n", 3,
		    "has no parent; name its host" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_two_roots_and_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 0, "4208,荆门市,city,area,\n", 16,
		    "4207 is the root already; name its parent" },
		{ 2, "", 0, "no unit is the root" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_the_same_code_twice_and_names_both_lines(void **state)
{
	static const struct wrong wrong = { 0,
		"420704002,古楼,street,area,420704\n", 16,
		"unit 420704002 is on line 9 already; remove one" };

	(void)state;
	expect_wrong("units.csv", sound_units, &wrong, 0, 1);
}

static void refuses_levels_that_do_not_fit_the_tree(void **state)
{
	static const struct wrong wrongs[] = {
		{ 9, "420704002,古楼街道,town,area,420704\n", 9,
		    "level \"town\", but the areas beside it (line 10) are "
		    "\"street\"; use one word" },
		{ 9, "420704002001,古楼,street,area,420704\n", 9,
		    "12 digits, but the other areas of level \"street\"" },
		{ 6, "420704-zjj,区住建局,city,department,420704\n", 6,
		    "a department has its host's level \"district\", not "
		    "\"city\"" },
		{ 3, "4207-12345,热线,city,hotline,4207\n", 3,
		    "\"city\" is a level of areas; give the hotline a word of "
		    "its own" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_one_word_for_two_depths(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	folder_write(&folder, "units.csv",
	    "code,name,level,kind,parent\n4207,a,city,area,\n"
	    "420704,b,city,area,4207\n");
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_true(has_problem(&folder.report, "units.csv", 3,
	    "level \"city\" stands for areas of two depths"));
	folder_remove(&folder);
}

static void refuses_more_words_than_a_city_has(void **state)
{
	struct folder folder;
	char text[4096] = "code,name,level,kind,parent\n4207,a,city,area,\n";

	(void)state;
	for (int i = 0; i < 20; i++)
		sprintf(
		    text + strlen(text), "4207-h%d,h,h%d,hotline,4207\n", i, i);
	folder_make(&folder);
	folder_write(&folder, "units.csv", text);
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_true(has_problem(&folder.report, "units.csv", 18,
	    "level \"h15\" is one word too many"));
	folder_remove(&folder);
}

static void shows_all_mistakes_of_all_files_at_once(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	folder_write_line(&folder, "units.csv", sound_units, 9,
	    "420704002,,street,area,420704\n");
	folder_write_line(
	    &folder, "nodes.yaml", sound_nodes, 6, "    endpoint: nowhere\n");
	folder_write_line(&folder, "operators.csv", sound_operators, 2,
	    "chief,4207,emperor,\n");
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_int_equal(folder.report.count, 3);
	assert_true(has_problem(&folder.report, "units.csv", 9, ""));
	assert_true(has_problem(&folder.report, "nodes.yaml", 6, ""));
	assert_true(has_problem(&folder.report, "operators.csv", 2, ""));
	folder_remove(&folder);
}

static void refuses_files_without_rows(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	folder_write(&folder, "units.csv", "code,name,level,kind,parent\n");
	folder_write(&folder, "operators.csv", "");
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_true(
	    has_problem(&folder.report, "units.csv", 0, "no unit is the root"));
	assert_true(
	    has_problem(&folder.report, "operators.csv", 0, "is empty"));
	folder_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_columns_that_are_not_its_own),
		cmocka_unit_test(refuses_damaged_rows),
		cmocka_unit_test(refuses_codes_that_are_none),
		cmocka_unit_test(refuses_names_levels_and_kinds_that_are_none),
		cmocka_unit_test(refuses_a_name_that_is_too_long),
		cmocka_unit_test(refuses_parents_that_do_not_fit),
		cmocka_unit_test(refuses_two_roots_and_none),
		cmocka_unit_test(
		    refuses_the_same_code_twice_and_names_both_lines),
		cmocka_unit_test(refuses_levels_that_do_not_fit_the_tree),
		cmocka_unit_test(refuses_one_word_for_two_depths),
		cmocka_unit_test(refuses_more_words_than_a_city_has),
		cmocka_unit_test(shows_all_mistakes_of_all_files_at_once),
		cmocka_unit_test(refuses_files_without_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
