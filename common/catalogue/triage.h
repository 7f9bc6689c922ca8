/*
 * What routine does with a ticket that a unit has just got: keep it for a
 * person, send it up, down or to a department, or blow the whistle for
 * departments. Pure; a level's policy may decide first and leave the rest
 * to triage_default.
 */
#ifndef WHISTLE_CATALOGUE_TRIAGE_H
#define WHISTLE_CATALOGUE_TRIAGE_H

#include "catalogue/catalogue.h"

/* Why, as a word that the log, JSON and the CLI's translations share. */
#define TRIAGE_REASONS(X) \
	X(NONE, "none") \
	X(COMPETENT, "competent")	/* it is this unit's to settle */ \
	X(ABOVE_US, "above_us")		/* a level above is competent */ \
	X(BELOW_US, "below_us")		/* a level below is competent */ \
	X(DEPARTMENT, "department")	/* a department leads */ \
	X(SITUATION, "whistle")		/* the item calls departments at once */ \
	X(UNKNOWN_ITEM, "unknown_item") /* a person must classify */ \
	X(UNKNOWN_PLACE, "unknown_place") /* a person must place it */ \
	X(NOT_ROUTINE, "not_routine")	/* returned, reopened, ruled, taken over:
					   a person looks */

#define X(name, text) TRIAGE_##name,
enum triage_reason { TRIAGE_REASONS(X) TRIAGE_REASON_COUNT };
#undef X
const char *triage_reason_name(enum triage_reason reason);

struct triage_case {
	const struct ticket *ticket;
	const struct unit *unit; /* the holder: ours */
	const char *title;
	const char *text;
	const char *address;
	const struct catalogue *catalogue;
	const struct address_index *places;
	const struct org *org;
	uint64_t powers; /* of the holder */
	int64_t now_ms;
};

/*
 * verb VERB_NONE: leave it to a person. Otherwise what routine does, or,
 * when is_suggestion, what a person should consider.
 */
struct decision {
	enum verb verb; /* VERB_NONE, VERB_FORWARD, VERB_WHISTLE */
	bool is_suggestion;
	enum triage_reason reason;
	const struct item *item;   /* as classified, or NULL */
	const struct unit *place;  /* as found, or NULL */
	const struct unit *to;	   /* forward */
	enum colour colour;	   /* whistle */
	struct callout callouts[1 + ITEM_ASSIST_MAX]; /* lead first */
	size_t callout_count;
};

/*
 * The catalogue's way: classify (unless the ticket has an item), find the
 * place (unless it has one), then compare levels. A ticket that came back
 * (returned or reopened), or a callout, is never moved by routine: the
 * decision is then a suggestion. Never proposes a unit that has held the
 * ticket, nor a verb that the unit has no power for.
 */
struct decision triage_default(const struct triage_case *the_case);

#endif
