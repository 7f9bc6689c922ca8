/*
 * Inside of struct catalogue, and the makers of its parts. Only for
 * catalogue's own files. A maker adds what it finds wrong to the report and
 * goes on; it returns negative only for ERR_NOMEM.
 */
#ifndef WHISTLE_CATALOGUE_INSIDE_H
#define WHISTLE_CATALOGUE_INSIDE_H

#include "catalogue/catalogue.h"
#include "catalogue/file.h"
#include "org/table.h"

enum {
	CATALOGUE_VERSION = 1,
	ITEMS_MAX = 2048,
	KEYWORDS_MAX = 32768,
	SITUATIONS_MAX = 2048,
	NAMED_MAX = 2048,
	RETURNS_MAX = 16,
	EXTENSIONS_MAX = 16,
	EXTENSIONS_DEFAULT = 3,
	SCORE_WEIGHT_MAX = 1000,
};

/* A list of codes with names. */
struct named_list {
	struct named *of;
	size_t count;
	struct table by_code;
};

struct keyword {
	const char *text; /* folded: see keywords.c */
	unsigned len;
	unsigned chars;
	unsigned item;	/* its number */
	unsigned index; /* in the item's list */
};

struct keywords {
	struct keyword *of; /* sorted by text */
	size_t count;
	char *texts;
	struct table by_head; /* first character -> first keyword */
};

struct catalogue {
	struct yaml *yaml; /* owns every text of the file */
	const struct catalogue_file *file;
	const struct org *org;
	struct item *items; /* in the order of the file */
	struct table items_by_code;
	struct situation *situations;
	struct table situations_by_code;
	struct named_list domains, departments, areas;
	struct keywords keywords;
	struct calendar *calendar; /* NULL: the city has none */
	struct {
		struct time_limit check_in, resolve;
	} colours[COLOUR_COUNT];
	struct catalogue_score score;
	struct {
		bool is_said;
		uint32_t levels; /* by depth */
		uint32_t roles;	 /* 0: whoever may whistle */
	} whistles[WHISTLE_COUNT];
	unsigned extensions;
	struct time_limit extend;
	struct time_limit return_window; /* amount 0: no limit */
	struct time_limit resident_wait; /* amount 0: nobody waits */
	struct time_limit silent_after;
	struct time_limit fence_after;	 /* amount 0: never */
	struct time_limit contacts_kept; /* amount 0: for ever */
};

struct making {
	struct catalogue *catalogue;
	struct report *report;
	const char *path;
	struct table hosts; /* department -> depth of its highest host */
	bool has_calendar;  /* be it sound or not */
};

/* names.c: colours, domains, departments, areas. */
int make_colours(const struct making *making);
int make_named(struct named_list *list, const struct making *making,
    const char *key, const struct named_row *rows, unsigned count);

/* scoring.c */
void make_score(const struct making *making);

/* Both after the lists that they refer to. */
int make_items(const struct making *making);
int make_situations(const struct making *making);
/* whistles.c: who may blow which kind. */
void make_whistles(const struct making *making);

/* keywords.c: after make_items. */
int make_keywords(const struct making *making);
void keywords_free(struct keywords *keywords);
/* Another item that a text counts for as much as for `item`; NULL. */
const struct item *keywords_rival(const struct catalogue *catalogue,
    const struct item *item, const char *text);

/* What items and situations share. `what` is "items" or "situations". */
void check_departments(const struct making *making, const char *what,
    unsigned index, const char *code, const char *lead, char *const *assist,
    unsigned assist_count);
enum colour parse_colour(const struct making *making, const char *what,
    unsigned index, const char *code, const char *colour);

/*
 * Puts a row's code into the table, if it is fit to be one; then
 * *is_fit_out. A second row with the same code is a problem, but fit.
 */
int take_code(bool *is_fit_out, struct table *table,
    const struct making *making, const char *what, unsigned index,
    const char *code);

/* Adds a problem about the field of a row, with its line. */
void complain(const struct making *making, const char *list, unsigned index,
    const char *field, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Is it 1..ITEM_CODE_MAX - 1 letters, digits, '.', '_' and '-'? */
bool code_is_fit(const char *code);

/* A limit at the head of the file; *limit_out stays when it is not said, or
 * when it is none, which is a problem. */
void parse_head_limit(struct time_limit *limit_out, const struct making *making,
    const char *key, const char *text);

/* A limit of the file; none and a problem when it is none, or when it is a
 * working one and the city has no calendar. */
struct time_limit parse_limit(const struct making *making, const char *list,
    unsigned index, const char *field, const char *code, const char *text);

/*
 * Is `first` over no later than `second`, or is one of them unsound, which
 * is reported already? If not, when_out says for which start, unless it is
 * so for every one: " from Friday 17:30".
 */
bool limits_keep_order(char when_out[TIME_TEXT], const struct making *making,
    struct time_limit first, struct time_limit second);

#endif
