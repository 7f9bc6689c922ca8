/*
 * Scores as they change: summed per unit, item and month over a turn, so
 * that a busy unit's row is written once and not for every event.
 */
#include "engine/inside.h"

#include <string.h>

static struct tally_row *row_for(struct turn *turn,
    const struct unit_code *unit, const char *item, const char *period)
{
	uint32_t hash = 2166136261u;

	for (const char *c = unit->s; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	for (const char *c = item; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	for (unsigned i = 0; i < TALLY_ROWS; i++) {
		struct tally_row *row = &turn->tally[(hash + i) % TALLY_ROWS];
		if (!row->is_used) {
			memset(row, 0, sizeof(*row));
			row->unit = *unit;
			strcpy(row->item, item);
			strcpy(row->period, period);
			row->is_used = true;
			turn->tally_count++;
			return row;
		}
		if (code_equal(&row->unit, unit) && !strcmp(row->item, item) &&
		    !strcmp(row->period, period))
			return row;
	}
	return NULL;
}

int tally_flush(struct turn *turn)
{
	for (unsigned i = 0; turn->tally_count && i < TALLY_ROWS; i++) {
		struct tally_row *row = &turn->tally[i];
		if (!row->is_used)
			continue;
		int rc = counters_add(turn->txn, row->unit.s, row->item,
		    row->period, row->by, SCORE_COUNT);
		if (rc)
			return rc;
		row->is_used = false;
		turn->tally_count--;
	}
	return 0;
}

int tally_event(struct turn *turn, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	struct score_delta deltas[SCORE_DELTAS_MAX];
	char period[SCORE_PERIOD_TEXT];
	size_t count = score_deltas(deltas, before, after, event);

	if (turn->tally_count > TALLY_ROWS / 2) {
		int rc = tally_flush(turn);
		if (rc)
			return rc;
	}
	score_period(period, event->time_ms);
	for (size_t i = 0; i < count; i++) {
		struct tally_row *row =
		    row_for(turn, &deltas[i].unit, after->item, period);
		panic_if(!row);
		row->by[deltas[i].count] += deltas[i].by;
	}
	return 0;
}
