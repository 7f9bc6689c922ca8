/*
 * The query of a target, checked: every name is known, every value is what
 * it may be. Pure.
 */
#ifndef WHISTLE_GATEWAYD_QUERY_H
#define WHISTLE_GATEWAYD_QUERY_H

#include "base/code.h"
#include "gatewayd/exchange.h"
#include "gatewayd/form.h"

/* Into the gateway's arena, which is reset; `names` ends with NULL. False
 * when it has been refused. */
bool query_read(
    struct form *form_out, struct exchange *exchange, const char *const *names);

/* One value each, where it is given; false when it has been refused. */
bool query_number(unsigned *out, struct exchange *exchange,
    const struct form *form, const char *name, unsigned max);
bool query_time(int64_t *out, struct exchange *exchange,
    const struct form *form, const char *name);
bool query_division(struct unit_code *out, struct exchange *exchange,
    const struct form *form, const char *name);
void query_refuse(
    struct exchange *exchange, const char *name, enum field_fault fault);

#endif
