/*
 * One list on its way: what was asked, what was found, and how much more may
 * be looked at. For query.c, follow.c and list_*.c only.
 */
#ifndef WHISTLE_ENGINE_LISTING_H
#define WHISTLE_ENGINE_LISTING_H

#include "engine/inside.h"

struct listing {
	struct turn *turn;
	const struct actor *actor;
	const struct wire_request *request;
	const struct unit *under;
	unsigned state, kind, outcome, channel;
	struct wire_ticket_row *rows;
	size_t count, limit, looks_left, arena_max;
	struct id last;
	bool is_cut;
	/* by change, around, queue */
	const struct unit *at;
	struct bytes position; /* the cursor; empty: `last` is */
	bool is_complete;
	const char *detail; /* NULL: none */
};

/* Does the filter let it through, and may the asker see it? */
bool listing_wants(const struct listing *listing, const struct ticket *ticket);
/* Looks at one ticket (a tickets_walk's visit): 1 when the page is full,
 * which is noted. */
int listing_add(void *listing, const struct ticket *ticket);
int listing_say(struct turn *turn, const struct net_route *route,
    const struct id *request, const struct listing *listing);
int say_result(struct turn *turn, const struct net_route *route,
    const struct id *request, enum result result, const char *detail);

/* Answer. */
int list_by_change(struct listing *listing, const struct net_route *route);
int list_around(struct listing *listing, const struct net_route *route);
int list_queue(struct listing *listing, const struct net_route *route);

#endif
