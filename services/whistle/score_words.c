/* What each count and rate is, in a sentence. */
#include "lang.h"
#include "score_lines.h"

static const char *const counts[SCORE_COUNT] = {
	[SCORE_OPENED] = N_("appeals that it took in"),
	[SCORE_RECEIVED] = N_("times that it got a ticket: one that it had "
			      "not opened, or had given away; not to verify"),
	[SCORE_SENT_DOWN] = N_("of those, by dispatch from above"),
	[SCORE_ACCEPTED_IN_TIME] =
	    N_("accepted or checked in before the deadline"),
	[SCORE_ACCEPTED_LATE] =
	    N_("accepted after the deadline, or not when it passed"),
	[SCORE_RESOLVED_IN_TIME] = N_("resolved before the deadline"),
	[SCORE_RESOLVED_LATE] =
	    N_("resolved after the deadline, or not when it passed"),
	[SCORE_SOLVED] = N_("resolved as solved"),
	[SCORE_EXPLAINED] = N_("resolved as explained"),
	[SCORE_IMMEDIATE] = N_("resolved by the unit that took it in, unaided"),
	[SCORE_RETURNED] = N_("times that it gave a ticket back"),
	[SCORE_REOPENED] = N_("times that its resolution was not accepted"),
	[SCORE_WHISTLES] = N_("times that it blew the whistle"),
	[SCORE_CALLED] = N_("times that a whistle called it"),
	[SCORE_RATED] = N_("ratings of what it resolved"),
	[SCORE_RATED_RESPONDED] = N_("of those: it responded"),
	[SCORE_RATED_RESOLVED] = N_("of those: it is resolved"),
	[SCORE_RATED_SATISFIED] = N_("of those: satisfied"),
	[SCORE_RATED_MOSTLY] = N_("of those: mostly satisfied"),
	[SCORE_RATED_DISSATISFIED] = N_("of those: dissatisfied"),
	[SCORE_RATED_NONE] = N_("of those: without a verdict"),
	[SCORE_EXCLUDED] = N_("tickets excluded while it held them"),
	[SCORE_SENT_BY_PERMIT] =
	    N_("dispatched to it though not on its list, by a permit"),
	[SCORE_LEFT_ACCEPTED_IN_TIME] =
	    N_("was accepted in time; left out since its ticket was excluded"),
	[SCORE_LEFT_ACCEPTED_LATE] =
	    N_("was accepted late; left out since its ticket was excluded"),
	[SCORE_LEFT_RESOLVED_IN_TIME] =
	    N_("was resolved in time; left out since its ticket was excluded"),
	[SCORE_LEFT_RESOLVED_LATE] =
	    N_("was overdue; left out since its ticket was excluded"),
};

const char *score_count_meaning(enum score_count count)
{
	return _(counts[count]);
}

static const struct {
	const char *title, *meaning;
} rates[RATE_COUNT] = {
	[RATE_RESPONSE] = { N_("Response"),
	    N_("accepted or checked in before the deadline, of all that were "
	       "due") },
	[RATE_COMPLETION] = { N_("Completion"),
	    N_("rated as resolved, of all rated") },
	[RATE_SATISFACTION] = { N_("Satisfaction"),
	    N_("satisfied, of all that gave a verdict") },
}, shares[SHARE_COUNT] = {
	[SHARE_IN_TIME] = { N_("Resolved in time"),
	    N_("resolved before the deadline, of all with one") },
	[SHARE_AT_ONCE] = { N_("Settled at once"),
	    N_("resolved by itself unaided, of all that it took in") },
	[SHARE_WHISTLES] = { N_("Whistles"),
	    N_("whistles blown, of all that it took in or got") },
	[SHARE_RETURNS] = { N_("Returns"), N_("given back, of all it got") },
	[SHARE_REOPENS] = { N_("Reopened"),
	    N_("not accepted, of all its resolutions") },
	[SHARE_PUSHED] = { N_("Sent down"),
	    N_("dispatched from above, of all it got") },
};

const char *score_rate_title(enum score_rate_kind rate)
{
	return _(rates[rate].title);
}

const char *score_rate_meaning(enum score_rate_kind rate)
{
	return _(rates[rate].meaning);
}

const char *score_share_title(enum score_share_kind share)
{
	return _(shares[share].title);
}

const char *score_share_meaning(enum score_share_kind share)
{
	return _(shares[share].meaning);
}
