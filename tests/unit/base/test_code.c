#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include "base/code.h"
#include "base/err.h"

static void takes_units_and_departments(void **state)
{
	static const char *const good[] = { "4207", "420704", "420704001",
		"420704001001", "420704001001003", "4207-12345", "420704-zjj",
		"420704-a-b", "4207-x" };
	struct unit_code code;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(code_set(&code, good[i]), 0);
		assert_string_equal(code.s, good[i]);
		assert_false(code_is_empty(&code));
	}
}

static void refuses_what_is_no_code(void **state)
{
	static const char *const bad[] = { "", "420", "4207040010010031",
		"4207-", "-zjj", "4207zjj", "4207-ZJJ", "4207-z j", "4207 ",
		" 4207", "4207_zjj", "4207-\xe4\xbd\x8f", "4207.", "4207/..",
		"4207-abcdefghijklmnopqrs" };
	struct unit_code code, empty;
	size_t i;

	(void)state;
	memset(&empty, 0, sizeof(empty));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&code, 'x', sizeof(code));
		assert_int_equal(code_set(&code, bad[i]), ERR_INVALID);
		assert_true(code_is_empty(&code));
		assert_true(code_equal(&code, &empty));
	}
}

static void takes_a_code_that_just_fits(void **state)
{
	struct unit_code code;

	(void)state;
	assert_int_equal(code_set(&code, "4207-abcdefghijklmnopqr"), 0);
	assert_int_equal(strlen(code.s), UNIT_CODE_MAX - 1);
}

static void the_old_code_leaves_no_trace(void **state)
{
	struct unit_code a, b;

	(void)state;
	code_set(&a, "420704001001003");
	code_set(&a, "4207");
	code_set(&b, "4207");
	assert_true(code_equal(&a, &b));
	assert_memory_equal(&a, &b, sizeof(a));
	code_set(&b, "420704");
	assert_false(code_equal(&a, &b));
}

static void knows_a_code_that_has_its_end(void **state)
{
	struct unit_code code;

	(void)state;
	code_set(&code, "4207");
	assert_true(code_is_padded(&code));
	code.s[sizeof(code.s) - 1] = '7';
	assert_false(code_is_padded(&code));
	memset(code.s, '4', sizeof(code.s));
	assert_false(code_is_padded(&code));
	memset(code.s, 0, sizeof(code.s));
	assert_true(code_is_padded(&code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_units_and_departments),
		cmocka_unit_test(refuses_what_is_no_code),
		cmocka_unit_test(takes_a_code_that_just_fits),
		cmocka_unit_test(the_old_code_leaves_no_trace),
		cmocka_unit_test(knows_a_code_that_has_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
