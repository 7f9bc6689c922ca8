/* Whoever else is there while a bench runs: see load.h. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kit/city.h"
#include "kit/load.h"

enum { ECHO_BYTES = 64 * 1024, CLIENTS_MAX = 4096, SOURCES = 4 };

static pid_t start(
    void (*run)(uint16_t port, unsigned count), uint16_t port, unsigned count)
{
	pid_t pid = fork();

	if (pid < 0)
		bench_fail("fork");
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	run(port, count);
	_exit(0);
}

void helper_end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* ---- echo ---- */

struct echo {
	size_t len;
	char body[ECHO_BYTES];
};

static enum MHD_Result on_request(void *context,
    struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_size, void **own)
{
	struct echo *echo = *own;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)context;
	(void)url;
	(void)method;
	(void)version;
	if (!echo) {
		*own = calloc(1, sizeof(*echo));
		return *own ? MHD_YES : MHD_NO;
	}
	if (*upload_size > 0) {
		if (*upload_size > ECHO_BYTES - echo->len)
			return MHD_NO;
		memcpy(echo->body + echo->len, upload, *upload_size);
		echo->len += *upload_size;
		*upload_size = 0;
		return MHD_YES;
	}
	response = MHD_create_response_from_buffer(
	    echo->len, echo->body, MHD_RESPMEM_MUST_COPY);
	result = MHD_queue_response(connection, 201, response);
	MHD_destroy_response(response);
	return result;
}

static void on_end(void *context, struct MHD_Connection *connection, void **own,
    enum MHD_RequestTerminationCode how)
{
	(void)context;
	(void)connection;
	(void)how;
	free(*own);
	*own = NULL;
}

static void run_echo(uint16_t port, unsigned count)
{
	(void)count;
	if (!MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, port, NULL, NULL,
		on_request, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END))
		_exit(1);
	for (;;)
		pause();
}

pid_t echo_start(uint16_t port)
{
	pid_t pid = start(run_echo, port, 0);

	usleep(300 * 1000);
	return pid;
}

/* ---- strangers ---- */

/* From one of a few addresses, as one alone may not have so many. */
static int dial_from(uint16_t port, unsigned i)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + i % SOURCES) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&from, sizeof(from)) ||
			   connect(fd, (struct sockaddr *)&to, sizeof(to)))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void run_slow(uint16_t port, unsigned clients)
{
	static const char text[] =
	    "POST /hotline/v1/tickets HTTP/1.1\r\nHost: slow\r\nX-Slow: ";
	static int fds[CLIENTS_MAX];
	static size_t at[CLIENTS_MAX];

	for (unsigned i = 0; i < clients; i++)
		fds[i] = dial_from(port, i);
	for (unsigned tick = 0;; tick++) { /* a tenth of them each time */
		usleep(100 * 1000);
		for (unsigned i = tick % 10; i < clients; i += 10) {
			char byte =
			    at[i] < sizeof(text) - 1 ? text[at[i]] : 'a';
			at[i]++;
			if (fds[i] >= 0 && send(fds[i], &byte, 1, 0) == 1)
				continue;
			close(fds[i]);
			at[i] = 0;
			fds[i] = dial_from(port, i);
		}
	}
}

pid_t slow_start(uint16_t port, unsigned clients)
{
	return start(run_slow, port, clients);
}

static _Atomic uint64_t *thrown_out; /* shared with the stranger */

/* ZMTP 3.1, CURVE, then what is no handshake. */
static void be_thrown_out(uint16_t port)
{
	static const char greeting[64] = "\xff\0\0\0\0\0\0\0\1\x7f\3\1"
					 "CURVE";
	static const char noise[64 * 1024] = { 0x5a, 0x5a, 0x5a, 0x5a, 0x5a };
	int fd = dial_from(port, 0);

	if (fd < 0) {
		usleep(1000);
		return;
	}
	if (send(fd, greeting, sizeof(greeting), 0) > 0)
		while (send(fd, noise, sizeof(noise), 0) > 0)
			;
	close(fd);
	atomic_fetch_add(thrown_out, 1);
}

static void run_flood(uint16_t port, unsigned idle)
{
	for (unsigned i = 0; i < idle; i++)
		dial_from(port, i);
	for (;;)
		be_thrown_out(port);
}

static void run_flood_elsewhere(uint16_t port, unsigned idle)
{
	const struct sched_param none = { 0 };

	if (sched_setscheduler(0, SCHED_IDLE, &none))
		bench_fail("sched_setscheduler");
	run_flood(port, idle);
}

pid_t flood_start(uint16_t port, unsigned idle, enum flood_from from)
{
	if (!thrown_out) {
		void *page = mmap(NULL, sizeof(*thrown_out),
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED)
			bench_fail("mmap");
		thrown_out = page;
	}
	atomic_store(thrown_out, 0);
	return start(from == FLOOD_FROM_HERE ? run_flood : run_flood_elsewhere,
	    port, idle);
}

uint64_t flood_count(void)
{
	return thrown_out ? atomic_load(thrown_out) : 0;
}
