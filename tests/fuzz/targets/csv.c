/* Any CSV file: imports bring whatever another system wrote. */
#include <string.h>
#include "base/csv.h"
#include "fuzz.h"

static void check_record(const struct csv_record *record, size_t size)
{
	promise(record->line >= 1 && (size_t)record->line <= size + 1);
	promise(record->count <= CSV_FIELDS_MAX);
	if (record->problem)
		return;
	for (size_t i = 0; i < record->count; i++)
		promise(bytes_is_text(
		    bytes_of(record->fields[i], strlen(record->fields[i]))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv *csv = NULL;
	struct csv_record record;
	size_t records = 0;
	int rc;

	promise(csv_open(&csv, fuzz_file(data, size)) == 0);
	while ((rc = csv_next(&record, csv)) == 1) {
		check_record(&record, size);
		promise(++records <= size);
	}
	promise(rc == 0);
	csv_close(&csv);
	return 0;
}
