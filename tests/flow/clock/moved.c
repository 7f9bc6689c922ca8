/*
 * A clock that a flow test moves. Preloaded into the daemons and the command
 * line of a test: the time of day is the machine's plus what the test has
 * written into a file that all of them map, so that they agree and a move is
 * seen at once. Time that never jumps (CLOCK_MONOTONIC) is left alone.
 *
 * Only tests build it, nothing installs it, and a program into which it was
 * loaded without such a file ends at once.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t *moved_ms;

__attribute__((constructor)) static void map_clock(void)
{
	const char *path = getenv("WHISTLE_FLOW_CLOCK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *at = MAP_FAILED;

	if (fd >= 0)
		at =
		    mmap(NULL, sizeof(*moved_ms), PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		abort();
	close(fd);
	moved_ms = at;
}

/* Before the map is there, in other libraries' constructors, it is the
 * machine's. */
static void move(struct timespec *now)
{
	int64_t ms = moved_ms ? __atomic_load_n(moved_ms, __ATOMIC_RELAXED) : 0;
	int64_t ns = now->tv_nsec + ms % 1000 * 1000000;

	now->tv_sec += (time_t)(ms / 1000);
	if (ns < 0) {
		now->tv_sec--;
		ns += 1000000000;
	}
	now->tv_sec += (time_t)(ns / 1000000000);
	now->tv_nsec = (long)(ns % 1000000000);
}

/* The system call itself, as under a sanitizer there are others between. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int rc = (int)syscall(SYS_clock_gettime, clock, now);

	if (!rc && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		move(now);
	return rc;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec exact;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &exact);
	now->tv_sec = exact.tv_sec;
	now->tv_usec = exact.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *now)
{
	struct timespec exact;

	clock_gettime(CLOCK_REALTIME, &exact);
	if (now)
		*now = exact.tv_sec;
	return exact.tv_sec;
}
