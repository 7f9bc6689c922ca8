/*
 * Steps of a test with a pair: both run, rows are queued, a frame is said to
 * one of them, a store is made anew or goes back to a copy.
 */
#ifndef TESTS_UNIT_RELAY_STEPS_H
#define TESTS_UNIT_RELAY_STEPS_H

#include "pair.h"

static inline int setup(void **state)
{
	*state = pair_open(1);
	return 0;
}

static inline int teardown(void **state)
{
	struct pair *pair = *state;

	pair_close(&pair);
	return 0;
}

/* Both run in turn, 10 ms a step. */
static inline void run(struct pair *pair, int steps)
{
	for (int i = 0; i < steps; i++) {
		pair->now_ms += 10;
		side_run(&pair->a);
		side_run(&pair->b);
	}
}

static inline void queue(struct side *side, unsigned count)
{
	side_begin(side);
	while (count-- > 0)
		side_queue(side);
	side_finish(side, true);
}

/* Says a frame to a side, in a turn of its own. */
static inline int hear_unfinished(
    struct side *side, const struct wire_frame *frame)
{
	struct buf packed = { 0 };

	assert_int_equal(wire_frame_pack(&packed, frame), 0);
	int rc = side_hear(side, bytes_of(packed.data, packed.len));
	buf_free(&packed);
	return rc;
}

static inline int hear(struct side *side, const struct wire_frame *frame)
{
	side_begin(side);
	int rc = hear_unfinished(side, frame);
	side_finish(side, true);
	return rc;
}

static inline void expect_all(struct side *side, uint32_t count)
{
	struct arrivals *arrivals = malloc(sizeof(*arrivals));

	assert_non_null(arrivals);
	side_arrivals(arrivals, side);
	assert_int_equal(arrivals->order_count + arrivals->event_count, count);
	for (uint32_t i = 0; i < arrivals->order_count; i++)
		assert_int_equal(arrivals->orders[i], 2 * i + 1);
	for (uint32_t i = 0; i < arrivals->event_count; i++)
		assert_int_equal(arrivals->events[i], 2 * i + 2);
	free(arrivals);
}

static inline void make_anew(struct side *side)
{
	side_close(side);
	pipe_clear(side);
	pipe_clear(side->other);
	pair_remove(side->path);
	side->store_first = side->queued;
	side_open(side);
}

static inline void keep_copy(struct side *side, char copy[160])
{
	snprintf(copy, 160, "%s.copy", side->path);
	side_close(side);
	if (access(copy, F_OK))
		assert_int_equal(mkdir(copy, 0700), 0);
	copy_store(side->path, copy);
	side_open(side);
}

static inline void go_back_to(struct side *side, const char *copy)
{
	side_close(side);
	copy_store(copy, side->path);
	side_open(side);
}

static inline struct wire_frame hello(struct side *from, uint64_t session)
{
	return (struct wire_frame){
		.session = session,
		.kind = FRAME_HELLO,
		.hello = {
			.node = from->name,
			.version = WIRE_VERSION,
			.oldest = WIRE_OLDEST,
			.speaks = 1,
			.store = from->store.id,
			.last_store = from->other->store.id,
		},
	};
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
