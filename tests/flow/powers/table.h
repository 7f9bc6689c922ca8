/*
 * Who may what, written by hand from DESIGN, proto/README.md and the manual
 * and not from common/ticket: nothing here asks the code under test. A
 * person is a role at a unit; a scene is a ticket in a situation; an ask is a
 * verb, or a question, in one of its ways.
 */
#ifndef WHISTLE_FLOW_POWERS_TABLE_H
#define WHISTLE_FLOW_POWERS_TABLE_H

#include <stdbool.h>
#include "ticket/words.h"

/* The chain of the ticket, then those on other branches. */
#define PLACES(X)                                                              \
	X(CITY, "4207", 'y', "cityd", CITY)                                    \
	X(DISTRICT, "420704", 'd', "districtd", CITY)                          \
	X(STREET, "420704001", 's', "streetd", DISTRICT)                       \
	X(COMMUNITY, "420704001002", 'c', "communityd", STREET)                \
	X(GRID, "420704001002001", 'g', "gridd", COMMUNITY)                    \
	X(DEPARTMENT, "420704-zjj", 'p', "districtd", DISTRICT)                \
	X(CITY_DEPARTMENT, "4207-zjj", 'p', "cityd", CITY)                     \
	X(HOTLINE, "4207-12345", 'h', "gatewayd", CITY)                        \
	X(OTHER_DISTRICT, "420703", 'd', "districtd", CITY)                    \
	X(OTHER_STREET, "420704002", 's', "streetd", DISTRICT)                 \
	X(OTHER_COMMUNITY, "420704001003", 'c', "communityd", STREET)          \
	X(OTHER_GRID, "420704001002002", 'g', "gridd", COMMUNITY)              \
	X(OTHER_DEPARTMENT, "420703-zjj", 'p', "districtd", OTHER_DISTRICT)

#define X(name, code, level, node, parent) AT_##name,
enum place { PLACES(X) PLACE_COUNT };
#undef X

extern const char *const place_codes[PLACE_COUNT];
extern const char *const place_nodes[PLACE_COUNT];
extern const enum place place_parents[PLACE_COUNT]; /* the root is its own */
extern const char place_levels[PLACE_COUNT];	    /* one of LEVELS */
/* grid, community, street, district, city, department, hotline */
#define LEVELS "gcsdyph"

#define ASKS(X)                                                                \
	X(OPEN, "open", OPEN)                                                  \
	X(ACCEPT, "accept", ACCEPT)                                            \
	X(NOTE, "note", NOTE)                                                  \
	X(UP, "forward to the unit above", FORWARD)                            \
	X(DOWN, "forward to a unit below", FORWARD)                            \
	X(ACROSS, "forward to a department", FORWARD)                          \
	X(WHISTLE, "whistle", WHISTLE)                                         \
	X(CHECK_IN, "check-in", CHECK_IN)                                      \
	X(RETURN, "return", RETURN)                                            \
	X(RULE, "rule", RULE)                                                  \
	X(EXTEND, "extend", EXTEND)                                            \
	X(REMIND, "remind", REMIND)                                            \
	X(SUPERVISE, "supervise", SUPERVISE)                                   \
	X(SUSPEND, "suspend", SUSPEND)                                         \
	X(AWAIT, "suspend for the resident", SUSPEND)                          \
	X(RESUME, "resume", RESUME)                                            \
	X(RESOLVE, "resolve", RESOLVE)                                         \
	X(REOPEN, "reopen", REOPEN)                                            \
	X(RATE, "rate", RATE)                                                  \
	X(EXCLUDE, "exclude", EXCLUDE)                                         \
	X(MERGE, "merge", MERGE)                                               \
	X(TAKE_OVER, "take-over", TAKE_OVER)                                   \
	X(ERASE, "erase-contact", ERASE_CONTACT)                               \
	X(FOR_OTHER, "note for a unit elsewhere", NOTE)                        \
	X(SHOW, "show", NONE)                                                  \
	X(CONTACT, "show with the caller", NONE)                               \
	X(LIST, "list", NONE)                                                  \
	X(FOLLOW, "follow", NONE)                                              \
	X(SCORE, "score", NONE)                                                \
	X(STATUS, "status", NONE)                                              \
	X(RELOAD, "reload", NONE)                                              \
	X(NODES, "nodes", NONE)                                                \
	X(PUT, "put a file", NONE)                                             \
	X(GET, "get a file", NONE)

#define X(name, text, verb) DO_##name,
enum ask { ASKS(X) ASK_COUNT };
#undef X

extern const char *const ask_names[ASK_COUNT];
extern const enum verb ask_verbs[ASK_COUNT];

/* A ticket, as whoever made the scene knows it to be. */
struct scene {
	const char *name;
	char state; /* (o)pen (a)ccepted (w)aiting (s)uspended (r)esolved
		       (c)losed (e)xcluded (m)erged; 0: no ticket */
	enum kind kind;
	enum place holder, origin;
	const char *had; /* letters of PLACES: see place_letters */
	bool has_no_contact, is_confidential, was_returned;
	bool is_followed;  /* also by whoever asks for what happens */
	const char *steps; /* how it is made: see scenes.c */
	enum place called; /* of its whistle; AT_CITY: nobody */
};

/* One for each place, as `had` and `steps` name it. */
extern const char place_letters[PLACE_COUNT + 1];
enum place place_of(char letter);

extern const struct scene scenes[];
extern const unsigned scene_count;

/* What the person is to the ticket: the first that holds. */
#define RELATIONS(X)                                                           \
	X(HOLDER) X(ORIGIN) X(ABOVE) X(FORMER) X(CALLED) X(STRANGER) X(NOTHING)
#define X(name) REL_##name,
enum relation { RELATIONS(X) RELATION_COUNT };
#undef X
enum relation relation_to(const struct scene *scene, enum place place);
bool is_above(enum place above, enum place below);

/* The answer that must come: "done", "not_found", "masked" and so on, or the
 * word of the refusal. */
const char *answer_to(
    const struct scene *scene, enum ask ask, enum role role, enum place place);
/* Does it leave the ticket otherwise than it was, if it is done? */
bool is_lasting(enum ask ask);
/* Is it about one? */
bool is_of_ticket(enum ask ask);
/* Is it a question that has sense there? (The city has nobody above.) */
bool is_asked(const struct scene *scene, enum ask ask, enum place place);

#endif
