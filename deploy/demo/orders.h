/*
 * The complaints of a CSV file as the JSON orders that the gateway takes:
 * columns number, kind, item, title, content, address, place, urgency and
 * created. The caller is made up and the same for all.
 */
#ifndef WHISTLE_DEMO_ORDERS_H
#define WHISTLE_DEMO_ORDERS_H

#include <stdbool.h>
#include <stddef.h>

struct json_t;

struct order {
	char *number;
	struct json_t *object; /* all of it but the number */
};

struct orders {
	struct order *rows; /* in the order of their numbers */
	size_t count;
};

/* Says what goes wrong: ERR_NOT_FOUND, ERR_INVALID, ERR_NOMEM, ERR_IO. */
int orders_read(struct orders *orders_out, const char *csv);
/* The JSON of the order under that number; release with free. NULL: no
 * memory. */
char *orders_body(const struct order *order, const char *number);
bool orders_has(const struct orders *orders, const char *number);
void orders_free(struct orders *orders);

#endif
