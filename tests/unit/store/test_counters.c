/* Sums per unit, item and period. */
#include "place.h"

#include "store/counters.h"

static void add(struct place *place, const char *unit, const char *item,
    const char *period, uint64_t a, uint64_t b)
{
	const uint64_t by[] = { a, b };

	assert_int_equal(
	    counters_add(place->txn, unit, item, period, by, 2), 0);
}

struct rows {
	char text[512];
	int stop_with;
};

static int see(void *context, const struct counters_row *row)
{
	struct rows *rows = context;
	size_t len = strlen(rows->text);

	snprintf(rows->text + len, sizeof(rows->text) - len,
	    "%s/%s/%s=%llu,%llu ", row->unit, row->item, row->period,
	    (unsigned long long)row->sums[0], (unsigned long long)row->sums[1]);
	return rows->stop_with;
}

static void expect(struct place *place, const char *prefix, const char *text)
{
	struct rows rows = { .text = "" };

	assert_int_equal(counters_walk(place->txn, prefix, see, &rows), 0);
	assert_string_equal(rows.text, text);
}

static void sums_grow(void **state)
{
	struct place *place = *state;

	add(place, "4207", "hole", "2026-11", 1, 0);
	add(place, "4207", "hole", "2026-11", 2, 5);
	place_commit(place);
	place_begin(place);
	add(place, "4207", "hole", "2026-11", 0, 1);
	expect(place, "", "4207/hole/2026-11=3,6 ");
}

static void rows_come_by_unit_item_and_period(void **state)
{
	struct place *place = *state;

	add(place, "420704", "noise", "2026-11", 1, 0);
	add(place, "4207", "noise", "2026-12", 2, 0);
	add(place, "4207", "hole", "2026-12", 3, 0);
	add(place, "4207", "hole", "2026-11", 4, 0);
	add(place, "4207-zjj", "", "2026-11", 5, 0);
	add(place, "4206", "", "2026-11", 6, 0);
	expect(place, "4207",
	    "4207/hole/2026-11=4,0 4207/hole/2026-12=3,0 "
	    "4207/noise/2026-12=2,0 4207-zjj//2026-11=5,0 "
	    "420704/noise/2026-11=1,0 ");
	expect(place, "420704", "420704/noise/2026-11=1,0 ");
	expect(place, "4208", "");
}

static void stops_when_it_is_told(void **state)
{
	struct place *place = *state;
	struct rows rows = { .stop_with = 1 };

	add(place, "4207", "a", "2026-11", 1, 0);
	add(place, "4207", "b", "2026-11", 1, 0);
	assert_int_equal(counters_walk(place->txn, "", see, &rows), 1);
	assert_string_equal(rows.text, "4207/a/2026-11=1,0 ");
	rows.stop_with = ERR_NOT_FOUND;
	assert_int_equal(
	    counters_walk(place->txn, "", see, &rows), ERR_NOT_FOUND);
}

/* A later version counts more; what was counted before stays. */
static void a_wider_row_keeps_what_it_had(void **state)
{
	struct place *place = *state;
	const uint64_t wide[] = { 1, 1, 1, 7 };
	const uint64_t narrow[] = { 1 };
	struct bytes value;

	add(place, "4207", "a", "2026-11", 5, 6);
	assert_int_equal(
	    counters_add(place->txn, "4207", "a", "2026-11", wide, 4), 0);
	assert_int_equal(
	    counters_add(place->txn, "4207", "a", "2026-11", narrow, 1), 0);
	expect(place, "", "4207/a/2026-11=7,7 ");
	assert_int_equal(kv_get(&value, place->txn, KV_COUNTERS,
			     bytes_of("4207\0a\0002026-11\0", 15)),
	    0);
	assert_int_equal(value.len, 4 * sizeof(uint64_t));
}

static void a_key_without_its_parts_is_damage(void **state)
{
	struct place *place = *state;
	struct rows rows = { .text = "" };

	assert_int_equal(kv_put(place->txn, KV_COUNTERS, text_bytes("4207"),
			     bytes_of(NULL, 0)),
	    0);
	assert_int_equal(
	    counters_walk(place->txn, "", see, &rows), ERR_CORRUPT);
}

static void a_sum_of_odd_length_is_damage(void **state)
{
	struct place *place = *state;
	const uint64_t by[] = { 1 };
	struct rows rows = { .text = "" };

	assert_int_equal(
	    kv_put(place->txn, KV_COUNTERS,
		bytes_of("4207\0a\0002026-11\0", 15), text_bytes("odd")),
	    0);
	assert_int_equal(
	    counters_walk(place->txn, "", see, &rows), ERR_CORRUPT);
	assert_int_equal(
	    counters_add(place->txn, "4207", "a", "2026-11", by, 1),
	    ERR_CORRUPT);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(sums_grow),
		WITH_PLACE(rows_come_by_unit_item_and_period),
		WITH_PLACE(stops_when_it_is_told),
		WITH_PLACE(a_wider_row_keeps_what_it_had),
		WITH_PLACE(a_key_without_its_parts_is_damage),
		WITH_PLACE(a_sum_of_odd_length_is_damage),
	};

	return cmocka_run_group_tests_name("store/counters", tests, NULL, NULL);
}
