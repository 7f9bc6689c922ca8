/*
 * The law: one table, state × verb -> next state, who may, what follows.
 * Pure. It answers with a verdict; a refusal is an answer with a reason.
 * An empty cell is a refusal.
 */
#ifndef WHISTLE_TICKET_LAW_H
#define WHISTLE_TICKET_LAW_H

#include "ticket/ticket.h"

/* What a level may do, beside what every holder may. */
#define LAW_POWERS(X)                                                          \
	X(OPEN, "open")                                                        \
	X(SETTLE, "settle") /* accept and resolve what it holds */             \
	X(FORWARD_UP, "forward-up")                                            \
	X(DISPATCH, "dispatch")	      /* forward down, also to departments */  \
	X(WHISTLE_OUT, "whistle-out") /* call departments */                   \
	X(CHECK_IN, "check-in")                                                \
	X(RETURN, "return")                                                    \
	X(RATE, "rate")		  /* verify, rate and reopen what it opened */ \
	X(SUPERVISE, "supervise") /* remind and supervise what is below */     \
	X(PERMIT, "permit") /* suspend, exclude, dispatch off the list */      \
	X(RULE, "rule")	    /* say whose it is */                              \
	X(MERGE, "merge")   /* duplicates among what it holds */               \
	X(CALLER, "caller") /* speaks for callers: see below */                \
	X(TAKE_OVER, "take-over") /* from a unit below */

#define X(name, text) POWER_BIT_##name,
enum power_bit { LAW_POWERS(X) POWER_BIT_COUNT };
#undef X
#define POWER(name) (UINT64_C(1) << POWER_BIT_##name)
/*
 * A unit that speaks for callers may, of what it opened: withdraw it for the
 * caller (exclude), supervise it, and merge what it has just taken in with
 * it, wherever that is now. Nobody else's origin has these powers, or a unit
 * could rid itself of what it raised.
 */

/* Who the actor is to the ticket; several may hold. Found by the engine
 * from the organisation. */
enum {
	BY_HOLDER = 1,	/* has it now */
	BY_ORIGIN = 2,	/* opened it */
	BY_ABOVE = 4,	/* an ancestor, or the host, of the holder */
	BY_STAYED = 8,	/* has held it before */
	BY_TIMER = 16,	/* the engine, for a deadline */
	BY_ENGINE = 32, /* the engine, because something else happened */
};

/* Where `to` is, seen from the actor. */
enum target {
	TARGET_NONE, /* unknown, or none of these */
	TARGET_SELF,
	TARGET_PARENT,	   /* the unit above; a department's host */
	TARGET_BELOW,	   /* an area unit anywhere below */
	TARGET_DEPARTMENT, /* a department of the actor or of a unit above */
	TARGET_COUNT,
};

#define LAW_REFUSALS(X)                                                        \
	X(NONE, "none")                                                        \
	X(UNKNOWN_TICKET, "unknown_ticket")                                    \
	X(WRONG_STATE, "wrong_state") /* no cell */                            \
	X(NOT_HOLDER, "not_holder")                                            \
	X(NOT_ORIGIN, "not_origin")                                            \
	X(NOT_ABOVE, "not_above")                                              \
	X(NOT_INVOLVED, "not_involved")                                        \
	X(NO_POWER, "no_power")	    /* its level may not */                    \
	X(NO_ROLE, "no_role")	    /* the person may not */                   \
	X(WRONG_UNIT, "wrong_unit") /* speaks for a unit not its own */        \
	X(UNKNOWN_UNIT, "unknown_unit")                                        \
	X(UNKNOWN_ITEM, "unknown_item")                                        \
	X(BAD_TARGET, "bad_target")	  /* cannot go there from here */      \
	X(VISITED, "visited")		  /* was there; needs a ruling */      \
	X(RETURNS_USED, "returns_used")	  /* as often as the catalogue lets */ \
	X(NO_SENDER, "no_sender")	  /* nobody to return it to */         \
	X(RETURN_WINDOW, "return_window") /* the time to return is over */     \
	X(RULED, "ruled")		/* a ruling says that it is theirs */  \
	X(NOT_ADMITTED, "not_admitted") /* not on the receiver's list */       \
	X(EXTENSIONS_USED, "extensions_used")                                  \
	X(NO_AWAITING, "no_awaiting") /* the catalogue gives no time for it */ \
	X(AWAITED_ALREADY, "awaited_already") /* once a round */               \
	X(NO_DEADLINE, "no_deadline")	      /* nothing to extend */          \
	X(BAD_MASTER, "bad_master") /* cannot be merged into that one */       \
	X(FOLLOWED, "followed")	    /* duplicates end as it does */            \
	X(CALLED_ALREADY, "called_already")                                    \
	X(WHISTLE_KIND, "whistle_kind") /* not theirs to blow */               \
	X(TOO_MANY, "too_many")		/* units, callouts or events */        \
	X(RATED_ALREADY, "rated_already")                                      \
	X(ONLY_CALLOUT, "only_callout") /* check-in answers a whistle */       \
	X(NOT_CALLOUT, "not_callout")	/* a callout is checked in */          \
	X(BAD_FIELD, "bad_field")	/* named in the detail */              \
	X(STORE_FULL, "store_full")                                            \
	X(RECOVERING, "recovering")                                            \
	X(NOT_HERE, "not_here") /* this node does not serve the unit */        \
	X(TOO_FAST, "too_fast")                                                \
	X(FILE_TYPE, "file_type") /* not one of those that are taken */        \
	X(FILE_TOO_LARGE, "file_too_large")                                    \
	X(FILE_WRONG, "file_wrong")	/* the bytes have another hash */      \
	X(FILE_MISSING, "file_missing") /* to be sent before it is named */    \
	X(FILE_QUOTA, "file_quota")	/* too much is sent and not named */   \
	X(FILE_SEALED, "file_sealed")	/* for units that have held it */      \
	X(NO_FENCING, "no_fencing")	/* the catalogue has no time for it */ \
	X(FENCE_LATER, "fence_later")	/* … which is not over yet */        \
	X(NO_CONTACT, "no_contact")	/* nobody's details, or erased */

#define X(name, text) REFUSAL_##name,
enum refusal { LAW_REFUSALS(X) REFUSAL_COUNT };
#undef X

const char *refusal_name(enum refusal refusal); /* "not_holder" */
const char *power_name(enum power_bit power);

/*
 * The last entries of a log are kept for what brings the ticket to its end,
 * so that notes without number cannot leave it unfinished.
 */
enum { LAW_EVENTS_RESERVED = 64 };

/* What the engine must do beside writing the event. */
enum follow {
	FOLLOW_NOTHING,
	FOLLOW_CUSTODY,	 /* the right to write goes to `to` */
	FOLLOW_HOME,	 /* … to the origin */
	FOLLOW_CALLOUTS, /* one child ticket for each department */
	FOLLOW_PARENT,	 /* the callout's parent may go on */
};

struct law_question {
	enum verb verb;
	unsigned by;	     /* BY_* bits of the actor */
	uint64_t powers;     /* of the actor's unit */
	enum role role;	     /* ROLE_NONE: the engine itself */
	enum target target;  /* forward, rule: of `to`. whistle:
				TARGET_DEPARTMENT if every unit called is one,
				else TARGET_NONE */
	struct unit_code to; /* forward, rule, reopen, take-over: the next
				holder */
	int64_t now_ms;
	unsigned returns_max; /* the catalogue's */
	unsigned extensions_max;
	bool awaits;		/* suspend: by the holder, for a resident … */
	int64_t await_until_ms; /* … whom the catalogue lets it await until
				   then; 0: not at all */
	bool is_off_list;	/* forward: not on the list of `to` */
	bool names_permit;	/* … and the permit is named */
	const struct ticket *master;	/* merge: as known here, or NULL */
	bool is_followed;		/* exclude: duplicates are merged in */
	const struct callout *callouts; /* whistle: the departments called */
	size_t callouts_asked;		/* how many they are */
	bool is_kind_barred; /* whistle: the catalogue keeps its kind for
				other levels, or other roles */
};

struct verdict {
	enum refusal refusal; /* REFUSAL_NONE: it may be written */
	enum state next;
	enum follow follow;
};

/*
 * `ticket` NULL or with seq 0: only open has a cell. The first reason found
 * is the answer, in this order: no such ticket, state and kind, who, role,
 * power, target, limits. For the engine itself (ROLE_NONE) the role is no
 * matter, but it must act as holder, timer or engine.
 */
struct verdict law_decide(
    const struct ticket *ticket, const struct law_question *question);

/* The state that `verb` leads to from `state`; STATE_NONE when there is no
 * cell. */
enum state law_next(enum state state, enum verb verb);

/* Does the ticket's state have a cell for `verb`, and is the ticket of the
 * kind that the cell is for? For the fold, which never asks who. */
bool law_has_cell(const struct ticket *ticket, enum verb verb);

/* The unit that gets custody by a reopen: the resolver the first time, then
 * `above_resolver`, or the resolver again where that is NULL. */
const struct unit_code *law_reopen_to(
    const struct ticket *ticket, const struct unit_code *above_resolver);

/* May a person in this role use this verb at all? */
bool role_may(enum role role, enum verb verb);

/* How much of the caller's details a person sees whose unit is `by` to the
 * ticket. */
enum contact_view { CONTACT_NOT, CONTACT_MASKED, CONTACT_WHOLE };
enum contact_view role_sees_contact(enum role role, unsigned by);

#endif
