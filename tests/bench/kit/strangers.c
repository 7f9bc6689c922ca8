/* Who floods a node's own socket while a bench runs: see load.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "kit/city.h"
#include "kit/helper.h"
#include "kit/load.h"

enum { SOURCES = 4, AT_ONCE = 64 };

static struct counted {
	_Atomic uint64_t dialled, let_in;
} * counted; /* shared with the stranger */

/* Without waiting. All that follows is from the first of the sources, and so
 * never from where the bench's own programs are. */
static int dial(uint16_t port, unsigned i)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + i % SOURCES) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	atomic_fetch_add(&counted->dialled, 1);
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&from, sizeof(from)) ||
			   (connect(fd, (struct sockaddr *)&to, sizeof(to)) &&
			       errno != EINPROGRESS))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* ZMTP 3.1, CURVE, then what is no handshake. False: nobody has answered. */
static bool send_without_end(int fd, int flags)
{
	static const char greeting[64] = "\xff\0\0\0\0\0\0\0\1\x7f\3\1"
					 "CURVE";
	static const char noise[64 * 1024] = { 0x5a, 0x5a, 0x5a, 0x5a, 0x5a };

	if (send(fd, greeting, sizeof(greeting), flags) <= 0)
		return false;
	while (send(fd, noise, sizeof(noise), flags) > 0)
		continue;
	atomic_fetch_add(&counted->let_in, 1);
	return true;
}

static void be_idle(uint16_t port, unsigned idle)
{
	for (unsigned i = 0; i < idle; i++)
		dial(port, i);
}

/* One connection after the other, each until it is thrown out. */
static void run_patient(uint16_t port, unsigned idle)
{
	be_idle(port, idle);
	for (;;) {
		int fd = dial(port, 0);

		if (fd < 0) {
			usleep(1000);
			continue;
		}
		fcntl(fd, F_SETFL, 0);
		send_without_end(fd, 0);
		close(fd);
	}
}

static void run_elsewhere(uint16_t port, unsigned idle)
{
	const struct sched_param none = { 0 };

	if (sched_setscheduler(0, SCHED_IDLE, &none))
		bench_fail("sched_setscheduler");
	run_patient(port, idle);
}

/* Some at a time, none of which is waited for. */
static void run_hasty(uint16_t port, unsigned idle)
{
	static int fds[AT_ONCE];

	be_idle(port, idle);
	for (unsigned i = 0;; i++) {
		int *fd = &fds[i % AT_ONCE];

		if (*fd > 0)
			close(*fd);
		*fd = dial(port, 0);
		if (*fd >= 0)
			send_without_end(*fd, MSG_DONTWAIT);
	}
}

/* A door of his own, which no SYN comes through. */
static void run_next_door(uint16_t port, unsigned idle)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog all = { .len = 1, .filter = &drop };
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)port;
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof(all)) ||
	    bind(fd, (struct sockaddr *)&address, len) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)&address, &len))
		bench_fail("no door of the stranger's own");
	run_hasty(ntohs(address.sin_port), idle);
}

pid_t flood_start(uint16_t port, unsigned idle, enum flood_from from)
{
	static void (*const runs[])(uint16_t port, unsigned idle) = {
		[FLOOD_FROM_HERE] = run_patient,
		[FLOOD_FROM_ELSEWHERE] = run_elsewhere,
		[FLOOD_WITHOUT_WAITING] = run_hasty,
		[FLOOD_NEXT_DOOR] = run_next_door,
	};

	if (!counted) {
		counted = mmap(NULL, sizeof(*counted), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (counted == MAP_FAILED)
			bench_fail("mmap");
	}
	atomic_store(&counted->dialled, 0);
	atomic_store(&counted->let_in, 0);
	return helper_start(runs[from], port, idle);
}

uint64_t flood_count(uint64_t *dialled_out)
{
	*dialled_out = counted ? atomic_load(&counted->dialled) : 0;
	return counted ? atomic_load(&counted->let_in) : 0;
}
