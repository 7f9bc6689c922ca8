#include "story.h"

#include <errno.h>
#include <stdio.h>
#include "base/err.h"

enum { EVENTS_MOST = 20, CALLOUTS_MOST = 3 };

/* Late departments, a return, a reopening; but short enough to be read. */
static unsigned interest(const struct cases *cases, const struct demo_case *row)
{
	const struct ticket *ticket = &row->now;
	unsigned sum;

	if (!row->is_ours || ticket->kind != KIND_APPEAL ||
	    ticket->state != STATE_CLOSED || ticket->seq > EVENTS_MOST ||
	    ticket->callout_count > CALLOUTS_MOST)
		return 0;
	sum = ticket->stay_count + ticket->callout_count + 2u * row->notes +
	      2u * ticket->returns + 2u * (ticket->reopens == 1);
	for (unsigned i = 0; i < ticket->callout_count; i++) {
		const struct demo_case *callout =
		    cases_find(cases, &ticket->callouts[i].ticket);

		if (callout && callout->now.flags & TICKET_LATE_ACCEPT)
			sum += 4;
		if (callout && callout->now.returns > 0)
			sum += 2;
	}
	return sum;
}

static const struct demo_case *choose(const struct cases *cases)
{
	const struct demo_case *best = NULL;
	unsigned most = 0;

	for (size_t i = 0; i < cases->count; i++) {
		unsigned sum = interest(cases, &cases->rows[i]);

		if (sum > most) {
			most = sum;
			best = &cases->rows[i];
		}
	}
	return best;
}

static void write_best(FILE *file, const struct demo_case *best)
{
	char id[ID_TEXT];

	fprintf(file, "ticket %s\n", id_format(id, &best->now.id));
	for (unsigned i = 0; i < best->now.callout_count; i++)
		fprintf(file, "callout %s\n",
		    id_format(id, &best->now.callouts[i].ticket));
}

/* The first of each kind that somebody can go on with. */
static void write_left(
    FILE *file, const struct cases *cases, const struct staff *staff)
{
	const char *unfinished = NULL;
	bool has_unrated = false;
	char id[ID_TEXT];

	for (size_t i = 0; i < cases->count; i++) {
		const struct demo_case *row = &cases->rows[i];
		const struct ticket *ticket = &row->now;

		if (!row->is_left || ticket->kind != KIND_APPEAL)
			continue;
		id_format(id, &ticket->id);
		if (ticket->state == STATE_RESOLVED && !has_unrated) {
			has_unrated = true;
			fprintf(file, "unrated %s\n", id);
		}
		if (ticket->state != STATE_OPEN || unfinished)
			continue;
		unfinished = staff_login(staff, &ticket->holder);
		if (unfinished)
			fprintf(file, "unfinished %s %s\n", id, unfinished);
	}
}

int story_note(const struct home *home, const struct cases *cases,
    const struct staff *staff)
{
	const struct demo_case *best = choose(cases);
	char path[sizeof(home->path) + 16];

	snprintf(path, sizeof(path), "%s/demo.done", home->path);
	FILE *file = fopen(path, "w");
	if (!file)
		return err_of_errno(errno);
	if (best)
		write_best(file, best);
	write_left(file, cases, staff);
	return fclose(file) == 0 ? 0 : err_of_errno(errno);
}
