/*
 * CSV files for a test to import.
 */
#ifndef WHISTLE_FLOW_SHEET_H
#define WHISTLE_FLOW_SHEET_H

#include <stddef.h>
#include <jansson.h>
#include <stdio.h>
#include "harness/city.h"

/* Fields with quotes where they need them; the last is followed by NULL. */
void sheet_row(FILE *file, ...) __attribute__((sentinel));

struct imported {
	int64_t added, existing, refused;
	json_t *report;
};

/* Runs `whistle import PATH --json`; `map` may be NULL. The exit code must be
 * that of what it says. Release with imported_free. */
void sheet_import(struct imported *imported_out, const struct city *city,
    const char *path, const char *map);
/* Why the record that starts on `line` was refused; NULL when it was not. */
const char *imported_why(const struct imported *imported, long line);
void imported_free(struct imported *imported);

#endif
