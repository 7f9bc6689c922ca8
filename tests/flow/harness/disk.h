/*
 * The disk under each daemon's store, which a test makes fail, fill up or
 * drag (disk/faulty.c, preloaded). Other files are left alone.
 */
#ifndef WHISTLE_FLOW_DISK_H
#define WHISTLE_FLOW_DISK_H

#include "disk/faults.h"
#include "harness/city.h"

/* For the daemons that are started from here on; before the city starts, after
 * it is founded. */
void disk_start(const struct city *city);
/* What the disk of that node does, and has done. */
struct disk_faults *disk_of(const struct city *city, const char *node);
/* Once, at the `after`-th call from now. */
void disk_strike(
    struct disk_faults *faults, enum disk_fault fault, unsigned after);
/* Nothing is to fail any more; what was felt stays counted. */
void disk_mend(struct disk_faults *faults);

/* Adds a library to what is preloaded into whatever is started. */
void preload_add(const char *library);

#endif
