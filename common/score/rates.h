/*
 * What counts are divided by what, and how the rates become one score. Pure.
 *
 * 响应度 (response): accepted or checked in before the deadline, of all that
 * were due. 办结度 (completion): rated as resolved, of all rated. 满意度
 * (satisfaction): satisfied, of all that gave a verdict; what "mostly
 * satisfied" counts is the formula's. No official formula is published, so
 * these are ours, and the weights are each city's.
 */
#ifndef WHISTLE_SCORE_RATES_H
#define WHISTLE_SCORE_RATES_H

#include "score/score.h"

#define SCORE_RATE_LIST(X)                                                     \
	X(RESPONSE, "response")                                                \
	X(COMPLETION, "completion")                                            \
	X(SATISFACTION, "satisfaction")
#define X(name, text) RATE_##name,
enum score_rate_kind { SCORE_RATE_LIST(X) RATE_COUNT };
#undef X
const char *score_rate_name(enum score_rate_kind rate);

/* What "mostly satisfied" counts: in halves of one satisfied. */
enum score_mostly { MOSTLY_NONE, MOSTLY_HALF, MOSTLY_FULL };

enum { SCORE_RATERS_PART_LEAST = 30, SCORE_PART_WHOLE = 100 };

/*
 * The catalogue's. In a department's score, what units of one level (the
 * raters) said weighs `raters_part` per cent, whatever the others and the
 * clock say.
 */
struct score_formula {
	bool is_given; /* else there are rates, and no score */
	unsigned weights[RATE_COUNT];
	enum score_mostly mostly;
	unsigned raters_part;
	const char *raters; /* a level of the city's; "" when none */
};

/* What "mostly" counts where no formula is given. */
#define SCORE_MOSTLY_DEFAULT MOSTLY_FULL

/* In per mille, rounded down; -1 when the denominator is 0. */
struct score_rate {
	int permille;
	uint64_t of;
	uint64_t halves; /* the numerator, in halves */
};

struct score_rates {
	struct score_rate of[RATE_COUNT];
};

struct score_rates score_rates(
    const uint64_t counts[SCORE_COUNT], enum score_mostly mostly);

/* What else is told of a unit: always in whole numbers, and more than the
 * whole is possible where one ticket can count twice. */
#define SCORE_SHARE_LIST(X)                                                    \
	X(IN_TIME, "resolved_in_time") /* of all resolutions with a time */    \
	X(AT_ONCE, "immediate")	       /* of those that it opened */           \
	X(WHISTLES, "whistle")	       /* blown, of opened and received */     \
	X(RETURNS, "return")	       /* given back, of received */           \
	X(REOPENS, "reopen")	       /* of its resolutions */                \
	X(PUSHED, "pushed")	       /* by dispatch from above, of received */
#define X(name, text) SHARE_##name,
enum score_share_kind { SCORE_SHARE_LIST(X) SHARE_COUNT };
#undef X
const char *score_share_name(enum score_share_kind share);
struct score_rate score_share(
    const uint64_t counts[SCORE_COUNT], enum score_share_kind share);

/*
 * One number from the rates, in per mille, or why there is none. An area's
 * is the weighted mean of its three rates. A department's rates are each
 * mixed first: `raters_part` per cent of what the raters' ratings say
 * (responded, resolved, satisfied), the rest of what the clock (response)
 * and everybody else's ratings say; where there is none of the latter, the
 * raters' stand for the whole.
 */
#define SCORE_LACKS(X)                                                         \
	X(NOTHING, "none")                                                     \
	X(FORMULA, "no_formula")    /* the catalogue has none */               \
	X(COUNTS, "no_denominator") /* a rate that weighs has none */          \
	X(RATERS, "no_ratings_by_raters")
#define X(name, text) LACK_##name,
enum score_lack { SCORE_LACKS(X) LACK_COUNT };
#undef X
const char *score_lack_name(enum score_lack lack);

struct score_whole {
	enum score_lack lack;
	int permille; /* -1 when something lacks */
	struct score_part {
		struct score_rate raters; /* of -1: not a department's */
		struct score_rate rest;
		int mixed; /* per mille; -1: no denominator */
	} parts[RATE_COUNT];
};

/* `by_raters`: those of `counts` that the raters' ratings made (RATED to
 * RATED_NONE); NULL for an area. */
struct score_whole score_whole(const struct score_formula *formula,
    const uint64_t counts[SCORE_COUNT], const uint64_t by_raters[SCORE_COUNT]);

/* ---- which events are behind a number ---- */

#define SCORE_SIDES(X)                                                         \
	X(IN, "in")		/* the numerator */                            \
	X(MISSED, "missed")	/* of the denominator, not in the numerator */ \
	X(LEFT_OUT, "left-out") /* not even in the denominator */
#define X(name, text) SIDE_##name,
enum score_side { SCORE_SIDES(X) SIDE_COUNT };
#undef X
const char *score_side_name(enum score_side side);

/* Events that count as any of `any` and none of `none`. */
struct score_events {
	uint64_t any, none;
};
struct score_events score_events(
    enum score_rate_kind rate, enum score_side side, enum score_mostly mostly);

#endif
