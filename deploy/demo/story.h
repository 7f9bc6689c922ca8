/*
 * The ticket that has the most to tell, noted in HOME/demo.done for whoever
 * shows it: a line "ticket ID", then "callout ID" for each of its callouts.
 * That the file exists says that the demonstration has been given here.
 */
#ifndef WHISTLE_DEMO_STORY_H
#define WHISTLE_DEMO_STORY_H

#include "cases.h"

/* ERR_ACCESS, ERR_FULL, ERR_IO. */
int story_note(const struct home *home, const struct cases *cases);

#endif
