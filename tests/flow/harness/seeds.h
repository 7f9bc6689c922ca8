/*
 * Words that nobody else says, looked for in every file of a folder: as they
 * are, percent-encoded, escaped as in JSON, and in base64 at any place.
 */
#ifndef WHISTLE_FLOW_SEEDS_H
#define WHISTLE_FLOW_SEEDS_H

#include <stdbool.h>
#include "base/bytes.h"

enum { SEED_FORMS = 8, SEED_FORM_BYTES = 160, SEED_PATH = 512 };

struct seed {
	const char *word; /* UTF-8, at least 9 bytes */
	struct {
		const char *name;
		char text[SEED_FORM_BYTES];
	} forms[SEED_FORMS];
};

void seed_make(struct seed *seed_out, const char *word);
/* The form in which it is there; NULL: it is not. */
const char *seed_find(const struct seed *seed, struct bytes where);

struct seed_search {
	unsigned files;		/* looked at */
	uint64_t bytes;		/* … that were in them */
	unsigned found;		/* files that have it */
	char first[SEED_PATH];	/* the first of them … */
	const char *first_form; /* … and how it is there */
};

/* All files at and below `folder`, but for the folder `but` (may be NULL).
 * Fails the test when one cannot be read. */
void seed_search(struct seed_search *search_out, const struct seed *seed,
    const char *folder, const char *but);

#endif
