/*
 * The city's duty lists: what exists, who is competent, who leads and who
 * assists, how fast. Loaded from catalogue.yaml, checked whole, never
 * changed after; a reload makes a new one. All decisions here are pure:
 * the same ticket, catalogue and time give the same answer.
 */
#ifndef WHISTLE_CATALOGUE_CATALOGUE_H
#define WHISTLE_CATALOGUE_CATALOGUE_H

#include "catalogue/calendar.h"
#include "org/address.h"
#include "ticket/law.h"

enum { ITEM_ASSIST_MAX = 8 };

enum item_whistle { ITEM_WHISTLE_NO, ITEM_WHISTLE_ASK, ITEM_WHISTLE_AUTO };

struct item {
	const char *code;
	const char *zh;
	const char *en;
	const char *domain; /* its code */
	unsigned competent; /* depth of the level that can settle it */
	bool direct;	    /* may skip the levels between */
	bool immediate;
	enum item_whistle whistle;
	enum colour colour;
	struct time_limit accept;
	struct time_limit resolve;
	const char *lead; /* department's short name, or "" */
	const char *const *assist;
	size_t assist_count;
};

struct situation {
	const char *code;
	const char *area;
	const char *zh;
	const char *en;
	enum whistle_kind kind;
	enum colour colour;
	const char *lead;
	const char *const *assist;
	size_t assist_count;
};

struct named { /* a domain, an area, a department of the catalogue */
	const char *code;
	const char *zh;
	const char *en;
};

struct catalogue;

/*
 * Reads DIR/catalogue.yaml. ERR_INVALID with all problems in `report`:
 * shape, unknown levels, domains, departments and colours, departments that
 * no unit at or above the competent level has, duplicate codes, keywords
 * that two items share, an accept deadline after the resolve deadline, a
 * whistle without a department, a slower colour above a faster one, score
 * weights that say nothing, raters who weigh too little. Reads
 * DIR/calendar.yaml too; it may be missing when nothing is counted in work
 * hours or work days. `org` must live longer; NULL is refused: the units
 * must be loaded first. ERR_NOMEM.
 */
int catalogue_load(struct catalogue **catalogue_out, struct report *report,
    const char *dir, const struct org *org);
void catalogue_close(struct catalogue **catalogue);

const struct item *catalogue_item(
    const struct catalogue *catalogue, const char *code);
const struct situation *catalogue_situation(
    const struct catalogue *catalogue, const char *code);
size_t catalogue_item_count(const struct catalogue *catalogue);
const struct item *catalogue_item_at(
    const struct catalogue *catalogue, size_t index);
size_t catalogue_situation_count(const struct catalogue *catalogue);
const struct situation *catalogue_situation_at(
    const struct catalogue *catalogue, size_t index);
const struct named *catalogue_domain(
    const struct catalogue *catalogue, const char *code);
size_t catalogue_domain_count(const struct catalogue *catalogue);
const struct named *catalogue_domain_at(
    const struct catalogue *catalogue, size_t index);
/* By its short name. */
const struct named *catalogue_department(
    const struct catalogue *catalogue, const char *code);
/* An area of whistle situations. */
const struct named *catalogue_area(
    const struct catalogue *catalogue, const char *code);
/*
 * May a unit of that depth, by a person in that role (ROLE_NONE: routine),
 * blow a whistle of this kind? Who may whistle at all is the law's to say.
 */
bool catalogue_may_whistle(const struct catalogue *catalogue,
    enum whistle_kind kind, unsigned depth, enum role role);
/*
 * What is no mistake, but will hardly do what it was written for: keywords
 * that lead to another item, items that routine never finds, departments
 * that no unit has or that do not serve everywhere, whistles and permits
 * that nobody can give. `powers` are those of areas, by depth. Adds what it
 * finds to `report`. ERR_NOMEM.
 */
int catalogue_doubts(struct report *report, const struct catalogue *catalogue,
    const char *dir, const uint64_t powers[ORG_LEVELS_MAX]);
const char *catalogue_name(const struct catalogue *catalogue);
unsigned catalogue_returns_max(const struct catalogue *catalogue);
/* NULL when the city has none. */
const struct calendar *catalogue_calendar(const struct catalogue *catalogue);
/*
 * How many items, taken in at `now_ms`, could be due in a year whose
 * holidays the calendar does not know; the first in *first_out, or NULL.
 */
size_t catalogue_past_calendar(const struct item **first_out,
    const struct catalogue *catalogue, int64_t now_ms);
/* How often the time to resolve may be extended, and by how much each time
 * (by default three times three days, an example). */
unsigned catalogue_extensions_max(const struct catalogue *catalogue);
struct time_limit catalogue_extend(const struct catalogue *catalogue);
/* How long a receiver may return a ticket; amount 0: as long as it likes. */
struct time_limit catalogue_return_window(const struct catalogue *catalogue);
/* How long a holder may wait for a resident's answer while its clock stands
 * still, once a round; amount 0: not at all. */
struct time_limit catalogue_resident_wait(const struct catalogue *catalogue);
/* How long after its end a ticket keeps the caller's details; amount 0: until
 * somebody erases them. */
struct time_limit catalogue_contacts_kept(const struct catalogue *catalogue);
/* When one of the catalogue's limits that starts at `from_ms` is over; 0 when
 * it is none, or beyond the year 9999. */
int64_t catalogue_after(const struct catalogue *catalogue,
    struct time_limit limit, int64_t from_ms);
/* When a take-over that was ordered at `asked_ms` and that nobody has answered
 * may be done without the holder; 0: never. */
int64_t catalogue_fence_at(const struct catalogue *catalogue, int64_t asked_ms);
/* From when on a neighbour that was last heard at `heard_ms` is silent. */
int64_t catalogue_silent_at(
    const struct catalogue *catalogue, int64_t heard_ms);

/*
 * How the three rates become one score: weights, what "mostly satisfied"
 * counts (in halves of one satisfied: 0, 1, 2), and whose ratings weigh
 * `raters_part` per cent in a department's: those by units of the level
 * `raters`. Never NULL; without is_given the city has no score.
 */
enum { CATALOGUE_RATERS_PART_LEAST = 30 };
struct catalogue_score {
	bool is_given;
	unsigned response, completion, satisfaction;
	unsigned mostly_halves;
	unsigned raters_part;
	const char *raters; /* "" when the city has no departments */
};
const struct catalogue_score *catalogue_score(
    const struct catalogue *catalogue);

/*
 * The item that a title and text speak of: the sum of the lengths (in
 * characters) of the distinct keywords found decides, words of the title
 * twice. Small and wide Latin letters are as their capitals. NULL when none
 * is found, or when the best two are equal; then *hint_out is the first of
 * them (catalogue order) or NULL. *hint_out may be NULL.
 */
const struct item *catalogue_classify(const struct item **hint_out,
    const struct catalogue *catalogue, const char *title, const char *text);

/*
 * When to accept (or check in, for a callout) and to resolve, counted from
 * `from_ms`, which is within the years 0 to 9999; 0: no deadline. An appeal
 * goes by its item, a callout checks in by its colour. A colour graver than
 * the item's shortens what it finds, and a callout is due no later than its
 * item. `item` NULL: only a callout has deadlines, its colour's; COLOUR_NONE
 * stands for the item's own. Where holidays put work hours after plain ones,
 * a colour is no slower than a less grave one, and accept no later than
 * resolve.
 */
struct deadlines {
	int64_t accept_by_ms;
	int64_t resolve_by_ms;
};
struct deadlines catalogue_deadlines(const struct catalogue *catalogue,
    const struct item *item, enum kind kind, enum colour colour,
    int64_t from_ms);

/*
 * Which rule gave a deadline, in one line: "item garbage: accept 4wh = 4
 * work hours from 2026-11-21 09:00, counted from 2026-11-23 08:30". Says so
 * when the calendar does not know the holidays of a year in between. Takes
 * what catalogue_deadlines takes; "" where that gives 0, and for
 * DEADLINE_NONE. Cut to `size`; DEADLINE_TEXT holds any.
 */
enum { DEADLINE_TEXT = 256 };
char *deadline_explain(char *out, size_t size,
    const struct catalogue *catalogue, enum deadline which,
    const struct item *item, enum kind kind, enum colour colour,
    int64_t from_ms);

/*
 * The same for the log, without the moment, of those that are wanted: "item
 * water.burst: accept 15m, resolve 2h", "colour red: check in 30m, resolve
 * 24h; the calendar lacks the holidays of 2027". Stored in events: its words
 * are fixed, and turned into a reader's language where they are shown.
 */
enum { DEADLINE_RULE_TEXT = 256 };
char *catalogue_deadline_rule(char text_out[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, const struct item *item, enum kind kind,
    enum colour colour, int64_t from_ms, bool accept, bool resolve);
/* Adds "; return 1wd" to it, the time in which it may be returned; only
 * "return 1wd" when nothing stands before. */
void catalogue_return_rule(char text[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, int64_t from_ms);
/* "extended 3wd (1 of 3)": the time `from_ms` on, for the `count`th time. */
char *catalogue_extend_rule(char text_out[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, unsigned count, int64_t from_ms);

#endif
