/*
 * How all nodes of the city are, as this one has heard, for one answer of
 * the metrics: taken in page by page, then written as Prometheus' text. A
 * node that was not heard of for a while is stale, one that was never heard
 * of is stale and has no figures.
 */
#ifndef WHISTLE_GATEWAYD_CENSUS_H
#define WHISTLE_GATEWAYD_CENSUS_H

#include <stdio.h>
#include "org/org.h"
#include "wire/wire.h"

enum { CENSUS_STALE_MS = 30 * 1000 };

struct census;

/* `org` is borrowed. ERR_NOMEM. */
int census_open(struct census **census_out, const struct org *org);
/* What is no status, or of no node of the city, is passed over. */
void census_add(
    struct census *census, const struct wire_heard *heard, size_t count);
void census_write(FILE *out, const struct census *census);
void census_close(struct census **census);

#endif
