/*
 * A folder that describes a new city, from a list of divisions as it is
 * published: units.csv with departments and grids, nodes.yaml,
 * operators.csv, and another city's catalogue to begin with. For a person to
 * look through and change; "whistle city init" makes a city from it.
 */
#ifndef WHISTLE_CLI_CITY_DRAFT_H
#define WHISTLE_CLI_CITY_DRAFT_H

#include "cli.h"

struct city_draft_wish {
	const char *divisions; /* CSV: code, name, level, parent */
	const char *like;      /* a folder: catalogue, departments */
	const char *city;      /* the root's name; NULL: the list's */
	const char *split;     /* a level whose units have nodes of their own */
	int64_t grids;	       /* to a community */
	int64_t port;
	bool grid_operators;
};

enum cli_exit city_draft(
    struct cli *cli, const char *dir, const struct city_draft_wish *wish);

#endif
