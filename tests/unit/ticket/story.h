/*
 * For the tests of ticket and score: a ticket, told event by event. The
 * story keeps the time, the numbers and the hashes right, so that a test
 * says only what it is about; and it can wander by itself, taking any verb
 * that the law allows.
 */
#ifndef WHISTLE_TESTS_STORY_H
#define WHISTLE_TESTS_STORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "ticket/law.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

#define STORY_START_MS INT64_C(1795000000000)

#define CITY	       "4207"
#define DISTRICT       "420704"
#define STREET	       "420704001"
#define COMMUNITY      "420704001001"
#define GRID	       "420704001001001"
#define HOTLINE	       "4207-12345"
#define ZJJ	       "420704-zjj"
#define CGJ	       "420704-cgj"

struct story {
	struct ticket ticket;
	int64_t now_ms;
	uint64_t random;
	struct hash hash; /* of the last event told */
	struct callout callouts[TICKET_CALLOUTS_MAX];
};

static inline struct unit_code code(const char *text)
{
	struct unit_code code = { { 0 } };

	assert_true(strlen(text) < sizeof(code.s));
	memcpy(code.s, text, strlen(text));
	return code;
}

static inline struct story story_new(void)
{
	struct story story = { .now_ms = STORY_START_MS, .random = 88172645 };

	return story;
}

static inline uint64_t story_random(struct story *story, uint64_t below)
{
	story->random ^= story->random << 13;
	story->random ^= story->random >> 7;
	story->random ^= story->random << 17;
	return story->random % below;
}

static inline bool story_coin(struct story *story)
{
	return story_random(story, 2) == 1;
}

/* The next event of the log, with no particulars yet. */
static inline struct event story_event(
    const struct story *story, enum verb verb, const char *unit)
{
	struct event event = {
		.ticket = { { 7 } },
		.seq = story->ticket.seq + 1,
		.term = 1,
		.prev = story->ticket.last,
		.time_ms = story->now_ms,
		.verb = verb,
		.unit = code(unit),
		.operator= "wang",
	};

	particulars_clear(&event.what);
	return event;
}

/* Fold it; the time goes on a minute. */
static inline int story_tell(struct story *story, const struct event *event)
{
	struct hash hash = { { (uint8_t)event->seq, (uint8_t)(event->seq >> 8),
	    (uint8_t)event->verb, 1 } };
	int err = ticket_fold(&story->ticket, event, &hash);

	if (err == 0)
		story->now_ms += MINUTE_MS;
	return err;
}

/* An event that is right in itself and in the log. */
static inline void story_must(struct story *story, const struct event *event)
{
	const char *field, *problem;

	if (particulars_check(
		&field, &problem, &event->what, event->verb, false) < 0)
		fail_msg("%s: %s %s", word_name(WORD_VERB, event->verb), field,
		    problem);
	assert_int_equal(story_tell(story, event), 0);
}

/* ---- the usual events ---- */

static inline struct event opening(const struct story *story, const char *unit)
{
	struct event event = story_event(story, VERB_OPEN, unit);

	event.what.kind = KIND_APPEAL;
	event.what.source = SOURCE_PATROL;
	event.what.title = "a lamp is out";
	return event;
}

static inline struct event calling(
    const struct story *story, const char *origin, const char *department)
{
	struct event event = story_event(story, VERB_OPEN, origin);

	event.what.kind = KIND_CALLOUT;
	event.what.source = SOURCE_WHISTLE;
	event.what.colour = COLOUR_RED;
	event.what.parent = (struct id){ { 5 } };
	event.what.to = code(department);
	return event;
}

static inline struct event sending(
    const struct story *story, enum verb verb, const char *unit, const char *to)
{
	struct event event = story_event(story, verb, unit);

	event.what.to = code(to);
	if (verb == VERB_RETURN || verb == VERB_REOPEN)
		event.what.text = "because";
	return event;
}

static inline struct event resolving(const struct story *story)
{
	struct event event =
	    story_event(story, VERB_RESOLVE, story->ticket.holder.s);

	event.what.to = story->ticket.origin;
	event.what.outcome = OUTCOME_SOLVED;
	event.what.channel = CHANNEL_GOVERNMENT;
	return event;
}

static inline struct event rating(const struct story *story)
{
	struct event event =
	    story_event(story, VERB_RATE, story->ticket.origin.s);

	event.what.responded = event.what.resolved = true;
	event.what.satisfaction = SATISFACTION_SATISFIED;
	return event;
}

/* Calls `count` departments from the list; the first leads. */
static inline struct event whistling(
    struct story *story, size_t count, const char *const *departments)
{
	struct event event =
	    story_event(story, VERB_WHISTLE, story->ticket.holder.s);

	for (size_t i = 0; i < count; i++)
		story->callouts[i] = (struct callout){
			.ticket = { { 9, (uint8_t)story->ticket.seq,
			    (uint8_t)i } },
			.department = code(departments[i]),
			.lead = i == 0,
		};
	event.what.colour = COLOUR_YELLOW;
	event.what.callouts = story->callouts;
	event.what.callout_count = count;
	return event;
}

static inline struct event timing(const struct story *story, enum verb verb,
    enum deadline deadline, int64_t due_ms)
{
	struct event event = story_event(story, verb, story->ticket.holder.s);

	event.operator= OPERATOR_TIMER;
	event.what.deadline = deadline;
	event.what.due_ms = due_ms;
	event.what.step = verb == VERB_SUPERVISE ? 1 : 0;
	return event;
}

/* What the clock does next, whenever that is. */
static inline struct event alarming(const struct story *story)
{
	struct alarm alarm = ticket_next_alarm(&story->ticket);
	struct event event =
	    timing(story, alarm.verb, alarm.deadline, alarm.due_ms);

	event.what.step = alarm.step;
	if (alarm.verb == VERB_RESUME)
		event.what.resolve_by_ms =
		    ticket_resumed_by_ms(&story->ticket, event.time_ms);
	return event;
}

static inline void story_open(struct story *story, const char *unit)
{
	struct event event = opening(story, unit);

	story_must(story, &event);
}

static inline void story_call(
    struct story *story, const char *origin, const char *department)
{
	struct event event = calling(story, origin, department);

	story_must(story, &event);
}

static inline void story_send(
    struct story *story, enum verb verb, const char *to)
{
	struct event event = sending(story, verb, story->ticket.holder.s, to);

	story_must(story, &event);
}

static inline void story_say(struct story *story, enum verb verb)
{
	struct event event = story_event(story, verb, story->ticket.holder.s);

	if (verb == VERB_NOTE)
		event.what.text = "seen";
	story_must(story, &event);
}

static inline void story_resolve(struct story *story)
{
	struct event event = resolving(story);

	story_must(story, &event);
}

static inline void story_rate(struct story *story)
{
	struct event event = rating(story);

	story_must(story, &event);
}

static inline void story_whistle(struct story *story, const char *department)
{
	struct event event = whistling(story, 1, &department);

	story_must(story, &event);
}

static inline void story_alarm(struct story *story)
{
	struct event event = alarming(story);

	story_must(story, &event);
}

static inline void story_timer(
    struct story *story, enum verb verb, enum deadline deadline)
{
	struct event event = timing(story, verb, deadline, story->now_ms);

	story_must(story, &event);
}

#endif
