/*
 * Scores: how a ticket's next event changes the counts of the units that it
 * concerns. Pure: the deltas follow from the ticket before and after one
 * event and from the event, so that every node that knows the ticket counts
 * the same. The engine keeps the sums (store/counters.h); a scoreboard
 * divides them and never scans tickets.
 *
 * 响应度 (response): accepted or checked in before the deadline, of all that
 * were due. 办结度 (completion): rated as resolved, of all rated. 满意度
 * (satisfaction): satisfied or mostly satisfied, of all that gave a verdict.
 * Sources: FACTS; the official formulas are not published, so these are
 * ours.
 */
#ifndef WHISTLE_SCORE_SCORE_H
#define WHISTLE_SCORE_SCORE_H

#include "ticket/ticket.h"

/* Every count a unit has; the order is that of ScoreLine.counts on the wire
 * and of the store: only ever add at the end. */
#define SCORE_COUNTS(X)                                                        \
	X(OPENED, "opened")	/* appeals, as origin */                       \
	X(RECEIVED, "received") /* custody of what it did not open, or had     \
				   given away; not for verification */         \
	X(SENT_DOWN, "pushed")	/* got by dispatch from above */               \
	X(ACCEPTED_IN_TIME, "accepted_in_time")                                \
	X(ACCEPTED_LATE, "accepted_late") /* or found late by the timer */     \
	X(RESOLVED_IN_TIME, "resolved_in_time")                                \
	X(RESOLVED_LATE, "resolved_late") /* or found late by the timer */     \
	X(SOLVED, "solved")                                                    \
	X(EXPLAINED, "explained")                                              \
	X(IMMEDIATE, "immediate") /* resolved by its origin, unaided */        \
	X(RETURNED, "returned")	  /* gave back */                              \
	X(REOPENED, "reopened")	  /* its resolution was not accepted */        \
	X(WHISTLES, "whistles")	  /* blew for departments */                   \
	X(CALLED, "called")	  /* was called by a whistle */                \
	X(RATED, "rated")	  /* as resolver */                            \
	X(RATED_RESPONDED, "rated_responded")                                  \
	X(RATED_RESOLVED, "rated_resolved")                                    \
	X(RATED_SATISFIED, "rated_satisfied")                                  \
	X(RATED_MOSTLY, "rated_mostly_satisfied")                              \
	X(RATED_DISSATISFIED, "rated_dissatisfied")                            \
	X(RATED_NONE, "rated_without_verdict")                                 \
	X(EXCLUDED, "excluded") /* as holder; counts no further */

#define X(name, text) SCORE_##name,
enum score_count { SCORE_COUNTS(X) SCORE_COUNT };
#undef X
const char *score_count_name(enum score_count count);

struct score_delta {
	struct unit_code unit;
	enum score_count count;
	uint64_t by;
};

enum { SCORE_DELTAS_MAX = 8 + TICKET_CALLOUTS_MAX };

/* How many deltas it wrote, at most SCORE_DELTAS_MAX. `before` has seq 0 for
 * the first event. Item and period are after->item and the month of
 * event->time_ms (score_period). */
size_t score_deltas(struct score_delta deltas_out[SCORE_DELTAS_MAX],
    const struct ticket *before, const struct ticket *after,
    const struct event *event);

enum { SCORE_PERIOD_TEXT = 8 };
/* "2026-11", in UTC+8: China's civil time has no summer time. */
void score_period(char period_out[SCORE_PERIOD_TEXT], int64_t time_ms);

/* The three rates in per mille, -1 when the denominator is 0, each with its
 * numerator and denominator. */
struct score_rate {
	int permille;
	uint64_t of, in; /* `in` of `of` */
};
struct score_rates {
	struct score_rate response, completion, satisfaction;
};
struct score_rates score_rates(const uint64_t counts[SCORE_COUNT]);

#endif
