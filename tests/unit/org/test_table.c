#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "org/table.h"

enum { MANY = 50000 };

static void finds_every_key_that_was_put(void **state)
{
	char(*keys)[8] = calloc(MANY, sizeof(*keys));
	struct table table = { 0 };
	uint32_t value;

	(void)state;
	assert_non_null(keys);
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%x", i);
		assert_int_equal(
		    table_put(&table, keys[i], strlen(keys[i]), i), 0);
	}
	assert_int_equal(table.count, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_true(
		    table_get(&value, &table, keys[i], strlen(keys[i])));
		assert_int_equal(value, i);
	}
	assert_false(table_get(&value, &table, "none", 4));
	table_free(&table);
	free(keys);
}

static void keeps_the_first_of_two(void **state)
{
	struct table table = { 0 };
	uint32_t value = 9;

	(void)state;
	assert_int_equal(table_put(&table, "key", 3, 1), 0);
	assert_int_equal(table_put(&table, "key", 3, 2), ERR_EXISTS);
	assert_true(table_get(&value, &table, "key", 3));
	assert_int_equal(value, 1);
	*table_value(&table, "key", 3) = 3;
	assert_true(table_get(&value, &table, "keys", 3));
	assert_int_equal(value, 3);
	table_free(&table);
}

static void has_nothing_when_empty(void **state)
{
	struct table table = { 0 };
	uint32_t value = 9;

	(void)state;
	assert_false(table_get(&value, &table, "", 0));
	assert_int_equal(value, 9);
	assert_null(table_value(&table, "", 0));
	assert_int_equal(table_put(&table, "", 0, 5), 0);
	assert_true(table_get(&value, &table, "x", 0));
	assert_int_equal(value, 5);
	table_free(&table);
	table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_key_that_was_put),
		cmocka_unit_test(keeps_the_first_of_two),
		cmocka_unit_test(has_nothing_when_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
