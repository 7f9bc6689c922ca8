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
#include "kit/helper.h"
#include "kit/load.h"

enum { ECHO_BYTES = 64 * 1024, CLIENTS_MAX = 4096, SOURCES = 4 };

pid_t helper_start(
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
	pid_t pid = helper_start(run_echo, port, 0);

	usleep(300 * 1000);
	return pid;
}

/* ---- slow clients ---- */

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
	return helper_start(run_slow, port, clients);
}
