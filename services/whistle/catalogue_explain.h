/*
 * What routine would do with an issue: which item it is, where it is, and
 * which way the catalogue would send it, unit by unit.
 */
#ifndef WHISTLE_CLI_CATALOGUE_EXPLAIN_H
#define WHISTLE_CLI_CATALOGUE_EXPLAIN_H

#include "cli.h"

struct explained_case {
	const char *title;
	const char *text;
	const char *address;
	const struct unit *at; /* NULL: the root of the city */
};

/* Needs cli->catalogue. */
enum cli_exit catalogue_explain(
    struct cli *cli, const struct explained_case *the_case);

/* The word for the level of areas at that depth; "" for none. */
const char *catalogue_explain_level(const struct org *org, unsigned depth);

#endif
