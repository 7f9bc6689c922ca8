/* Rows for neighbours, and what is remembered of each of them. */
#include "place.h"

#include "store/outbox.h"

static struct link_record make(struct place *place, const char *peer)
{
	struct link_record record;

	assert_int_equal(links_make(&record, place->txn, peer), 0);
	return record;
}

static void put(
    struct place *place, struct link_record *record, uint32_t ticket)
{
	struct outbox_row row = { .kind = OUTBOX_EVENTS,
		.ticket = id_of_number(ticket),
		.first = 2,
		.last = 5 };

	assert_int_equal(outbox_put(place->txn, record, &row), 0);
}

static void expect(struct place *place, const struct link_record *record,
    uint64_t seq, uint32_t ticket)
{
	struct outbox_row row;

	assert_int_equal(outbox_get(&row, place->txn, record, seq), 0);
	assert_int_equal(row.kind, OUTBOX_EVENTS);
	assert_int_equal(number_of_id(&row.ticket), ticket);
}

static void expect_none(
    struct place *place, const struct link_record *record, uint64_t seq)
{
	struct outbox_row row;

	assert_int_equal(
	    outbox_get(&row, place->txn, record, seq), ERR_NOT_FOUND);
}

static void a_neighbour_is_remembered(void **state)
{
	struct place *place = *state;
	struct link_record record, found;

	assert_int_equal(links_get(&found, place->txn, "gridd"), ERR_NOT_FOUND);
	record = make(place, "gridd");
	assert_string_equal(record.peer, "gridd");
	assert_int_equal(record.next, 1);
	assert_int_equal(outbox_length(&record), 0);
	record.received = 17;
	record.peer_store = id_of_number(3);
	assert_int_equal(links_put(place->txn, &record), 0);
	place_commit(place);
	place_begin(place);
	found = make(place, "gridd");
	assert_memory_equal(&found, &record, sizeof(record));
}

static void each_neighbour_has_a_number_of_its_own(void **state)
{
	struct place *place = *state;
	uint16_t one = make(place, "one").number;
	uint16_t two = make(place, "two").number;

	assert_int_not_equal(one, two);
	assert_int_equal(make(place, "one").number, one);
	assert_int_not_equal(make(place, "three").number, two);
}

static void a_name_too_long_is_refused(void **state)
{
	struct place *place = *state;
	struct link_record record;
	char name[NAME_MAX_BYTES + 1];

	memset(name, 'a', sizeof(name));
	name[NAME_MAX_BYTES] = '\0';
	assert_int_equal(links_make(&record, place->txn, name), ERR_TOO_LARGE);
	name[NAME_MAX_BYTES - 1] = '\0';
	assert_int_equal(links_make(&record, place->txn, name), 0);
}

static void rows_are_numbered_without_a_gap(void **state)
{
	struct place *place = *state;
	struct link_record record = make(place, "one");
	struct link_record other = make(place, "two");

	for (uint32_t i = 1; i <= 300; i++) {
		put(place, &record, i);
		put(place, &other, 1000 + i);
	}
	assert_int_equal(record.next, 301);
	assert_int_equal(outbox_length(&record), 300);
	for (uint32_t i = 1; i <= 300; i++) {
		expect(place, &record, i, i);
		expect(place, &other, i, 1000 + i);
	}
	expect_none(place, &record, 0);
	expect_none(place, &record, 301);
}

static void each_kind_comes_back_as_it_was(void **state)
{
	struct place *place = *state;
	struct link_record record = make(place, "one");
	const struct outbox_row rows[] = {
		{ OUTBOX_EVENTS, id_of_number(1), 4, 9, { NULL, 0 } },
		{ OUTBOX_ORDER, { { 0 } }, 0, 0, text_bytes("an order") },
		{ OUTBOX_ANSWER, { { 0 } }, 0, 0, text_bytes("") },
		{ OUTBOX_DONE, id_of_number(2), 0, 0, { NULL, 0 } },
		{ OUTBOX_WANT, id_of_number(3), 0, 0, { NULL, 0 } },
	};

	for (size_t i = 0; i < 5; i++)
		assert_int_equal(outbox_put(place->txn, &record, &rows[i]), 0);
	for (size_t i = 0; i < 5; i++) {
		struct outbox_row row;
		assert_int_equal(
		    outbox_get(&row, place->txn, &record, i + 1), 0);
		assert_int_equal(row.kind, rows[i].kind);
		assert_true(id_equal(&row.ticket, &rows[i].ticket));
		assert_int_equal(row.first, rows[i].first);
		assert_int_equal(row.last, rows[i].last);
		assert_true(bytes_equal(row.load, rows[i].load));
	}
}

static void acknowledged_rows_go(void **state)
{
	struct place *place = *state;
	struct link_record record = make(place, "one");
	struct link_record other = make(place, "two");

	for (uint32_t i = 1; i <= 5; i++) {
		put(place, &record, i);
		put(place, &other, i);
	}
	assert_int_equal(outbox_acked(place->txn, &record, 3), 0);
	assert_int_equal(record.acked, 3);
	assert_int_equal(outbox_length(&record), 2);
	expect_none(place, &record, 3);
	expect(place, &record, 4, 4);
	expect(place, &other, 3, 3);
	assert_int_equal(outbox_acked(place->txn, &record, 2), 0);
	assert_int_equal(record.acked, 3);
	assert_int_equal(outbox_acked(place->txn, &record, UINT64_MAX), 0);
	assert_int_equal(record.acked, 5);
	assert_int_equal(outbox_length(&record), 0);
	put(place, &record, 6);
	expect(place, &record, 6, 6);
}

static void a_row_of_no_kind_is_damage(void **state)
{
	struct place *place = *state;
	struct link_record record = make(place, "one");
	struct outbox_row row;
	uint8_t key[10] = { (uint8_t)(record.number >> 8),
		(uint8_t)record.number };

	store_be64(key + 2, 1);
	assert_int_equal(kv_put(place->txn, KV_OUTBOX, bytes_of(key, 10),
			     text_bytes("\x77")),
	    0);
	assert_int_equal(outbox_get(&row, place->txn, &record, 1), ERR_CORRUPT);
	assert_int_equal(
	    kv_put(place->txn, KV_OUTBOX, bytes_of(key, 10), bytes_of("", 0)),
	    0);
	assert_int_equal(outbox_get(&row, place->txn, &record, 1), ERR_CORRUPT);
	assert_int_equal(kv_put(place->txn, KV_OUTBOX, bytes_of(key, 10),
			     bytes_of("\0short", 6)),
	    0);
	assert_int_equal(outbox_get(&row, place->txn, &record, 1), ERR_CORRUPT);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(a_neighbour_is_remembered),
		WITH_PLACE(each_neighbour_has_a_number_of_its_own),
		WITH_PLACE(a_name_too_long_is_refused),
		WITH_PLACE(rows_are_numbered_without_a_gap),
		WITH_PLACE(each_kind_comes_back_as_it_was),
		WITH_PLACE(acknowledged_rows_go),
		WITH_PLACE(a_row_of_no_kind_is_damage),
	};

	return cmocka_run_group_tests_name("store/outbox", tests, NULL, NULL);
}
