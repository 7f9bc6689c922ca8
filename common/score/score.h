/*
 * Scores: how a ticket's next event changes the counts of the units that it
 * concerns. Pure: the deltas follow from the ticket before and after one
 * event and from the event, so that every node that knows the ticket counts
 * the same, and what was counted can be taken back. The engine keeps the
 * sums (store/counters.h); a scoreboard divides them and never scans
 * tickets. What is divided by what is in score/rates.h.
 */
#ifndef WHISTLE_SCORE_SCORE_H
#define WHISTLE_SCORE_SCORE_H

#include "ticket/ticket.h"

/* Every count a unit has; the order is that of ScoreLine.counts on the wire
 * and of the store: only ever add at the end. The second line of each says
 * who the other one is that it is counted by; "" for most. */
#define SCORE_COUNTS(X)                                                         \
	X(OPENED, "opened")	/* appeals, as origin */                        \
	X(RECEIVED, "received") /* custody of what it did not open, or had      \
				   given away; not for verification.            \
				   Other: from whom */                          \
	X(SENT_DOWN, "pushed")	/* got by dispatch from above.                  \
				   Other: from whom */                          \
	X(ACCEPTED_IN_TIME, "accepted_in_time")                                 \
	X(ACCEPTED_LATE, "accepted_late") /* or found late by the timer */      \
	X(RESOLVED_IN_TIME, "resolved_in_time")                                 \
	X(RESOLVED_LATE, "resolved_late") /* or found late by the timer */      \
	X(SOLVED, "solved")                                                     \
	X(EXPLAINED, "explained")                                               \
	X(IMMEDIATE, "immediate") /* resolved by its origin, unaided */         \
	X(RETURNED, "returned")	  /* gave back. Other: to whom */               \
	X(REOPENED, "reopened")	  /* its resolution was not accepted */         \
	X(WHISTLES, "whistles")	  /* blew for departments */                    \
	X(CALLED, "called")	  /* was called by a whistle. Other: by whom    \
				   */                                           \
	X(RATED, "rated")	  /* as resolver. Other: by whom; so below */   \
	X(RATED_RESPONDED, "rated_responded")                                   \
	X(RATED_RESOLVED, "rated_resolved")                                     \
	X(RATED_SATISFIED, "rated_satisfied")                                   \
	X(RATED_MOSTLY, "rated_mostly_satisfied")                               \
	X(RATED_DISSATISFIED, "rated_dissatisfied")                             \
	X(RATED_NONE, "rated_without_verdict")                                  \
	X(EXCLUDED, "excluded")		      /* as holder */                   \
	X(SENT_BY_PERMIT, "pushed_by_permit") /* … though not on its list, by \
						 a permit. Other: from whom */  \
	/* What an excluded ticket had counted until then, and does not any     \
	 * more: taken from the four above, in their month. */                  \
	X(LEFT_ACCEPTED_IN_TIME, "excluded_accepted_in_time")                   \
	X(LEFT_ACCEPTED_LATE, "excluded_accepted_late")                         \
	X(LEFT_RESOLVED_IN_TIME, "excluded_resolved_in_time")                   \
	X(LEFT_RESOLVED_LATE, "excluded_resolved_late")

#define X(name, text) SCORE_##name,
enum score_count { SCORE_COUNTS(X) SCORE_COUNT };
#undef X
const char *score_count_name(enum score_count count);
/* SCORE_COUNT when there is none of that name. */
enum score_count score_count_of(const char *name);
#define SCORE_BIT(count) (UINT64_C(1) << (SCORE_##count))

struct score_delta {
	struct unit_code unit;
	struct unit_code other; /* empty: nobody in particular */
	enum score_count count;
	uint64_t by; /* 1 */
};

enum { SCORE_DELTAS_MAX = 8 + TICKET_CALLOUTS_MAX };

/* How many deltas it wrote, at most SCORE_DELTAS_MAX. `before` has seq 0 for
 * the first event. Item and period are after->item and the month of
 * event->time_ms (score_period). */
size_t score_deltas(struct score_delta deltas_out[SCORE_DELTAS_MAX],
    const struct ticket *before, const struct ticket *after,
    const struct event *event);

/*
 * An excluded ticket leaves the scores (剔除): what an earlier event of it
 * was counted as, it is counted as this from then on, in the same row. The
 * same count again for what an exclusion does not change: that the ticket
 * came, went, whistled, was given back or reopened.
 */
enum score_count score_if_excluded(enum score_count count);

enum { SCORE_PERIOD_TEXT = 8 };
/* "2026-11", in UTC+8: China's civil time has no summer time. */
void score_period(char period_out[SCORE_PERIOD_TEXT], int64_t time_ms);
/* Is it such a month? */
bool score_is_period(const char *text);

#endif
