/* Logs, sealed contacts and the journal. */
#include "place.h"

#include "store/events.h"

static void put(
    struct place *place, uint32_t ticket, uint32_t seq, const char *event)
{
	struct id id = id_of_number(ticket);

	assert_int_equal(
	    events_put(place->txn, &id, seq, text_bytes(event)), 0);
}

static int get(
    struct bytes *event, struct place *place, uint32_t ticket, uint32_t seq)
{
	struct id id = id_of_number(ticket);

	return events_get(event, place->txn, &id, seq);
}

static void events_are_kept_as_they_were_packed(void **state)
{
	struct place *place = *state;
	struct bytes event;

	put(place, 1, 1, "first");
	put(place, 1, 2, "second");
	put(place, 2, 1, "another's");
	assert_int_equal(get(&event, place, 1, 2), 0);
	assert_true(bytes_equal(event, text_bytes("second")));
	assert_int_equal(get(&event, place, 2, 1), 0);
	assert_true(bytes_equal(event, text_bytes("another's")));
	assert_int_equal(get(&event, place, 1, 3), ERR_NOT_FOUND);
	assert_int_equal(get(&event, place, 1, 0), ERR_NOT_FOUND);
	assert_int_equal(get(&event, place, 3, 1), ERR_NOT_FOUND);
}

static void an_event_may_be_as_long_as_an_event_may_be(void **state)
{
	struct place *place = *state;
	uint8_t *big = malloc(EVENT_MAX_BYTES);
	struct id id = id_of_number(1);
	struct bytes event;

	assert_non_null(big);
	memset(big, 5, EVENT_MAX_BYTES);
	assert_int_equal(
	    events_put(place->txn, &id, 1, bytes_of(big, EVENT_MAX_BYTES)), 0);
	place_commit(place);
	place_begin(place);
	assert_int_equal(get(&event, place, 1, 1), 0);
	assert_true(bytes_equal(event, bytes_of(big, EVENT_MAX_BYTES)));
	free(big);
}

static void contacts_are_kept_by_ticket(void **state)
{
	struct place *place = *state;
	struct id one = id_of_number(1), two = id_of_number(2);
	struct bytes sealed;

	assert_int_equal(
	    contacts_put(place->txn, &one, text_bytes("sealed")), 0);
	assert_int_equal(contacts_get(&sealed, place->txn, &one), 0);
	assert_true(bytes_equal(sealed, text_bytes("sealed")));
	assert_int_equal(
	    contacts_get(&sealed, place->txn, &two), ERR_NOT_FOUND);
}

static void put_entry(struct place *place, uint64_t number, uint32_t ticket)
{
	struct journal_entry entry = { number, id_of_number(ticket), 1, 3,
		{ { 7 } } };

	assert_int_equal(journal_put(place->txn, &entry), 0);
}

static void the_journal_is_read_from_a_number_on(void **state)
{
	struct place *place = *state;
	struct journal_entry entry;
	uint64_t last = 99;

	assert_int_equal(journal_last(&last, place->txn), 0);
	assert_int_equal(last, 0);
	assert_int_equal(journal_at(&entry, place->txn, 1), ERR_NOT_FOUND);
	put_entry(place, 1, 10);
	put_entry(place, 2, 20);
	put_entry(place, 300, 30);

	assert_int_equal(journal_at(&entry, place->txn, 0), 0);
	assert_int_equal(entry.number, 1);
	assert_int_equal(journal_at(&entry, place->txn, 2), 0);
	assert_int_equal(number_of_id(&entry.ticket), 20);
	assert_int_equal(entry.first, 1);
	assert_int_equal(entry.last, 3);
	assert_int_equal(entry.hash.b[0], 7);
	assert_int_equal(journal_at(&entry, place->txn, 3), 0);
	assert_int_equal(entry.number, 300);
	assert_int_equal(journal_at(&entry, place->txn, 301), ERR_NOT_FOUND);
	assert_int_equal(
	    journal_at(&entry, place->txn, UINT64_MAX), ERR_NOT_FOUND);
	assert_int_equal(journal_last(&last, place->txn), 0);
	assert_int_equal(last, 300);
}

static void a_short_entry_is_damage(void **state)
{
	struct place *place = *state;
	struct journal_entry entry;
	uint64_t last;
	uint8_t key[8];

	store_be64(key, 1);
	assert_int_equal(kv_put(place->txn, KV_JOURNAL, bytes_of(key, 8),
			     text_bytes("short")),
	    0);
	assert_int_equal(journal_at(&entry, place->txn, 1), ERR_CORRUPT);
	assert_int_equal(journal_last(&last, place->txn), ERR_CORRUPT);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(events_are_kept_as_they_were_packed),
		WITH_PLACE(an_event_may_be_as_long_as_an_event_may_be),
		WITH_PLACE(contacts_are_kept_by_ticket),
		WITH_PLACE(the_journal_is_read_from_a_number_on),
		WITH_PLACE(a_short_entry_is_damage),
	};

	return cmocka_run_group_tests_name("store/events", tests, NULL, NULL);
}
