/*
 * One log: any ticket has the same events, hash by hash, on every node that
 * knows it, and whoever must know it does.
 */
#ifndef WHISTLE_FLOW_LOGS_H
#define WHISTLE_FLOW_LOGS_H

#include "harness/city.h"

/* What must be equal of one ticket. seq 0: the node does not know it. */
struct view {
	struct id id;
	uint32_t seq;
	struct hash last; /* hangs on all events before */
	enum state state;
	struct unit_code holder;
};

/* Called with a ticket, folded from its log, and all that the node said. */
typedef void view_visit(
    void *context, const struct ticket *ticket, const struct wire_reply *reply);

/* Sees `count` tickets at a node, many asked at once; `each` (may be NULL)
 * visits those that the node knows. */
void views_read(struct view *views_out, struct city *city, const char *node,
    const struct id *ids, size_t count, view_visit *each, void *context);

/*
 * When all is quiet: cityd knows each ticket, so does the node of every
 * unit that opened or held it, and all logs are the same. Fails the test
 * with the ticket and the node otherwise.
 */
void logs_check(struct city *city, const struct id *ids, size_t count);
/* The same of all tickets that cityd has; returns how many. */
size_t logs_check_all(struct city *city);

/* Every ticket of a node, oldest first; release with free. */
struct id *tickets_all(size_t *count_out, struct city *city, const char *node);

#endif
