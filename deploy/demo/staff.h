/*
 * The troupe: everybody in operators.csv whose key is in the city folder.
 * Each speaks with a key of its own to the node that serves its unit. Where
 * a unit has nobody, the city's supervisor acts for it, at that unit's node.
 */
#ifndef WHISTLE_DEMO_STAFF_H
#define WHISTLE_DEMO_STAFF_H

#include "client/client.h"

struct staff;

/* ERR_NOT_FOUND: the city has no supervisor with a key. */
int staff_open(
    struct staff **staff_out, const struct home *home, const struct org *org);
/* The supervisor, at its own node. Borrowed. */
int staff_supervisor(struct client **client_out, struct staff *staff);

/*
 * Somebody of `unit` asks. For a command the unit is filled in. The reply
 * lives until the next one asks.
 */
int staff_ask(struct wire_reply *reply_out, struct staff *staff,
    const struct unit *unit, struct wire_request *request);
/* Who works at the unit; NULL: nobody with a key. */
const char *staff_login(
    const struct staff *staff, const struct unit_code *unit);
/* How many different people have asked. */
size_t staff_count(const struct staff *staff);
void staff_close(struct staff **staff);

#endif
