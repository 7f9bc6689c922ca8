#include "orders.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/csv.h"
#include "base/err.h"
#include "speak.h"

enum { ORDERS_MAX = 20000 };

static const struct {
	const char *column;
	const char *field;
} columns[] = {
	{ "number", NULL },
	{ "kind", "kind" },
	{ "item", "item" },
	{ "title", "title" },
	{ "content", "content" },
	{ "address", "address" },
	{ "place", "division" },
	{ "urgency", "urgency" },
	{ "created", "created" },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* Where each column is; -1: nowhere. */
static int read_heading(int at_out[COLUMNS], const struct csv_record *heading)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		at_out[c] = -1;
		for (size_t i = 0; i < heading->count; i++)
			if (strcmp(heading->fields[i], columns[c].column) == 0)
				at_out[c] = (int)i;
	}
	return at_out[0] < 0 ? ERR_INVALID : 0;
}

static json_t *order_json(
    const int at[COLUMNS], const struct csv_record *record)
{
	json_t *object = json_object();

	for (size_t c = 1; c < COLUMNS; c++) {
		if (at[c] < 0 || (size_t)at[c] >= record->count ||
		    !record->fields[at[c]][0])
			continue;
		json_object_set_new(object, columns[c].field,
		    json_string(record->fields[at[c]]));
	}
	json_object_set_new(object, "caller", json_string("示例来电人"));
	json_object_set_new(object, "phone", json_string("0711-0000000"));
	return object;
}

static int add(struct orders *orders, const int at[COLUMNS],
    const struct csv_record *record)
{
	struct order *row = &orders->rows[orders->count];

	row->number = strdup(record->fields[at[0]]);
	row->object = order_json(at, record);
	orders->count++;
	return row->number && row->object ? 0 : ERR_NOMEM;
}

static int by_number(const void *a, const void *b)
{
	const struct order *left = a;
	const struct order *right = b;

	return strcmp(left->number, right->number);
}

static int read_rows(struct orders *orders, struct csv *csv)
{
	struct csv_record record;
	int at[COLUMNS];
	int rc = csv_next(&record, csv);

	if (rc == 1)
		rc = read_heading(at, &record);
	else if (rc == 0)
		rc = ERR_INVALID;
	while (!rc && (rc = csv_next(&record, csv)) == 1) {
		rc = 0;
		if (record.problem || (size_t)at[0] >= record.count ||
		    !record.fields[at[0]][0])
			continue;
		rc = orders->count == ORDERS_MAX ? ERR_TOO_LARGE
						 : add(orders, at, &record);
	}
	return rc;
}

int orders_read(struct orders *orders_out, const char *path)
{
	struct orders orders = { .rows =
				     calloc(ORDERS_MAX, sizeof(*orders.rows)) };
	struct csv *csv = NULL;
	int rc = orders.rows ? csv_open(&csv, path) : ERR_NOMEM;

	if (!rc)
		rc = read_rows(&orders, csv);
	csv_close(&csv);
	if (rc) {
		fprintf(stderr, "whistle-demo: %s: %s\n", path, err_text(rc));
		orders_free(&orders);
		return rc;
	}
	qsort(orders.rows, orders.count, sizeof(*orders.rows), by_number);
	*orders_out = orders;
	return 0;
}

char *orders_body(const struct order *order, const char *number)
{
	json_t *object = json_copy(order->object);
	char *body = NULL;

	if (object &&
	    json_object_set_new(object, "number", json_string(number)) == 0)
		body = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return body;
}

bool orders_has(const struct orders *orders, const char *number)
{
	struct order key = { .number = (char *)(uintptr_t)number };

	return bsearch(&key, orders->rows, orders->count, sizeof(*orders->rows),
		   by_number) != NULL;
}

void orders_free(struct orders *orders)
{
	for (size_t i = 0; i < orders->count; i++) {
		free(orders->rows[i].number);
		json_decref(orders->rows[i].object);
	}
	free(orders->rows);
	*orders = (struct orders){ 0 };
}
