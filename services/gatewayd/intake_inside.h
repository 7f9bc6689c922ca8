/* For intake*.c only. */
#ifndef WHISTLE_GATEWAYD_INTAKE_INSIDE_H
#define WHISTLE_GATEWAYD_INTAKE_INSIDE_H

#include "gatewayd/intake.h"

/* NULL: it did not come. */
const char *intake_header(const struct exchange *exchange, const char *name);
size_t intake_length(const struct exchange *exchange);
bool intake_is_chunked(const struct exchange *exchange);
/* Onto the disk, not into memory? */
bool intake_is_spooled(const struct exchange *exchange);
/* Is it one that the route takes? */
enum problem_kind intake_check_body(const struct exchange *exchange);
/* Keeps room for it. */
enum problem_kind intake_promise(struct exchange *exchange);

#endif
