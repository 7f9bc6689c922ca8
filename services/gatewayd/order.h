/*
 * One order of the hotline: JSON into the command that opens its ticket.
 * Pure. Every field is a row of a table; a field that is not in it is
 * refused by name, so that a word spelt wrong is noticed and not lost.
 */
#ifndef WHISTLE_GATEWAYD_ORDER_H
#define WHISTLE_GATEWAYD_ORDER_H

#include "catalogue/catalogue.h"
#include "gatewayd/problem.h"
#include "ticket/event.h"

enum {
	ORDER_PATH_BYTES = 256,
	ORDER_CALLER_BYTES = 128,
	ORDER_PHONE_BYTES = 64,
};

/*
 * *command_out lives in `arena`, its id and ticket zero, unit and operator
 * unset; what->external_id is the order's number. *same_as_out is the number
 * of the order that this one is another call about, or "". The item is the
 * order's own, or the narrowest part of its path that the catalogue (NULL:
 * none) has by name or code. ERR_INVALID with what is wrong in *problem_out;
 * ERR_NOMEM.
 */
int order_read(struct command *command_out, const char **same_as_out,
    struct http_problem *problem_out, struct arena *arena, struct bytes body,
    const struct catalogue *catalogue);
/* NULL: no part of the path is one. */
const struct item *order_path_item(
    const struct catalogue *catalogue, const char *path);

/* A unit's code, or a national one of twelve digits. ERR_INVALID. */
int order_division(struct unit_code *place_out, const char *text);

/* Is it a number as an order may have one: 1 to EXTERNAL_ID_MAX - 1 bytes of
 * UTF-8 without control characters? */
bool order_number_is_valid(const char *number, size_t len);

#endif
