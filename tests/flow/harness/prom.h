/*
 * Prometheus' text format, read as strictly as it is written down: names,
 * heads, types, labels and their escapes, values, no series twice, every
 * metric in one piece. A scraper may forgive what this does not.
 */
#ifndef WHISTLE_FLOW_PROM_H
#define WHISTLE_FLOW_PROM_H

#include "harness/city.h"

/* Fails the test, saying which line and why. */
void prom_check(const char *text);
/* The value of "name" or "name{label=\"…\"}"; false when it is not there. */
bool prom_value(double *value_out, const char *text, const char *series);

#endif
