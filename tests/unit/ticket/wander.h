/*
 * A story that goes its own way: each step is one verb, at random, that the
 * law allows, with random particulars. What the law allows the fold must
 * take; story_must checks both.
 */
#ifndef WHISTLE_TESTS_WANDER_H
#define WHISTLE_TESTS_WANDER_H

#include "story.h"

enum { WANDER_UNITS = 40 };

static inline const char *wander_unit(
    char text_out[UNIT_CODE_MAX], uint64_t number)
{
	static const char *const shapes[] = { "420704%03u", "420704001%03u",
		"420704-d%02u", "420704001001%03u" };

	snprintf(text_out, UNIT_CODE_MAX, shapes[number % 4],
	    (unsigned)number % 1000);
	return text_out;
}

static inline void wander_deadlines(struct story *story, struct event *event)
{
	if (story_coin(story))
		event->what.accept_by_ms =
		    story->now_ms + (int64_t)story_random(story, 5 * MINUTE_MS);
	if (event->verb != VERB_RETURN && story_coin(story))
		event->what.resolve_by_ms =
		    story->now_ms + (int64_t)story_random(story, 9 * MINUTE_MS);
}

static const struct ticket wander_master = {
	.id = { { 8 } },
	.seq = 1,
	.state = STATE_ACCEPTED,
	.kind = KIND_APPEAL,
};

static inline struct event wander_open(struct story *story)
{
	char origin[UNIT_CODE_MAX], department[UNIT_CODE_MAX];
	struct event event;

	wander_unit(origin, story_random(story, WANDER_UNITS));
	wander_unit(department, 2 + 4 * story_random(story, 10));
	if (story_coin(story) && strcmp(origin, department) != 0)
		event = calling(story, origin, department);
	else
		event = opening(story, origin);
	wander_deadlines(story, &event);
	return event;
}

static inline struct event wander_whistle(struct story *story)
{
	char names[3][UNIT_CODE_MAX];
	const char *departments[3];
	size_t count = 1 + story_random(story, 3);

	for (size_t i = 0; i < 3; i++)
		departments[i] =
		    wander_unit(names[i], 2 + 4 * story_random(story, 10));
	return whistling(story, count, departments);
}

/* Some event of that verb; whether the law allows it is another matter. */
static inline struct event wander_event(struct story *story, enum verb verb)
{
	char to[UNIT_CODE_MAX];
	struct event event = story_event(story, verb, story->ticket.holder.s);
	const struct unit_code above =
	    code(wander_unit(to, story_random(story, WANDER_UNITS)));

	switch (verb) {
	case VERB_OPEN:
		return wander_open(story);
	case VERB_NOTE:
		event.what.text = "seen";
		break;
	case VERB_FORWARD:
		event.what.to = above;
		if (story_coin(story))
			event.what.basis = "by permit";
		wander_deadlines(story, &event);
		break;
	case VERB_RETURN:
		event.what.to = story->ticket.sender;
		event.what.text = "not ours";
		wander_deadlines(story, &event);
		break;
	case VERB_REOPEN:
		event.what.to = *law_reopen_to(&story->ticket, &above);
		event.what.text = "still dark";
		wander_deadlines(story, &event);
		break;
	case VERB_WHISTLE:
		return wander_whistle(story);
	case VERB_REMIND:
	case VERB_SUPERVISE:
		return timing(story, verb,
		    story->ticket.state == STATE_OPEN && story_coin(story)
			? DEADLINE_ACCEPT
			: DEADLINE_RESOLVE,
		    story->now_ms);
	case VERB_RULE:
	case VERB_TAKE_OVER:
		event.what.to = above;
		event.what.text = "it is theirs";
		if (verb == VERB_TAKE_OVER)
			event.unit = above;
		event.what.accept_by_ms = story->now_ms + MINUTE_MS;
		break;
	case VERB_EXTEND:
		event.what.text = "more time";
		event.what.resolve_by_ms =
		    story->ticket.resolve_by_ms + 1 +
		    (int64_t)story_random(story, 9 * MINUTE_MS);
		break;
	case VERB_SUSPEND:
		event.what.text = "later";
		if (story_coin(story))
			event.what.until_ms = story->now_ms + HOUR_MS;
		break;
	case VERB_RESUME:
		event.what.resolve_by_ms =
		    ticket_resumed_by_ms(&story->ticket, story->now_ms);
		break;
	case VERB_EXCLUDE:
		event.what.text = "no";
		break;
	case VERB_MERGE:
		event.what.master = wander_master.id;
		break;
	case VERB_RESOLVE:
		event = resolving(story);
		if (story_coin(story)) {
			event.what.outcome = OUTCOME_EXPLAINED;
			event.what.channel = CHANNEL_NONE;
			event.what.text = "cannot be done";
		}
		break;
	case VERB_RATE:
		event = rating(story);
		event.what.responded = story_coin(story);
		event.what.resolved = story_coin(story);
		event.what.satisfaction =
		    (enum satisfaction)(1 + story_random(story, 4));
		break;
	default:
		break;
	}
	return event;
}

static inline struct verdict wander_ask(
    struct story *story, const struct event *event)
{
	struct ticket master = wander_master;
	struct law_question question = {
		.verb = event->verb,
		.master = &master,
		.extensions_max = 3,
		.by = BY_HOLDER | BY_TIMER | BY_ENGINE | BY_ABOVE |
		      (story->ticket.state == STATE_RESOLVED ? BY_ORIGIN : 0),
		.powers = UINT64_MAX,
		.target = event->verb == VERB_WHISTLE	? TARGET_DEPARTMENT
			  : story_random(story, 4) == 0 ? TARGET_PARENT
							: TARGET_BELOW,
		.to = event->what.to,
		.returns_max = 3,
		.callouts = event->what.callouts,
		.callouts_asked = event->what.callout_count,
	};

	master.holder = story->ticket.holder;
	return law_decide(&story->ticket, &question);
}

/* Sets *event_out to an event that the law allows now; false if a good many
 * tries found none: the ticket has ended. */
static inline bool wander_next(struct event *event_out, struct story *story)
{
	for (int tries = 0; tries < 200; tries++) {
		enum verb verb =
		    story->ticket.seq == 0
			? VERB_OPEN
			: (enum verb)(2 + story_random(story, VERB_COUNT - 2));

		/* To come far, most stories must not end early. */
		if ((verb == VERB_RATE || verb == VERB_EXCLUDE ||
			verb == VERB_MERGE) &&
		    story_random(story, 4) != 0)
			continue;
		*event_out = wander_event(story, verb);
		if (wander_ask(story, event_out).refusal == REFUSAL_NONE)
			return true;
	}
	return false;
}

#endif
