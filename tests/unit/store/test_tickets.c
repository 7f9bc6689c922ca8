/* What tickets are now, and the lists over them. */
#include "place.h"

#include "store/queue.h"
#include "store/tickets.h"

#define GRID	"420704001001001"
#define STREET	"420704001"
#define STREET2 "420704002"

static struct ticket ticket_of(
    uint32_t number, const char *holder, enum state state)
{
	struct ticket ticket;

	memset(&ticket, 0, sizeof(ticket));
	ticket.id = id_of_number(number);
	ticket.seq = 1;
	ticket.term = 1;
	ticket.state = (uint8_t)state;
	ticket.kind = KIND_APPEAL;
	ticket.origin = unit_code_of(GRID);
	ticket.holder = unit_code_of(holder);
	strcpy(ticket.item, "road-hole");
	ticket.place = unit_code_of(STREET);
	ticket.stay_count = 1;
	ticket.stays[0].unit = ticket.origin;
	ticket.stays[0].visits = 1;
	return ticket;
}

static void put(struct place *place, const struct ticket *after)
{
	struct ticket before;
	int rc = tickets_get(&before, place->txn, &after->id);

	assert_true(rc == 0 || rc == ERR_NOT_FOUND);
	assert_int_equal(tickets_put(place->txn, &before, after), 0);
}

static void put_new(
    struct place *place, uint32_t number, const char *holder, enum state state)
{
	struct ticket ticket = ticket_of(number, holder, state);

	put(place, &ticket);
}

struct seen {
	uint32_t numbers[64];
	unsigned count, limit;
	int stop_with;
};

static int see(void *context, const struct ticket *ticket)
{
	struct seen *seen = context;

	if (seen->limit && seen->count == seen->limit)
		return seen->stop_with ? seen->stop_with : 1;
	assert_true(seen->count < 64);
	seen->numbers[seen->count++] = number_of_id(&ticket->id);
	return 0;
}

static int walk(struct place *place, struct seen *seen, const char *holder,
    enum state state, uint32_t before)
{
	struct unit_code code;
	struct tickets_query query = { .state = state };

	if (holder) {
		code = unit_code_of(holder);
		query.holder = &code;
	}
	if (before)
		query.before = id_of_number(before);
	return tickets_walk(place->txn, &query, see, seen);
}

static void expect_walk(struct place *place, const char *holder,
    enum state state, uint32_t before, const char *expected)
{
	struct seen seen = { .count = 0 };
	char text[256] = "";

	assert_int_equal(walk(place, &seen, holder, state, before), 0);
	for (unsigned i = 0; i < seen.count; i++)
		snprintf(text + strlen(text), 8, "%u ", seen.numbers[i]);
	assert_string_equal(text, expected);
}

static void a_ticket_comes_back_as_it_was(void **state)
{
	struct place *place = *state;
	struct ticket ticket = ticket_of(7, STREET, STATE_WAITING), found;

	ticket.stay_count = TICKET_UNITS_MAX;
	for (unsigned i = 0; i < TICKET_UNITS_MAX; i++) {
		ticket.stays[i].unit = unit_code_of(STREET);
		ticket.stays[i].visits = (uint16_t)i;
	}
	ticket.callout_count = TICKET_CALLOUTS_MAX;
	for (unsigned i = 0; i < TICKET_CALLOUTS_MAX; i++)
		ticket.callouts[i].ticket = id_of_number(i);
	ticket.resolve_by_ms = PLACE_NOW_MS;
	put(place, &ticket);
	place_commit(place);
	place_begin(place);
	assert_int_equal(tickets_get(&found, place->txn, &ticket.id), 0);
	assert_memory_equal(&found, &ticket, sizeof(ticket));
	assert_int_equal(tickets_count(place->txn), 1);
}

static void a_shrunk_ticket_has_no_old_ends(void **state)
{
	struct place *place = *state;
	struct ticket ticket = ticket_of(7, STREET, STATE_WAITING), found;

	ticket.callout_count = 2;
	ticket.callouts[1].ticket = id_of_number(99);
	put(place, &ticket);
	ticket.callout_count = 0;
	memset(ticket.callouts, 0, sizeof(ticket.callouts));
	put(place, &ticket);
	assert_int_equal(tickets_get(&found, place->txn, &ticket.id), 0);
	assert_memory_equal(&found, &ticket, sizeof(ticket));
}

static void no_ticket_is_all_zero(void **state)
{
	struct place *place = *state;
	struct ticket found, zero;
	struct id id = id_of_number(1);

	memset(&found, 1, sizeof(found));
	memset(&zero, 0, sizeof(zero));
	assert_int_equal(tickets_get(&found, place->txn, &id), ERR_NOT_FOUND);
	assert_memory_equal(&found, &zero, sizeof(found));
}

static void indexes_move_with_the_ticket(void **state)
{
	struct place *place = *state;
	struct ticket ticket = ticket_of(1, GRID, STATE_OPEN);

	put(place, &ticket);
	expect_walk(place, GRID, STATE_OPEN, 0, "1 ");
	ticket.holder = unit_code_of(STREET);
	put(place, &ticket);
	expect_walk(place, GRID, STATE_NONE, 0, "");
	expect_walk(place, STREET, STATE_OPEN, 0, "1 ");
	ticket.state = STATE_ACCEPTED;
	put(place, &ticket);
	expect_walk(place, STREET, STATE_OPEN, 0, "");
	expect_walk(place, STREET, STATE_ACCEPTED, 0, "1 ");
	expect_walk(place, NULL, STATE_OPEN, 0, "");
	expect_walk(place, NULL, STATE_ACCEPTED, 0, "1 ");
	assert_int_equal(kv_count(place->txn, KV_HELD), 1);
	assert_int_equal(kv_count(place->txn, KV_STATES), 1);
	strcpy(ticket.item, "noise");
	ticket.place = unit_code_of(STREET2);
	put(place, &ticket);
	assert_int_equal(kv_count(place->txn, KV_PLACES), 1);
}

static void lists_begin_with_the_newest(void **state)
{
	struct place *place = *state;

	put_new(place, 2, STREET, STATE_OPEN);
	put_new(place, 9, STREET, STATE_OPEN);
	put_new(place, 5, STREET, STATE_CLOSED);
	expect_walk(place, NULL, STATE_NONE, 0, "9 5 2 ");
	expect_walk(place, NULL, STATE_OPEN, 0, "9 2 ");
	expect_walk(place, STREET, STATE_OPEN, 0, "9 2 ");
	expect_walk(place, NULL, STATE_NONE, 9, "5 2 ");
	expect_walk(place, NULL, STATE_NONE, 2, "");
	expect_walk(place, NULL, STATE_OPEN, 9, "2 ");
}

static void states_of_one_holder_are_one_list(void **state)
{
	struct place *place = *state;

	put_new(place, 1, STREET, STATE_CLOSED);
	put_new(place, 2, STREET, STATE_OPEN);
	put_new(place, 3, STREET, STATE_WAITING);
	put_new(place, 4, STREET, STATE_OPEN);
	put_new(place, 5, STREET, STATE_CLOSED);
	put_new(place, 6, STREET2, STATE_OPEN);
	expect_walk(place, STREET, STATE_NONE, 0, "5 4 3 2 1 ");
	expect_walk(place, STREET, STATE_NONE, 4, "3 2 1 ");
	expect_walk(place, STREET2, STATE_NONE, 0, "6 ");
}

/* Pages of one and of two put together are the whole list. */
static void pages_miss_nothing_and_repeat_nothing(void **state)
{
	struct place *place = *state;
	struct seen all = { .count = 0 };

	for (uint32_t i = 1; i <= 20; i++)
		put_new(place, i, i % 5 ? STREET : STREET2,
		    STATE_OPEN + i % (STATE_COUNT - STATE_OPEN));
	assert_int_equal(walk(place, &all, STREET, STATE_NONE, 0), 0);
	assert_int_equal(all.count, 16);
	for (unsigned size = 1; size <= 3; size++) {
		uint32_t before = 0;
		unsigned at = 0;
		int rc = 1;

		while (rc == 1) {
			struct seen page = { .limit = size };
			rc = walk(place, &page, STREET, STATE_NONE, before);
			for (unsigned i = 0; i < page.count; i++)
				assert_int_equal(
				    page.numbers[i], all.numbers[at++]);
			if (page.count)
				before = page.numbers[page.count - 1];
		}
		assert_int_equal(rc, 0);
		assert_int_equal(at, all.count);
	}
}

/* One unit's code may begin as another's does. */
static void a_holder_is_not_the_one_whose_code_is_longer(void **state)
{
	struct place *place = *state;

	put_new(place, 1, "420704", STATE_OPEN);
	put_new(place, 2, "420704-zjj", STATE_OPEN);
	put_new(place, 3, STREET, STATE_OPEN);
	expect_walk(place, "420704", STATE_NONE, 0, "1 ");
	expect_walk(place, "420704-zjj", STATE_NONE, 0, "2 ");
}

static void passes_on_what_the_visitor_says(void **state)
{
	struct place *place = *state;
	struct seen seen = { .limit = 1, .stop_with = ERR_NOT_FOUND };
	struct id zero = { { 0 } };

	put_new(place, 1, STREET, STATE_OPEN);
	put_new(place, 2, STREET, STATE_OPEN);
	assert_int_equal(
	    walk(place, &seen, STREET, STATE_NONE, 0), ERR_NOT_FOUND);
	seen.count = 0;
	assert_int_equal(
	    walk(place, &seen, NULL, STATE_NONE, 0), ERR_NOT_FOUND);
	seen.count = 0;
	assert_int_equal(
	    tickets_each(place->txn, &zero, see, &seen), ERR_NOT_FOUND);
}

static void an_index_without_its_ticket_is_damage(void **state)
{
	struct place *place = *state;
	struct seen seen = { .count = 0 };
	struct id id = id_of_number(2);

	for (uint32_t i = 1; i <= 3; i++)
		put_new(place, i, STREET, STATE_OPEN);
	assert_int_equal(
	    kv_del(place->txn, KV_TICKETS, bytes_of(id.b, ID_BYTES)), 0);
	assert_int_equal(
	    walk(place, &seen, STREET, STATE_NONE, 0), ERR_CORRUPT);
	assert_int_equal(walk(place, &seen, NULL, STATE_OPEN, 0), ERR_CORRUPT);
}

static void walks_upwards_from_an_id(void **state)
{
	struct place *place = *state;
	struct seen seen = { .count = 0 };
	struct id from = id_of_number(3);

	for (uint32_t i = 1; i <= 5; i++)
		put_new(place, i, STREET, STATE_OPEN);
	assert_int_equal(tickets_each(place->txn, &from, see, &seen), 0);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.numbers[0], 3);
	assert_int_equal(seen.numbers[2], 5);
}

static void put_record(
    struct place *place, size_t len, uint16_t callouts, uint16_t stays)
{
	uint8_t record[sizeof(struct ticket) + 64] = { 0 };
	struct id id = id_of_number(1);

	memcpy(record + offsetof(struct ticket, callout_count), &callouts, 2);
	memcpy(record + offsetof(struct ticket, stay_count), &stays, 2);
	assert_int_equal(kv_put(place->txn, KV_TICKETS,
			     bytes_of(id.b, ID_BYTES), bytes_of(record, len)),
	    0);
}

/* Its checksum is right, and yet it cannot be one of ours. */
static void a_record_of_the_wrong_form_is_damage(void **state)
{
	struct place *place = *state;
	struct id id = id_of_number(1);
	struct ticket ticket;
	size_t head = offsetof(struct ticket, callouts);

	put_record(place, head, 0, 0);
	assert_int_equal(tickets_get(&ticket, place->txn, &id), 0);
	put_record(place, head - 1, 0, 0);
	assert_int_equal(tickets_get(&ticket, place->txn, &id), ERR_CORRUPT);
	put_record(place, head + 1, 0, 0);
	assert_int_equal(tickets_get(&ticket, place->txn, &id), ERR_CORRUPT);
	put_record(place, head, 1, 0);
	assert_int_equal(tickets_get(&ticket, place->txn, &id), ERR_CORRUPT);
	put_record(place, sizeof(struct ticket), UINT16_MAX, 0);
	assert_int_equal(tickets_get(&ticket, place->txn, &id), ERR_CORRUPT);
	put_record(place, sizeof(struct ticket), 0, UINT16_MAX);
	assert_int_equal(tickets_get(&ticket, place->txn, &id), ERR_CORRUPT);
	put_record(place, 0, 0, 0);
	assert_int_equal(tickets_get(&ticket, place->txn, &id), ERR_CORRUPT);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

static struct ticket duplicate_of(uint32_t number, uint32_t master)
{
	struct ticket ticket = ticket_of(number, STREET, STATE_MERGED);

	ticket.parent = id_of_number(master);
	return ticket;
}

static void duplicates_are_listed_by_their_masters(void **state)
{
	struct place *place = *state;
	struct duplicate list[4], none = { { { 0 } }, { { 0 } } };
	struct ticket ticket;

	for (uint32_t i = 0; i < 3; i++) {
		ticket = duplicate_of(10 + i, i < 2 ? 2 : 1);
		put(place, &ticket);
	}
	put_new(place, 1, STREET, STATE_OPEN);
	assert_int_equal(tickets_duplicates(list, place->txn, &none, 4), 3);
	assert_int_equal(tickets_duplicates(list, place->txn, &none, 2), 2);
	assert_true(id_equal(&list[0].master, &ticket.parent));
	assert_true(id_equal(&list[0].ticket, &ticket.id));
	/* on from where it ended */
	assert_int_equal(tickets_duplicates(list, place->txn, &list[1], 4), 1);
	ticket = duplicate_of(11, 2);
	assert_true(id_equal(&list[0].ticket, &ticket.id));
	assert_int_equal(tickets_duplicates(list, place->txn, &list[0], 4), 0);
}

static void a_duplicate_that_ended_is_on_no_list(void **state)
{
	struct place *place = *state;
	struct duplicate list[4], none = { { { 0 } }, { { 0 } } };
	struct ticket ticket = duplicate_of(10, 2);

	put(place, &ticket);
	ticket.seq++; /* a note */
	put(place, &ticket);
	assert_int_equal(tickets_duplicates(list, place->txn, &none, 4), 1);
	ticket.state = STATE_RESOLVED;
	put(place, &ticket);
	assert_int_equal(tickets_duplicates(list, place->txn, &none, 4), 0);
}

static int see_spot(void *context, const struct queue_spot *spot)
{
	struct seen *seen = context;

	seen->numbers[seen->count++] = number_of_id(&spot->id);
	return 0;
}

static void expect_queue(struct place *place, const char *holder,
    const struct queue_spot *after, const char *expected)
{
	struct unit_code code = unit_code_of(holder);
	struct seen seen = { .count = 0 };
	char text[256] = "";

	assert_int_equal(
	    queue_walk(place->txn, &code, after, see_spot, &seen), 0);
	for (unsigned i = 0; i < seen.count; i++)
		snprintf(text + strlen(text), 8, "%u ", seen.numbers[i]);
	assert_string_equal(text, expected);
}

static void put_due(struct place *place, uint32_t number, const char *holder,
    enum state state, int64_t due_ms)
{
	struct ticket ticket = ticket_of(number, holder, state);

	ticket.accept_by_ms = ticket.resolve_by_ms = due_ms;
	put(place, &ticket);
}

static void a_queue_has_the_soonest_first(void **state)
{
	struct place *place = *state;
	struct unit_code unit, from = unit_code_of(STREET);
	struct queue_spot spot = { 300, id_of_number(2) };

	put_due(place, 1, STREET, STATE_OPEN, 500);
	put_due(place, 2, STREET, STATE_ACCEPTED, 300);
	put_due(place, 3, STREET, STATE_RESOLVED, 100);
	put_due(place, 4, STREET, STATE_WAITING, 200);
	put_due(place, 5, STREET, STATE_OPEN, 300);
	put_due(place, 6, GRID, STATE_OPEN, 1);
	expect_queue(place, STREET, NULL, "2 5 1 3 ");
	expect_queue(place, STREET, &spot, "5 1 3 ");
	expect_queue(place, GRID, NULL, "6 ");
	expect_queue(place, STREET2, NULL, "");
	assert_int_equal(queue_unit(&unit, place->txn, &from, false), 0);
	assert_string_equal(unit.s, STREET);
	assert_int_equal(queue_unit(&unit, place->txn, &from, true), 0);
	assert_string_equal(unit.s, GRID);
	assert_int_equal(
	    queue_unit(&unit, place->txn, &unit, true), ERR_NOT_FOUND);
}

static void a_queue_moves_with_the_ticket(void **state)
{
	struct place *place = *state;

	put_due(place, 1, STREET, STATE_OPEN, 500);
	put_due(place, 1, STREET, STATE_OPEN, 700);
	assert_int_equal(kv_count(place->txn, KV_QUEUE), 1);
	put_due(place, 1, GRID, STATE_ACCEPTED, 700);
	expect_queue(place, STREET, NULL, "");
	expect_queue(place, GRID, NULL, "1 ");
	put_due(place, 1, GRID, STATE_CLOSED, 700);
	assert_int_equal(kv_count(place->txn, KV_QUEUE), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(a_ticket_comes_back_as_it_was),
		WITH_PLACE(a_shrunk_ticket_has_no_old_ends),
		WITH_PLACE(no_ticket_is_all_zero),
		WITH_PLACE(indexes_move_with_the_ticket),
		WITH_PLACE(a_queue_has_the_soonest_first),
		WITH_PLACE(a_queue_moves_with_the_ticket),
		WITH_PLACE(lists_begin_with_the_newest),
		WITH_PLACE(states_of_one_holder_are_one_list),
		WITH_PLACE(pages_miss_nothing_and_repeat_nothing),
		WITH_PLACE(a_holder_is_not_the_one_whose_code_is_longer),
		WITH_PLACE(passes_on_what_the_visitor_says),
		WITH_PLACE(an_index_without_its_ticket_is_damage),
		WITH_PLACE(walks_upwards_from_an_id),
		WITH_PLACE(a_record_of_the_wrong_form_is_damage),
		WITH_PLACE(duplicates_are_listed_by_their_masters),
		WITH_PLACE(a_duplicate_that_ended_is_on_no_list),
	};

	return cmocka_run_group_tests_name("store/tickets", tests, NULL, NULL);
}
