/*
 * What a ticket is now: a fold over its log and nothing else. The struct
 * holds no pointer and no text (titles and words stay in the events), so
 * that the store can keep it as it is and rebuild it from the log.
 */
#ifndef WHISTLE_TICKET_TICKET_H
#define WHISTLE_TICKET_TICKET_H

#include "ticket/event.h"

enum {
	TICKET_LATE_ACCEPT = 1,	   /* the timer found it not accepted in time */
	TICKET_LATE_RESOLVE = 2,   /* … not resolved in time */
	TICKET_WARNED_RESOLVE = 4, /* reminded before the deadline */
	TICKET_WAS_RETURNED = 8,
	TICKET_URGENT = 16,
	TICKET_CONFIDENTIAL = 32,
	TICKET_CALLBACK = 64,
	TICKET_IS_LEAD = 128,	      /* a callout whose department leads */
	TICKET_HAS_CONTACT = 256,     /* the caller's details, not erased */
	TICKET_RAISED_ACCEPT = 512,   /* late at twice the time as well: two */
	TICKET_RAISED_RESOLVE = 1024, /* levels above have been told */
	TICKET_TAKEN_OVER = 2048,     /* the holder took it from below */
	TICKET_AWAITS = 4096,	      /* suspended for a resident's answer */
	TICKET_AWAITED = 8192,	      /* … which it was once, in this round */
};

struct rating {
	uint8_t is_given;
	uint8_t responded;
	uint8_t resolved;
	uint8_t satisfaction; /* enum satisfaction */
};

/* A unit that opened or held the ticket. */
struct stay {
	struct unit_code unit;
	uint16_t visits;  /* times it got custody */
	uint16_t returns; /* times it gave it back */
};

struct ticket {
	struct id id;
	uint32_t seq; /* of the last event; 0: no ticket yet */
	uint32_t term;
	struct hash last; /* of the last event's bytes */

	uint8_t state;	 /* enum state */
	uint8_t kind;	 /* enum kind */
	uint8_t colour;	 /* enum colour */
	uint8_t source;	 /* enum source */
	uint8_t outcome; /* enum outcome */
	uint8_t channel; /* enum channel */
	uint8_t reopens; /* rating rounds before this one */
	uint8_t returns;
	uint8_t extensions; /* of this round's time to resolve */
	uint8_t finding;    /* enum truth */
	uint32_t flags;

	struct unit_code origin;
	struct unit_code holder;
	struct unit_code sender;   /* who the holder got it from */
	struct unit_code resolver; /* who resolved it last */
	struct unit_code ruled;	   /* a ruling said that it is theirs */
	struct unit_code place;
	char item[ITEM_CODE_MAX];
	struct id parent; /* of a callout: its ticket; of a duplicate: the
			     master that it follows or followed */

	int64_t opened_ms;
	int64_t updated_ms;  /* of the last event */
	int64_t custody_ms;  /* since when the holder has it */
	int64_t accepted_ms; /* by this holder; 0: not yet */
	int64_t resolved_ms;
	int64_t closed_ms;
	int64_t accept_by_ms;
	int64_t resolve_by_ms;
	int64_t return_by_ms; /* may be given back until then; 0: no limit */
	int64_t round_ms;     /* since when the time to resolve runs */
	int64_t suspended_ms; /* since when; 0: it is not */
	int64_t until_ms;     /* a suspended ticket goes on by itself */

	struct rating rating; /* of this round */

	uint16_t callout_count;
	uint16_t callouts_over; /* of these, the first so many: of whistles
				   that nobody waits for any more */
	uint16_t stay_count;
	struct callout callouts[TICKET_CALLOUTS_MAX];
	struct stay stays[TICKET_UNITS_MAX]; /* the origin first */
};

/*
 * Add one event. The event has passed particulars_check. ERR_INVALID, with
 * the ticket unchanged, when the event does not follow: wrong seq, prev or
 * term, a verb that its state has no cell for, a full list. `hash` is that
 * of the event's bytes.
 */
int ticket_fold(
    struct ticket *ticket, const struct event *event, const struct hash *hash);

/* Is it a take-over without the holder, that begins a new term? */
bool ticket_is_fence(const struct ticket *ticket, const struct event *event);

/* NULL when the unit never opened nor held it. */
const struct stay *ticket_stay(
    const struct ticket *ticket, const struct unit_code *unit);

/* What the holder's clock does next, and when. */
struct alarm {
	int64_t at_ms; /* 0: nothing is due any more */
	enum verb verb;
	enum deadline deadline; /* remind, supervise: which … */
	int64_t due_ms;		/* … and when it is or was */
	unsigned step;		/* supervise: 1, then 2 at twice the time */
};

/*
 * What is past already is told all the same, one by one. A reminder comes
 * when a quarter of the whole time is left before resolve_by.
 */
struct alarm ticket_next_alarm(const struct ticket *ticket);

/* What its holder must keep next: 0 when nothing runs. */
int64_t ticket_next_due_ms(const struct ticket *ticket);
/* Does its holder have something to do: accept or check in, settle, or, the
 * origin, verify and rate? */
bool ticket_waits_for_person(const struct ticket *ticket);

/* The first deadline after `after_ms` of which the log does not say that it
 * was missed; 0: none. *which_out may be NULL. */
int64_t ticket_unsaid_due_ms(
    enum deadline *which_out, const struct ticket *ticket, int64_t after_ms);

/* How far up its lateness has gone: 0, 1 the level above, 2 two levels. */
unsigned ticket_escalation(const struct ticket *ticket);

/* When a suspended ticket is due if it goes on at `time_ms`; 0: no time. */
int64_t ticket_resumed_by_ms(const struct ticket *ticket, int64_t time_ms);

#endif
