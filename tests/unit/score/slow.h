/*
 * The slow count: a plain reading of whole logs that knows nothing of struct
 * ticket, flags or deltas, written from the definitions in score/score.h and
 * not from score.c. What it counts, everything else must count.
 */
#ifndef WHISTLE_TESTS_SLOW_H
#define WHISTLE_TESTS_SLOW_H

#include <search.h>
#include <stdlib.h>
#include <time.h>

#include "../ticket/story.h"
#include "score/score.h"

enum { READER_PASSING_MAX = 4096 };

struct sum_row {
	char unit[UNIT_CODE_MAX], other[UNIT_CODE_MAX];
	char item[ITEM_CODE_MAX], month[16];
	uint64_t counts[SCORE_COUNT];
};

struct sums {
	void *tree; /* tsearch */
};

static inline int sum_row_order(const void *left, const void *right)
{
	const struct sum_row *a = left, *b = right;
	int order = strcmp(a->unit, b->unit);

	if (!order)
		order = strcmp(a->month, b->month);
	if (!order)
		order = strcmp(a->item, b->item);
	return order ? order : strcmp(a->other, b->other);
}

static inline void sum_copy(char *to, size_t room, const char *text)
{
	assert_true(strlen(text) < room);
	memcpy(to, text, strlen(text) + 1);
}

static inline struct sum_row *sums_row(
    struct sums *sums, const struct sum_row *like)
{
	struct sum_row *const *found = tfind(like, &sums->tree, sum_row_order);
	struct sum_row *made;

	if (found)
		return *found;
	made = malloc(sizeof(*made));
	assert_non_null(made);
	*made = *like;
	assert_non_null(tsearch(made, &sums->tree, sum_row_order));
	return made;
}

static inline uint64_t *sums_of(struct sums *sums, const char *unit,
    const char *other, const char *item, int64_t time_ms)
{
	struct sum_row like = { .unit = "" };
	time_t seconds = (time_t)(time_ms / 1000) + 8 * 3600;
	struct tm tm;

	sum_copy(like.unit, sizeof(like.unit), unit);
	sum_copy(like.other, sizeof(like.other), other);
	sum_copy(like.item, sizeof(like.item), item);
	assert_true(strftime(like.month, sizeof(like.month), "%Y-%m",
			gmtime_r(&seconds, &tm)) == 7);
	return sums_row(sums, &like)->counts;
}

static inline void sums_clear(struct sums *sums)
{
	tdestroy(sums->tree, free);
	sums->tree = NULL;
}

/* What a reader of the log keeps in mind. */
struct reader {
	struct sums *sums;
	const struct event *event; /* that is read now */
	char item[ITEM_CODE_MAX];
	/* what leaves if the ticket is excluded */
	struct {
		uint64_t *counts;
		enum score_count was, left;
	} passing[READER_PASSING_MAX];
	size_t passing_count;
	struct unit_code origin, holder, resolver;
	int64_t accept_by_ms, resolve_by_ms;
	bool has_answered;   /* accepted by this holder */
	bool accept_missed;  /* reported by the timer, for this holder */
	bool resolve_missed; /* reported by the timer, for this deadline */
	bool was_elsewhere, was_whistled, was_reopened;
	bool is_callout;
};

static uint64_t *of(struct reader *reader, const struct unit_code *unit,
    const struct unit_code *other, enum score_count count)
{
	uint64_t *counts = sums_of(reader->sums, unit->s, other ? other->s : "",
	    reader->item, reader->event->time_ms);

	counts[count]++;
	return counts;
}

static void one(
    struct reader *reader, const struct unit_code *unit, enum score_count count)
{
	of(reader, unit, NULL, count);
}

/* Counts until the ticket is excluded, and then as `left`. */
static void one_while_in(
    struct reader *reader, enum score_count count, enum score_count left)
{
	assert_true(reader->passing_count < READER_PASSING_MAX);
	reader->passing[reader->passing_count].counts =
	    of(reader, &reader->holder, NULL, count);
	reader->passing[reader->passing_count].was = count;
	reader->passing[reader->passing_count++].left = left;
}

static void accepted(struct reader *reader, bool is_late)
{
	if (is_late)
		one_while_in(
		    reader, SCORE_ACCEPTED_LATE, SCORE_LEFT_ACCEPTED_LATE);
	else
		one_while_in(reader, SCORE_ACCEPTED_IN_TIME,
		    SCORE_LEFT_ACCEPTED_IN_TIME);
}

static void resolved(struct reader *reader, bool is_late)
{
	if (is_late)
		one_while_in(
		    reader, SCORE_RESOLVED_LATE, SCORE_LEFT_RESOLVED_LATE);
	else
		one_while_in(reader, SCORE_RESOLVED_IN_TIME,
		    SCORE_LEFT_RESOLVED_IN_TIME);
}

static void read_exclusion(struct reader *reader)
{
	one(reader, &reader->holder, SCORE_EXCLUDED);
	for (size_t i = 0; i < reader->passing_count; i++) {
		reader->passing[i].counts[reader->passing[i].was]--;
		reader->passing[i].counts[reader->passing[i].left]++;
	}
}

static void read_answer(struct reader *reader, int64_t time_ms)
{
	if (!reader->has_answered && !reader->accept_missed &&
	    reader->accept_by_ms)
		accepted(reader, time_ms > reader->accept_by_ms);
	reader->has_answered = true;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0 &&
	       strlen(text) > strlen(start);
}

static void read_move(struct reader *reader, const struct event *event)
{
	const struct unit_code *to = &event->what.to;

	/* who decided it; who takes it for itself takes it from the holder */
	const struct unit_code *from =
	    strcmp(event->unit.s, to->s) == 0 ? &reader->holder : &event->unit;

	if (strcmp(reader->holder.s, to->s) != 0)
		of(reader, to, from, SCORE_RECEIVED);
	if (event->verb == VERB_FORWARD &&
	    starts_with(to->s, reader->holder.s)) {
		of(reader, to, from, SCORE_SENT_DOWN);
		if (strlen(event->what.basis) > 0)
			of(reader, to, from, SCORE_SENT_BY_PERMIT);
	}
	reader->was_elsewhere |= strcmp(to->s, reader->origin.s) != 0;
	reader->holder = *to;
	reader->has_answered = reader->accept_missed = false;
	reader->accept_by_ms = event->what.accept_by_ms;
	if (event->verb == VERB_REOPEN ||
	    (event->what.resolve_by_ms &&
		event->what.resolve_by_ms != reader->resolve_by_ms)) {
		reader->resolve_by_ms = event->what.resolve_by_ms;
		reader->resolve_missed = false;
	}
}

static void read_open(struct reader *reader, const struct event *event)
{
	reader->origin = reader->holder = event->unit;
	reader->accept_by_ms = event->what.accept_by_ms;
	reader->resolve_by_ms = event->what.resolve_by_ms;
	reader->is_callout = event->what.kind == KIND_CALLOUT;
	if (!reader->is_callout)
		one(reader, &event->unit, SCORE_OPENED);
	if (reader->is_callout) {
		reader->holder = event->what.to;
		of(reader, &event->what.to, &event->unit, SCORE_RECEIVED);
	}
}

static void read_resolve(struct reader *reader, const struct event *event)
{
	read_answer(reader, event->time_ms);
	if (reader->resolve_by_ms && !reader->resolve_missed)
		resolved(reader, event->time_ms > reader->resolve_by_ms);
	one(reader, &reader->holder,
	    event->what.outcome == OUTCOME_EXPLAINED ? SCORE_EXPLAINED
						     : SCORE_SOLVED);
	if (!reader->was_elsewhere && !reader->was_whistled &&
	    !reader->was_reopened && !reader->is_callout)
		one(reader, &reader->holder, SCORE_IMMEDIATE);
	reader->resolver = reader->holder;
	reader->holder = reader->origin;
}

static void read_supervision(struct reader *reader, const struct event *event)
{
	if (event->what.deadline == DEADLINE_RESOLVE) {
		if (!reader->resolve_missed)
			resolved(reader, true);
		reader->resolve_missed = true;
	} else if (event->what.deadline != DEADLINE_NONE) {
		if (!reader->accept_missed)
			accepted(reader, true);
		reader->accept_missed = true;
	}
}

static void read_rating(struct reader *reader, const struct event *event)
{
	const struct unit_code *resolver = &reader->resolver;

	of(reader, resolver, &event->unit, SCORE_RATED);
	if (event->what.responded)
		of(reader, resolver, &event->unit, SCORE_RATED_RESPONDED);
	if (event->what.resolved)
		of(reader, resolver, &event->unit, SCORE_RATED_RESOLVED);
	of(reader, resolver, &event->unit,
	    event->what.satisfaction == SATISFACTION_SATISFIED
		? SCORE_RATED_SATISFIED
	    : event->what.satisfaction == SATISFACTION_MOSTLY
		? SCORE_RATED_MOSTLY
	    : event->what.satisfaction == SATISFACTION_DISSATISFIED
		? SCORE_RATED_DISSATISFIED
		: SCORE_RATED_NONE);
}

static void read_whistle(struct reader *reader, const struct event *event)
{
	read_answer(reader, event->time_ms);
	reader->was_whistled = true;
	one(reader, &reader->holder, SCORE_WHISTLES);
	for (size_t i = 0; i < event->what.callout_count; i++)
		of(reader, &event->what.callouts[i].department, &reader->holder,
		    SCORE_CALLED);
}

static void read_event(struct reader *reader, const struct event *event)
{
	reader->event = event;
	if (strlen(event->what.item) > 0)
		sum_copy(reader->item, sizeof(reader->item), event->what.item);
	switch (event->verb) {
	case VERB_OPEN:
		read_open(reader, event);
		break;
	case VERB_ACCEPT:
	case VERB_CHECK_IN:
		read_answer(reader, event->time_ms);
		break;
	case VERB_RETURN:
		of(reader, &reader->holder, &event->what.to, SCORE_RETURNED);
		read_move(reader, event);
		break;
	case VERB_EXCLUDE:
		read_exclusion(reader);
		break;
	case VERB_EXTEND:
		reader->resolve_by_ms = event->what.resolve_by_ms;
		if (event->time_ms < event->what.resolve_by_ms)
			reader->resolve_missed = false;
		break;
	case VERB_RESUME:
		if (event->what.resolve_by_ms)
			reader->resolve_by_ms = event->what.resolve_by_ms;
		break;
	case VERB_RULE:
	case VERB_TAKE_OVER:
	case VERB_FORWARD:
		read_move(reader, event);
		break;
	case VERB_REOPEN:
		one(reader, &reader->resolver, SCORE_REOPENED);
		reader->was_reopened = true;
		read_move(reader, event);
		break;
	case VERB_WHISTLE:
		read_whistle(reader, event);
		break;
	case VERB_SUPERVISE:
		read_supervision(reader, event);
		break;
	case VERB_RESOLVE:
		read_resolve(reader, event);
		break;
	case VERB_RATE:
		read_rating(reader, event);
		break;
	default:
		break;
	}
}

#endif
