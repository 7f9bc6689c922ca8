/*
 * The rows of units.csv while they become a tree. Between the reader of
 * rows (units.c) and the maker of the tree (drafts.c).
 */
#ifndef WHISTLE_ORG_DRAFTS_H
#define WHISTLE_ORG_DRAFTS_H

#include "org/city.h"

struct draft {
	struct unit unit; /* without its pointers to other units */
	struct unit_code parent;
	long line;
	bool is_bad; /* cannot be linked, and is reported; others find it */
};

/* Zero-initialise; release with drafts_free. */
struct drafts {
	struct draft *rows;
	size_t count;
	size_t cap;
};

/* ERR_NOMEM. */
int drafts_add(struct drafts *drafts, const struct draft *draft);
void drafts_free(struct drafts *drafts);

/* Sorts, checks and links them; fills the org's units and levels. */
int drafts_link(struct org *org, struct report *report, const char *path,
    struct drafts *drafts);

#endif
