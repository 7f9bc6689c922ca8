/*
 * What a daemon must bear: it stays up, its memory flat and its log short,
 * and others are served all the while.
 */
#ifndef WHISTLE_FLOW_ENDURE_H
#define WHISTLE_FLOW_ENDURE_H

#include "harness/city.h"

enum {
	SERVED_MS = 10 * 1000, /* an honest question is answered within */
	GROWTH_KB = 8 * 1024,
	MEMORY_KB = 96 * 1024, /* no daemon here ever needs more */
};

void others_are_served(struct city *city, const char *node);
/*
 * Does it again and again: after the first half a daemon has as much memory
 * as it needs for a busy turn, and from then on nothing piles up.
 */
void endures_within(struct city *city, const char *node,
    void (*make)(const char *node), long growth_kb);
void endures(
    struct city *city, const char *node, void (*make)(const char *node));

#endif
