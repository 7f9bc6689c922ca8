/*
 * The complaints of a CSV file as the JSON orders that the gateway takes:
 * columns number, kind, item, title, content, address, place, urgency and
 * created. The caller is made up and the same for all.
 */
#ifndef WHISTLE_DEMO_ORDERS_H
#define WHISTLE_DEMO_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct order {
	char *number;
	char *body; /* JSON */
	unsigned tries;
	int64_t not_before_ms;
};

struct orders {
	struct order *rows; /* in the order of their numbers */
	size_t count;
};

/* Says what goes wrong: ERR_NOT_FOUND, ERR_INVALID, ERR_NOMEM, ERR_IO. */
int orders_read(struct orders *orders_out, const char *csv);
bool orders_has(const struct orders *orders, const char *number);
void orders_free(struct orders *orders);

#endif
