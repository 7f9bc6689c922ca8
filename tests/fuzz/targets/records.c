/* A CSV file as “whistle import” reads it: its heading, and each row as the
 * wish that it becomes. */
#include <string.h>
#include "base/limits.h"
#include "fuzz.h"
#include "ticket/event.h"
#include "whistle/import_row.h"

static struct cli *city(void)
{
	static struct cli cli;
	struct report report = { 0 };

	if (!cli.org) {
		promise(org_load(&cli.org, &report, FUZZ_CITY, 0) == 0);
		promise(catalogue_load(
			    &cli.catalogue, &report, FUZZ_CITY, cli.org) == 0);
		cli.operator= org_operator(cli.org, "worker");
	}
	return &cli;
}

static void take_row(
    const struct import_map *map, const struct csv_record *record)
{
	char why[IMPORT_WHY_TEXT] = "";
	struct command command;

	if (!import_row_read(
		&command, why, city(), map, record, fuzz_arena())) {
		promise(why[0] != '\0');
		return;
	}
	promise(command.what.external_id[0]);
	promise(strlen(command.what.external_id) < EXTERNAL_ID_MAX);
	promise(strlen(command.what.title) <= TITLE_MAX_BYTES);
	promise(strlen(command.what.text) <= TEXT_MAX_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_record record;
	struct import_map map;
	struct csv *csv = NULL;

	promise(csv_open(&csv, fuzz_file(data, size)) == 0);
	promise(import_map_open(&map, NULL) == CLI_DONE);
	if (csv_next(&record, csv) == 1 && !record.problem &&
	    import_map_heading(&map, &record, "import.csv") == CLI_DONE)
		while (csv_next(&record, csv) == 1)
			if (!record.problem)
				take_row(&map, &record);
	import_map_close(&map);
	csv_close(&csv);
	return 0;
}
