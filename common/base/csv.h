/*
 * Records of a CSV file (RFC 4180), one after the other, whatever is wrong
 * with some of them. Each record knows the line it starts on. A bad record
 * (an unclosed quote, a field or record over the limit, bytes that are not
 * text) is returned as bad, with the reason, and reading goes on with the
 * next line that can be one. Memory is bounded by the record limit.
 * Encoding: UTF-8 with or without BOM, else GB18030 when the first bytes
 * say so.
 */
#ifndef WHISTLE_BASE_CSV_H
#define WHISTLE_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_FIELDS_MAX = 64, CSV_RECORD_MAX = 256 * 1024 };

struct csv;

struct csv_record {
	long line;		 /* of its first byte, from 1 */
	const char *problem;	 /* NULL, or what is wrong with it */
	size_t count;		 /* of fields */
	const char *fields[CSV_FIELDS_MAX]; /* UTF-8, NUL-terminated */
};

/* ERR_NOT_FOUND, ERR_ACCESS, ERR_IO, ERR_NOMEM. */
int csv_open(struct csv **csv_out, const char *path);
/*
 * The next record; its strings live until the next call. 1 if there is one,
 * 0 at the end, negative ERR_IO or ERR_NOMEM. Empty lines are skipped.
 */
int csv_next(struct csv_record *record_out, struct csv *csv);
/* Bytes read so far and in all, for a progress bar. */
void csv_progress(int64_t *done_out, int64_t *total_out,
    const struct csv *csv);
void csv_close(struct csv **csv);

#endif
