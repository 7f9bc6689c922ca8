#include "pg_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "pg_rows.h"

extern const char pg_schema_1[];

/* clang-format off */
__asm__(
    ".section .rodata\n"
    ".global pg_schema_1\n"
    "pg_schema_1:\n"
    ".incbin \"" PG_SCHEMA_FOLDER "/pg_1.sql\"\n"
    ".byte 0\n"
    ".previous\n");
/* clang-format on */

/* Step N makes version N of N - 1; none is ever changed. */
static const char *const steps[] = { pg_schema_1 };

_Static_assert(sizeof(steps) / sizeof(steps[0]) == PG_SCHEMA_VERSION,
    "a step for each version");

/* Rows wait here until they are put where they belong. */
static const char stages[] =
    "SET client_min_messages TO warning;"
    "CREATE TEMP TABLE stage_events (LIKE events) ON COMMIT DELETE ROWS;"
    "CREATE TEMP TABLE stage_tickets (LIKE tickets) ON COMMIT DELETE ROWS;"
    "CREATE TEMP TABLE stage_units (LIKE units) ON COMMIT DELETE ROWS;"
    "CREATE TEMP TABLE stage_items (LIKE items) ON COMMIT DELETE ROWS;"
    "CREATE TEMP TABLE stage_scores (LIKE scores) ON COMMIT DELETE ROWS;";

/* 0: there are no tables yet. */
static int find_version(int *version_out, struct pg *pg)
{
	char *text;
	*version_out = 0;
	int err = pg_row(&text, 1, pg,
	    "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND "
	    "tablename = 'about'",
	    0, NULL);
	if (err)
		return err == ERR_NOT_FOUND ? 0 : err;
	free(text);
	err = pg_row(&text, 1, pg, "SELECT schema_version FROM about", 0, NULL);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_VERSION : err;
	*version_out = atoi(text);
	free(text);
	return 0;
}

/* Two that begin at once go one after the other. */
static int step_up(int *version, struct pg *pg)
{
	int err = pg_do(pg, "BEGIN; SELECT pg_advisory_xact_lock("
			    "hashtext('whistle export ' || current_schema()))");
	if (err == 0)
		err = find_version(version, pg);
	while (err == 0 && *version < PG_SCHEMA_VERSION)
		err = pg_do(pg, steps[(*version)++]);
	if (err == 0 && *version > PG_SCHEMA_VERSION)
		err = ERR_VERSION;
	if (err == 0)
		return pg_do(pg, "COMMIT");
	/* its own message, not that of the end */
	struct pg end = *pg;
	pg_do(&end, "ROLLBACK");
	return err;
}

int pg_schema_prepare(int *found_out, struct pg *pg)
{
	int err = step_up(found_out, pg);
	return err ? err : pg_do(pg, stages);
}

int pg_schema_mirror(
    struct pg *pg, const char *table, const char *key, const struct buf *rows)
{
	char stage[64], command[512];
	snprintf(stage, sizeof(stage), "stage_%.40s", table);
	snprintf(command, sizeof(command),
	    "DELETE FROM %.40s t USING (SELECT * FROM %.40s EXCEPT SELECT * "
	    "FROM %.50s) o WHERE %.100s;"
	    "INSERT INTO %.40s SELECT * FROM %.50s EXCEPT SELECT * FROM %.40s",
	    table, table, stage, key, table, stage, table);
	int err = pg_copy(pg, stage, rows);
	return err ? err : pg_do(pg, command);
}

static int mirror_units(struct pg *pg, const struct cli *cli)
{
	struct buf rows = { 0 };
	int err = 0;
	for (size_t i = 0; err == 0 && i < org_unit_count(cli->org); i++)
		err = pg_rows_unit(&rows, org_unit_at(cli->org, i));
	if (err == 0)
		err = pg_schema_mirror(pg, "units", "t.code = o.code", &rows);
	buf_free(&rows);
	return err;
}

static int mirror_items(struct pg *pg, const struct cli *cli)
{
	const struct catalogue *catalogue = cli->catalogue;
	struct buf rows = { 0 };
	int err = 0;
	for (size_t i = 0; err == 0 && i < catalogue_item_count(catalogue); i++)
		err = pg_rows_item(
		    &rows, catalogue, catalogue_item_at(catalogue, i));
	if (err == 0)
		err = pg_schema_mirror(pg, "items", "t.code = o.code", &rows);
	buf_free(&rows);
	return err;
}

int pg_schema_lists(struct pg *pg, struct cli *cli)
{
	int err = pg_do(pg, "BEGIN");
	if (err == 0)
		err = mirror_units(pg, cli);
	if (err == 0)
		err = mirror_items(pg, cli);
	return err ? err : pg_do(pg, "COMMIT");
}
