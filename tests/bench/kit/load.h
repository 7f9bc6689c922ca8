/*
 * HTTP by the thousand from one thread: orders, each with a number of its
 * own and signed, over connections that stay open; and what goes wrong with
 * others meanwhile, each in a process of its own.
 */
#ifndef WHISTLE_BENCH_LOAD_H
#define WHISTLE_BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct load {
	uint16_t port;		 /* of the loopback */
	const uint8_t *sign_key; /* of the client `hotline` */
	unsigned connections;
	unsigned rate; /* a second; 0: as many as go */
	unsigned seconds;
	/* Instead of seconds, so many; 0: by seconds. */
	uint64_t total;
	/* The orders' JSON, each with a number of its own; NULL: always the
	 * same of the sample city's. */
	void (*write)(char *out, size_t size, uint64_t number, void *context);
	void *context;
};

struct load_result {
	uint64_t done;	/* answered 201, or 200 the second time */
	uint64_t other; /* or otherwise */
	uint64_t again; /* sent twice, as the connection had been closed */
	double per_second;
	double p50_ms, p99_ms, worst_ms;
};

/* With a rate, time counts from when a request was due, also when all
 * connections were busy then. */
void load_run(struct load_result *result_out, const struct load *load);

/* A libmicrohttpd that gives back what it gets, and nothing else. */
pid_t echo_start(uint16_t port);
/* So many clients who send a byte a second each, and dial again. */
pid_t slow_start(uint16_t port, unsigned clients);
/* A stranger who sends to a node's socket without end, and so many who
 * connect and say nothing. */
enum flood_from {
	FLOOD_FROM_HERE,      /* takes his share of these processors */
	FLOOD_FROM_ELSEWHERE, /* only what nobody else wants of them, as if he
			       * were on a machine of his own */
	/* From here, and does not wait for an answer before he dials again:
	 * he uses a processor whatever the node does. */
	FLOOD_WITHOUT_WAITING,
	/* The same, but at a socket of his own: what the node can do nothing
	 * about. */
	FLOOD_NEXT_DOOR,
};
pid_t flood_start(uint16_t port, unsigned idle, enum flood_from from);
/* How often the last one has been let in. */
uint64_t flood_count(uint64_t *dialled_out);
void helper_end(pid_t pid);

#endif
