/*
 * Inside of struct org, and the readers that fill it: units first, then the
 * nodes that serve them, then the operators. Only for org's own files. A
 * reader adds what it finds wrong to the report and goes on; it returns
 * negative only when it cannot go on (ERR_NOMEM, ERR_IO).
 */
#ifndef WHISTLE_ORG_CITY_H
#define WHISTLE_ORG_CITY_H

#include "base/bytes.h"
#include "org/org.h"
#include "org/table.h"

enum {
	CITY_WORDS_MAX = 2 * ORG_LEVELS_MAX, /* level words, hotlines' too */
	CITY_PATH_MAX = 4096,
};

/* Texts of a million units and as many operators, with room to spare. */
#define CITY_TEXTS_MAX ((size_t)512 * 1024 * 1024)

/* Whoever may speak: one list, which another replaces as a whole. */
struct people {
	struct arena *arena; /* every text of theirs */
	struct operator* of; /* in the order of the file */
	size_t count;
	struct table by_name, by_key;
};

struct org {
	struct arena *arena; /* every text of units and nodes */
	const char *city_name;
	unsigned speaks;		   /* a version of the wire */
	const char *words[CITY_WORDS_MAX]; /* each level word once */
	unsigned word_count;
	const char *levels[ORG_LEVELS_MAX]; /* of areas, by depth */
	unsigned level_count;

	struct unit *units; /* in the order of codes */
	size_t unit_count;
	struct node *nodes; /* in the order of the file */
	size_t node_count;
	struct people *people;

	struct table by_code;
	struct table by_node_name;
	struct table by_key;	/* of nodes, also by what is still heard */
	struct node_keys *keys; /* whose texts by_key has; NULL: ours */
	struct table by_endpoint;
};

int units_read(struct org *org, struct report *report, const char *path);
/* `is_sound`: units_read found nothing wrong; else who serves what is left
 * unchecked, as every mistake there would be named once more. */
int nodes_read(struct org *org, struct report *report, const char *path,
    unsigned flags, bool is_sound);
/* Into `people`, which is empty but for its arena. */
int operators_read(struct people *people, const struct org *org,
    struct report *report, const char *path, unsigned flags);

/* The org's own copy of a level word; NULL when it has none such. */
const char *city_word(const struct org *org, const char *word);

/* Copies `text` into the org; ERR_NOMEM. */
int city_text(const char **text_out, struct org *org, const char *text);

/* Printable, without spaces and without what has a meaning in paths, logs
 * and tables; at most NAME_MAX_BYTES. For names of nodes and operators. */
bool city_name_is_fit(const char *name);

/* How many problems the report has heard of. */
static inline size_t city_problems(const struct report *report)
{
	return report->count + report->dropped;
}

/* What a key is said to be whose: for what is wrong with it. */
struct key_owner {
	struct report *report;
	const char *path;
	long line;
	const char *kind; /* "node" or "operator" */
	const char *name;
};

/* True: it is a public key. Else key_out is "", and the report says so,
 * unless the key is only missing and not needed (ORG_NEEDS_KEYS). */
bool city_key(char key_out[ORG_KEY_TEXT], const struct key_owner *owner,
    const char *key, unsigned flags);
/* Reports that `other` has it. */
void city_key_is_shared(const struct key_owner *owner, const char *other);

#endif
