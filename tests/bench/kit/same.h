/*
 * Has every node the same log of every ticket that it knows? By the length of
 * each, and the last hash, on which all before it hang, of every hundredth.
 */
#ifndef WHISTLE_BENCH_SAME_H
#define WHISTLE_BENCH_SAME_H

#include "kit/tree.h"

/* Ends the bench when not, or when the city has fewer than `tickets`. */
void same_everywhere(struct tree *tree, size_t tickets);

#endif
