/*
 * A CSV file whose first record names its columns, in any order: every
 * column wanted exactly once and no other. Records that are damaged or have
 * another number of fields are reported and skipped.
 */
#ifndef WHISTLE_ORG_SHEET_H
#define WHISTLE_ORG_SHEET_H

#include "base/csv.h"
#include "base/report.h"

enum { SHEET_COLUMNS_MAX = 8 };

struct sheet {
	struct csv *csv;
	struct report *report;
	const char *path;
	const char *const *columns;
	size_t count;		      /* of columns */
	size_t at[SHEET_COLUMNS_MAX]; /* field of each column */
	long line;		      /* of the record read last */
};

/* 1 when it can be read, 0 when not, which the report says, negative
 * ERR_IO or ERR_NOMEM. Nothing to close unless 1. */
int sheet_open(struct sheet *sheet_out, struct report *report, const char *path,
    const char *const *columns, size_t count);
/* 1 with the values in the order of `columns`, living until the next call;
 * 0 at the end; negative ERR_IO or ERR_NOMEM. */
int sheet_next(const char **values_out, struct sheet *sheet);
void sheet_close(struct sheet *sheet);

#endif
