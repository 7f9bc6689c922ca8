/*
 * How the demonstration goes, for whoever watches: a line that changes on a
 * terminal, a line now and then elsewhere, and the sum at the end.
 */
#ifndef WHISTLE_DEMO_BOARD_H
#define WHISTLE_DEMO_BOARD_H

#include "cases.h"

struct board_counts {
	size_t appeals, callouts;
	size_t by_state[STATE_COUNT]; /* of appeals */
	size_t checked_in, late, returned, reopened, rated;
	size_t left_open, left_accepted, left_resolved;
};

void board_count(struct board_counts *counts_out, const struct cases *cases);
/* Shows them if it is time; `is_last` always, and ends the line. */
void board_show(const struct board_counts *counts, int64_t started_ms,
    int64_t now_ms, bool is_last);
void board_sum(const struct board_counts *counts, size_t people);

#endif
