/* What the files of faults.h share. */
#ifndef WHISTLE_TORTURE_FAULTS_INSIDE_H
#define WHISTLE_TORTURE_FAULTS_INSIDE_H

#include "faults.h"

enum { WAYS_MAX = 8 }; /* changed at a time */

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
	size_t old_at; /* of whose store there is a backup, to be put back */
	bool has_copy;
};

#endif
