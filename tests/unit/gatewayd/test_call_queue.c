#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/call_queue.h"

static char dir[64];
static struct call_queue *queue;

static int open_queue(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/whistle-calls-XXXXXX");
	assert_non_null(mkdtemp(dir));
	return call_queue_open(&queue, dir);
}

static int close_queue(void **state)
{
	char command[128];

	(void)state;
	call_queue_close(&queue);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static struct call call_of(uint64_t number, uint8_t ticket, uint32_t seq)
{
	return (struct call){
		.number = number, .ticket = { { ticket } }, .seq = seq
	};
}

static void add(const struct call *calls, size_t count, uint64_t last)
{
	struct call_position position = { { { 9 } }, last };

	assert_int_equal(call_queue_add(queue, calls, count, &position), 0);
}

static void expect_next(uint64_t number, int64_t now_ms, const struct id *busy)
{
	struct call call;

	assert_int_equal(
	    call_queue_next(&call, queue, now_ms, busy, busy != NULL), 0);
	assert_int_equal(call.number, number);
}

static void keeps_rows_and_position_over_a_restart(void **state)
{
	struct call calls[] = { call_of(7, 1, 1), call_of(8, 2, 3) };
	struct call_position position;
	struct call again[4];
	uint64_t total;
	size_t count;

	(void)state;
	assert_int_equal(call_queue_position(&position, queue), 0);
	assert_int_equal(position.last, 0);
	add(calls, 2, 8);
	call_queue_close(&queue);
	assert_int_equal(call_queue_open(&queue, dir), 0);
	assert_int_equal(call_queue_position(&position, queue), 0);
	assert_int_equal(position.last, 8);
	assert_int_equal(position.store.b[0], 9);
	assert_int_equal(
	    call_queue_list(again, &count, &total, queue, CALLS_WAITING, 4), 0);
	assert_int_equal(count, 2);
	assert_int_equal(total, 2);
	assert_int_equal(again[1].seq, 3);
	assert_memory_equal(again[1].ticket.b, calls[1].ticket.b, ID_BYTES);
}

static void goes_in_order_and_one_at_a_time_for_each_ticket(void **state)
{
	struct call calls[] = { call_of(1, 1, 1), call_of(2, 1, 2),
		call_of(3, 2, 1) };

	(void)state;
	add(calls, 3, 3);
	expect_next(1, 0, NULL);
	expect_next(3, 0, &calls[0].ticket);
}

static void never_overtakes_one_that_waits(void **state)
{
	struct call calls[] = { call_of(1, 1, 1), call_of(2, 1, 2),
		call_of(3, 2, 1) };
	struct call_result result = { calls[0], false, false };

	(void)state;
	add(calls, 3, 3);
	result.call.due_ms = 1000;
	result.call.tries = 4;
	assert_int_equal(call_queue_settle(queue, &result, 1), 0);
	expect_next(3, 999, NULL);
	expect_next(1, 1000, NULL);
}

static void takes_off_what_is_done(void **state)
{
	struct call calls[] = { call_of(1, 1, 1), call_of(2, 1, 2) };
	struct call_result result = { calls[0], true, false };
	struct call call;

	(void)state;
	add(calls, 2, 2);
	assert_int_equal(call_queue_settle(queue, &result, 1), 0);
	assert_int_equal(call_queue_settle(queue, &result, 1), 0);
	expect_next(2, 0, NULL);
	result.call = calls[1];
	assert_int_equal(call_queue_settle(queue, &result, 1), 0);
	assert_int_equal(
	    call_queue_next(&call, queue, 0, NULL, 0), ERR_NOT_FOUND);
}

static void what_is_given_up_is_kept_to_be_seen(void **state)
{
	struct call calls[] = { call_of(1, 1, 1), call_of(2, 2, 1) };
	struct call_result result = { calls[0], true, true };
	struct call found[2];
	enum call_list list;
	uint64_t total;
	size_t count;

	(void)state;
	add(calls, 2, 2);
	result.call.tries = 9;
	assert_int_equal(call_queue_settle(queue, &result, 1), 0);
	assert_int_equal(
	    call_queue_list(found, &count, &total, queue, CALLS_GIVEN_UP, 2),
	    0);
	assert_int_equal(count, 1);
	assert_int_equal(found[0].tries, 9);
	found[0] = call_of(0, 1, 1);
	assert_int_equal(call_queue_find(&list, found, queue), 0);
	assert_int_equal(list, CALLS_GIVEN_UP);
	assert_int_equal(call_queue_replay(queue, &calls[0]), 0);
	assert_int_equal(call_queue_find(&list, found, queue), 0);
	assert_int_equal(list, CALLS_WAITING);
	assert_int_equal(
	    call_queue_list(found, &count, &total, queue, CALLS_GIVEN_UP, 2),
	    0);
	assert_int_equal(total, 0);
	found[0] = call_of(0, 9, 9);
	assert_int_equal(call_queue_find(&list, found, queue), ERR_NOT_FOUND);
}

static void those_that_were_refused_are_listed_alone(void **state)
{
	struct call calls[] = { call_of(1, 1, 1), call_of(2, 2, 1) };
	struct call_result result = { calls[1], false, false };
	struct call found[2];
	uint64_t total;
	size_t count;

	(void)state;
	add(calls, 2, 2);
	result.call.tries = 1;
	assert_int_equal(call_queue_settle(queue, &result, 1), 0);
	assert_int_equal(
	    call_queue_list(found, &count, &total, queue, CALLS_REFUSED, 2), 0);
	assert_int_equal(count, 1);
	assert_int_equal(found[0].number, 2);
}

static void replays_behind_what_waits(void **state)
{
	struct call calls[] = { call_of(1, 1, 1) }, old = call_of(0, 3, 9);

	(void)state;
	add(calls, 1, 50);
	assert_int_equal(call_queue_replay(queue, &old), 0);
	expect_next(1, 0, NULL);
	expect_next(50, 0, &calls[0].ticket);
}

static void finds_one_behind_very_many_that_wait(void **state)
{
	enum { MANY = 3000 };
	struct call *calls = calloc(MANY + 1, sizeof(*calls));

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		calls[i] = call_of(i + 1, 1, i + 1);
		calls[i].due_ms = i == 0 ? 1000 : 0;
	}
	calls[MANY] = call_of(MANY + 1, 2, 1);
	add(calls, MANY + 1, MANY + 1);
	expect_next(MANY + 1, 0, NULL);
	free(calls);
}

static void names_what_it_calls(void **state)
{
	struct call call = call_of(1, 1, 4294967295u), back;
	char text[CALL_ID_TEXT];
	static const char *const wrong[] = { "", "7", "-1",
		"01KAKX0000000000000000000A", "01KAKX0000000000000000000A-",
		"01KAKX0000000000000000000A-0", "01KAKX0000000000000000000A-x",
		"01KAKX0000000000000000000A-1234567890",
		"01KAKX0000000000000000000A1-1", "UUUUUUUUUUUUUUUUUUUUUUUUUU-1",
		"01KAKX0000000000000000000A-1-",
		"01KAKX0000000000000000000A-1-0000000000000000",
		"01KAKX0000000000000000000A-1-00000000000000AB",
		"01KAKX0000000000000000000A-1-00000000000000ab1" };

	(void)state;
	assert_int_equal(strlen(call_id_format(text, &call)), 37);
	call.seq = 17;
	assert_int_equal(call_id_parse(&back, call_id_format(text, &call)), 0);
	assert_int_equal(back.seq, 17);
	assert_true(id_equal(&back.ticket, &call.ticket));
	assert_int_equal(back.mark, 0);
	call.mark = 0x0123456789abcdef;
	call_id_format(text, &call);
	assert_string_equal(strrchr(text, '-'), "-0123456789abcdef");
	assert_int_equal(call_id_parse(&back, text), 0);
	assert_int_equal(back.seq, 17);
	assert_int_equal(back.mark, call.mark);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(call_id_parse(&back, wrong[i]), ERR_INVALID);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_queue, close_queue)
	const struct CMUnitTest tests[] = {
		TEST(keeps_rows_and_position_over_a_restart),
		TEST(goes_in_order_and_one_at_a_time_for_each_ticket),
		TEST(never_overtakes_one_that_waits),
		TEST(takes_off_what_is_done),
		TEST(what_is_given_up_is_kept_to_be_seen),
		TEST(those_that_were_refused_are_listed_alone),
		TEST(replays_behind_what_waits),
		TEST(finds_one_behind_very_many_that_wait),
		TEST(names_what_it_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
