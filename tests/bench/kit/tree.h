/*
 * A city of any size from a list of divisions: drafted and made by the
 * command, one daemon a node, all on this machine. Whatever fails ends the
 * bench with a sentence.
 */
#ifndef WHISTLE_BENCH_TREE_H
#define WHISTLE_BENCH_TREE_H

#include "kit/city.h"

struct tree_wish {
	const char *divisions; /* NULL: a small city that is made up */
	const char *split;     /* NULL: one node a level */
	int64_t grids, port;
	bool grid_operators;
};

struct tree_node {
	const struct node *node;
	pid_t pid;
	struct client *client; /* admin's */
};

struct tree {
	char dir[BENCH_PATH], bin[BENCH_PATH];
	struct home home;
	struct org *org;
	struct tree_node *nodes;
	size_t count;
};

/* Runs `whistle --home DIR …`, silent; how long it took in ms. `words` ends
 * with NULL. */
double tree_command(const struct tree *tree, const char *const *words);
void tree_make(struct tree *tree, const struct tree_wish *wish);
/* Starts all; waits until each runs and its links are up. */
void tree_start(struct tree *tree);
void tree_status(struct wire_status *status_out, struct tree_node *node);
struct tree_node *tree_node(struct tree *tree, const char *name);
/* Waits until nothing is on its way and nothing new happens. */
void tree_settle(struct tree *tree);
/* Of all daemons: proportional memory, with the pages of their stores that
 * happen to be in it; their own, and the largest; what is in the stores. */
struct tree_size {
	long pss_kib, own_kib, worst_own_kib;
	uint64_t store_bytes, tickets, events;
};
void tree_size(struct tree_size *size_out, struct tree *tree);
void tree_end(struct tree *tree);

#endif
