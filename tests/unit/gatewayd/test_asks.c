#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/err.h"
#include "gatewayd/asks.h"

static struct asks asks;
static int askers[ASKS_MAX + 1];

static int clear(void **state)
{
	(void)state;
	asks.count = 0;
	return 0;
}

static struct id id_of(unsigned number)
{
	return (struct id){
		{ 1, [14] = (uint8_t)(number >> 8), [15] = (uint8_t)number }
	};
}

static int add(unsigned number, int64_t until_ms)
{
	struct id id = id_of(number);

	return asks_add(&asks, &id, &askers[number], until_ms);
}

static void *take(unsigned number)
{
	struct id id = id_of(number);

	return asks_take(&asks, &id);
}

static void gives_each_answer_to_its_asker_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(add(i, 100), 0);
	assert_ptr_equal(take(0), &askers[0]);
	assert_ptr_equal(take(9), &askers[9]);
	assert_ptr_equal(take(5), &askers[5]);
	assert_null(take(5));
	assert_null(take(77));
	for (unsigned i = 1; i < 5; i++)
		assert_ptr_equal(take(i), &askers[i]);
	assert_int_equal(asks.count, 3);
}

static void is_bounded(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ASKS_MAX; i++)
		assert_int_equal(add(i, 0), 0);
	assert_int_equal(add(ASKS_MAX, 0), ERR_FULL);
	assert_null(take(ASKS_MAX));
	assert_ptr_equal(take(ASKS_MAX - 1), &askers[ASKS_MAX - 1]);
	assert_int_equal(add(ASKS_MAX, 0), 0);
}

static void gives_up_what_is_overdue_and_nothing_else(void **state)
{
	struct id id = { 0 };

	(void)state;
	add(1, 100);
	add(2, 200);
	add(3, 100);
	assert_null(asks_overdue(&id, &asks, 99));
	assert_non_null(asks_overdue(&id, &asks, 100));
	assert_non_null(asks_overdue(&id, &asks, 100));
	assert_null(asks_overdue(&id, &asks, 100));
	assert_null(take(1));
	assert_ptr_equal(take(2), &askers[2]);
}

static void says_what_is_overdue(void **state)
{
	struct id id, first = id_of(1);

	(void)state;
	add(1, 100);
	add(2, 200);
	assert_non_null(asks_overdue(&id, &asks, 150));
	assert_true(id_equal(&id, &first));
}

static void forgets_all_of_one_who_is_gone(void **state)
{
	struct id second = id_of(2), third = id_of(3);

	(void)state;
	add(1, 100);
	assert_int_equal(asks_add(&asks, &second, &askers[7], 100), 0);
	assert_int_equal(asks_add(&asks, &third, &askers[7], 100), 0);
	asks_forget(&asks, &askers[7]);
	assert_int_equal(asks.count, 1);
	assert_null(take(2));
	assert_ptr_equal(take(1), &askers[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    gives_each_answer_to_its_asker_once, clear),
		cmocka_unit_test_setup(is_bounded, clear),
		cmocka_unit_test_setup(
		    gives_up_what_is_overdue_and_nothing_else, clear),
		cmocka_unit_test_setup(says_what_is_overdue, clear),
		cmocka_unit_test_setup(forgets_all_of_one_who_is_gone, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
