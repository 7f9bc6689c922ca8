/*
 * One entry of a ticket's log, and the command that asks for one. Both say
 * the same particulars; a command is a wish, an event is what the holder
 * made of it. Strings and bytes are borrowed from whatever was decoded and
 * die with the turn; an absent string is "", never NULL, once checked.
 */
#ifndef WHISTLE_TICKET_EVENT_H
#define WHISTLE_TICKET_EVENT_H

#include <stdint.h>
#include "base/code.h"
#include "base/id.h"
#include "ticket/words.h"

/* One department called out by a whistle. */
struct callout {
	struct id ticket; /* its callout; zero in a command */
	struct unit_code department;
	bool lead;
};

/* A file that an event names. Its bytes are not in the log; the hash says
 * which they are. */
struct attachment {
	struct hash hash;
	const char *name;    /* as attachment_name_is_valid wants it */
	uint64_t size;	     /* 0 in a command of whoever has not … */
	enum file_type type; /* … the bytes at hand to say so */
};

/* What a verb may say beside who, when and which ticket. Which verb says
 * which, and which it must, is particulars_check's table. */
struct particulars {
	struct unit_code to; /* forward, return, resolve, reopen: next holder;
				open: the first holder */
	const char *text;    /* a note, a reason, a reply, a description */
	const char *item;    /* the catalogue's item; "" leaves it */
	struct unit_code place; /* the unit where the trouble is */
	enum colour colour;
	int64_t accept_by_ms; /* accept, or check in for a callout; 0: none */
	int64_t resolve_by_ms;
	struct bytes contact_key; /* opens the contact; sealed to `to` */

	/* open */
	enum kind kind;
	enum source source;
	const char *external_id; /* the source's own number */
	const char *title;
	const char *address;
	struct id parent; /* a callout's ticket */
	bool lead;	  /* a callout's department leads */
	bool urgent, confidential, callback;
	struct bytes contact_hash; /* of the sealed contact; empty: none */

	/* whistle */
	enum whistle_kind whistle;
	const char *situation; /* the catalogue's */
	const char *meet_at;
	int64_t meet_ms;
	const struct callout *callouts;
	size_t callout_count;

	/* return, erase-contact: the rule or wish that it rests on, which a
	 * command must say; forward: the permit */
	const char *basis;

	/* resolve */
	enum outcome outcome;
	enum channel channel;
	enum truth finding;   /* was it as it was told? */
	int64_t contacted_ms; /* when whoever raised it was spoken to */
	const char *measures; /* what was done */

	/* rate */
	bool responded, resolved;
	enum satisfaction satisfaction;

	/* remind, supervise */
	enum deadline deadline;
	int64_t due_ms;
	unsigned step; /* supervise by the timer: 1 for the level above, 2
			  for two levels above, at twice the time */

	int64_t until_ms; /* suspend: goes on by itself then; 0: never */
	bool resident;	  /* suspend: by the holder, for an answer of whoever
			     raised it */
	struct id master; /* merge: whom it follows; a command to open:
			     merged into that at once */
	int64_t return_by_ms; /* custody: may be given back until then */
	const char *rule;     /* where the deadlines come from */

	const struct attachment *attachments;
	size_t attachment_count;
};

enum { ESCALATION_MAX = 2 };

struct event {
	struct id ticket;
	uint32_t seq; /* from 1 without a gap */
	uint32_t term;
	struct hash prev; /* of the event before; zero for the first */
	int64_t time_ms;
	enum verb verb;
	struct unit_code unit; /* who acted */
	const char *operator;  /* the person's name, or AUTOPILOT or TIMER */
	struct particulars what;
	struct id command; /* that it is the doing of; zero: of none */
};

struct command {
	struct id id;	  /* the asker's; the same again is the same wish */
	struct id ticket; /* zero to open one */
	enum verb verb;
	struct unit_code unit; /* for whom the operator acts */
	const char *operator;
	enum role role; /* ROLE_NONE for the engine's own */
	struct particulars what;
	struct bytes contact; /* open: caller and phone, still readable */
	bool fence;	      /* take-over: without the holder, who is silent */
};

/* Names that no operator can have: they hold a character that is refused
 * in an operator's name. */
#define OPERATOR_AUTOPILOT "@autopilot"
#define OPERATOR_TIMER	   "@timer"

/*
 * May a person be called that: 1 to NAME_MAX_BYTES - 1 bytes of UTF-8, of
 * ASCII only [A-Za-z0-9._-]? `is_event`: the engine's own two names may stand
 * there as well.
 */
bool operator_name_is_valid(const char *name, bool is_event);

/* No time in a ticket is later than this: the end of the year 9999, the last
 * that RFC 3339 can say. Keeps sums and differences of times in range. */
#define EVENT_TIME_MAX_MS INT64_C(253402300799999)

/* All strings "" and everything else zero. */
void particulars_clear(struct particulars *what);

/*
 * Is every field in its range, and does the verb carry just the fields that
 * it may and all that it must? On ERR_INVALID *field_out is the name of the
 * field that is wrong, or missing, and *problem_out says which: static.
 * `is_command`: what only the holder fills in must still be absent.
 */
int particulars_check(const char **field_out, const char **problem_out,
    const struct particulars *what, enum verb verb, bool is_command);

#endif
