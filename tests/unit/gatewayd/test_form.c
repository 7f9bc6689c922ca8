#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/form.h"

static struct arena *arena;
static struct form form;

static int open_arena(void **state)
{
	(void)state;
	memset(&form, 0, sizeof(form));
	return arena_open(&arena, 64 * 1024);
}

static int close_arena(void **state)
{
	(void)state;
	arena_close(&arena);
	return 0;
}

static int add(const char *text)
{
	return form_add(&form, arena, bytes_of(text, strlen(text)));
}

static void decodes_pairs(void **state)
{
	(void)state;
	assert_int_equal(
	    add("a=1&b=%E8%B7%AF+%E7%81%AF&attribute%5Burgent%5D=true&c"), 0);
	assert_int_equal(form.count, 4);
	assert_string_equal(form_value(&form, "a"), "1");
	assert_string_equal(form_value(&form, "b"), "路 灯");
	assert_string_equal(form_value(&form, "attribute[urgent]"), "true");
	assert_string_equal(form_value(&form, "c"), "");
	assert_true(form_has(&form, "c"));
	assert_false(form_has(&form, "d"));
	assert_string_equal(form_value(&form, "d"), "");
}

static void takes_empty_pieces_and_none(void **state)
{
	(void)state;
	assert_int_equal(add(""), 0);
	assert_int_equal(add("&&a=1&&"), 0);
	assert_int_equal(form.count, 1);
	assert_int_equal(form_add(&form, arena, bytes_of(NULL, 0)), 0);
}

static void keeps_equal_signs_of_a_value(void **state)
{
	(void)state;
	assert_int_equal(add("u=http://a/?b=c%26d=e"), 0);
	assert_string_equal(form_value(&form, "u"), "http://a/?b=c&d=e");
}

static void refuses_broken_escapes(void **state)
{
	static const char *const broken[] = { "a=%", "a=%4", "a=%4g", "a=%zz",
		"%=1", "a=%00", "a=%80", "a=%C0%80", "a=%ED%A0%80", "a=\xff" };

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_int_equal(add(broken[i]), ERR_INVALID);
}

static void refuses_a_name_twice_in_one_text_only(void **state)
{
	(void)state;
	assert_int_equal(add("a=1&a=2"), ERR_INVALID);
	memset(&form, 0, sizeof(form));
	assert_int_equal(add("a=body"), 0);
	assert_int_equal(add("a=query"), 0);
	assert_string_equal(form_value(&form, "a"), "body");
}

static void refuses_more_pairs_than_it_holds(void **state)
{
	char text[FORM_PAIRS_MAX * 8] = "";

	(void)state;
	for (int i = 0; i < FORM_PAIRS_MAX; i++)
		sprintf(text + strlen(text), "n%d=&", i);
	assert_int_equal(add(text), 0);
	assert_int_equal(add("one=more"), ERR_TOO_LARGE);
}

static void refuses_a_long_name(void **state)
{
	char text[FORM_NAME_MAX + 3];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[FORM_NAME_MAX + 1] = '=';
	text[FORM_NAME_MAX + 2] = '\0';
	assert_int_equal(add(text), ERR_TOO_LARGE);
}

static void says_when_memory_is_used_up(void **state)
{
	static char text[80 * 1024];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[1] = '=';
	assert_int_equal(add(text), ERR_NOMEM);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
	const struct CMUnitTest tests[] = {
		TEST(decodes_pairs),
		TEST(takes_empty_pieces_and_none),
		TEST(keeps_equal_signs_of_a_value),
		TEST(refuses_broken_escapes),
		TEST(refuses_a_name_twice_in_one_text_only),
		TEST(refuses_more_pairs_than_it_holds),
		TEST(refuses_a_long_name),
		TEST(says_when_memory_is_used_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
