/*
 * Splitting into records is ours, because after a mistake libcsv has already
 * lost the place to go on from; splitting a sound record into fields is
 * libcsv's. The window holds a record from its first byte, so that reading
 * can go back to the end of that record's first line.
 */
#include "base/csv.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/bytes.h"
#include "base/encoding.h"
#include "base/err.h"

enum {
	SAMPLE_BYTES = 64 * 1024,
	WINDOW_BYTES = 2 * CSV_RECORD_MAX,
	TEXT_BYTES = 2 * CSV_RECORD_MAX + 1, /* GB18030 grows by half */
};

static const char unclosed_quote[] = "a quote is opened and never closed";
static const char stray_quote[] =
    "a quote inside a field: put the field in quotes and double the quote";
static const char after_quote[] =
    "text after a closing quote, perhaps an unclosed quote";
static const char too_long[] = "longer than 262144 bytes, or an unclosed quote";
static const char too_many[] = "more than 64 fields";
static const char not_utf8[] = "not UTF-8 text";
static const char no_converter[] =
    "not UTF-8 text, and this system cannot convert GB18030";
static const char not_gb18030[] = "not GB18030 text, as the file's start is";

enum place { FIELD_START, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

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
	size_t start, end;	   /* of the window */
	size_t text_len;
	uint8_t window[WINDOW_BYTES];
	char converted[TEXT_BYTES];
	char text[TEXT_BYTES + CSV_FIELDS_MAX];
};

/* What a scan found, in bytes from the window's start. */
struct span {
	const char *problem;
	size_t len;	 /* of the record without its line's end */
	size_t consumed; /* with it */
	long lines;
	size_t first_line; /* its length with its end; 0: no end seen yet */
	enum place place;
};

/* Spaces are part of a field (RFC 4180); libcsv would trim them. */
static int is_no_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* More bytes at the window's end: 1, or 0 at the end of the file. */
static int fill(struct csv *csv)
{
	ssize_t got;

	if (csv->at_end)
		return 0;
	if (csv->end == WINDOW_BYTES || csv->start == csv->end) {
		memmove(csv->window, csv->window + csv->start,
		    csv->end - csv->start);
		csv->end -= csv->start;
		csv->start = 0;
	}
	do {
		got = read(
		    csv->fd, csv->window + csv->end, WINDOW_BYTES - csv->end);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return ERR_IO;
	csv->at_end = got == 0;
	csv->end += (size_t)got;
	csv->read_bytes += got;
	return got > 0;
}

static int fill_sample(struct csv *csv)
{
	int rc = 1;

	while (rc > 0 && csv->end < SAMPLE_BYTES)
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
	sample = bytes_of(csv->window, csv->end);
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

static int start_parser(struct csv *csv)
{
	const unsigned char options =
	    CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL;

	if (csv_init(&csv->parser, options) != 0)
		return ERR_NOMEM;
	csv_set_space_func(&csv->parser, is_no_space);
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
	rc = start_parser(csv);
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
		return c == '"' ? stray_quote : NULL;
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
	const uint8_t *data = csv->window + csv->start;
	size_t left = csv->end - csv->start;
	bool ends;

	for (; span->len < left; span->len++) {
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
		while (csv->start < csv->end) {
			c = csv->window[csv->start++];
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
	csv->skip_lf = csv->window[csv->start - 1] == '\r';
}

/* One record or one mistake. 1, or 0 at the end of the file. */
static int find(struct span *span, struct csv *csv)
{
	int rc = csv->start < csv->end ? 1 : fill(csv);

	if (rc > 0 && csv->skip_lf && csv->window[csv->start] == '\n') {
		csv->start++;
		csv->skip_lf = false;
		rc = csv->start < csv->end ? 1 : fill(csv);
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

static void add_field(void *data, size_t len, void *context)
{
	struct csv *csv = context;
	struct csv_record *record = csv->record;
	char *copy = csv->text + csv->text_len;

	if (record->count == CSV_FIELDS_MAX) {
		record->problem = too_many;
		return;
	}
	memcpy(copy, data, len);
	copy[len] = '\0';
	csv->text_len += len + 1;
	record->fields[record->count++] = copy;
}

/* The record's bytes as UTF-8, or its problem. */
static struct bytes decode(
    struct csv_record *record, struct csv *csv, struct bytes raw)
{
	size_t len = 0;

	if (csv->encoding == ENCODING_GB18030) {
		if (encoding_convert(&len, csv->converted, TEXT_BYTES,
			csv->converter, raw) < 0)
			record->problem = not_gb18030;
		return bytes_of(csv->converted, len);
	}
	if (!bytes_is_text(raw))
		record->problem =
		    csv->needs_converter ? no_converter : not_utf8;
	return raw;
}

/* The fields of a record with sound quotes. ERR_NOMEM. */
static int split(struct csv_record *record, struct csv *csv, size_t len)
{
	struct bytes text =
	    decode(record, csv, bytes_of(csv->window + csv->start, len));
	size_t done;

	if (record->problem)
		return 0;
	csv->record = record;
	csv->text_len = 0;
	done =
	    csv_parse(&csv->parser, text.data, text.len, add_field, NULL, csv);
	if (done == text.len &&
	    csv_fini(&csv->parser, add_field, NULL, csv) == 0)
		return 0;
	record->problem = stray_quote;
	return csv_error(&csv->parser) == CSV_EPARSE ? 0 : ERR_NOMEM;
}

static int take(
    struct csv_record *record, struct csv *csv, const struct span *span)
{
	int rc = 0;

	record->line = csv->line;
	record->problem = span->problem;
	if (!span->problem) {
		rc = split(record, csv, span->len);
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
	*done_out = csv->read_bytes - (int64_t)(csv->end - csv->start);
	*total_out = csv->total_bytes;
}

void csv_close(struct csv **csv)
{
	if (!*csv)
		return;
	csv_free(&(*csv)->parser);
	if ((*csv)->has_converter)
		iconv_close((*csv)->converter);
	if ((*csv)->fd >= 0)
		close((*csv)->fd);
	free(*csv);
	*csv = NULL;
}
