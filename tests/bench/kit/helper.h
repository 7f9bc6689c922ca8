/* A process beside a bench, which ends with it. */
#ifndef WHISTLE_BENCH_HELPER_H
#define WHISTLE_BENCH_HELPER_H

#include <stdint.h>
#include <sys/types.h>

/* With as many descriptors as it may have. End it with helper_end. */
pid_t helper_start(
    void (*run)(uint16_t port, unsigned count), uint16_t port, unsigned count);

#endif
