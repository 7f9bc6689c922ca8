/*
 * whistle city check: how the gateway's HTTP side is offered.
 */
#ifndef WHISTLE_CLI_CITY_HTTP_H
#define WHISTLE_CLI_CITY_HTTP_H

#include "base/report.h"

/* gateway.yaml, read as the gateway reads it, and a key that it names and
 * others may read. A file that it names and that is missing is none of our
 * business: it may be on another machine. */
void city_http_check(struct report *report, const char *dir);

#endif
