/* Sums per unit, item and period. */
#include "place.h"

#include "store/counters.h"

static void add(struct place *place, const char *unit, const char *item,
    const char *period, uint64_t a, uint64_t b)
{
	const struct counters_key key = { unit, period, item, "" };
	const int64_t by[] = { (int64_t)a, (int64_t)b };

	assert_int_equal(counters_add(place->txn, &key, by, 2), 0);
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
	    "%s/%s/%s%s%s=%llu,%llu ", row->key.unit, row->key.item,
	    row->key.period, row->key.other[0] ? "/" : "", row->key.other,
	    (unsigned long long)row->sums[0], (unsigned long long)row->sums[1]);
	return rows->stop_with;
}

static const struct counters_range everything = {
	.unit = "", .from = "", .to = ""
};

static void expect(struct place *place, const char *prefix, const char *text)
{
	struct counters_range range = { .unit = prefix, .from = "", .to = "" };
	struct rows rows = { .text = "" };

	assert_int_equal(counters_walk(place->txn, &range, see, &rows), 0);
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

static void rows_come_by_unit_period_and_item(void **state)
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
	assert_int_equal(counters_walk(place->txn, &everything, see, &rows), 1);
	assert_string_equal(rows.text, "4207/a/2026-11=1,0 ");
	rows.stop_with = ERR_NOT_FOUND;
	assert_int_equal(
	    counters_walk(place->txn, &everything, see, &rows), ERR_NOT_FOUND);
}

/* A later version counts more; what was counted before stays. */
static void a_wider_row_keeps_what_it_had(void **state)
{
	struct place *place = *state;
	const struct counters_key key = { "4207", "2026-11", "a", "" };
	const int64_t wide[] = { 1, 1, 1, 7 };
	const int64_t narrow[] = { 1 };
	struct bytes value;

	add(place, "4207", "a", "2026-11", 5, 6);
	assert_int_equal(counters_add(place->txn, &key, wide, 4), 0);
	assert_int_equal(counters_add(place->txn, &key, narrow, 1), 0);
	expect(place, "", "4207/a/2026-11=7,7 ");
	assert_int_equal(kv_get(&value, place->txn, KV_COUNTERS,
			     bytes_of("4207\0002026-11\0a\0", 16)),
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
	    counters_walk(place->txn, &everything, see, &rows), ERR_CORRUPT);
}

static void a_sum_of_odd_length_is_damage(void **state)
{
	struct place *place = *state;
	const struct counters_key key = { "4207", "2026-11", "a", "" };
	const int64_t by[] = { 1 };
	struct rows rows = { .text = "" };

	assert_int_equal(
	    kv_put(place->txn, KV_COUNTERS,
		bytes_of("4207\0002026-11\0a\0", 16), text_bytes("odd")),
	    0);
	assert_int_equal(
	    counters_walk(place->txn, &everything, see, &rows), ERR_CORRUPT);
	assert_int_equal(counters_add(place->txn, &key, by, 1), ERR_CORRUPT);
}

static void what_was_added_can_be_taken_away(void **state)
{
	struct place *place = *state;
	const struct counters_key key = { "4207", "2026-11", "a", "" };
	const int64_t by[] = { -2, 1 };

	add(place, "4207", "a", "2026-11", 5, 6);
	assert_int_equal(counters_add(place->txn, &key, by, 2), 0);
	expect(place, "", "4207/a/2026-11=3,7 ");
	add(place, "4207", "a", "2026-11", (uint64_t)-3, (uint64_t)-7);
	assert_int_equal(kv_count(place->txn, KV_COUNTERS), 0);
}

static void the_other_one_has_a_row_of_its_own(void **state)
{
	struct place *place = *state;
	const struct counters_key key = { "4207", "2026-11", "a", "420704" };
	const int64_t by[] = { 2, 1 };

	add(place, "4207", "a", "2026-11", 5, 6);
	assert_int_equal(counters_add(place->txn, &key, by, 2), 0);
	expect(place, "", "4207/a/2026-11=5,6 4207/a/2026-11/420704=2,1 ");
}

static void months_outside_are_passed_over(void **state)
{
	static const char *const months[] = { "2026-09", "2026-10", "2026-11",
		"2026-12", "2027-01" };
	struct place *place = *state;
	struct counters_range range = {
		.unit = "42", .from = "2026-10", .to = "2026-12"
	};
	struct rows rows = { .text = "" };

	for (size_t i = 0; i < 5; i++) {
		add(place, "4207", "a", months[i], i, 0);
		add(place, "4207-zjj", "b", months[i], i, 0);
		add(place, "420704", "a", months[4 - i], i, 0);
	}
	add(place, "43", "a", "2026-10", 9, 9);
	range.is_exact = true;
	range.unit = "4207";
	assert_int_equal(counters_walk(place->txn, &range, see, &rows), 0);
	assert_string_equal(rows.text,
	    "4207/a/2026-10=1,0 4207/a/2026-11=2,0 4207/a/2026-12=3,0 ");
	range.is_exact = false;
	range.from = "2026-12";
	rows.text[0] = 0;
	assert_int_equal(counters_walk(place->txn, &range, see, &rows), 0);
	assert_string_equal(rows.text,
	    "4207/a/2026-12=3,0 4207-zjj/b/2026-12=3,0 "
	    "420704/a/2026-12=1,0 ");
}

struct paged {
	struct rows rows;
	uint8_t cursor[COUNTERS_KEY_MAX];
	size_t len;
};

static int see_one(void *context, const struct counters_row *row)
{
	struct paged *paged = context;

	memcpy(paged->cursor, row->cursor.data, row->cursor.len);
	paged->len = row->cursor.len;
	see(&paged->rows, row);
	return 1;
}

static void a_walk_goes_on_where_it_stopped(void **state)
{
	struct place *place = *state;
	struct counters_range range = everything;
	struct paged paged = { .len = 0 };
	int pages = 0;

	add(place, "4207", "a", "2026-11", 1, 0);
	add(place, "4207", "ab", "2026-11", 2, 0);
	add(place, "420704", "a", "2026-11", 3, 0);
	while (counters_walk(place->txn, &range, see_one, &paged) == 1) {
		range.after = bytes_of(paged.cursor, paged.len);
		pages++;
	}
	assert_int_equal(pages, 3);
	assert_string_equal(paged.rows.text,
	    "4207/a/2026-11=1,0 4207/ab/2026-11=2,0 420704/a/2026-11=3,0 ");
}

/* ---- lists ---- */

static struct counted counted(unsigned number, uint64_t counts)
{
	return (struct counted){ id_of_number(number), number, counts };
}

static void list(
    struct place *place, const char *item, unsigned first, unsigned last)
{
	const struct counters_key key = { "4207", "2026-11", item, "" };

	for (unsigned i = first; i <= last; i++) {
		struct counted one = counted(i, 1);

		assert_int_equal(counted_add(place->txn, &key, &one, 1), 0);
	}
}

struct listed {
	unsigned seqs[256];
	size_t count, stop_at;
	uint8_t cursor[COUNTERS_KEY_MAX];
	size_t len;
};

static int see_counted(void *context, const struct counted_row *row)
{
	struct listed *listed = context;

	assert_true(listed->count < 256);
	listed->seqs[listed->count++] = row->event.seq;
	memcpy(listed->cursor, row->cursor.data, row->cursor.len);
	listed->len = row->cursor.len;
	return listed->count == listed->stop_at;
}

static void a_list_grows_at_its_end(void **state)
{
	struct place *place = *state;
	struct listed listed = { .count = 0 };

	list(place, "b", 101, 102);
	list(place, "a", 1, 2 * COUNTED_CHUNK + 1);
	assert_int_equal(kv_count(place->txn, KV_COUNTED), 4);
	assert_int_equal(
	    counted_walk(place->txn, &everything, see_counted, &listed), 0);
	assert_int_equal(listed.count, 2 * COUNTED_CHUNK + 3);
	for (unsigned i = 0; i < 2 * COUNTED_CHUNK + 1; i++)
		assert_int_equal(listed.seqs[i], i + 1);
	assert_int_equal(listed.seqs[listed.count - 1], 102);
}

static void a_list_is_read_on_where_it_was_left(void **state)
{
	struct place *place = *state;
	struct counters_range range = everything;
	struct listed listed = { .count = 0 };

	list(place, "a", 1, COUNTED_CHUNK + 5);
	list(place, "b", COUNTED_CHUNK + 6, COUNTED_CHUNK + 7);
	for (listed.stop_at = 3;
	     counted_walk(place->txn, &range, see_counted, &listed) == 1;
	     listed.stop_at += 3)
		range.after = bytes_of(listed.cursor, listed.len);
	assert_int_equal(listed.count, COUNTED_CHUNK + 7);
	for (unsigned i = 0; i < listed.count; i++)
		assert_int_equal(listed.seqs[i], i + 1);
}

static void an_event_leaves_its_list(void **state)
{
	struct place *place = *state;
	const struct counters_key key = { "4207", "2026-11", "a", "" };
	struct counted one = counted(2, 0), other = counted(9, 0);
	struct listed listed = { .count = 0 };

	list(place, "a", 1, COUNTED_CHUNK + 1);
	assert_int_equal(counted_change(place->txn, &key, &one, 1, 0), 0);
	one = counted(3, 0);
	assert_int_equal(counted_change(place->txn, &key, &one, 1, 6), 0);
	assert_int_equal(
	    counted_change(place->txn, &key, &one, 1, 0), ERR_NOT_FOUND);
	assert_int_equal(counted_change(place->txn, &key, &one, 2, 0), 0);
	other.seq = 8;
	assert_int_equal(
	    counted_change(place->txn, &key, &other, 1, 0), ERR_NOT_FOUND);
	assert_int_equal(
	    counted_walk(place->txn, &everything, see_counted, &listed), 0);
	assert_int_equal(listed.count, COUNTED_CHUNK);
	assert_int_equal(listed.seqs[1], 3);
}

static void a_list_that_is_empty_is_gone(void **state)
{
	struct place *place = *state;
	const struct counters_key key = { "4207", "2026-11", "a", "" };
	struct counted one = counted(1, 0);

	list(place, "a", 1, 1);
	assert_int_equal(counted_change(place->txn, &key, &one, 1, 0), 0);
	assert_int_equal(kv_count(place->txn, KV_COUNTED), 0);
}

static void a_list_of_odd_length_is_damage(void **state)
{
	struct place *place = *state;
	struct listed listed = { .count = 0 };

	list(place, "a", 1, 1);
	assert_int_equal(kv_put(place->txn, KV_COUNTED,
			     bytes_of("4207\0002026-11\0a\0\0\0\0\0\0", 20),
			     text_bytes("odd")),
	    0);
	assert_int_equal(
	    counted_walk(place->txn, &everything, see_counted, &listed),
	    ERR_CORRUPT);
}

static void no_cursor_leads_anywhere_else(void **state)
{
	static const uint8_t wild[COUNTERS_KEY_MAX + 8] = { 0xff, 0xff };
	struct place *place = *state;
	struct counters_range range = { .unit = "420704",
		.from = "",
		.to = "",
		.after = bytes_of("4206", 5) };
	struct listed listed = { .count = 0 };
	struct rows rows = { .text = "" };

	add(place, "4207", "a", "2026-11", 1, 0);
	list(place, "a", 1, 3);
	for (size_t len = 1; len <= sizeof(wild); len++) {
		assert_true(counters_walk(place->txn, &range, see, &rows) <= 0);
		assert_true(counted_walk(
				place->txn, &range, see_counted, &listed) <= 0);
		range.after = bytes_of(wild, len);
	}
	assert_string_equal(rows.text, "");
	assert_int_equal(listed.count, 0);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(sums_grow),
		WITH_PLACE(rows_come_by_unit_period_and_item),
		WITH_PLACE(stops_when_it_is_told),
		WITH_PLACE(what_was_added_can_be_taken_away),
		WITH_PLACE(the_other_one_has_a_row_of_its_own),
		WITH_PLACE(months_outside_are_passed_over),
		WITH_PLACE(a_walk_goes_on_where_it_stopped),
		WITH_PLACE(a_list_grows_at_its_end),
		WITH_PLACE(a_list_is_read_on_where_it_was_left),
		WITH_PLACE(an_event_leaves_its_list),
		WITH_PLACE(a_list_that_is_empty_is_gone),
		WITH_PLACE(a_list_of_odd_length_is_damage),
		WITH_PLACE(no_cursor_leads_anywhere_else),
		WITH_PLACE(a_wider_row_keeps_what_it_had),
		WITH_PLACE(a_key_without_its_parts_is_damage),
		WITH_PLACE(a_sum_of_odd_length_is_damage),
	};

	return cmocka_run_group_tests_name("store/counters", tests, NULL, NULL);
}
