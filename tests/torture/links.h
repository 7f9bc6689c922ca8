/*
 * The ways between nodes, and from people to nodes: each node listens at
 * NODE.own, and what the city's files name is a door of ours, from which every
 * connection is handed on. Whose a connection is the kernel says, by the
 * process at its other end. A way can be cut, held, slowed or torn; bytes are
 * never changed, and never lost from the middle of a connection, as with TCP.
 */
#ifndef WHISTLE_TORTURE_LINKS_H
#define WHISTLE_TORTURE_LINKS_H

#include "harness/city.h"

enum way_mode {
	WAY_OPEN,
	WAY_CUT,  /* what there is is closed, what comes is closed at once */
	WAY_HELD, /* connected, and nothing moves: half open */
	WAY_UP,	  /* only what goes up moves */
	WAY_DOWN, /* only what comes down */
	WAY_SLOW, /* every piece waits */
	WAY_TEAR, /* once: part of a piece, then the end */
};

/* How often somebody felt that a way was so: once each time that it was set. */
struct way_effects {
	unsigned cut, held, slowed, torn;
};

struct links;

void links_open(struct links **links_out, struct city *city);
void links_close(struct links **links);
/* The way from the child (or LINKS_PEOPLE) to the node, by their places in
 * city.daemons. */
void links_set(
    struct links *links, size_t child, size_t node, enum way_mode mode);
/* All open. */
void links_heal(struct links *links);
struct way_effects links_effects(const struct links *links);

enum { LINKS_PEOPLE = CITY_NODES_MAX };

#endif
