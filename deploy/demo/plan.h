/*
 * What the acting staff do next with a ticket, and after how long. Pure: it
 * follows from the ticket and from luck that repeats.
 */
#ifndef WHISTLE_DEMO_PLAN_H
#define WHISTLE_DEMO_PLAN_H

#include "cases.h"

/* Units deeper than that have no department to whistle for. */
enum { PLAN_WHISTLES_DEPTH = 2 };

enum intent {
	INTENT_NOTHING, /* somebody else's turn, or nobody's */
	INTENT_LEAVE,	/* left for whoever watches */
	INTENT_LOOK,	/* do what routine suggests, or accept */
	INTENT_UP,
	INTENT_ACCEPT,
	INTENT_CHECK_IN,
	INTENT_CHECK_IN_LATE,
	INTENT_RETURN,
	INTENT_ELSEWHERE, /* to another department, or settle it oneself */
	INTENT_NOTE,
	INTENT_SOLVE,
	INTENT_EXPLAIN,
	INTENT_REOPEN,
	INTENT_RATE,
};

struct plan {
	enum intent intent;
	int64_t at_ms;
};

struct plan plan_next(const struct demo_case *row, const struct org *org,
    int64_t seed, int64_t now_ms);

#endif
