/*
 * How often residents' pages may be asked for: so many times a minute for
 * one ticket, and from one address, so that nobody can go on guessing.
 * Bounded: some tickets, and some addresses, share what they may.
 */
#ifndef WHISTLE_GATEWAYD_PAGE_LIMIT_H
#define WHISTLE_GATEWAYD_PAGE_LIMIT_H

#include "gatewayd/exchange.h"

bool page_limit_is_over_ticket(
    struct gateway *gateway, const struct id *ticket);
/* Of the client, who may be behind one of the city's proxies. */
bool page_limit_is_over_address(const struct exchange *exchange);

#endif
