/*
 * The troupe: everybody in operators.csv whose key is in the city folder.
 * Each speaks with a key of its own to the node that serves its unit. Where
 * a unit has nobody, the city's supervisor acts for it, at that unit's node.
 */
#ifndef WHISTLE_DEMO_STAFF_H
#define WHISTLE_DEMO_STAFF_H

#include "client/client.h"

struct staff;

/* ERR_NOT_FOUND: the city has no supervisor with a key. `patience_ms`: how
 * long a node may be silent. */
int staff_open(struct staff **staff_out, const struct home *home,
    const struct org *org, int64_t patience_ms);
/* The city's supervisor in a conversation of its own with `node`, NULL: with
 * its own; close it. */
int staff_supervisor(struct client **client_out, const struct staff *staff,
    const struct node *node);

/*
 * Somebody of `unit` asks. For a command the unit is filled in. The reply
 * lives until the next one asks. ERR_TIMEOUT: its node is silent, and is best
 * left alone until staff_silent_until. ERR_UNREACHABLE: it has been so for
 * longer than patience lasts.
 */
int staff_ask(struct wire_reply *reply_out, struct staff *staff,
    const struct unit *unit, struct wire_request *request);
/* 0: it has answered the last time. */
int64_t staff_silent_until(const struct staff *staff, const struct unit *unit);
/* Who works at the unit; NULL: nobody with a key. */
const char *staff_login(
    const struct staff *staff, const struct unit_code *unit);
/* How many different people have asked. */
size_t staff_count(const struct staff *staff);
void staff_close(struct staff **staff);

#endif
