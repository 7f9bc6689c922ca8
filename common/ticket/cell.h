/*
 * One cell of the law's table: state × verb. Inside ticket/ only.
 */
#ifndef WHISTLE_TICKET_CELL_H
#define WHISTLE_TICKET_CELL_H

#include "ticket/law.h"

/* What else a cell asks of the ticket: its kind, above all. */
enum wants {
	ANY_TICKET,
	APPEAL,	      /* a callout does not know this verb */
	APPEAL_FIRST, /* a callout must be checked in before, unless it
			 is back at its origin */
	ONLY_CALLOUT,
};

struct cell {
	enum state next;     /* STATE_NONE: no cell, refused */
	unsigned by;	     /* any of these bits … */
	unsigned must_by;    /* … and all of these */
	unsigned callout_by; /* … or any of these, for a callout */
	unsigned await_by;   /* these alone, where it awaits a resident */
	unsigned caller_by;  /* … or these, with the power to speak for callers */
	uint64_t power;	     /* 0: what every holder may */
	enum follow follow;
	enum wants wants;
	bool ends; /* helps the ticket to its end: see LAW_EVENTS_RESERVED */
};

/* NULL for states and verbs that do not exist. */
const struct cell *cell_at(enum state state, enum verb verb);

/* Of the verb's target and its limits, once who and what are settled. */
enum refusal cell_target_refusal(
    const struct ticket *ticket, const struct law_question *question);

static inline bool is_at_origin(const struct ticket *ticket)
{
	return code_equal(&ticket->holder, &ticket->origin);
}

#endif
