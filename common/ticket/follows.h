/*
 * Does an event follow the log so far? All of it is asked before anything
 * is written, so that a refused event leaves the ticket as it was. Inside
 * ticket/ only.
 */
#ifndef WHISTLE_TICKET_FOLLOWS_H
#define WHISTLE_TICKET_FOLLOWS_H

#include "ticket/ticket.h"

bool event_follows(const struct ticket *ticket, const struct event *event);

#endif
