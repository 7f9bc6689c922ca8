/*
 * Open311 GeoReport v2 over HTTP: geo.h's forms and answers, in the format
 * that the path's end asks for, with as many questions to the engine as an
 * answer takes.
 */
#ifndef WHISTLE_GATEWAYD_OPEN311_H
#define WHISTLE_GATEWAYD_OPEN311_H

#include "gatewayd/exchange.h"

#define OPEN311 "/open311/v2/"

/* Is it for Open311, which has errors of its own form? */
bool open311_is_target(const char *target);
void open311_problem(
    struct exchange *exchange, const struct http_problem *problem);
/* A slash behind the format is nobody's mistake that matters. */
void open311_trim(char *target);
/* A browser asks whether a page of another site may do that; `allow` is what
 * may be done. */
void open311_preflight(struct exchange *exchange);

void open311_discovery(struct exchange *exchange);
void open311_services(struct exchange *exchange);
void open311_definition(struct exchange *exchange);
void open311_list(struct exchange *exchange);
void open311_post(struct exchange *exchange);
void open311_show(struct exchange *exchange);
void open311_token(struct exchange *exchange);
void open311_updates(struct exchange *exchange);
void open311_update(struct exchange *exchange);
/* The engine's reply to whatever was asked last. */
void open311_reply(struct exchange *exchange, const struct wire_reply *reply);

#endif
