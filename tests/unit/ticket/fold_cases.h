/*
 * What the tests of the fold say of a ticket.
 */
#ifndef WHISTLE_TESTS_FOLD_CASES_H
#define WHISTLE_TESTS_FOLD_CASES_H

#include "story.h"

static inline bool is_unit(const struct unit_code *unit, const char *text)
{
	struct unit_code other = code(text);

	return code_equal(unit, &other);
}

#define assert_unit(unit, text) assert_true(is_unit(&(unit), (text)))

static inline bool is_flag(const struct story *story, uint32_t flag)
{
	return (story->ticket.flags & flag) != 0;
}

/* Refused, and not a byte of the ticket has changed. */
static inline void assert_refused(
    struct story *story, const struct event *event)
{
	struct ticket before;

	memcpy(&before, &story->ticket, sizeof(before));
	assert_int_equal(story_tell(story, event), ERR_INVALID);
	assert_memory_equal(&before, &story->ticket, sizeof(before));
}

#endif
