/* Timers in the order in which they fall due. */
#include "place.h"

#include "store/timed.h"

static void put(struct place *place, int64_t due_ms, uint32_t ticket)
{
	struct id id = id_of_number(ticket);

	assert_int_equal(timed_put(place->txn, KV_TIMERS, due_ms, &id), 0);
}

static void expect_first(struct place *place, int64_t due_ms, uint32_t ticket)
{
	struct id id;
	int64_t found_ms;

	assert_int_equal(timed_first(&found_ms, &id, place->txn, KV_TIMERS), 0);
	assert_int_equal(found_ms, due_ms);
	assert_int_equal(number_of_id(&id), ticket);
	assert_int_equal(timed_del(place->txn, KV_TIMERS, due_ms, &id), 0);
}

static void the_first_due_comes_first(void **state)
{
	struct place *place = *state;
	struct id id;
	int64_t due_ms;

	put(place, 256, 1);
	put(place, 255, 2);
	put(place, PLACE_NOW_MS, 3);
	put(place, 255, 4);
	put(place, INT64_MAX, 5);
	place_commit(place);
	place_begin(place);
	expect_first(place, 255, 2);
	expect_first(place, 255, 4);
	expect_first(place, 256, 1);
	expect_first(place, PLACE_NOW_MS, 3);
	expect_first(place, INT64_MAX, 5);
	assert_int_equal(
	    timed_first(&due_ms, &id, place->txn, KV_TIMERS), ERR_NOT_FOUND);
}

static void a_timer_that_is_gone_may_be_deleted_again(void **state)
{
	struct place *place = *state;
	struct id id = id_of_number(1);

	assert_int_equal(timed_del(place->txn, KV_TIMERS, 5, &id), 0);
}

static void a_timer_is_there_once(void **state)
{
	struct place *place = *state;

	put(place, 5, 1);
	put(place, 5, 1);
	assert_int_equal(kv_count(place->txn, KV_TIMERS), 1);
}

static void a_key_of_another_length_is_damage(void **state)
{
	struct place *place = *state;
	struct id id;
	int64_t due_ms;

	assert_int_equal(kv_put(place->txn, KV_TIMERS, text_bytes("short"),
			     bytes_of(NULL, 0)),
	    0);
	assert_int_equal(
	    timed_first(&due_ms, &id, place->txn, KV_TIMERS), ERR_CORRUPT);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(the_first_due_comes_first),
		WITH_PLACE(a_timer_that_is_gone_may_be_deleted_again),
		WITH_PLACE(a_timer_is_there_once),
		WITH_PLACE(a_key_of_another_length_is_damage),
	};

	return cmocka_run_group_tests_name("store/timers", tests, NULL, NULL);
}
