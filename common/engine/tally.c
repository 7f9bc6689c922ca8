/*
 * Scores as they change: summed per unit, month, item and counterpart over a
 * turn, with the events behind the sums, so that a busy unit's row is
 * written once and not for every event.
 */
#include "engine/inside.h"

#include <string.h>

static struct counters_key key_of(const struct tally_row *row)
{
	return (struct counters_key){ row->unit.s, row->period, row->item,
		row->other.s };
}

static uint32_t hash_text(uint32_t hash, const char *text)
{
	for (const char *c = text; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	return hash;
}

static bool is_row(const struct tally_row *row, const struct score_delta *delta,
    const char *item, const char *period)
{
	return code_equal(&row->unit, &delta->unit) &&
	       code_equal(&row->other, &delta->other) &&
	       !strcmp(row->item, item) && !strcmp(row->period, period);
}

static struct tally_row *row_for(struct turn *turn,
    const struct score_delta *delta, const char *item, const char *period)
{
	uint32_t hash = hash_text(2166136261u, delta->unit.s);

	hash = hash_text(hash_text(hash, item), delta->other.s);
	for (unsigned i = 0; i < TALLY_ROWS; i++) {
		struct tally_row *row = &turn->tally[(hash + i) % TALLY_ROWS];

		if (row->is_used && !is_row(row, delta, item, period))
			continue;
		if (!row->is_used) {
			memset(row, 0, sizeof(*row));
			row->unit = delta->unit;
			row->other = delta->other;
			strcpy(row->item, item);
			strcpy(row->period, period);
			row->is_used = true;
			turn->tally_count++;
		}
		return row;
	}
	return NULL;
}

/* The row's events of this turn, a record's worth at a time. */
static int flush_counted(struct turn *turn, const struct tally_row *row)
{
	struct counters_key key = key_of(row);
	struct counted list[COUNTED_CHUNK];
	unsigned at = row->first;
	int rc = 0;

	while (!rc && at) {
		size_t count = 0;

		for (; at && count < COUNTED_CHUNK; at = turn->counted[at].next)
			list[count++] = turn->counted[at].counted;
		rc = counted_add(turn->txn, &key, list, count);
	}
	return rc;
}

int tally_flush(struct turn *turn)
{
	for (unsigned i = 0; turn->tally_count && i < TALLY_ROWS; i++) {
		struct tally_row *row = &turn->tally[i];
		struct counters_key key = key_of(row);

		if (!row->is_used)
			continue;
		int rc = counters_add(turn->txn, &key, row->by, SCORE_COUNT);
		if (!rc)
			rc = flush_counted(turn, row);
		if (rc)
			return rc;
		row->is_used = false;
		turn->tally_count--;
	}
	turn->counted_count = 0;
	return 0;
}

/* The row's list gets the event, or its last entry, which is the event's
 * already, one more bit. Numbers begin at 1: 0 is none. */
static void note_event(struct turn *turn, struct tally_row *row,
    const struct event *event, enum score_count count)
{
	uint64_t bit = UINT64_C(1) << count;
	struct tally_event *last = &turn->counted[row->last];

	if (row->last && last->counted.seq == event->seq &&
	    id_equal(&last->counted.ticket, &event->ticket) &&
	    !(last->counted.counts & bit)) {
		last->counted.counts |= bit;
		return;
	}
	unsigned number = ++turn->counted_count;

	turn->counted[number] = (struct tally_event){
		.counted = { event->ticket, event->seq, bit },
	};
	if (row->last)
		last->next = number;
	else
		row->first = number;
	row->last = number;
}

static int make_room(struct turn *turn)
{
	bool is_full = turn->tally_count > TALLY_ROWS / 2 ||
		       turn->counted_count + SCORE_DELTAS_MAX >= TALLY_EVENTS;

	return is_full ? tally_flush(turn) : 0;
}

static int add_event(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	char period[SCORE_PERIOD_TEXT];
	size_t count = score_deltas(deltas, before, after, event);
	int rc = make_room(turn);

	if (rc)
		return rc;
	score_period(period, event->time_ms);
	for (size_t i = 0; i < count; i++) {
		struct tally_row *row =
		    row_for(turn, &deltas[i], after->item, period);

		panic_if(!row);
		row->by[deltas[i].count] += (int64_t)deltas[i].by;
		note_event(turn, row, event, deltas[i].count);
	}
	return 0;
}

/* ---- what is counted otherwise from now on, or not at all ---- */

/*
 * One delta of an event, counted as `from`, becomes `to` (SCORE_COUNT:
 * nothing). What this turn has counted is in the store already.
 * ERR_NOT_FOUND: it is not counted as `from`.
 */
static int recount(struct turn *turn, const struct score_delta *delta,
    const char *item, const struct event *event, enum score_count from,
    enum score_count to)
{
	char period[SCORE_PERIOD_TEXT];
	struct counters_key key = { delta->unit.s, period, item,
		delta->other.s };
	struct counted counted = { .ticket = event->ticket, .seq = event->seq };
	int64_t by[SCORE_COUNT] = { 0 };

	score_period(period, event->time_ms);
	int rc = counted_change(turn->txn, &key, &counted, UINT64_C(1) << from,
	    to < SCORE_COUNT ? UINT64_C(1) << to : 0);
	if (rc)
		return rc;
	by[from] -= (int64_t)delta->by;
	if (to < SCORE_COUNT)
		by[to] += (int64_t)delta->by;
	return counters_add(turn->txn, &key, by, SCORE_COUNT);
}

/* One earlier event of a ticket that is excluded, or is not any more. */
static int leave_event(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event, bool is_back)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	size_t count = score_deltas(deltas, before, after, event);
	int rc = 0;

	for (size_t i = 0; !rc && i < count; i++) {
		enum score_count was = deltas[i].count;
		enum score_count left = score_if_excluded(was);

		if (left != was)
			rc = recount(turn, &deltas[i], after->item, event,
			    is_back ? left : was, is_back ? was : left);
	}
	return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
}

/* ERR_NOT_FOUND: there is no next event. */
static int fold_next(struct ticket *ticket, struct event *event_out,
    struct turn *turn, struct arena *arena)
{
	struct bytes bytes;
	struct hash hash;
	int rc = events_get(&bytes, turn->txn, &ticket->id, ticket->seq + 1);

	if (!rc)
		rc = wire_event_unpack(event_out, NULL, arena, bytes);
	if (rc)
		return rc == ERR_INVALID ? ERR_CORRUPT : rc;
	hash_of(&hash, bytes);
	return ticket_fold(ticket, event_out, &hash) ? ERR_CORRUPT : 0;
}

/*
 * An excluded ticket leaves the scores. It is rare, and the log is there:
 * its first `count` events are read once more, or as many as have not been
 * taken back already.
 */
static int leave(
    struct turn *turn, const struct id *id, uint32_t count, bool is_back)
{
	struct ticket now = { .id = *id }, before;
	struct arena *arena = NULL;
	struct event event;
	int rc = tally_flush(turn);

	if (!rc)
		rc = arena_open(&arena, DECODE_MAX_BYTES);
	while (!rc && now.seq < count) {
		before = now;
		arena_reset(arena);
		rc = fold_next(&now, &event, turn, arena);
		if (!rc)
			rc = leave_event(turn, &before, &now, &event, is_back);
	}
	arena_close(&arena);
	if (rc == ERR_NOT_FOUND)
		rc = is_back ? 0 : ERR_CORRUPT;
	return rc;
}

int tally_event(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	int rc = add_event(turn, before, after, event);

	if (!rc && event->verb == VERB_EXCLUDE)
		rc = leave(turn, &after->id, before->seq, false);
	return rc;
}

int tally_undo(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	size_t count = score_deltas(deltas, before, after, event);
	int rc = tally_flush(turn);

	if (!rc && event->verb == VERB_EXCLUDE)
		rc = leave(turn, &after->id, before->seq, true);
	for (size_t i = 0; !rc && i < count; i++) {
		enum score_count was = deltas[i].count;

		rc = recount(
		    turn, &deltas[i], after->item, event, was, SCORE_COUNT);
		/* an exclusion after it has not been taken back yet */
		if (rc == ERR_NOT_FOUND)
			rc = recount(turn, &deltas[i], after->item, event,
			    score_if_excluded(was), SCORE_COUNT);
	}
	return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
}
