/*
 * What the disk under a store does to its daemon: shared between a test and
 * the library that it preloads into the daemons (disk/faulty.c), in a file of
 * one such struct a node. All plain atomics: both sides look at any time.
 */
#ifndef WHISTLE_FLOW_DISK_FAULTS_H
#define WHISTLE_FLOW_DISK_FAULTS_H

#include <stdatomic.h>

/* The name of the environment variable: a folder of files named as nodes. */
#define DISK_FAULTS_ENV "WHISTLE_FLOW_DISK"

enum disk_fault {
	DISK_SOUND,
	DISK_SYNC_FAILS,  /* EIO, and nothing is said of what is durable */
	DISK_WRITE_FAILS, /* EIO */
	DISK_NO_SPACE,	  /* ENOSPC, once */
	DISK_SHORT_WRITE, /* half of it is written */
	DISK_HEAD_FAILS,  /* EIO for the page that decides a commit */
	DISK_POWER_FAILS, /* the machine's, before a write or a sync, or just
			   * after a commit: the daemon dies, and the disk
			   * (an ext4 of its own) forgets what is not synced */
	DISK_FAULTS,
};

struct disk_faults {
	/* Once, at the `after`-th call from now (0: the next) that can fail
	 * so; then the disk is sound again. */
	atomic_int fault, after;
	atomic_int is_short; /* little is left, as statvfs says */
	atomic_int is_full;  /* nothing is left: the file cannot grow */
	atomic_int sync_ms;  /* each sync takes so long */
	/* Syncs that are none, of stores that are opened from now on: what a
	 * power cut is to find out. */
	atomic_int is_careless;
	/* What was felt. */
	atomic_uint felt[DISK_FAULTS], full, slow, syncs;
};

#endif
