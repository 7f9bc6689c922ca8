/*
 * The tables of an export: made, and brought up to this program's version,
 * step by step, each step whole. Tables that a newer program made are left
 * alone. After that, the copies of the city's own lists.
 */
#ifndef WHISTLE_CLI_PG_SCHEMA_H
#define WHISTLE_CLI_PG_SCHEMA_H

#include "cli.h"
#include "pg.h"

enum { PG_SCHEMA_VERSION = 1 };

/* ERR_VERSION: a newer program's, *found_out of which version. Else as pg.h.
 */
int pg_schema_prepare(int *found_out, struct pg *pg);

/* Units, items and what "mostly satisfied" counts, as the city folder has
 * them. cli->catalogue is there. */
int pg_schema_lists(struct pg *pg, struct cli *cli);

/* Makes `table` have just these rows; only those that differ are touched.
 * `key` says when rows of `t` and `o` are the same one's. */
int pg_schema_mirror(
    struct pg *pg, const char *table, const char *key, const struct buf *rows);

#endif
