/*
 * Stores that are not what they were, and what a neighbour says that it has
 * of ours: an old copy finds out that it is one, and nobody else is made to
 * believe it.
 */
#include "relay/link_inside.h"
#include "steps.h"

static void a_new_store_is_offered_everything(void **state)
{
	struct pair *pair = *state;
	struct arrivals *arrivals = malloc(sizeof(*arrivals));

	assert_non_null(arrivals);
	run(pair, 5);
	queue(&pair->a, 10);
	run(pair, 100);
	make_anew(&pair->b);
	queue(&pair->a, 1); /* 11, an order */
	run(pair, 300);
	side_arrivals(arrivals, &pair->b);
	assert_int_equal(pair->a.met, 2);
	assert_int_equal(arrivals->event_count, 5);
	assert_int_equal(arrivals->order_count, 1);
	assert_int_equal(arrivals->orders[0], 11);
	free(arrivals);
}

static void orders_not_acknowledged_go_to_the_new_store(void **state)
{
	struct pair *pair = *state;
	struct arrivals *arrivals = malloc(sizeof(*arrivals));

	assert_non_null(arrivals);
	run(pair, 5);
	queue(&pair->a, 10);
	make_anew(&pair->b);
	run(pair, 300);
	side_arrivals(arrivals, &pair->b);
	assert_int_equal(arrivals->order_count, 5);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(arrivals->orders[i], 2 * i + 1);
	assert_int_equal(arrivals->event_count, 5);
	free(arrivals);
}

/* What somebody else has offered may have a gap that only this one fills. */
static void what_is_wanted_goes_on_being_wanted(void **state)
{
	struct pair *pair = *state;
	struct outbox_row row = { .kind = OUTBOX_WANT, .ticket = { { 7 } } };
	bool is_there = false;

	run(pair, 5);
	queue(&pair->a, 10);
	run(pair, 100);
	make_anew(&pair->b);
	side_begin(&pair->a);
	assert_int_equal(link_put(&pair->a.link, pair->a.txn, &row), 0);
	side_finish(&pair->a, true);
	while (pair->a.met < 2)
		run(pair, 1);
	side_begin(&pair->a);
	struct link_record *record = &pair->a.link.record;
	for (uint64_t seq = record->acked + 1; seq < record->next; seq++)
		is_there |= !outbox_get(&row, pair->a.txn, record, seq) &&
			    row.kind == OUTBOX_WANT && row.ticket.b[0] == 7;
	side_finish(&pair->a, true);
	assert_true(is_there);
	run(pair, 100);
	assert_true(side_is_done(&pair->a));
}

/* What a new store sends is numbered from one and is not a repeat. */
static void the_rows_of_a_new_store_are_taken(void **state)
{
	struct pair *pair = *state;
	struct arrivals *arrivals = malloc(sizeof(*arrivals));

	assert_non_null(arrivals);
	run(pair, 5);
	queue(&pair->b, 10);
	run(pair, 5);
	make_anew(&pair->b);
	queue(&pair->b, 4);
	run(pair, 300);
	side_arrivals(arrivals, &pair->a);
	assert_int_equal(arrivals->order_count, 7);
	assert_int_equal(arrivals->orders[6], 13);
	assert_int_equal(pair->b.renewed, 0);
	free(arrivals);
}

static void an_old_copy_knows_that_it_is_one(void **state)
{
	struct pair *pair = *state;
	struct id old;
	char copy[160];

	run(pair, 5);
	keep_copy(&pair->b, copy);
	old = pair->b.store.id;
	run(pair, 300);
	queue(&pair->b, 6);
	run(pair, 50);
	go_back_to(&pair->b, copy);
	run(pair, 400);
	assert_int_equal(pair->b.renewed, 1);
	assert_false(id_equal(&old, &pair->b.store.id));
	assert_true(pair->a.link.is_up && pair->b.link.is_up);
	assert_true(
	    id_equal(&pair->a.link.record.peer_store, &pair->b.store.id));
	assert_int_equal(pair->a.met, 2);
}

static void an_old_copy_is_offered_what_it_misses(void **state)
{
	struct pair *pair = *state;
	struct arrivals *arrivals = malloc(sizeof(*arrivals));
	char copy[160];

	assert_non_null(arrivals);
	run(pair, 5);
	keep_copy(&pair->b, copy);
	run(pair, 300);
	queue(&pair->a, 10);
	run(pair, 100);
	expect_all(&pair->b, 10);
	go_back_to(&pair->b, copy);
	run(pair, 400);
	side_arrivals(arrivals, &pair->b);
	assert_int_equal(arrivals->event_count, 5);
	assert_int_equal(pair->a.met, 2);
	free(arrivals);
}

/* It fell back by less than we have deleted: rows that are still there. */
static void a_copy_that_is_just_older_gets_the_rest(void **state)
{
	struct pair *pair = *state;
	char copy[160];

	run(pair, 5);
	keep_copy(&pair->b, copy);
	run(pair, 500);
	queue(&pair->a, 10);
	pair->now_ms += 10;
	side_run(&pair->b);
	pair->now_ms += 10;
	side_begin(&pair->a);
	pair->a.link.trimmed_ms = pair->now_ms; /* not so soon */
	side_take(&pair->a, 64);
	side_finish(&pair->a, true);
	assert_int_equal(pair->a.link.acked, 10);
	assert_int_equal(pair->a.link.record.acked, 0);
	go_back_to(&pair->b, copy);
	for (int i = 0; i < 3; i++) {
		pair->now_ms += 1;
		pair->a.link.trimmed_ms = pair->now_ms;
		side_run(&pair->b);
		side_run(&pair->a);
	}
	run(pair, 600);
	expect_all(&pair->b, 10);
}

/* ---- what a neighbour says that it has of ours ---- */

/* It asks anew, and so is answered; the answer is ours to make up. */
static struct wire_frame claim(struct pair *pair, uint64_t rows)
{
	struct wire_frame answer;

	side_close(&pair->a);
	side_open(&pair->a);
	pipe_clear(&pair->a);
	pair->now_ms += 2000;
	side_run(&pair->a); /* asks */
	answer = hello(&pair->b, pair->a.link.session);
	answer.hello.answer = true;
	answer.hello.last_received = rows;
	return answer;
}

static void heals(struct pair *pair, uint32_t rows)
{
	run(pair, 600);
	assert_true(pair->a.link.is_up && pair->b.link.is_up);
	expect_all(&pair->b, rows);
}

static void rows_that_were_never_sent_are_not_believed(void **state)
{
	static const uint64_t too_many[] = { 21, 22, UINT64_C(1) << 40,
		UINT64_MAX };
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 20);
	run(pair, 60);
	for (size_t i = 0; i < sizeof(too_many) / sizeof(*too_many); i++) {
		struct wire_frame lie = claim(pair, too_many[i]);
		struct id before = pair->a.store.id;
		lie.hello.proof = pair->b.link.record.proof; /* of row 20 */
		assert_int_equal(hear(&pair->a, &lie), ERR_ACCESS);
		assert_int_equal(pair->a.renewed, 0);
		assert_false(pair->a.link.is_up);
		assert_true(id_equal(&before, &pair->a.store.id));
		assert_int_equal(pair->a.link.record.next, 21);
	}
	heals(pair, 20);
	assert_int_equal(pair->a.met, 1);
}

/* It says that it has lost rows, gets them under new numbers, and then shows
 * the proof of a number of before. */
static void a_proof_of_before_proves_nothing_now(void **state)
{
	struct pair *pair = *state;
	struct wire_frame lie;

	run(pair, 5);
	queue(&pair->a, 20);
	run(pair, 60);
	struct proof proof = pair->b.link.record.proof;
	for (uint64_t rows = 0; rows < 20; rows += 7) {
		lie = claim(pair, rows);
		assert_int_equal(hear(&pair->a, &lie), 0);
		assert_int_equal(pair->a.renewed, 0);
		assert_true(pair->a.link.record.next > 20);
	}
	lie = claim(pair, 20);
	lie.hello.proof = proof;
	assert_int_equal(hear(&pair->a, &lie), 0);
	assert_int_equal(pair->a.renewed, 0);
	lie = claim(pair, pair->a.link.record.next);
	lie.hello.proof = proof;
	assert_int_equal(hear(&pair->a, &lie), ERR_ACCESS);
	assert_int_equal(pair->a.renewed, 0);
}

static void a_proof_is_the_neighbours_own(void **state)
{
	struct pair *pair = *state;
	struct wire_frame lie = claim(pair, 5);
	struct link_turn turn = { .store = &pair->a.store };
	struct link other = pair->a.link;

	strcpy(other.record.peer, "somebody-else");
	link_prove(&lie.hello.proof, &other, &turn, 5);
	assert_int_equal(hear(&pair->a, &lie), ERR_ACCESS);
	link_prove(&lie.hello.proof, &pair->a.link, &turn, 5);
	lie.hello.proof.b[15] ^= 1;
	assert_int_equal(hear(&pair->a, &lie), ERR_ACCESS);
	lie.hello.proof.b[15] ^= 1;
	assert_int_equal(hear(&pair->a, &lie), 0);
	assert_int_equal(pair->a.renewed, 1);
}

/* The neighbour's new store is counted for from where the numbers were. */
static void no_number_is_given_twice(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 20);
	run(pair, 60);
	make_anew(&pair->b);
	queue(&pair->a, 2);
	run(pair, 300);
	/* the orders 21 and the ten events that there were, and 22 */
	assert_true(pair->b.link.record.received > 22);
	assert_int_equal(
	    pair->b.link.record.received, pair->a.link.record.next - 1);
	assert_int_equal(pair->a.link.record.unused, 0);
	queue(&pair->a, 2);
	run(pair, 60);
	assert_true(side_is_done(&pair->a));
	assert_int_equal(pair->a.met, 2);
}

/* The first of them is lost, and whoever got the next says so. */
static void unused_numbers_are_told_again(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 20);
	run(pair, 60);
	make_anew(&pair->b);
	while (!pair->a.link.record.unused)
		run(pair, 1);
	assert_int_equal(pair->a.link.record.unused, 20);
	pipe_clear(&pair->b);
	side_close(&pair->a); /* and what was on its way is forgotten */
	side_open(&pair->a);
	queue(&pair->a, 2);
	run(pair, 700);
	assert_true(side_is_done(&pair->a));
	assert_int_equal(pair->a.met, 2);
	assert_int_equal(
	    pair->b.link.record.received, pair->a.link.record.next - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(a_new_store_is_offered_everything),
		WITH_PAIR(orders_not_acknowledged_go_to_the_new_store),
		WITH_PAIR(what_is_wanted_goes_on_being_wanted),
		WITH_PAIR(the_rows_of_a_new_store_are_taken),
		WITH_PAIR(an_old_copy_knows_that_it_is_one),
		WITH_PAIR(an_old_copy_is_offered_what_it_misses),
		WITH_PAIR(a_copy_that_is_just_older_gets_the_rest),
		WITH_PAIR(rows_that_were_never_sent_are_not_believed),
		WITH_PAIR(a_proof_of_before_proves_nothing_now),
		WITH_PAIR(a_proof_is_the_neighbours_own),
		WITH_PAIR(no_number_is_given_twice),
		WITH_PAIR(unused_numbers_are_told_again),
	};

	return cmocka_run_group_tests_name("relay/stores", tests, NULL, NULL);
}
