/*
 * The disks of the simulated nodes and what can be wrong with them. A disk is
 * known by its folder and outlives the process that has it open. Faults stand
 * between the store and its tables (the linker wraps kv_open, kv_begin,
 * kv_put, kv_commit and kv_room), so that they are the same in memory and
 * over LMDB.
 */
#ifndef TESTS_SIM_DISK_H
#define TESTS_SIM_DISK_H

#include "store/kv.h"

enum disk_fault {
	DISK_SOUND,
	DISK_COMMIT_LOST, /* the process dies in its commit; nothing is there */
	DISK_COMMIT_KEPT, /* … all is there, and nobody has been told */
	DISK_BAD_SYNC,	  /* the disk says no: nothing happened */
};

/* At its next commit that says something; then it is sound again. */
void disk_break(const char *dir, enum disk_fault fault);
/* No room: after so many more puts each fails, until it is mended. */
void disk_fill(const char *dir, unsigned puts);
void disk_mend(const char *dir);
/* Commits that were done, and that the faults above have spoilt. */
void disk_counts(uint64_t *commits_out, uint64_t *spoilt_out);

/* ---- by the kind of disk: kv_memory.c or disk_real.c ---- */
void disk_lose(const char *dir);
/* False: there is nothing to copy. What is at `to` is gone. Neither is in the
 * middle of a transaction. */
bool disk_copy(const char *to, const char *from);
/* One bit of one value, its checksum included. False: cannot be done. */
bool disk_flip(const char *dir, uint32_t random);
bool disk_holds(const char *dir, const char *text);

#endif
