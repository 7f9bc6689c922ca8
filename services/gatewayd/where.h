/*
 * Our own address as others reach it: public_url of nodes.yaml, else as the
 * client that asks has called us.
 */
#ifndef WHISTLE_GATEWAYD_WHERE_H
#define WHISTLE_GATEWAYD_WHERE_H

#include "client/secret.h"
#include "gatewayd/exchange.h"

enum { WHERE_BASE = 300, WHERE_LINK = WHERE_BASE + 8 + SECRET_TEXT };

/* "https://12345.example.gov.cn": without a slash at the end. */
char *where_base(char out[WHERE_BASE], const struct exchange *exchange);
/* The whole address of the ticket's page for its resident. */
char *where_page(char out[WHERE_LINK], const struct exchange *exchange,
    const struct id *ticket);

#endif
