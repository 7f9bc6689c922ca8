/* One record in either encoding into its fields, by libcsv. */
#include "base/csv_inside.h"

#include <string.h>
#include "base/err.h"

const char csv_stray_quote[] =
    "a quote inside a field: put the field in quotes and double the quote";
static const char too_many[] = "more than 64 fields";
static const char not_utf8[] = "not UTF-8 text";
static const char no_converter[] =
    "not UTF-8 text, and this system cannot convert GB18030";
static const char not_gb18030[] = "not GB18030 text, as the file's start is";

/* Spaces are part of a field (RFC 4180); libcsv would trim them. */
static int is_no_space(unsigned char c)
{
	(void)c;
	return 0;
}

int csv_start_parser(struct csv *csv)
{
	const unsigned char options =
	    CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL;

	if (csv_init(&csv->parser, options) != 0)
		return ERR_NOMEM;
	csv_set_space_func(&csv->parser, is_no_space);
	return 0;
}

static void add_field(void *data, size_t len, void *context)
{
	struct csv *csv = context;
	struct csv_record *record = csv->record;
	char *copy = (char *)csv->text.data + csv->text.len;

	if (record->count == CSV_FIELDS_MAX) {
		record->problem = too_many;
		return;
	}
	memcpy(copy, data, len);
	copy[len] = '\0';
	csv->text.len += len + 1;
	record->fields[record->count++] = copy;
}

static int decode_gb18030(struct bytes *text_out, struct csv_record *record,
    struct csv *csv, struct bytes raw)
{
	uint8_t *room;
	size_t len = 0;

	buf_clear(&csv->converted);
	if (buf_grow(&room, &csv->converted, 2 * raw.len) < 0)
		return ERR_NOMEM;
	if (encoding_convert(
		&len, (char *)room, 2 * raw.len, csv->converter, raw) < 0)
		record->problem = not_gb18030;
	*text_out = bytes_of(room, len);
	return 0;
}

/* The record's bytes as UTF-8, or its problem. ERR_NOMEM. */
static int decode(struct bytes *text_out, struct csv_record *record,
    struct csv *csv, struct bytes raw)
{
	if (csv->encoding == ENCODING_GB18030)
		return decode_gb18030(text_out, record, csv, raw);
	if (!bytes_is_text(raw))
		record->problem =
		    csv->needs_converter ? no_converter : not_utf8;
	*text_out = raw;
	return 0;
}

/* Room for the fields of `len` bytes, each with its NUL. */
static int make_room(struct csv *csv, size_t len)
{
	uint8_t *room;
	int rc;

	buf_clear(&csv->text);
	rc = buf_grow(&room, &csv->text, len + CSV_FIELDS_MAX);
	buf_clear(&csv->text);
	return rc;
}

int csv_split(struct csv_record *record, struct csv *csv, size_t len)
{
	struct bytes raw = bytes_of(csv->window.data + csv->start, len), text;
	size_t done;
	int rc = decode(&text, record, csv, raw);

	if (rc < 0 || record->problem)
		return rc;
	if (make_room(csv, text.len) < 0)
		return ERR_NOMEM;
	csv->record = record;
	done =
	    csv_parse(&csv->parser, text.data, text.len, add_field, NULL, csv);
	if (done == text.len &&
	    csv_fini(&csv->parser, add_field, NULL, csv) == 0)
		return 0;
	record->problem = csv_stray_quote;
	return csv_error(&csv->parser) == CSV_EPARSE ? 0 : ERR_NOMEM;
}
