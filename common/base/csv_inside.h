/*
 * Inside of struct csv, for csv.c, which finds records in a file, and
 * csv_split.c, which takes one apart.
 */
#ifndef WHISTLE_BASE_CSV_INSIDE_H
#define WHISTLE_BASE_CSV_INSIDE_H

#include <csv.h>
#include "base/bytes.h"
#include "base/csv.h"
#include "base/encoding.h"

struct csv {
	int fd;
	bool at_end;
	bool skip_lf; /* the line before ended with CR */
	long line;    /* of the window's first byte */
	int64_t read_bytes, total_bytes;
	iconv_t converter;
	bool has_converter;
	bool needs_converter;
	enum encoding encoding;
	struct csv_parser parser;
	struct csv_record *record; /* while libcsv fills it */
	struct buf window;
	size_t start; /* in the window, of what is not consumed */
	struct buf converted;
	struct buf text; /* the fields; room for all before the first */
};

extern const char csv_stray_quote[];

/* ERR_NOMEM. */
int csv_start_parser(struct csv *csv);
/* The fields of a record with sound quotes, the first `len` bytes that are
 * left of the window; or its problem. ERR_NOMEM. */
int csv_split(struct csv_record *record, struct csv *csv, size_t len);

#endif
