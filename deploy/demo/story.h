/*
 * What is worth showing afterwards, noted in HOME/demo.done: "ticket ID" of
 * the one that has the most to tell, "callout ID" of each of its callouts,
 * "unfinished ID LOGIN" of one that was left for LOGIN to accept, "unrated
 * ID" of one that the hotline has not rated. That the file exists says that
 * the demonstration has been given here.
 */
#ifndef WHISTLE_DEMO_STORY_H
#define WHISTLE_DEMO_STORY_H

#include "cases.h"
#include "staff.h"

/* ERR_ACCESS, ERR_FULL, ERR_IO. */
int story_note(const struct home *home, const struct cases *cases,
    const struct staff *staff);

#endif
