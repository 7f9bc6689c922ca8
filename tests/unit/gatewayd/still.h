/*
 * Time that only the test moves: CLOCK_MONOTONIC of the whole process, the
 * libraries' too, stands still, so that a bound of time is met to the
 * millisecond and nothing runs out while a test makes ready. The time of day
 * goes on. Belongs to exactly one file of a program. Between two tests, from
 * still_end to still_begin, it runs: to end, the side waits for a while.
 *
 * Who waits with a timeout, in the side's thread or in hear(), waits until
 * something comes: nudge() is what comes.
 */
#ifndef TESTS_UNIT_GATEWAYD_STILL_H
#define TESTS_UNIT_GATEWAYD_STILL_H

#include <stdatomic.h>
#include <sys/syscall.h>
#include "fixture.h"

enum { SWEEP_MS = 1000 }; /* lines are looked at as often */

static _Atomic int64_t still_ms;    /* 0: it runs … */
static _Atomic int64_t still_ahead; /* … so much ahead of the machine's */

static inline int64_t machine_ms(void)
{
	struct timespec now;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void still_begin(void)
{
	atomic_store(&still_ms, machine_ms() + atomic_load(&still_ahead));
}

static inline void still_end(void)
{
	atomic_store(&still_ahead, atomic_load(&still_ms) - machine_ms());
	atomic_store(&still_ms, 0);
}

/* The system call itself, as under a sanitizer there are others between. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int64_t ms = atomic_load(&still_ms);

	if (clock != CLOCK_MONOTONIC && clock != CLOCK_MONOTONIC_COARSE &&
	    clock != CLOCK_MONOTONIC_RAW)
		return (int)syscall(SYS_clock_gettime, clock, now);
	if (!ms)
		ms = machine_ms() + atomic_load(&still_ahead);
	*now = (struct timespec){ .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000 };
	return 0;
}

static inline int dial_from(unsigned host)
{
	struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host) };
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(here.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* Returns when the side has been through a whole turn since. */
static inline void nudge(void)
{
	for (int i = 0; i < 2; i++) {
		int fd = dial_from(99);

		get(fd, "/nowhere");
		assert_int_equal(read_answer(fd), 404);
		close(fd);
	}
}

static inline void pass(int64_t ms)
{
	atomic_fetch_add(&still_ms, ms);
	nudge();
}

/* Nothing has come, and the other end has not hung up. */
static inline bool is_quiet(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) == 0;
}

#endif
