/*
 * The residents' pages over HTTP. A page's address is what opens it; a form
 * on another site cannot know it, and is refused besides.
 */
#ifndef WHISTLE_GATEWAYD_PAGES_H
#define WHISTLE_GATEWAYD_PAGES_H

#include "gatewayd/exchange.h"

#define PAGES_PATH "/t/"

bool pages_is_target(const char *target);
void pages_problem(
    struct exchange *exchange, const struct http_problem *problem);

void pages_show(struct exchange *exchange);
void pages_shown(struct exchange *exchange, const struct wire_reply *reply);
/* The page's address as a QR code. */
void pages_qr(struct exchange *exchange);
void pages_send(struct exchange *exchange);
void pages_sent(struct exchange *exchange, const struct wire_reply *reply);

#endif
