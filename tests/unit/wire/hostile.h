/*
 * What these tests do to a message: cut, flip, add and drop bytes, and see
 * that whoever decodes it either refuses or gives what packs to the same
 * bytes again.
 */
#ifndef WHISTLE_TESTS_WIRE_HOSTILE_H
#define WHISTLE_TESTS_WIRE_HOSTILE_H

#include "sample.h"

/* Decodes `bytes`. Refused: ERR_INVALID or ERR_TOO_LARGE. Taken: 0, with
 * what it packs to again in `again`. */
typedef int judge_fn(
    struct buf *again, struct arena *arena, struct bytes bytes);

/* `bytes` is of exactly its length on the heap, so that a sanitizer sees a
 * read past its end. Takes `bytes`. */
static inline void judge_one(
    judge_fn *judge, struct arena *arena, uint8_t *bytes, size_t len)
{
	struct buf again = { 0 };
	uint8_t *exact = malloc(len ? len : 1);
	int rc;

	assert_non_null(exact);
	memcpy(exact, bytes, len);
	arena_reset(arena);
	rc = judge(&again, arena, bytes_of(exact, len));
	if (rc == 0)
		assert_bytes_equal(sample_bytes(&again), bytes_of(exact, len));
	else
		assert_true(rc == ERR_INVALID || rc == ERR_TOO_LARGE);
	buf_free(&again);
	free(exact);
}

static inline void judge_flips(
    judge_fn *judge, struct arena *arena, uint8_t *bytes, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		uint8_t kept = bytes[at];

		for (unsigned value = 0; value < 256; value++) {
			bytes[at] = (uint8_t)value;
			judge_one(judge, arena, bytes, len);
		}
		bytes[at] = kept;
	}
}

/* One byte more, at each place, of kinds that mean something. */
static inline void judge_inserts(
    judge_fn *judge, struct arena *arena, const uint8_t *bytes, size_t len)
{
	static const uint8_t kinds[] = { 0, 1, 0x0a, 0x12, 0x7f, 0x80, 0xff };
	uint8_t *longer = malloc(len + 1);

	assert_non_null(longer);
	for (size_t at = 0; at <= len; at++) {
		memcpy(longer, bytes, at);
		memcpy(longer + at + 1, bytes + at, len - at);
		for (size_t i = 0; i < sizeof(kinds); i++) {
			longer[at] = kinds[i];
			judge_one(judge, arena, longer, len + 1);
		}
	}
	free(longer);
}

/* Every prefix, every byte at every value, every byte more or less. */
static inline void torment(judge_fn *judge, struct bytes sample)
{
	struct arena *arena = sample_arena();
	uint8_t *bytes = malloc(sample.len + 1);

	assert_non_null(bytes);
	memcpy(bytes, sample.data, sample.len);
	for (size_t len = 0; len <= sample.len; len++)
		judge_one(judge, arena, bytes, len);
	judge_flips(judge, arena, bytes, sample.len);
	judge_inserts(judge, arena, bytes, sample.len);
	for (size_t at = 0; at < sample.len; at++) {
		memcpy(bytes, sample.data, at);
		memcpy(bytes + at, sample.data + at + 1, sample.len - at - 1);
		judge_one(judge, arena, bytes, sample.len - 1);
	}
	free(bytes);
	arena_close(&arena);
}

/* Random bytes changed in `rounds` copies; the same each run. */
static inline void torment_at_random(
    judge_fn *judge, struct bytes sample, unsigned rounds)
{
	struct arena *arena = sample_arena();
	uint8_t *bytes = malloc(sample.len + 1);
	uint64_t state = 1;

	assert_non_null(bytes);
	for (unsigned i = 0; i < rounds; i++) {
		memcpy(bytes, sample.data, sample.len);
		for (unsigned k = 0; k <= i % 4; k++) {
			state = state * UINT64_C(6364136223846793005) + 1;
			bytes[(state >> 33) % sample.len] =
			    (uint8_t)(state >> 25);
		}
		judge_one(judge, arena, bytes, sample.len);
	}
	free(bytes);
	arena_close(&arena);
}

#endif
