/*
 * A row of a CSV file as an order: which column is which field, and what yes
 * and no are called. Pure.
 */
#ifndef WHISTLE_GATEWAYD_IMPORT_ROW_H
#define WHISTLE_GATEWAYD_IMPORT_ROW_H

#include "base/csv.h"
#include "base/limits.h"

enum { IMPORT_COLUMNS = 18 };

/* Where each field of ours stands in the file; -1: nowhere. */
struct import_heading {
	int at[IMPORT_COLUMNS];
};

/* Columns that are none of ours are passed over: an export has many. False
 * when there is no column `number`. */
bool import_heading_read(
    struct import_heading *heading_out, const struct csv_record *record);
/* The JSON of the order, malloc'd; NULL without memory. `number` is cut to
 * fit and "" where the row has none. */
char *import_row_order(char number_out[EXTERNAL_ID_MAX],
    const struct import_heading *heading, const struct csv_record *record);

#endif
