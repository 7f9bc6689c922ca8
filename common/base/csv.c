/*
 * Splitting into records is ours, because after a mistake libcsv has already
 * lost the place to go on from; splitting a sound record into fields is
 * libcsv's. The window holds a record from its first byte, so that reading
 * can go back to the end of that record's first line. All memory grows with
 * the longest record so far: most files have short ones.
 */
#include "base/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/csv_inside.h"
#include "base/err.h"

enum {
	SAMPLE_BYTES = 64 * 1024,
	READ_BYTES = 16 * 1024,
};

static const char unclosed_quote[] = "a quote is opened and never closed";
static const char after_quote[] =
    "text after a closing quote, perhaps an unclosed quote";
static const char too_long[] = "longer than 262144 bytes, or an unclosed quote";

enum place { FIELD_START, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

/* What a scan found, in bytes from the window's start. */
struct span {
	const char *problem;
	size_t len;	 /* of the record without its line's end */
	size_t consumed; /* with it */
	long lines;
	size_t first_line; /* its length with its end; 0: no end seen yet */
	enum place place;
};

static size_t left(const struct csv *csv)
{
	return csv->window.len - csv->start;
}

static void drop_consumed(struct csv *csv)
{
	size_t len = left(csv);

	memmove(csv->window.data, csv->window.data + csv->start, len);
	csv->window.len = len;
	csv->start = 0;
}

/* More bytes at the window's end: 1, or 0 at the end of the file. */
static int fill(struct csv *csv)
{
	uint8_t *room;
	ssize_t got;

	if (csv->at_end)
		return 0;
	if (csv->start > 0 && csv->window.cap - csv->window.len < READ_BYTES)
		drop_consumed(csv);
	if (buf_grow(&room, &csv->window, READ_BYTES) < 0)
		return ERR_NOMEM;
	do {
		got = read(csv->fd, room, READ_BYTES);
	} while (got < 0 && errno == EINTR);
	csv->window.len -= READ_BYTES - (size_t)(got > 0 ? got : 0);
	if (got < 0)
		return ERR_IO;
	csv->at_end = got == 0;
	csv->read_bytes += got;
	return got > 0;
}

static int fill_sample(struct csv *csv)
{
	int rc = 1;

	while (rc > 0 && csv->window.len < SAMPLE_BYTES)
		rc = fill(csv);
	return rc < 0 ? rc : 0;
}

static int guess_encoding(struct csv *csv)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };
	struct bytes sample;
	int rc = fill_sample(csv);

	if (rc < 0)
		return rc;
	sample = bytes_of(csv->window.data, csv->window.len);
	if (sample.len >= 3 && memcmp(sample.data, mark, 3) == 0) {
		csv->start = 3;
		return 0;
	}
	if (bytes_is_text(sample))
		return 0;
	rc = encoding_open(&csv->converter);
	csv->has_converter = rc == 0;
	csv->needs_converter = rc == ERR_NOT_FOUND;
	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	csv->encoding = encoding_guess(sample, !csv->at_end, csv->converter);
	return 0;
}

static int open_file(struct csv *csv, const char *path)
{
	struct stat info;

	csv->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (csv->fd < 0 || fstat(csv->fd, &info) < 0)
		return err_of_errno(errno);
	csv->total_bytes = S_ISREG(info.st_mode) ? (int64_t)info.st_size : 0;
	return 0;
}

int csv_open(struct csv **csv_out, const char *path)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	int rc;

	if (!csv)
		return ERR_NOMEM;
	csv->fd = -1;
	csv->line = 1;
	rc = csv_start_parser(csv);
	if (rc == 0)
		rc = open_file(csv, path);
	if (rc == 0)
		rc = guess_encoding(csv);
	if (rc < 0)
		csv_close(&csv);
	else
		*csv_out = csv;
	return rc;
}

/* The next place, or NULL in *problem_out if `c` may not stand here. */
static const char *step(enum place *place, uint8_t c)
{
	switch (*place) {
	case FIELD_START:
		*place = c == '"'   ? IN_QUOTES
			 : c == ',' ? FIELD_START
				    : IN_PLAIN;
		return NULL;
	case IN_PLAIN:
		*place = c == ',' ? FIELD_START : IN_PLAIN;
		return c == '"' ? csv_stray_quote : NULL;
	case IN_QUOTES:
		*place = c == '"' ? AFTER_QUOTE : IN_QUOTES;
		return NULL;
	case AFTER_QUOTE:
		*place = c == '"' ? IN_QUOTES : FIELD_START;
		return c == '"' || c == ',' ? NULL : after_quote;
	}
	return NULL;
}

/* Counts a line's end at `at`; the LF of a CRLF belongs to its CR. */
static bool take_line_end(struct span *span, const uint8_t *data, size_t at)
{
	if (data[at] != '\n' && data[at] != '\r')
		return false;
	if (data[at] == '\n' && at > 0 && data[at - 1] == '\r')
		return true;
	span->lines++;
	if (span->first_line == 0)
		span->first_line = at + 1;
	return true;
}

/* Up to the record's end, its first mistake, or the end of what there is;
 * true when it is over. */
static bool scan(struct span *span, const struct csv *csv)
{
	const uint8_t *data = csv->window.data + csv->start;
	size_t len = left(csv);
	bool ends;

	for (; span->len < len; span->len++) {
		ends = take_line_end(span, data, span->len);
		if (ends && span->place != IN_QUOTES) {
			span->consumed = span->len + 1;
			return true;
		}
		span->problem = span->len >= CSV_RECORD_MAX
				    ? too_long
				    : step(&span->place, data[span->len]);
		if (span->problem)
			return true;
	}
	return false;
}

/* Past the end of the line that the window is in, however long. */
static int skip_line(struct csv *csv)
{
	int rc = 1;
	uint8_t c;

	do {
		while (left(csv) > 0) {
			c = csv->window.data[csv->start++];
			if (c == '\n' || c == '\r') {
				csv->skip_lf = c == '\r';
				csv->line++;
				return 0;
			}
		}
		rc = fill(csv);
	} while (rc > 0);
	return rc;
}

static void consume(struct csv *csv, size_t len, long lines)
{
	if (len == 0)
		return;
	csv->start += len;
	csv->line += lines;
	csv->skip_lf = csv->window.data[csv->start - 1] == '\r';
}

/* One record or one mistake. 1, or 0 at the end of the file. */
static int find(struct span *span, struct csv *csv)
{
	int rc = left(csv) > 0 ? 1 : fill(csv);

	if (rc > 0 && csv->skip_lf && csv->window.data[csv->start] == '\n') {
		csv->start++;
		csv->skip_lf = false;
		rc = left(csv) > 0 ? 1 : fill(csv);
	}
	csv->skip_lf = false;
	*span = (struct span){ 0 };
	while (rc > 0 && !scan(span, csv)) {
		rc = fill(csv);
		if (rc > 0)
			continue;
		span->consumed = span->len;
		if (span->place == IN_QUOTES)
			span->problem = unclosed_quote;
		return rc < 0 ? rc : 1;
	}
	return rc;
}

static int take(
    struct csv_record *record, struct csv *csv, const struct span *span)
{
	int rc = 0;

	record->line = csv->line;
	record->problem = span->problem;
	if (!span->problem) {
		rc = csv_split(record, csv, span->len);
		consume(csv, span->consumed, span->lines);
	} else if (span->first_line > 0) {
		consume(csv, span->first_line, 1);
	} else {
		rc = skip_line(csv);
	}
	if (record->problem)
		record->count = 0;
	return rc;
}

int csv_next(struct csv_record *record_out, struct csv *csv)
{
	struct span span;
	int rc;

	memset(record_out, 0, sizeof(*record_out));
	for (;;) {
		rc = find(&span, csv);
		if (rc <= 0)
			return rc;
		if (span.problem || span.len > 0)
			break;
		consume(csv, span.consumed, span.lines);
	}
	rc = take(record_out, csv, &span);
	return rc < 0 ? rc : 1;
}

void csv_progress(int64_t *done_out, int64_t *total_out, const struct csv *csv)
{
	*done_out = csv->read_bytes - (int64_t)left(csv);
	*total_out = csv->total_bytes;
}

void csv_close(struct csv **csv)
{
	if (!*csv)
		return;
	csv_free(&(*csv)->parser);
	buf_free(&(*csv)->window);
	buf_free(&(*csv)->converted);
	buf_free(&(*csv)->text);
	if ((*csv)->has_converter)
		iconv_close((*csv)->converter);
	if ((*csv)->fd >= 0)
		close((*csv)->fd);
	free(*csv);
	*csv = NULL;
}
