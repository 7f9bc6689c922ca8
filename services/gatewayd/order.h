/*
 * One order of the hotline: JSON into the command that opens its ticket.
 * Pure. Every field is a row of a table; a field that is not in it is
 * refused by name, so that a word spelt wrong is noticed and not lost.
 */
#ifndef WHISTLE_GATEWAYD_ORDER_H
#define WHISTLE_GATEWAYD_ORDER_H

#include "gatewayd/problem.h"
#include "ticket/event.h"

enum {
	ORDER_TAGS_MAX = 16,
	ORDER_TAG_BYTES = 64,
	ORDER_CALLER_BYTES = 128,
	ORDER_PHONE_BYTES = 64,
};

/*
 * *command_out lives in `arena`, its id and ticket zero, unit and operator
 * unset; what->external_id is the order's number. ERR_INVALID with what is
 * wrong in *problem_out; ERR_NOMEM.
 */
int order_read(struct command *command_out, struct http_problem *problem_out,
    struct arena *arena, struct bytes body);

/* Is it a number as an order may have one: 1 to EXTERNAL_ID_MAX - 1 bytes of
 * UTF-8 without control characters? */
bool order_number_is_valid(const char *number, size_t len);

#endif
