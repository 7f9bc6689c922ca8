#include "score/rates.h"

#include <string.h>

#include "base/err.h"

#define X(name, text) text,
static const char *const rate_names[] = { SCORE_RATE_LIST(X) };
static const char *const share_names[] = { SCORE_SHARE_LIST(X) };
static const char *const lack_names[] = { SCORE_LACKS(X) };
static const char *const side_names[] = { SCORE_SIDES(X) };
#undef X

const char *score_rate_name(enum score_rate_kind rate)
{
	return (unsigned)rate < RATE_COUNT ? rate_names[rate] : "?";
}

const char *score_share_name(enum score_share_kind share)
{
	return (unsigned)share < SHARE_COUNT ? share_names[share] : "?";
}

const char *score_lack_name(enum score_lack lack)
{
	return (unsigned)lack < LACK_COUNT ? lack_names[lack] : "?";
}

const char *score_side_name(enum score_side side)
{
	return (unsigned)side < SIDE_COUNT ? side_names[side] : "?";
}

/* Whatever the counts are, no product wraps and no rate is more than an int
 * holds. */
static struct score_rate rate_of_halves(uint64_t halves, uint64_t of)
{
	struct score_rate rate = { .permille = -1, .of = of, .halves = halves };

	if (of == 0)
		return rate;
	while (halves > UINT64_MAX / 500 || of > UINT64_MAX / 500) {
		halves >>= 1;
		of >>= 1;
	}
	halves = halves * 500 / of;
	rate.permille = halves < 1000000 ? (int)halves : 1000000;
	return rate;
}

/* Of a whole: at most all of it. */
static struct score_rate part_of_halves(uint64_t halves, uint64_t of)
{
	return rate_of_halves(halves / 2 > of ? 2 * of : halves, of);
}

/* Sums of a few, and twice as much, still do not wrap. */
static uint64_t n(const uint64_t counts[SCORE_COUNT], enum score_count count)
{
	return counts[count] < UINT64_MAX / 8 ? counts[count] : UINT64_MAX / 8;
}

static uint64_t satisfied_halves(
    const uint64_t counts[SCORE_COUNT], enum score_mostly mostly)
{
	return 2 * n(counts, SCORE_RATED_SATISFIED) +
	       (uint64_t)mostly * n(counts, SCORE_RATED_MOSTLY);
}

static uint64_t verdicts(const uint64_t counts[SCORE_COUNT])
{
	return n(counts, SCORE_RATED_SATISFIED) +
	       n(counts, SCORE_RATED_MOSTLY) +
	       n(counts, SCORE_RATED_DISSATISFIED);
}

struct score_rates score_rates(
    const uint64_t counts[SCORE_COUNT], enum score_mostly mostly)
{
	return (
	    struct score_rates){ .of = {
				     [RATE_RESPONSE] = part_of_halves(
					 2 * n(counts, SCORE_ACCEPTED_IN_TIME),
					 n(counts, SCORE_ACCEPTED_IN_TIME) +
					     n(counts, SCORE_ACCEPTED_LATE)),
				     [RATE_COMPLETION] = part_of_halves(
					 2 * n(counts, SCORE_RATED_RESOLVED),
					 n(counts, SCORE_RATED)),
				     [RATE_SATISFACTION] = part_of_halves(
					 satisfied_halves(counts, mostly),
					 verdicts(counts)),
				 } };
}

struct score_rate score_share(
    const uint64_t counts[SCORE_COUNT], enum score_share_kind share)
{
	switch (share) {
	case SHARE_IN_TIME:
		return rate_of_halves(2 * n(counts, SCORE_RESOLVED_IN_TIME),
		    n(counts, SCORE_RESOLVED_IN_TIME) +
			n(counts, SCORE_RESOLVED_LATE));
	case SHARE_AT_ONCE:
		return rate_of_halves(
		    2 * n(counts, SCORE_IMMEDIATE), n(counts, SCORE_OPENED));
	case SHARE_WHISTLES:
		return rate_of_halves(2 * n(counts, SCORE_WHISTLES),
		    n(counts, SCORE_OPENED) + n(counts, SCORE_RECEIVED));
	case SHARE_RETURNS:
		return rate_of_halves(
		    2 * n(counts, SCORE_RETURNED), n(counts, SCORE_RECEIVED));
	case SHARE_REOPENS:
		return rate_of_halves(2 * n(counts, SCORE_REOPENED),
		    n(counts, SCORE_SOLVED) + n(counts, SCORE_EXPLAINED));
	case SHARE_PUSHED:
		return rate_of_halves(
		    2 * n(counts, SCORE_SENT_DOWN), n(counts, SCORE_RECEIVED));
	default:
		return rate_of_halves(0, 0);
	}
}

/* ---- one number ---- */

/* The raters' own three: what they said of how it responded is theirs. */
static struct score_rates rates_of_raters(
    const uint64_t by_raters[SCORE_COUNT], enum score_mostly mostly)
{
	struct score_rates rates = score_rates(by_raters, mostly);

	rates.of[RATE_RESPONSE] = part_of_halves(
	    2 * n(by_raters, SCORE_RATED_RESPONDED), n(by_raters, SCORE_RATED));
	return rates;
}

static struct score_rates rates_of_rest(const uint64_t counts[SCORE_COUNT],
    const uint64_t by_raters[SCORE_COUNT], enum score_mostly mostly)
{
	uint64_t rest[SCORE_COUNT];

	memcpy(rest, counts, sizeof(rest));
	for (unsigned i = SCORE_RATED; by_raters && i <= SCORE_RATED_NONE; i++)
		rest[i] -= by_raters[i] < rest[i] ? by_raters[i] : rest[i];
	return score_rates(rest, mostly);
}

/* Who has said nothing leaves it to the other; but nobody speaks for the
 * raters. */
static int mix(const struct score_part *part, unsigned raters_part)
{
	int raters = part->raters.permille, rest = part->rest.permille;

	if (raters < 0 || rest < 0)
		return raters;
	return (raters * (int)raters_part +
		   rest * (int)(SCORE_PART_WHOLE - raters_part)) /
	       SCORE_PART_WHOLE;
}

static enum score_lack weigh(
    struct score_whole *whole, const struct score_formula *formula, bool mixes)
{
	uint64_t sum = 0, weights = 0;

	for (unsigned i = 0; i < RATE_COUNT; i++) {
		if (!formula->weights[i])
			continue;
		if (whole->parts[i].mixed < 0)
			return mixes ? LACK_RATERS : LACK_COUNTS;
		weights += formula->weights[i];
		sum += (uint64_t)formula->weights[i] *
		       (uint64_t)whole->parts[i].mixed;
	}
	if (!weights)
		return LACK_FORMULA;
	whole->permille = (int)(sum / weights);
	return LACK_NOTHING;
}

struct score_whole score_whole(const struct score_formula *formula,
    const uint64_t counts[SCORE_COUNT], const uint64_t by_raters[SCORE_COUNT])
{
	static const uint64_t nothing[SCORE_COUNT];
	struct score_rates rest =
	    rates_of_rest(counts, by_raters, formula->mostly);
	struct score_rates raters =
	    rates_of_raters(by_raters ? by_raters : nothing, formula->mostly);
	struct score_whole whole = { .permille = -1 };

	for (unsigned i = 0; i < RATE_COUNT; i++) {
		struct score_part *part = &whole.parts[i];

		part->raters = raters.of[i];
		part->rest = rest.of[i];
		part->mixed = by_raters ? mix(part, formula->raters_part)
					: part->rest.permille;
	}
	whole.lack = formula->is_given
			 ? weigh(&whole, formula, by_raters != NULL)
			 : LACK_FORMULA;
	return whole;
}

/* ---- which events ---- */

static struct score_events satisfaction_events(
    enum score_side side, enum score_mostly mostly)
{
	uint64_t in = SCORE_BIT(RATED_SATISFIED);
	uint64_t missed = SCORE_BIT(RATED_DISSATISFIED);

	/* a half is in the numerator, too */
	*(mostly == MOSTLY_NONE ? &missed : &in) |= SCORE_BIT(RATED_MOSTLY);
	switch (side) {
	case SIDE_IN:
		return (struct score_events){ in, 0 };
	case SIDE_MISSED:
		return (struct score_events){ missed, 0 };
	default:
		return (struct score_events){ SCORE_BIT(RATED_NONE), 0 };
	}
}

struct score_events score_events(
    enum score_rate_kind rate, enum score_side side, enum score_mostly mostly)
{
	static const struct score_events table[RATE_COUNT][SIDE_COUNT] = {
		[RATE_RESPONSE] = {
			[SIDE_IN] = { SCORE_BIT(ACCEPTED_IN_TIME), 0 },
			[SIDE_MISSED] = { SCORE_BIT(ACCEPTED_LATE), 0 },
			[SIDE_LEFT_OUT] = { SCORE_BIT(LEFT_ACCEPTED_IN_TIME) |
						SCORE_BIT(LEFT_ACCEPTED_LATE),
			    0 },
		},
		[RATE_COMPLETION] = {
			[SIDE_IN] = { SCORE_BIT(RATED_RESOLVED), 0 },
			[SIDE_MISSED] = { SCORE_BIT(RATED),
			    SCORE_BIT(RATED_RESOLVED) },
			[SIDE_LEFT_OUT] = { SCORE_BIT(EXCLUDED), 0 },
		},
	};

	panic_if((unsigned)rate >= RATE_COUNT || (unsigned)side >= SIDE_COUNT);
	if (rate == RATE_SATISFACTION)
		return satisfaction_events(side, mostly);
	return table[rate][side];
}
