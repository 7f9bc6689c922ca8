#include "stories.h"

static const struct step settled[] = {
	{ WHO_GRID, VERB_OPEN, 0, 0 },
	{ WHO_GRID, VERB_ACCEPT, 0, 0 },
	{ WHO_GRID, VERB_RESOLVE, 0, 0 },
	{ WHO_GRID, VERB_RATE, 0, 0 },
	{ 0, 0, 0, 0 },
};

static const struct step by_community[] = {
	{ WHO_GRID, VERB_OPEN, 0, 0 },
	{ WHO_GRID, VERB_FORWARD, WHO_COMMUNITY, 0 },
	{ WHO_COMMUNITY, VERB_ACCEPT, 0, 0 },
	{ WHO_COMMUNITY, VERB_RESOLVE, 0, 0 },
	{ WHO_GRID, VERB_RATE, 0, 0 },
	{ 0, 0, 0, 0 },
};

static const struct step whistled[] = {
	{ WHO_GRID, VERB_OPEN, 0, 0 },
	{ WHO_GRID, VERB_FORWARD, WHO_COMMUNITY, 0 },
	{ WHO_COMMUNITY, VERB_FORWARD, WHO_STREET, 0 },
	{ WHO_STREET, VERB_ACCEPT, 0, 0 },
	{ WHO_STREET, VERB_WHISTLE, 0, 0 },
	{ WHO_STREET, VERB_NONE, 0, 0 },
	{ WHO_LEAD, VERB_CHECK_IN, 0, ABOUT_LEAD },
	{ WHO_LEAD, VERB_RESOLVE, 0, ABOUT_LEAD },
	{ WHO_STREET, VERB_RATE, 0, ABOUT_LEAD },
	{ WHO_ASSIST, VERB_CHECK_IN, 0, ABOUT_ASSIST },
	{ WHO_ASSIST, VERB_RESOLVE, 0, ABOUT_ASSIST },
	{ WHO_STREET, VERB_RATE, 0, ABOUT_ASSIST },
	{ WHO_STREET, VERB_RESOLVE, 0, 0 },
	{ WHO_GRID, VERB_RATE, 0, 0 },
	{ 0, 0, 0, 0 },
};

static const struct step called_in[] = {
	{ WHO_HOTLINE, VERB_OPEN, 0, 0 },
	{ WHO_GRID, VERB_ACCEPT, 0, 0 },
	{ WHO_GRID, VERB_RESOLVE, 0, 0 },
	{ WHO_HOTLINE, VERB_RATE, 0, 0 },
	{ 0, 0, 0, 0 },
};

/* Nobody is in a hurry: its deadlines pass. */
static const struct step left_alone[] = {
	{ WHO_HOTLINE, VERB_OPEN, 0, 0 },
	{ 0, 0, 0, 0 },
};

static const struct step handed_over[] = {
	{ WHO_GRID, VERB_OPEN, 0, 0 },
	{ WHO_GRID, VERB_FORWARD, WHO_COMMUNITY, 0 },
	{ WHO_COMMUNITY, VERB_ACCEPT, 0, 0 },
	{ WHO_COMMUNITY, VERB_FORWARD, WHO_STREET, 0 },
	{ WHO_STREET, VERB_ACCEPT, 0, 0 },
	{ WHO_STREET, VERB_FORWARD, WHO_OTHER_GRID, 0 },
	{ WHO_OTHER_GRID, VERB_ACCEPT, 0, 0 },
	{ WHO_OTHER_GRID, VERB_RESOLVE, 0, 0 },
	{ WHO_GRID, VERB_RATE, 0, 0 },
	{ 0, 0, 0, 0 },
};

static const struct step reopened[] = {
	{ WHO_HOTLINE, VERB_OPEN, 0, 0 },
	{ WHO_GRID, VERB_ACCEPT, 0, 0 },
	{ WHO_GRID, VERB_RESOLVE, 0, 0 },
	{ WHO_HOTLINE, VERB_REOPEN, 0, 0 },
	{ WHO_GRID, VERB_ACCEPT, 0, 0 },
	{ WHO_GRID, VERB_RESOLVE, 0, 0 },
	{ WHO_HOTLINE, VERB_RATE, 0, 0 },
	{ 0, 0, 0, 0 },
};

const struct story stories[] = {
	{ "settled", "", settled },
	{ "by_community", "", by_community },
	{ "whistled", "", whistled },
	{ "called_in", "grid.matter", called_in },
	{ "left_alone", "grid.soon", left_alone },
	{ "handed_over", "", handed_over },
	{ "reopened", "grid.matter", reopened },
};

const unsigned story_count = sizeof(stories) / sizeof(*stories);
