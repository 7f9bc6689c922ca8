/*
 * What an argument may be: the answers of complete.h, by the name that the
 * argument has in help (UNIT, COLOUR, FILE).
 */
#ifndef WHISTLE_CLI_OFFER_H
#define WHISTLE_CLI_OFFER_H

#include "cli.h"

/* Where the cursor is. */
struct spot {
	struct cli *cli;
	const char *noun, *verb; /* NULL: not said, or none */
	const char *option;	 /* whose value it is; NULL: a bare word */
	const char *first;	 /* bare word of the command, or NULL */
	const char *prefix;	 /* what stands there already */
	const char *kind;	 /* of the list: see complete.h */
	size_t offered;
};

/* Prints `word` if it begins with what stands there, and is plain: a file's
 * text must not become a shell's. */
void offer_word(struct spot *spot, const char *word);
/* What may stand for `argument`, a name without brackets: "UNIT". */
void offer_argument(struct spot *spot, const char *argument);

void offer_nouns(struct spot *spot);
void offer_verbs(struct spot *spot, const char *noun);

#endif
