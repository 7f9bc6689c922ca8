/* What the files of faults.h share. */
#ifndef WHISTLE_TORTURE_FAULTS_INSIDE_H
#define WHISTLE_TORTURE_FAULTS_INSIDE_H

#include "faults.h"
#include "harness/disk.h"

enum {
	WAYS_MAX = 8, /* changed at a time */
	OLDS = 2,     /* get an old store back between two cycles … */
	LOSERS = 4,   /* … and the others of these a new one */
};

struct victim {
	int64_t start_ms;     /* when it is started again; 0: it runs */
	int64_t wake_ms;      /* when it is woken; 0: it is awake */
	int64_t mend_ms;      /* its disk; 0: it is sound */
	enum fault full;      /* … which is full, or slow … */
	unsigned full_before; /* … and had been felt so often */
	unsigned excuses;     /* failures of its disk that it may end for */
	bool has_new_store;   /* in this cycle */
};

struct way {
	size_t child, node;
	int64_t until_ms; /* 0: unused */
};

struct faults {
	struct city *city;
	struct links *links;
	struct dice *dice;
	int64_t next_ms;
	struct victim victims[CITY_NODES_MAX];
	struct way ways[WAYS_MAX];
	unsigned felt[FAULT_COUNT];
	size_t old_at[OLDS]; /* whose stores are backed up, to be put back */
	bool has_copies;
};

/* A moment from now on, at most so far. */
int64_t faults_in(struct faults *faults, unsigned at_most_ms);

/* ---- faults_disk.c ---- */
struct disk_faults *disk_at(const struct faults *faults, size_t at);
unsigned failures_of(const struct disk_faults *disk);
/* Of all disks. */
unsigned disks_felt(const struct faults *faults, enum disk_fault fault);
void strike(struct faults *faults, size_t at, enum disk_fault fault);
/* Full, or slow, for a while. */
void begin_full(struct faults *faults, size_t at, enum fault fault);
void end_full(struct faults *faults, size_t at);
void begin_power(struct faults *faults, size_t at);

#endif
