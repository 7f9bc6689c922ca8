/*
 * The power of each node's machine. Its store is on an ext4 of its own, in a
 * file of memory, mounted in a world of mounts that is ours alone: all of it
 * goes with this process, however that ends. What is cut loses all that was
 * written and not synced (EXT4_IOC_SHUTDOWN without a flush of its journal),
 * and is mended as a machine is that starts again: unmounted, mounted, its
 * journal replayed.
 */
#ifndef WHISTLE_TORTURE_POWER_H
#define WHISTLE_TORTURE_POWER_H

#include "harness/city.h"

/* Leaves the machine's mounts. NULL, or why nothing can be cut here. Before
 * anything is started. */
const char *power_enter(void);
/* Why it could not be done; NULL when it could. */
const char *power_missing(void);

/* Gives each node of a founded city a disk of its own. After disk_start. */
void power_open(struct city *city);
/* Everything that is not yet durable on the node's disk is lost, and nothing
 * more gets there. Its daemon does not know yet: kill it. */
void power_cut(const struct city *city, size_t at);
/* The machine starts again, if it was off; its daemon does not run. */
void power_mend(const struct city *city, size_t at);
/* May be done twice, and while daemons run. */
void power_close(void);

#endif
