/*
 * whistle city split: nodes that serve the units of several areas are replaced
 * by one node for each of these areas. The plan is made from the city's files
 * alone; making it so needs the stores and keys of those nodes.
 *
 * All that is new is made in HOME/splitting, while the city's files are what
 * they were: keys, stores, nodes.yaml. Then the new keys and stores are put in
 * their places, where nothing looks for them yet, and the one rename of
 * nodes.yaml makes them the city's. Until then whatever was begun is thrown
 * away by the next run; after it only the old stores are left to be put aside.
 */
#ifndef WHISTLE_CLI_CITY_SPLIT_H
#define WHISTLE_CLI_CITY_SPLIT_H

#include "cli.h"

enum { SPLIT_PATH = 1300, SPLIT_PARTS_MAX = ORG_NODES_MAX };

/* A node to be. */
struct split_part {
	char name[NAME_MAX_BYTES];
	const struct unit *area; /* whose units it serves */
	struct buf serves;	 /* codes, with a comma and a space between */
	size_t units;
	char endpoint[256];
	char public_key[NET_KEY_TEXT];
	/* once its store is made */
	unsigned long long tickets, events, files;
};

/* A node that is to be replaced. */
struct split_node {
	const struct node *node;
	struct split_part *parts;
	size_t part_count;
	unsigned long long tickets; /* in its store */
	char kept[SPLIT_PATH];	    /* where that is, after it all */
};

struct split_plan {
	const struct org *org;
	const char *level; /* the areas' */
	unsigned depth;
	unsigned port; /* the next one that is given out */
	struct split_node *nodes;
	size_t count;
	int64_t since_ms;
};

struct split_wish {
	const char *level;
	int64_t port; /* 0: after the last one of the city's */
	char **names; /* of nodes; none: all that can be */
	int name_count;
};

/* CLI_REFUSED and CLI_NOT_FOUND say why. Free it in any case. */
enum cli_exit split_plan(struct split_plan *plan_out, const struct org *org,
    const struct split_wish *wish);
void split_plan_free(struct split_plan *plan);

/* Does all of it, with what split_recover has left. */
enum cli_exit split_make(struct split_plan *plan, const struct cli *cli);

/*
 * One that was cut off before the city's files changed is undone; one that was
 * cut off after is finished, and *is_finished_out says so. CLI_DONE also when
 * there was none.
 */
enum cli_exit split_recover(
    bool *is_finished_out, const char *home, const struct org *org);

#endif
