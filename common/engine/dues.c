#include "engine/dues.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum { QUARTER_MS = 15 * 60 * 1000, NEAR_MS = 24 * 3600 * 1000 };

/* Where the quarter is, or belongs. */
static size_t place_of(const struct dues *dues, int64_t quarter)
{
	size_t low = 0, high = dues->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (dues->rows[middle].quarter < quarter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_room(struct dues *dues)
{
	size_t cap = dues->cap ? 2 * dues->cap : 64;
	void *more;

	if (dues->count < dues->cap)
		return 0;
	more = realloc(dues->rows, cap * sizeof(*dues->rows));
	if (!more)
		return ERR_NOMEM;
	dues->rows = more;
	dues->cap = cap;
	return 0;
}

static int row_at(struct due_row **row_out, struct dues *dues, int64_t quarter)
{
	size_t at = place_of(dues, quarter);
	int rc = 0;

	if (at == dues->count || dues->rows[at].quarter != quarter) {
		rc = make_room(dues);
		if (rc)
			return rc;
		memmove(&dues->rows[at + 1], &dues->rows[at],
		    (dues->count - at) * sizeof(*dues->rows));
		dues->rows[at] = (struct due_row){ .quarter = quarter };
		dues->count++;
	}
	*row_out = &dues->rows[at];
	return 0;
}

static void drop_if_empty(struct dues *dues, struct due_row *row)
{
	size_t at = (size_t)(row - dues->rows);

	if (row->count[DUE_ACCEPT] != 0 || row->count[DUE_RESOLVE] != 0)
		return;
	dues->count--;
	memmove(row, row + 1, (dues->count - at) * sizeof(*row));
}

static int change(struct dues *dues, const struct due_change *by)
{
	struct due_row *row;
	int rc;

	if (by->is_late) {
		dues->late[by->kind] += by->step;
		return 0;
	}
	rc = row_at(&row, dues, by->quarter);
	if (rc)
		return rc;
	row->count[by->kind] += by->step;
	drop_if_empty(dues, row);
	return 0;
}

static int remember(struct dues *dues, const struct due_change *by)
{
	if (dues->change_count == dues->change_cap) {
		size_t cap = dues->change_cap ? 2 * dues->change_cap : 256;
		void *more =
		    realloc(dues->changes, cap * sizeof(*dues->changes));
		if (!more)
			return ERR_NOMEM;
		dues->changes = more;
		dues->change_cap = cap;
	}
	dues->changes[dues->change_count++] = *by;
	return 0;
}

static int note(struct dues *dues, enum due_kind kind, int64_t due_ms,
    bool is_late, int64_t step)
{
	struct due_change by = { .quarter = due_ms / QUARTER_MS,
		.kind = kind,
		.is_late = is_late,
		.step = step };
	int rc;

	if (due_ms == 0)
		return 0;
	rc = change(dues, &by);
	if (rc)
		return rc;
	rc = remember(dues, &by);
	if (!rc)
		return 0;
	by.step = -step;
	change(dues, &by);
	return rc;
}

/* A suspended ticket's clock stands, and a resolved one has none. */
int dues_count(struct dues *dues, const struct ticket *ticket, int64_t step)
{
	bool is_open = ticket->state == STATE_OPEN;
	int rc = 0;

	if (is_open)
		rc = note(dues, DUE_ACCEPT, ticket->accept_by_ms,
		    (ticket->flags & TICKET_LATE_ACCEPT) != 0, step);
	if (!rc && (is_open || ticket->state == STATE_ACCEPTED ||
		       ticket->state == STATE_WAITING))
		rc = note(dues, DUE_RESOLVE, ticket->resolve_by_ms,
		    (ticket->flags & TICKET_LATE_RESOLVE) != 0, step);
	return rc;
}

void dues_settle(struct dues *dues)
{
	dues->change_count = 0;
}

void dues_take_back(struct dues *dues)
{
	while (dues->change_count > 0) {
		struct due_change by = dues->changes[--dues->change_count];

		by.step = -by.step;
		/* the row is there, or was: there is room for it */
		change(dues, &by);
	}
}

/* What is past and not said to be late yet is late all the same. */
struct due_sums dues_sum(const struct dues *dues, int64_t now_ms)
{
	struct due_sums sums = { { 0 }, { 0 } };
	int64_t now = now_ms / QUARTER_MS,
		end = (now_ms + NEAR_MS) / QUARTER_MS;

	for (int kind = 0; kind < DUE_KINDS; kind++)
		sums.late[kind] = (uint64_t)dues->late[kind];
	for (size_t i = 0; i < dues->count; i++) {
		const struct due_row *row = &dues->rows[i];
		if (row->quarter > end)
			break;
		for (int kind = 0; kind < DUE_KINDS; kind++) {
			uint64_t *sum =
			    row->quarter < now ? sums.late : sums.near;
			sum[kind] += (uint64_t)row->count[kind];
		}
	}
	return sums;
}

void dues_free(struct dues *dues)
{
	free(dues->rows);
	free(dues->changes);
	memset(dues, 0, sizeof(*dues));
}
