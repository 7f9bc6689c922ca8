/*
 * The ticket that a path names: by the hotline's own number, or, when it has
 * given none that reads so, by the ticket's id.
 */
#ifndef WHISTLE_GATEWAYD_ASK_TICKET_H
#define WHISTLE_GATEWAYD_ASK_TICKET_H

#include "gatewayd/exchange.h"

enum { ASK_TICKET_NO_EVENTS = INT32_MAX };

/* `from`: the first event wanted; 0: all. */
void ask_ticket(
    struct exchange *exchange, const char *name, bool contact, uint32_t from);
/*
 * To be asked of each reply to that: true when the ticket is there.
 * Otherwise it has been answered, or asked for once more.
 */
bool ask_ticket_found(struct exchange *exchange, const struct wire_reply *reply,
    const char *name, bool contact, uint32_t from);

/* True when the reply is RESULT_DONE and of that kind; else it has been
 * answered. */
bool ask_is_done(struct exchange *exchange, const struct wire_reply *reply,
    enum ask_kind kind);

#endif
