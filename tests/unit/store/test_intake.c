/* What makes a repeat harmless, and for how long. */
#include "place.h"

#include "store/intake.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static void a_number_leads_to_its_ticket(void **state)
{
	struct place *place = *state;
	struct id one = id_of_number(1), found;

	assert_int_equal(intake_put(place->txn, "4207-12345", "A-1", &one), 0);
	assert_int_equal(
	    intake_get(&found, place->txn, "4207-12345", "A-1"), 0);
	assert_true(id_equal(&one, &found));
	assert_int_equal(
	    intake_get(&found, place->txn, "4207-12345", "A-2"), ERR_NOT_FOUND);
	assert_int_equal(
	    intake_get(&found, place->txn, "4207", "A-1"), ERR_NOT_FOUND);
}

static void the_longest_number_fits(void **state)
{
	struct place *place = *state;
	struct id one = id_of_number(1), found;
	char number[EXTERNAL_ID_MAX];

	memset(number, 'x', sizeof(number));
	number[EXTERNAL_ID_MAX - 1] = '\0';
	assert_int_equal(
	    intake_put(place->txn, "420704001001001", number, &one), 0);
	assert_int_equal(
	    intake_get(&found, place->txn, "420704001001001", number), 0);
	number[EXTERNAL_ID_MAX - 2] = 'y';
	assert_int_equal(
	    intake_get(&found, place->txn, "420704001001001", number),
	    ERR_NOT_FOUND);
}

/* An id whose maker's clock said `id_ms`, kept at `made_ms` by ours. */
static struct id put(struct place *place, int64_t id_ms, int64_t made_ms)
{
	struct id_maker maker = { .entropy = entropy_system() };
	struct request_record record = { .seq = 3, .made_ms = made_ms };
	struct id id;

	id_next(&id, &maker, id_ms);
	assert_int_equal(requests_put(place->txn, &id, &record), 0);
	return id;
}

static bool is_there(struct place *place, const struct id *id)
{
	struct request_record record;
	int rc = requests_get(&record, place->txn, id);

	assert_true(rc == 0 || rc == ERR_NOT_FOUND);
	return !rc;
}

static void expire(struct place *place, int64_t before_ms, unsigned limit)
{
	struct id from = { { 0 } };

	assert_int_equal(
	    requests_expire(place->txn, &from, before_ms, limit), 0);
}

static void what_became_of_a_request_is_kept(void **state)
{
	struct place *place = *state;
	struct request_record record = {
		.ticket = id_of_number(5),
		.seq = 7,
		.refusal = 2,
		.existed = 1,
		.made_ms = PLACE_NOW_MS,
	};
	struct request_record found;
	struct id id = id_of_number(9), other = id_of_number(10);

	assert_int_equal(requests_put(place->txn, &id, &record), 0);
	assert_int_equal(requests_get(&found, place->txn, &id), 0);
	assert_memory_equal(&found, &record, sizeof(record));
	assert_int_equal(
	    requests_get(&found, place->txn, &other), ERR_NOT_FOUND);
}

static void old_requests_are_forgotten(void **state)
{
	struct place *place = *state;
	int64_t now_ms = PLACE_NOW_MS;
	struct id old = put(place, now_ms - DAY_MS, now_ms - DAY_MS);
	struct id young = put(place, now_ms, now_ms);

	expire(place, now_ms - DAY_MS, 100);
	assert_true(is_there(place, &old));
	expire(place, now_ms - DAY_MS + 1, 100);
	assert_false(is_there(place, &old));
	assert_true(is_there(place, &young));
}

static void a_bounded_number_is_forgotten_at_a_time(void **state)
{
	struct place *place = *state;

	for (int64_t i = 0; i < 10; i++)
		put(place, 1000 + i, 1000 + i);
	expire(place, PLACE_NOW_MS, 4);
	assert_int_equal(kv_count(place->txn, KV_REQUESTS), 6);
	expire(place, PLACE_NOW_MS, 0);
	assert_int_equal(kv_count(place->txn, KV_REQUESTS), 6);
	expire(place, PLACE_NOW_MS, 100);
	assert_int_equal(kv_count(place->txn, KV_REQUESTS), 0);
	expire(place, PLACE_NOW_MS, 100);
}

/* Else whoever has a wrong clock would have its wishes done twice. */
static void a_young_request_with_an_old_id_is_kept(void **state)
{
	struct place *place = *state;
	int64_t now_ms = PLACE_NOW_MS;
	struct id slow = put(place, now_ms - 365 * (int64_t)DAY_MS, now_ms);
	struct id old = put(place, now_ms - DAY_MS, now_ms - DAY_MS);

	expire(place, now_ms, 100);
	assert_true(is_there(place, &slow));
	assert_false(is_there(place, &old));
	expire(place, now_ms + 1, 100);
	assert_false(is_there(place, &slow));
}

/* A clock that starts at 1970 is no reason to forget. */
static void nothing_is_older_than_the_first_day(void **state)
{
	struct place *place = *state;
	struct id id = put(place, 5, 5);

	expire(place, 0, 100);
	expire(place, -DAY_MS, 100);
	assert_true(is_there(place, &id));
}

static void a_record_of_another_size_is_damage(void **state)
{
	struct place *place = *state;
	struct request_record record;
	struct id id = id_of_number(1), ticket;

	assert_int_equal(kv_put(place->txn, KV_REQUESTS,
			     bytes_of(id.b, ID_BYTES), text_bytes("x")),
	    0);
	assert_int_equal(requests_get(&record, place->txn, &id), ERR_CORRUPT);
	assert_int_equal(
	    kv_put(place->txn, KV_INTAKE, text_bytes("a/b"), text_bytes("x")),
	    0);
	assert_int_equal(
	    intake_get(&ticket, place->txn, "a", "b"), ERR_CORRUPT);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

/* Acts on an old ticket are named by it: many young ones may stand before
 * one that is to be forgotten. */
static void goes_on_behind_old_ids_that_are_kept(void **state)
{
	struct place *place = *state;
	struct id from = { { 0 } }, first = put(place, 1, PLACE_NOW_MS), last;

	for (int64_t i = 2; i < 10; i++)
		put(place, i, PLACE_NOW_MS);
	last = put(place, 1000, 1000);
	for (int i = 0; i < 4; i++)
		assert_int_equal(
		    requests_expire(place->txn, &from, PLACE_NOW_MS - 1, 3), 0);
	assert_false(is_there(place, &last));
	assert_true(is_there(place, &first));
	assert_true(id_is_zero(&from));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(a_number_leads_to_its_ticket),
		WITH_PLACE(the_longest_number_fits),
		WITH_PLACE(what_became_of_a_request_is_kept),
		WITH_PLACE(old_requests_are_forgotten),
		WITH_PLACE(a_bounded_number_is_forgotten_at_a_time),
		WITH_PLACE(a_young_request_with_an_old_id_is_kept),
		WITH_PLACE(goes_on_behind_old_ids_that_are_kept),
		WITH_PLACE(nothing_is_older_than_the_first_day),
		WITH_PLACE(a_record_of_another_size_is_damage),
	};

	return cmocka_run_group_tests_name("store/intake", tests, NULL, NULL);
}
