#include "plan.h"

#include <stdio.h>
#include "chance.h"

enum { LATE_WITHIN_MS = 30 * 1000 };

/* Of a hundred, how many … */
enum {
	LEFT_OPEN = 3,
	LEFT_ACCEPTED = 3,
	LEFT_RESOLVED = 3,
	LEFT_CALLED = 1,
	SENT_UP = 12,
	RETURNED = 7,
	CALLOUTS_RETURNED = 6,
	CHECKED_IN_LATE = 14,
	NOTED = 45,
	EXPLAINED = 10,
	REOPENED = 6,
	CALLOUTS_REOPENED = 3,
};

struct planning {
	const struct demo_case *row;
	const struct ticket *ticket;
	const struct unit *holder;
	int64_t seed;
	char what[64]; /* the question of luck, said anew at every step */
};

static bool is(struct planning *planning, const char *what, unsigned percent)
{
	snprintf(planning->what, sizeof(planning->what), "%s %s %u", what,
	    planning->ticket->holder.s, (unsigned)planning->ticket->reopens);
	return chance_is(
	    planning->seed, planning->row->key, planning->what, percent);
}

static bool is_first_round(const struct planning *planning)
{
	return planning->ticket->reopens == 0 && planning->ticket->returns == 0;
}

static enum intent open_callout(struct planning *planning)
{
	const struct ticket *ticket = planning->ticket;

	if (code_equal(&ticket->holder, &ticket->origin))
		return INTENT_ELSEWHERE;
	if (is_first_round(planning) && is(planning, "left", LEFT_CALLED))
		return INTENT_LEAVE;
	if (is_first_round(planning) &&
	    is(planning, "return", CALLOUTS_RETURNED))
		return INTENT_RETURN;
	return is_first_round(planning) && is(planning, "late", CHECKED_IN_LATE)
		   ? INTENT_CHECK_IN_LATE
		   : INTENT_CHECK_IN;
}

static enum intent open_appeal(struct planning *planning)
{
	const struct ticket *ticket = planning->ticket;
	const struct unit *holder = planning->holder;

	if (ticket->flags & TICKET_WAS_RETURNED &&
	    holder->kind != UNIT_DEPARTMENT)
		return INTENT_ELSEWHERE;
	if (!is_first_round(planning))
		return INTENT_ACCEPT;
	if (is(planning, "left", LEFT_OPEN))
		return INTENT_LEAVE;
	if (holder->kind == UNIT_DEPARTMENT)
		return is(planning, "return", RETURNED) ? INTENT_RETURN
							: INTENT_ACCEPT;
	if (holder->depth > PLAN_WHISTLES_DEPTH && is(planning, "up", SENT_UP))
		return INTENT_UP;
	return INTENT_LOOK;
}

static enum intent accepted(struct planning *planning)
{
	bool is_first = is_first_round(planning);

	if (planning->row->notes == 0 && is(planning, "note", NOTED))
		return INTENT_NOTE;
	if (is_first && planning->ticket->kind == KIND_APPEAL &&
	    is(planning, "unfinished", LEFT_ACCEPTED))
		return INTENT_LEAVE;
	/* Nobody could say where it is: then there is only an answer. */
	if (code_is_empty(&planning->ticket->place))
		return INTENT_EXPLAIN;
	return is(planning, "explained", EXPLAINED) ? INTENT_EXPLAIN
						    : INTENT_SOLVE;
}

static enum intent resolved(struct planning *planning)
{
	const struct ticket *ticket = planning->ticket;
	bool is_callout = ticket->kind == KIND_CALLOUT;

	if (!is_callout && is(planning, "unrated", LEFT_RESOLVED))
		return INTENT_LEAVE;
	if (ticket->reopens == 0 && ticket->outcome == OUTCOME_SOLVED &&
	    !code_equal(&ticket->resolver, &ticket->origin) &&
	    is(planning, "reopen", is_callout ? CALLOUTS_REOPENED : REOPENED))
		return INTENT_REOPEN;
	return INTENT_RATE;
}

static enum intent intent_of(struct planning *planning)
{
	switch (planning->ticket->state) {
	case STATE_OPEN:
		return planning->ticket->kind == KIND_CALLOUT
			   ? open_callout(planning)
			   : open_appeal(planning);
	case STATE_ACCEPTED:
		return accepted(planning);
	case STATE_RESOLVED:
		return resolved(planning);
	default:
		return INTENT_NOTHING;
	}
}

/* Not all at once: people need a moment. */
static int64_t moment_ms(struct planning *planning, enum intent intent)
{
	static const unsigned least[] = { [INTENT_SOLVE] = 600,
		[INTENT_EXPLAIN] = 600,
		[INTENT_RATE] = 300 };
	static const unsigned most[] = { [INTENT_SOLVE] = 3200,
		[INTENT_EXPLAIN] = 2600,
		[INTENT_RATE] = 2200 };
	unsigned from = 300, to = 2000;

	if (intent < sizeof(least) / sizeof(least[0]) && least[intent]) {
		from = least[intent];
		to = most[intent];
	}
	snprintf(planning->what, sizeof(planning->what), "moment %u",
	    (unsigned)planning->ticket->seq);
	return from + chance(planning->seed, planning->row->key, planning->what,
			  to - from);
}

/* Late is after the clock has said so; where that takes longer than anybody
 * would watch, it is in time after all. */
static int64_t late_ms(const struct ticket *ticket, int64_t now_ms)
{
	int64_t wait_ms = ticket->accept_by_ms - now_ms;

	return wait_ms > 0 && wait_ms < LATE_WITHIN_MS ? wait_ms : 0;
}

struct plan plan_next(const struct demo_case *row, const struct org *org,
    int64_t seed, int64_t now_ms)
{
	struct planning planning = {
		.row = row,
		.ticket = &row->now,
		.holder = org_unit(org, &row->now.holder),
		.seed = seed,
	};
	struct plan plan = { INTENT_NOTHING, 0 };

	if (!row->is_ours || !planning.holder)
		return plan;
	plan.intent = intent_of(&planning);
	plan.at_ms = now_ms + moment_ms(&planning, plan.intent);
	if (plan.intent == INTENT_CHECK_IN_LATE)
		plan.at_ms += late_ms(&row->now, now_ms);
	return plan;
}
