#include "org/sheet.h"

#include <string.h>
#include "base/err.h"
#include "org/shown.h"

/* The column of that name; `count` when there is none. */
static size_t column_of(const struct sheet *sheet, const char *name)
{
	size_t i;

	for (i = 0; i < sheet->count; i++) {
		if (strcmp(sheet->columns[i], name) == 0)
			break;
	}
	return i;
}

/* False when the first record cannot tell which field is which. */
static bool read_header(struct sheet *sheet, const struct csv_record *record)
{
	size_t problems = sheet->report->count + sheet->report->dropped;
	bool is_seen[SHEET_COLUMNS_MAX] = { false };

	for (size_t i = 0; i < record->count; i++) {
		size_t column = column_of(sheet, record->fields[i]);

		if (column == sheet->count) {
			report_add(sheet->report, sheet->path, record->line,
			    "unknown column \"%s\"; remove it",
			    SHOWN(record->fields[i]));
		} else if (is_seen[column]) {
			report_add(sheet->report, sheet->path, record->line,
			    "column \"%s\" stands twice; remove one",
			    sheet->columns[column]);
		} else {
			is_seen[column] = true;
			sheet->at[column] = i;
		}
	}
	for (size_t i = 0; i < sheet->count; i++) {
		if (!is_seen[i])
			report_add(sheet->report, sheet->path, record->line,
			    "column \"%s\" is missing; add it",
			    sheet->columns[i]);
	}
	return problems == sheet->report->count + sheet->report->dropped;
}

static int open_header(struct sheet *sheet)
{
	struct csv_record record;
	int got = csv_next(&record, sheet->csv);

	if (got < 0)
		return got;
	if (got == 0) {
		report_add(sheet->report, sheet->path, 0,
		    "the file is empty; its first line names the columns");
		return 0;
	}
	if (record.problem != NULL) {
		report_add(sheet->report, sheet->path, record.line,
		    "%s; correct the line that names the columns",
		    report_language(record.problem));
		return 0;
	}
	return read_header(sheet, &record) ? 1 : 0;
}

int sheet_open(struct sheet *sheet_out, struct report *report, const char *path,
    const char *const *columns, size_t count)
{
	struct sheet *sheet = sheet_out;
	int err;

	*sheet = (struct sheet){ NULL, report, path, columns, count, { 0 }, 0 };
	err = csv_open(&sheet->csv, path);
	if (err == ERR_NOT_FOUND || err == ERR_ACCESS || err == ERR_IO) {
		report_add(report, path, 0,
		    "cannot be read (%s); the city needs this file",
		    err_text(err));
		return 0;
	}
	if (err != 0)
		return err;
	err = open_header(sheet);
	if (err <= 0)
		sheet_close(sheet);
	return err;
}

int sheet_next(const char **values_out, struct sheet *sheet)
{
	struct csv_record record;
	int got;

	while ((got = csv_next(&record, sheet->csv)) == 1) {
		sheet->line = record.line;
		if (record.problem != NULL) {
			report_add(sheet->report, sheet->path, record.line,
			    "%s; correct the line",
			    report_language(record.problem));
			continue;
		}
		if (record.count != sheet->count) {
			report_add(sheet->report, sheet->path, record.line,
			    "%zu fields where the first line names %zu; add "
			    "or remove commas",
			    record.count, sheet->count);
			continue;
		}
		for (size_t i = 0; i < sheet->count; i++)
			values_out[i] = record.fields[sheet->at[i]];
		return 1;
	}
	return got;
}

void sheet_close(struct sheet *sheet)
{
	csv_close(&sheet->csv);
}
