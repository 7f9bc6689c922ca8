/*
 * What the steps of a split share: city_split_check.c looks, city_split_make.c
 * does.
 */
#ifndef WHISTLE_CLI_CITY_SPLIT_MAKE_H
#define WHISTLE_CLI_CITY_SPLIT_MAKE_H

#include "city_split_folder.h"

struct making {
	struct split_plan *plan;
	const struct cli *cli;
	const char *home;
	int *locks; /* of the stores of plan->nodes */
};

/* Is everything of that node of the plan here, sound and at rest, and nothing
 * in the way? Its daemon cannot start while making->locks has its lock. */
enum cli_exit split_check(struct making *making, size_t index);

#endif
