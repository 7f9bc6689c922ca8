/*
 * A city of a bench's own in /tmp: made by `whistle city init`, a few of its
 * daemons, what they cost. Whatever fails ends the bench with a sentence.
 */
#ifndef WHISTLE_BENCH_CITY_H
#define WHISTLE_BENCH_CITY_H

#include <sys/types.h>
#include "client/client.h"

enum { BENCH_PATH = 1024, BENCH_DAEMONS = 8 };

struct bench_city {
	char dir[BENCH_PATH];
	char bin[BENCH_PATH]; /* where the daemons are */
	struct home home;
	struct org *org;
	const char *names[BENCH_DAEMONS]; /* of the nodes that run */
	pid_t pids[BENCH_DAEMONS];
	size_t count;
};

void bench_fail(const char *what) __attribute__((noreturn));
int64_t bench_now_us(void);

/* The sample city, its ports from `port` on. */
void bench_city_make(struct bench_city *city, int64_t port);
/* The daemon and the node of that name; waits until it runs. */
void bench_city_start(struct bench_city *city, const char *name);
/* Ends all and removes the folder. */
void bench_city_end(struct bench_city *city);
long bench_memory_kib(const struct bench_city *city, const char *name);
/* What it has used of a processor since it started. */
long bench_cpu_ms(const struct bench_city *city, const char *name);

#endif
