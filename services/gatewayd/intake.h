/*
 * A request on its way in: which route it takes, who signed it, its body.
 * Whatever is wrong becomes the exchange's answer; when nothing is, the
 * route's handler is called.
 */
#ifndef WHISTLE_GATEWAYD_INTAKE_H
#define WHISTLE_GATEWAYD_INTAKE_H

#include "gatewayd/exchange.h"

/* The headers are there. */
void intake_begin(
    struct exchange *exchange, const char *method, const char *version);
bool intake_has_body(const struct exchange *exchange);
/* May an answer go out before the body came in? */
bool intake_may_answer_early(const struct exchange *exchange);
/* Part of the body; dropped when there is an answer already. */
void intake_body(struct exchange *exchange, struct bytes part);
/* The body is there. */
void intake_end(struct exchange *exchange);
void intake_drop_body(struct exchange *exchange);

#endif
