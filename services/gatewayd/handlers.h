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
/* Those that changed, in the order in which they did. */
void changes_ask(struct exchange *exchange);
void changes_found(struct exchange *exchange, const struct wire_reply *reply);
/* What an order that is about to be sent may be a duplicate of. */
void similar_ask(struct exchange *exchange);
void similar_found(struct exchange *exchange, const struct wire_reply *reply);
/* What the hotline does with its ticket: note, remind, withdraw … */
void acts_post(struct exchange *exchange);
void acts_reply(struct exchange *exchange, const struct wire_reply *reply);
/* The description of all this, for programs. */
void openapi_get(struct exchange *exchange);

/* Many orders in one file, in and out. */
#define EXPORT_PATH "/hotline/v1/export"
void import_post(struct exchange *exchange);
void import_posted(struct exchange *exchange, const struct wire_reply *reply);
void export_ask(struct exchange *exchange);
void export_reply(struct exchange *exchange, const struct wire_reply *reply);

/* Callbacks to the hotline: which wait; one once more. */
void calls_list(struct exchange *exchange);
void calls_show(struct exchange *exchange);
void calls_shown(struct exchange *exchange, const struct wire_reply *reply);
void calls_replay(struct exchange *exchange);
void calls_replayed(struct exchange *exchange, const struct wire_reply *reply);

/* Attachments: take one in; give one out. */
void files_post(struct exchange *exchange);
void files_posted(struct exchange *exchange, const struct wire_reply *reply);
void files_get(struct exchange *exchange);
void files_got(struct exchange *exchange, const struct wire_reply *reply);

/* For whoever watches over the node. */
void watch_ask(struct exchange *exchange);
void watch_count(struct exchange *exchange);
void watch_ready(struct exchange *exchange, const struct wire_reply *reply);
void watch_health(struct exchange *exchange, const struct wire_reply *reply);
void watch_metrics(struct exchange *exchange, const struct wire_reply *reply);

#endif
