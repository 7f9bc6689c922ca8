/*
 * What the HTTP side has done, counted, and these counts as Prometheus' text.
 */
#ifndef WHISTLE_GATEWAYD_TRAFFIC_H
#define WHISTLE_GATEWAYD_TRAFFIC_H

#include <stdint.h>
#include <stdio.h>
#include <stddef.h>

enum {
	TRAFFIC_PATHS_MAX = 64,
	TRAFFIC_STATUS_MAX = 600,
	TRAFFIC_BUCKETS = 10,
};

struct traffic_path {
	const char *path; /* a template, borrowed for ever */
	uint64_t by_status[TRAFFIC_STATUS_MAX]; /* 0: nobody waited for it */
	/* Of requests that took at most so long; see traffic.c. */
	uint64_t buckets[TRAFFIC_BUCKETS];
	uint64_t count;
	double seconds;
};

struct traffic {
	struct traffic_path paths[TRAFFIC_PATHS_MAX];
	size_t path_count;
	size_t connections; /* open now */
	size_t waiting;	    /* for the engine, now */
	uint64_t calls_waiting, calls_taken, calls_refused, calls_failed;
};

/* `path` is a template, the same pointer each time. */
void traffic_count(struct traffic *traffic, const char *path, unsigned status,
    int64_t took_ms);
void traffic_write(FILE *out, const struct traffic *traffic);

#endif
