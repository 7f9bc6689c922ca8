/* One link step by step: what each frame does, and what it must not do. */
#include "steps.h"

static void two_strangers_come_up(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	assert_true(pair->a.link.is_up);
	assert_true(pair->b.link.is_up);
	assert_int_equal(pair->a.met, 1);
	assert_int_equal(pair->b.met, 1);
	assert_true(
	    id_equal(&pair->a.link.record.peer_store, &pair->b.store.id));
}

static void rows_arrive_in_order_and_once(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 1000);
	queue(&pair->b, 10);
	run(pair, 20);
	expect_all(&pair->b, 1000);
	expect_all(&pair->a, 10);
	assert_true(side_is_done(&pair->a));
	run(pair, 60);
	assert_int_equal(outbox_length(&pair->a.link.record), 0);
}

static void nothing_is_said_twice_when_nothing_is_lost(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 100);
	uint64_t before = pair->sent;
	run(pair, 100);
	/* one frame, its acknowledgement, and a ping each at most */
	assert_true(pair->sent - before <= 4);
}

static void rows_wait_for_a_neighbour_that_is_not_there(void **state)
{
	struct pair *pair = *state;

	queue(&pair->a, 50);
	for (int i = 0; i < 1000; i++) {
		pair->now_ms += 100;
		side_run(&pair->a);
	}
	assert_false(pair->a.link.is_up);
	pipe_clear(&pair->b);
	run(pair, 200);
	expect_all(&pair->b, 50);
}

static void an_unanswered_question_is_asked_once_a_second(void **state)
{
	struct pair *pair = *state;

	for (int i = 0; i < 100; i++) {
		pair->now_ms += 100;
		side_run(&pair->a);
	}
	assert_true(pair->sent >= 9 && pair->sent <= 11);
}

static void a_silent_neighbour_is_down(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	for (int i = 0; i < 120; i++) {
		pair->now_ms += 100;
		side_run(&pair->a);
	}
	assert_false(pair->a.link.is_up);
	pipe_clear(&pair->b);
	run(pair, 300);
	assert_true(pair->a.link.is_up && pair->b.link.is_up);
}

static void pings_keep_it_up(void **state)
{
	struct pair *pair = *state;

	for (int i = 0; i < 600; i++) {
		pair->now_ms += 100;
		side_run(&pair->a);
		side_run(&pair->b);
	}
	assert_true(pair->a.link.is_up && pair->b.link.is_up);
	assert_int_equal(pair->a.met, 1);
}

static void a_clock_set_back_does_not_stop_it(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	pair->now_ms -= INT64_C(1000000000);
	queue(&pair->a, 5);
	run(pair, 5);
	expect_all(&pair->b, 5);
	pipe_clear(&pair->a);
	side_close(&pair->b);
	side_open(&pair->b);
	queue(&pair->a, 5);
	run(pair, 300);
	expect_all(&pair->b, 10);
}

static void a_restart_goes_on_where_it_was(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 20);
	run(pair, 3);
	side_close(&pair->b);
	side_open(&pair->b);
	queue(&pair->a, 20);
	run(pair, 300);
	expect_all(&pair->b, 40);
	side_close(&pair->a);
	side_open(&pair->a);
	queue(&pair->a, 20);
	run(pair, 300);
	expect_all(&pair->b, 60);
	assert_int_equal(pair->a.met, 1);
	assert_int_equal(pair->b.met, 1);
}

/* A child that has not been heard of since the start has no way to it. */
static void rows_are_kept_though_nobody_pumps(void **state)
{
	struct pair *pair = *state;

	side_begin(&pair->a);
	side_queue(&pair->a);
	side_queue(&pair->a);
	assert_int_equal(link_save(&pair->a.link, pair->a.txn), 0);
	assert_int_equal(kv_commit(&pair->a.txn), 0);
	side_close(&pair->a);
	side_open(&pair->a);
	assert_int_equal(pair->a.link.record.next, 3);
	queue(&pair->a, 2);
	run(pair, 200);
	expect_all(&pair->b, 4);
}

static void an_aborted_turn_takes_back_what_it_heard(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 10);
	pair->now_ms += 10;
	side_begin(&pair->b);
	side_take(&pair->b, 64);
	side_finish(&pair->b, false);
	expect_all(&pair->b, 0);
	assert_int_equal(pair->b.link.record.received, 0);
	run(pair, 1000);
	expect_all(&pair->b, 10);
}

static void an_aborted_turn_takes_back_what_it_queued(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	side_begin(&pair->a);
	side_queue(&pair->a);
	side_finish(&pair->a, false);
	pair->a.queued = 0;
	queue(&pair->a, 4);
	run(pair, 300);
	expect_all(&pair->b, 4);
}

static void an_aborted_meeting_is_held_again(void **state)
{
	struct pair *pair = *state;

	queue(&pair->a, 4);
	for (int i = 0; i < 8; i++) {
		pair->now_ms += 10;
		side_begin(&pair->a);
		side_take(&pair->a, 64);
		side_finish(&pair->a, false);
		side_run(&pair->b);
	}
	assert_int_equal(pair->a.link.record.is_met, 0);
	assert_false(pair->a.link.is_up);
	run(pair, 300);
	expect_all(&pair->b, 4);
}

static void a_gap_is_filled(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 10);
	pipe_clear(&pair->b);
	queue(&pair->a, 10);
	run(pair, 5);
	expect_all(&pair->b, 20);
}

static void a_lost_end_is_sent_again(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	queue(&pair->a, 10);
	pipe_clear(&pair->b);
	run(pair, 400);
	expect_all(&pair->b, 0);
	run(pair, 200);
	expect_all(&pair->b, 10);
}

static void the_window_is_bounded(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	side_begin(&pair->a);
	for (int i = 0; i < LINK_WINDOW_ROWS + 2000; i++)
		side_queue(&pair->a);
	side_finish(&pair->a, true);
	pair->now_ms += 10;
	side_run(&pair->a);
	assert_true(pair->a.link.sent - pair->a.link.acked <=
		    LINK_WINDOW_ROWS + LINK_FRAME_ROWS);
	assert_true(pair->a.link.frame_count <= LINK_FRAMES_MAX);
	run(pair, 50);
	expect_all(&pair->b, LINK_WINDOW_ROWS + 2000);
}

/* Who cannot take a row now is not asked to drop it. */
static void a_row_that_is_not_taken_comes_again(void **state)
{
	struct pair *pair = *state;

	run(pair, 5);
	pair->b.busy_after = 7;
	queue(&pair->a, 20);
	run(pair, 50);
	expect_all(&pair->b, 7);
	assert_int_equal(pair->a.link.acked, 7);
	run(pair, 1000);
	expect_all(&pair->b, 7);
	pair->b.busy_after = 0;
	run(pair, 700);
	expect_all(&pair->b, 20);
}

/* ---- frames that come twice, late, or from nowhere ---- */

static void an_answer_counts_once(void **state)
{
	struct pair *pair = *state;
	struct wire_frame answer;

	run(pair, 5);
	answer = hello(&pair->b, pair->a.link.session);
	answer.hello.answer = true;
	queue(&pair->a, 20);
	run(pair, 60);
	assert_int_equal(pair->a.link.record.acked, 20);
	assert_int_equal(hear(&pair->a, &answer), 0);
	assert_int_equal(pair->a.met, 1);
	assert_int_equal(pair->a.link.record.next, 21);
	queue(&pair->a, 20);
	run(pair, 60);
	expect_all(&pair->b, 40);
}

static void an_answer_to_another_question_is_not_heard(void **state)
{
	struct pair *pair = *state;
	struct wire_frame answer;

	run(pair, 5);
	queue(&pair->a, 20);
	run(pair, 60);
	side_close(&pair->a);
	side_open(&pair->a);
	pair->now_ms += 2000;
	side_run(&pair->a); /* asks */
	answer = hello(&pair->b, pair->a.link.session + 2);
	answer.hello.answer = true;
	assert_int_equal(hear(&pair->a, &answer), 0);
	assert_false(pair->a.link.is_up);
	assert_int_equal(pair->a.met, 1);
}

/* Two frames in one turn: rows that are ours, then a word of a session that
 * is not. There is nobody to acknowledge to. */
static void rows_and_a_lost_session_in_one_turn(void **state)
{
	struct pair *pair = *state;
	struct bytes event = bytes_of("\0\0\0\2", 4);
	struct proof proof = { { 1 } };
	struct wire_row row = {
		.kind = ROW_DELIVERY, .events = &event, .event_count = 1
	};
	struct wire_frame data = {
		.kind = FRAME_DATA,
		.data = { .first = 1,
		    .rows = &row,
		    .row_count = 1,
		    .proofs = &proof },
	};
	struct wire_frame ping = { .kind = FRAME_PING, .ping_ms = 1 };

	run(pair, 5);
	data.session = pair->b.link.peer_session;
	ping.session = data.session + 2;
	side_begin(&pair->b);
	assert_int_equal(hear_unfinished(&pair->b, &data), 0);
	assert_int_equal(hear_unfinished(&pair->b, &ping), 0);
	side_finish(&pair->b, true);
	assert_int_equal(pair->b.link.record.received, 1);
}

static void a_stale_question_heals(void **state)
{
	struct pair *pair = *state;
	struct wire_frame question = hello(&pair->a, 12345);

	run(pair, 5);
	queue(&pair->a, 4);
	run(pair, 5);
	assert_int_equal(hear(&pair->b, &question), 0);
	queue(&pair->a, 4);
	run(pair, 800);
	expect_all(&pair->b, 8);
}

static void a_stale_question_of_an_old_store_heals(void **state)
{
	struct pair *pair = *state;
	struct wire_frame question = hello(&pair->b, 12345);
	struct arrivals *arrivals = malloc(sizeof(*arrivals));

	assert_non_null(arrivals);
	run(pair, 5);
	make_anew(&pair->b);
	run(pair, 300);
	queue(&pair->b, 4);
	queue(&pair->a, 4);
	run(pair, 50);
	assert_int_equal(hear(&pair->a, &question), 0);
	run(pair, 1000);
	queue(&pair->b, 2);
	queue(&pair->a, 2);
	run(pair, 1000);
	assert_true(side_is_done(&pair->a) && side_is_done(&pair->b));
	side_arrivals(arrivals, &pair->a);
	assert_int_equal(arrivals->orders[arrivals->order_count - 1], 5);
	assert_int_equal(arrivals->events[arrivals->event_count - 1], 6);
	side_arrivals(arrivals, &pair->b);
	assert_int_equal(arrivals->orders[arrivals->order_count - 1], 5);
	free(arrivals);
}

/* Both are up or asking, and have nothing to say but that. */
static void a_stale_question_heals_though_nothing_is_sent(void **state)
{
	struct pair *pair = *state;
	struct wire_frame question = hello(&pair->b, 12345);

	run(pair, 5);
	make_anew(&pair->b);
	run(pair, 300);
	assert_int_equal(hear(&pair->a, &question), 0);
	run(pair, 1000);
	assert_true(pair->a.link.is_up && pair->b.link.is_up);
	assert_true(
	    id_equal(&pair->a.link.record.peer_store, &pair->b.store.id));
}

static void an_acknowledgement_from_nowhere_is_not_believed(void **state)
{
	struct pair *pair = *state;
	struct wire_frame ack = { .kind = FRAME_ACK, .ack = { .seq = 3 } };

	run(pair, 5);
	queue(&pair->a, 4);
	ack.session = pair->a.link.session + 2;
	assert_int_equal(hear(&pair->a, &ack), 0);
	assert_int_equal(pair->a.link.acked, 0);
	ack.session = pair->a.link.session;
	ack.ack.seq = 5; /* there is no such row */
	assert_int_equal(hear(&pair->a, &ack), 0);
	assert_int_equal(pair->a.link.acked, 0);
	ack.ack.seq = UINT64_MAX;
	assert_int_equal(hear(&pair->a, &ack), 0);
	assert_int_equal(pair->a.link.acked, 0);
	ack.ack.seq = 4;
	assert_int_equal(hear(&pair->a, &ack), 0);
	assert_int_equal(pair->a.link.acked, 4);
}

static void a_name_that_is_not_the_neighbours_is_refused(void **state)
{
	struct pair *pair = *state;
	struct wire_frame question = hello(&pair->b, 7);

	question.hello.node = "another";
	assert_int_equal(hear(&pair->a, &question), ERR_INVALID);
	assert_true(id_is_zero(&pair->a.link.record.peer_store));
}

static void another_version_is_not_talked_to(void **state)
{
	struct pair *pair = *state;
	struct wire_frame question = hello(&pair->b, 7);

	run(pair, 200);
	assert_true(pair->a.link.is_up);
	question.hello.oldest = WIRE_VERSION + 1;
	question.hello.version = WIRE_VERSION + 2;
	question.hello.speaks = 1;
	assert_int_equal(hear(&pair->a, &question), ERR_VERSION);
	assert_false(pair->a.link.is_up);
	assert_int_equal(pair->a.link.version, 0);
	assert_int_equal(pair->a.link.peer_newest, WIRE_VERSION + 2);
	run(pair, 200);
	assert_int_equal(pair->a.link.version, WIRE_VERSION);
	assert_true(pair->a.link.is_up);
}

static void nothing_goes_to_whose_city_speaks_otherwise(void **state)
{
	struct pair *pair = *state;

	run(pair, 200);
	pair->a.speaks = 2;
	link_renew(&pair->a.link);
	queue(&pair->a, 3);
	run(pair, 500);
	assert_false(pair->a.link.is_up);
	assert_false(pair->b.link.is_up);
	assert_int_equal(pair->a.link.peer_speaks, 1);
	assert_int_equal(pair->b.link.peer_speaks, 2);
	assert_int_equal(pair->b.link.record.received, 0);
	pair->b.speaks = 2;
	link_renew(&pair->b.link);
	run(pair, 500);
	assert_true(pair->a.link.is_up);
	assert_int_equal(pair->b.link.record.received, 3);
}

static void waits_no_longer_than_until_it_has_something_to_say(void **state)
{
	struct pair *pair = *state;

	assert_int_equal(link_due_ms(&pair->a.link, pair->now_ms), 0);
	run(pair, 5);
	assert_true(link_due_ms(&pair->a.link, pair->now_ms) > 0);
	assert_true(link_due_ms(&pair->a.link, pair->now_ms) <= LINK_HELLO_MS);
	assert_int_equal(
	    link_due_ms(&pair->a.link, pair->now_ms + 2 * LINK_PING_MS), 0);
	assert_int_equal(link_due_ms(&pair->a.link, 1), LINK_HELLO_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(two_strangers_come_up),
		WITH_PAIR(rows_arrive_in_order_and_once),
		WITH_PAIR(nothing_is_said_twice_when_nothing_is_lost),
		WITH_PAIR(rows_wait_for_a_neighbour_that_is_not_there),
		WITH_PAIR(an_unanswered_question_is_asked_once_a_second),
		WITH_PAIR(a_silent_neighbour_is_down),
		WITH_PAIR(pings_keep_it_up),
		WITH_PAIR(a_clock_set_back_does_not_stop_it),
		WITH_PAIR(a_restart_goes_on_where_it_was),
		WITH_PAIR(rows_are_kept_though_nobody_pumps),
		WITH_PAIR(an_aborted_turn_takes_back_what_it_heard),
		WITH_PAIR(an_aborted_turn_takes_back_what_it_queued),
		WITH_PAIR(an_aborted_meeting_is_held_again),
		WITH_PAIR(a_gap_is_filled),
		WITH_PAIR(a_lost_end_is_sent_again),
		WITH_PAIR(the_window_is_bounded),
		WITH_PAIR(a_row_that_is_not_taken_comes_again),
		WITH_PAIR(an_answer_counts_once),
		WITH_PAIR(an_answer_to_another_question_is_not_heard),
		WITH_PAIR(rows_and_a_lost_session_in_one_turn),
		WITH_PAIR(a_stale_question_heals),
		WITH_PAIR(a_stale_question_of_an_old_store_heals),
		WITH_PAIR(a_stale_question_heals_though_nothing_is_sent),
		WITH_PAIR(an_acknowledgement_from_nowhere_is_not_believed),
		WITH_PAIR(a_name_that_is_not_the_neighbours_is_refused),
		WITH_PAIR(another_version_is_not_talked_to),
		WITH_PAIR(nothing_goes_to_whose_city_speaks_otherwise),
		WITH_PAIR(waits_no_longer_than_until_it_has_something_to_say),
	};

	return cmocka_run_group_tests_name("relay/link", tests, NULL, NULL);
}
