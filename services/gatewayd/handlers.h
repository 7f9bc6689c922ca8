/*
 * What the routes do: for each a handler, and one for the engine's reply.
 * A handler never waits.
 */
#ifndef WHISTLE_GATEWAYD_HANDLERS_H
#define WHISTLE_GATEWAYD_HANDLERS_H

#include "gatewayd/exchange.h"

/* The hotline's orders: take one in; tell how one stands. */
void tickets_post(struct exchange *exchange);
void tickets_posted(struct exchange *exchange, const struct wire_reply *reply);
void tickets_find(struct exchange *exchange);
void tickets_found(struct exchange *exchange, const struct wire_reply *reply);

/* Callbacks to the hotline: which wait; one once more. */
void calls_list(struct exchange *exchange);
void calls_replay(struct exchange *exchange);
void calls_replayed(struct exchange *exchange, const struct wire_reply *reply);

/* For whoever watches over the node. */
void watch_ask(struct exchange *exchange);
void watch_count(struct exchange *exchange);
void watch_ready(struct exchange *exchange, const struct wire_reply *reply);
void watch_health(struct exchange *exchange, const struct wire_reply *reply);
void watch_metrics(struct exchange *exchange, const struct wire_reply *reply);

#endif
