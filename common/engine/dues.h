/*
 * How many of the tickets that our units hold fall due soon, or are late:
 * counted as tickets change, so that whoever asks need not scan. Deadlines
 * are counted by quarters of an hour; lateness is what the log says.
 * Changes of a turn that does not happen are taken back. In memory only:
 * counted anew at each start. Internal to engine/.
 */
#ifndef WHISTLE_ENGINE_DUES_H
#define WHISTLE_ENGINE_DUES_H

#include "ticket/ticket.h"

enum due_kind { DUE_ACCEPT, DUE_RESOLVE, DUE_KINDS };

struct due_row {
	int64_t quarter; /* of an hour, since 1970 */
	int64_t count[DUE_KINDS];
};

struct due_change {
	int64_t quarter, step;
	enum due_kind kind;
	bool is_late;
};

struct dues {
	struct due_row *rows; /* by quarter */
	size_t count, cap;
	int64_t late[DUE_KINDS];
	struct due_change *changes; /* of this turn */
	size_t change_count, change_cap;
};

/* A live ticket of ours is added (`step` 1) or taken off (-1). ERR_NOMEM:
 * it is not. */
int dues_count(struct dues *dues, const struct ticket *ticket, int64_t step);
/* The turn is durable, or did not happen. */
void dues_settle(struct dues *dues);
void dues_take_back(struct dues *dues);

struct due_sums {
	uint64_t near[DUE_KINDS]; /* within a day, to a quarter of an hour */
	uint64_t late[DUE_KINDS];
};
struct due_sums dues_sum(const struct dues *dues, int64_t now_ms);
void dues_free(struct dues *dues);

#endif
