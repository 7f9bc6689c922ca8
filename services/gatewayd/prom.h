/*
 * Prometheus' text format, version 0.0.4: a metric is its head and then its
 * series, all together. Whoever writes sees to it that none comes twice.
 */
#ifndef WHISTLE_GATEWAYD_PROM_H
#define WHISTLE_GATEWAYD_PROM_H

#include <stdint.h>
#include <stdio.h>

/* `type`: counter, gauge or histogram; `help` without a line's end. */
void prom_head(FILE *out, const char *name, const char *type, const char *help);
/* NAME="VALUE", escaped. */
void prom_label(FILE *out, const char *name, const char *value);
/* A metric with one series and no label. */
void prom_number(FILE *out, const char *name, const char *type, uint64_t value,
    const char *help);

#endif
