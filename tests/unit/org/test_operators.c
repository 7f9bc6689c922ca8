#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "folder.h"

static void expect_all(const struct wrong *wrongs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_wrong(
		    "operators.csv", sound_operators, &wrongs[i], 0, 1);
}

#define EXPECT_ALL(wrongs)                                                     \
	expect_all(wrongs, sizeof(wrongs) / sizeof(wrongs[0]))

static void refuses_names_that_are_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 3, ",420704-zjj,clerk,\n", 3,
		    "\"\" cannot be an operator's name" },
		{ 3, "@timer,420704-zjj,clerk,\n", 3, "\"@timer\" cannot be" },
		{ 3, "a/b,420704-zjj,clerk,\n", 3, "\"a/b\" cannot be" },
		{ 3, "..,420704-zjj,clerk,\n", 3, "\"..\" cannot be" },
		{ 3, "\"li, si\",420704-zjj,clerk,\n", 3, "cannot be" },
		{ 3, "\"a\nb\",420704-zjj,clerk,\n", 3, "\"a?b\" cannot be" },
		{ 3, "chief,420704-zjj,clerk,\n", 3,
		    "operator chief stands twice" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_units_and_roles_that_are_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 3, "li,420799,clerk,\n", 3,
		    "operator li: unit \"420799\" is not in units.csv" },
		{ 3, "li,,clerk,\n", 3, "unit \"\" is not in units.csv" },
		{ 3, "li,4207,mayor,\n", 3,
		    "role \"mayor\" is none of worker, dispatcher, clerk, "
		    "hotline, supervisor, engineer" },
		{ 3, "li,4207,none,\n", 3, "role \"none\" is none of" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_keys_that_are_none_or_shared(void **state)
{
	static const struct wrong wrongs[] = {
		{ 3, "li,4207,clerk,abc\n", 3,
		    "operator li: public_key \"abc\" is not a key" },
		{ 3, "li,4207,clerk,rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf~\n",
		    3, "is not a key" },
		{ 3, "li,4207,clerk," KEY_A "\n", 3,
		    "operator li has the public_key of chief; a key is for "
		    "one only" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_the_key_of_a_node(void **state)
{
	struct folder folder;

	(void)state;
	folder_make(&folder);
	folder_write_line(&folder, "nodes.yaml", sound_nodes, 40,
	    "    public_key: '" KEY_A "'\n");
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_true(has_problem(&folder.report, "operators.csv", 2,
	    "operator chief has the public_key of gate"));
	folder_remove(&folder);
}

static void asks_for_keys_where_they_are_needed(void **state)
{
	static const struct wrong wrong = { 0, "", 3,
		"operator clerk.one has no public_key; make a pair" };

	(void)state;
	expect_wrong(
	    "operators.csv", sound_operators, &wrong, ORG_NEEDS_KEYS, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_names_that_are_none),
		cmocka_unit_test(refuses_units_and_roles_that_are_none),
		cmocka_unit_test(refuses_keys_that_are_none_or_shared),
		cmocka_unit_test(refuses_the_key_of_a_node),
		cmocka_unit_test(asks_for_keys_where_they_are_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
