/* The ways that cases take: who says what, in which order. */
#ifndef WHISTLE_TORTURE_STORIES_H
#define WHISTLE_TORTURE_STORIES_H

#include "ticket/words.h"

enum who {
	WHO_NOBODY,
	WHO_GRID,
	WHO_OTHER_GRID, /* of the same community; the same when it has one */
	WHO_COMMUNITY,
	WHO_STREET,
	WHO_LEAD,
	WHO_ASSIST,
	WHO_CITY,
	WHO_HOTLINE,
};

/* Which ticket a step is about. */
enum about { ABOUT_IT, ABOUT_LEAD, ABOUT_ASSIST };

struct step {
	enum who who;
	enum verb verb; /* VERB_NONE: finds the callouts' tickets */
	enum who to;	/* forward */
	enum about about;
};

struct story {
	const char *name;
	const char *item; /* "" when it is of the grid's own */
	const struct step *steps;
};

extern const struct story stories[];
extern const unsigned story_count;

#endif
