/*
 * A ticket as the hotline sees it: a row of a list, and one whole, with all
 * that its order said. Pure.
 */
#ifndef WHISTLE_GATEWAYD_TICKET_JSON_H
#define WHISTLE_GATEWAYD_TICKET_JSON_H

#include "gatewayd/answer.h"
#include "org/org.h"

/* NULL without memory. `org` may be NULL: then no unit has a name. */
json_t *ticket_json_row(
    const struct wire_ticket_row *row, const struct org *org);
/* The whole of a show, read with `arena`. */
json_t *ticket_json(
    const struct wire_reply *reply, struct arena *arena, const struct org *org);

/* The hotline's own word for how satisfied a caller is: 满意 …; NULL for
 * none. */
const char *ticket_json_satisfaction(enum satisfaction satisfaction);

#endif
