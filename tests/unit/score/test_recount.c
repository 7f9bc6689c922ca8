/*
 * Random histories, counted twice: event by event by score_deltas, and
 * afterwards by a plain reading of the whole log that knows nothing of
 * struct ticket, flags or deltas.
 */
#include "../ticket/wander.h"
#include "score/score.h"

enum { HISTORIES = 1500, LENGTH_MAX = 80, UNITS_MAX = 64 };

struct sums {
	struct unit_code units[UNITS_MAX];
	uint64_t counts[UNITS_MAX][SCORE_COUNT];
	size_t count;
};

static uint64_t *counts_of(struct sums *sums, const struct unit_code *unit)
{
	size_t i;

	for (i = 0; i < sums->count; i++)
		if (strcmp(sums->units[i].s, unit->s) == 0)
			return sums->counts[i];
	assert_true(i < UNITS_MAX);
	sums->units[i] = *unit;
	memset(sums->counts[i], 0, sizeof(sums->counts[i]));
	sums->count++;
	return sums->counts[i];
}

struct history {
	struct event events[LENGTH_MAX];
	struct callout callouts[LENGTH_MAX][3];
	size_t count;
};

static void live(struct history *history, struct sums *sums, uint64_t seed)
{
	struct story story = story_new();

	story.random = seed;
	history->count = 0;
	while (history->count < LENGTH_MAX) {
		struct event *event = &history->events[history->count];
		struct score_delta deltas[SCORE_DELTAS_MAX];
		struct ticket before = story.ticket;
		size_t count;

		if (!wander_next(event, &story))
			break;
		story_must(&story, event);
		count = score_deltas(deltas, &before, &story.ticket, event);
		assert_in_range(count, 0, SCORE_DELTAS_MAX);
		for (size_t i = 0; i < count; i++)
			counts_of(sums, &deltas[i].unit)[deltas[i].count] +=
			    deltas[i].by;
		/* The story's list is written over by its next whistle. */
		memcpy(history->callouts[history->count], story.callouts,
		    sizeof(history->callouts[0]));
		event->what.callouts = history->callouts[history->count];
		history->count++;
	}
}

/* What a reader of the log keeps in mind. */
struct reader {
	struct sums *sums;
	struct unit_code origin, holder, resolver;
	int64_t accept_by_ms, resolve_by_ms;
	bool has_answered;   /* accepted by this holder */
	bool accept_missed;  /* reported by the timer, for this holder */
	bool resolve_missed; /* reported by the timer, for this deadline */
	bool was_elsewhere, was_whistled, was_reopened;
	bool is_callout;
};

static void one(
    struct reader *reader, const struct unit_code *unit, enum score_count count)
{
	counts_of(reader->sums, unit)[count]++;
}

static void read_answer(struct reader *reader, int64_t time_ms)
{
	if (!reader->has_answered && !reader->accept_missed &&
	    reader->accept_by_ms)
		one(reader, &reader->holder,
		    time_ms > reader->accept_by_ms ? SCORE_ACCEPTED_LATE
						   : SCORE_ACCEPTED_IN_TIME);
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

	if (strcmp(reader->holder.s, to->s) != 0)
		one(reader, to, SCORE_RECEIVED);
	if (event->verb == VERB_FORWARD && starts_with(to->s, reader->holder.s))
		one(reader, to, SCORE_SENT_DOWN);
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
		one(reader, &event->what.to, SCORE_RECEIVED);
	}
}

static void read_resolve(struct reader *reader, const struct event *event)
{
	read_answer(reader, event->time_ms);
	if (reader->resolve_by_ms && !reader->resolve_missed)
		one(reader, &reader->holder,
		    event->time_ms > reader->resolve_by_ms
			? SCORE_RESOLVED_LATE
			: SCORE_RESOLVED_IN_TIME);
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
	bool *missed = event->what.deadline == DEADLINE_RESOLVE
			   ? &reader->resolve_missed
			   : &reader->accept_missed;

	if (!*missed)
		one(reader, &reader->holder,
		    event->what.deadline == DEADLINE_RESOLVE
			? SCORE_RESOLVED_LATE
			: SCORE_ACCEPTED_LATE);
	*missed = true;
}

static void read_rating(struct reader *reader, const struct event *event)
{
	const struct unit_code *resolver = &reader->resolver;

	one(reader, resolver, SCORE_RATED);
	if (event->what.responded)
		one(reader, resolver, SCORE_RATED_RESPONDED);
	if (event->what.resolved)
		one(reader, resolver, SCORE_RATED_RESOLVED);
	one(reader, resolver,
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
		one(reader, &event->what.callouts[i].department, SCORE_CALLED);
}

static void read_event(struct reader *reader, const struct event *event)
{
	switch (event->verb) {
	case VERB_OPEN:
		read_open(reader, event);
		break;
	case VERB_ACCEPT:
	case VERB_CHECK_IN:
		read_answer(reader, event->time_ms);
		break;
	case VERB_RETURN:
		one(reader, &reader->holder, SCORE_RETURNED);
		read_move(reader, event);
		break;
	case VERB_EXCLUDE:
		one(reader, &reader->holder, SCORE_EXCLUDED);
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

static void assert_same_sums(struct sums *a, struct sums *b)
{
	for (size_t i = 0; i < a->count; i++) {
		const uint64_t *other = counts_of(b, &a->units[i]);

		for (unsigned c = 0; c < SCORE_COUNT; c++)
			if (a->counts[i][c] != other[c])
				fail_msg("%s %s: %lu, not %lu", a->units[i].s,
				    score_count_name((enum score_count)c),
				    (unsigned long)a->counts[i][c],
				    (unsigned long)other[c]);
	}
}

static void counting_by_event_is_counting_the_whole_log(void **state)
{
	static struct history history;
	static struct sums by_event, by_log;
	uint64_t seen[SCORE_COUNT] = { 0 };

	(void)state;
	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct reader reader = { .sums = &by_log };

		by_event.count = by_log.count = 0;
		live(&history, &by_event, seed * 1103515245u);
		for (size_t i = 0; i < history.count; i++)
			read_event(&reader, &history.events[i]);
		assert_same_sums(&by_event, &by_log);
		assert_same_sums(&by_log, &by_event);
		for (size_t i = 0; i < by_log.count; i++)
			for (unsigned c = 0; c < SCORE_COUNT; c++)
				seen[c] += by_log.counts[i][c];
	}
	/* No count stayed untested. */
	for (unsigned c = 0; c < SCORE_COUNT; c++)
		assert_true(seen[c] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counting_by_event_is_counting_the_whole_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
