/* A CSV file of orders that somebody posts: its heading, and each row as the
 * order that it becomes. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "fuzz.h"
#include "gatewayd/import_row.h"
#include "gatewayd/order.h"

static void take_row(
    const struct import_heading *heading, const struct csv_record *record)
{
	struct http_problem problem = problem_of(PROBLEM_NONE);
	char number[EXTERNAL_ID_MAX];
	char *order = import_row_order(number, heading, record);
	const char *same_as = NULL;
	struct command command;
	int rc;

	promise(order != NULL);
	promise(strlen(number) < sizeof(number));
	rc = order_read(&command, &same_as, &problem, fuzz_arena(),
	    bytes_of(order, strlen(order)), NULL);
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (problem.kind == PROBLEM_NONE));
	promise(rc || strcmp(command.what.external_id, number) == 0);
	free(order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_heading heading;
	struct csv_record record;
	struct csv *csv = NULL;

	promise(csv_open(&csv, fuzz_file(data, size)) == 0);
	if (csv_next(&record, csv) == 1 && !record.problem &&
	    import_heading_read(&heading, &record))
		while (csv_next(&record, csv) == 1)
			if (!record.problem)
				take_row(&heading, &record);
	csv_close(&csv);
	return 0;
}
