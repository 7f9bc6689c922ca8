/*
 * Random histories, counted twice: event by event by score_deltas, and
 * afterwards by the slow count.
 */
#include "../ticket/wander.h"
#include "slow.h"

enum { HISTORIES = 1500, LENGTH_MAX = 80, MOVES_MAX = 1024 };

struct history {
	struct event events[LENGTH_MAX];
	struct callout callouts[LENGTH_MAX][3];
	size_t count;
};

/* What was counted of one ticket, in case it is excluded. */
struct moves {
	struct {
		uint64_t *counts;
		enum score_count count;
	} list[MOVES_MAX];
	size_t count;
};

static void count_all(struct moves *moves, struct sums *sums,
    const struct ticket *before, const struct ticket *after,
    const struct event *event)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	size_t count = score_deltas(deltas, before, after, event);

	assert_in_range(count, 0, SCORE_DELTAS_MAX);
	for (size_t i = 0; i < moves->count; i++) {
		enum score_count was = moves->list[i].count;

		if (event->verb != VERB_EXCLUDE)
			break;
		moves->list[i].counts[was]--;
		moves->list[i].counts[score_if_excluded(was)]++;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t *counts = sums_of(sums, deltas[i].unit.s,
		    deltas[i].other.s, after->item, event->time_ms);

		assert_int_equal(deltas[i].by, 1);
		counts[deltas[i].count]++;
		assert_true(moves->count < MOVES_MAX);
		moves->list[moves->count].counts = counts;
		moves->list[moves->count++].count = deltas[i].count;
	}
}

static void live(struct history *history, struct sums *sums, uint64_t seed)
{
	static struct moves moves;
	struct story story = story_new();

	story.random = seed;
	history->count = moves.count = 0;
	while (history->count < LENGTH_MAX) {
		struct event *event = &history->events[history->count];
		struct ticket before = story.ticket;

		if (!wander_next(event, &story))
			break;
		story_must(&story, event);
		count_all(&moves, sums, &before, &story.ticket, event);
		/* The story's list is written over by its next whistle. */
		memcpy(history->callouts[history->count], story.callouts,
		    sizeof(history->callouts[0]));
		event->what.callouts = history->callouts[history->count];
		history->count++;
	}
}

static struct sums by_event, by_log;
static struct sums *compared_with;
static uint64_t seen[SCORE_COUNT];

static void compare_row(const void *node, VISIT visit, int depth)
{
	const struct sum_row *row = *(struct sum_row *const *)node;

	(void)depth;
	if (visit != postorder && visit != leaf)
		return;
	const struct sum_row like = *row;
	const uint64_t *other = sums_row(compared_with, &like)->counts;

	for (unsigned c = 0; c < SCORE_COUNT; c++) {
		seen[c] += row->counts[c];
		if (row->counts[c] != other[c])
			fail_msg("%s %s %s %s %s: %lu, not %lu", row->unit,
			    row->month, row->item, row->other,
			    score_count_name((enum score_count)c),
			    (unsigned long)row->counts[c],
			    (unsigned long)other[c]);
	}
}

static void counting_by_event_is_counting_the_whole_log(void **state)
{
	static struct history history;

	(void)state;
	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct reader reader = { .sums = &by_log };

		live(&history, &by_event, seed * 1103515245u);
		for (size_t i = 0; i < history.count; i++)
			read_event(&reader, &history.events[i]);
		compared_with = &by_log;
		twalk(by_event.tree, compare_row);
		compared_with = &by_event;
		twalk(by_log.tree, compare_row);
		sums_clear(&by_event);
		sums_clear(&by_log);
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
