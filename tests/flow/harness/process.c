#include "harness/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BREATH_MS = 5, READ_BYTES = 64 * 1024 };

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void breathe(void)
{
	struct timespec moment = { .tv_nsec = BREATH_MS * 1000000L };

	nanosleep(&moment, NULL);
}

bool wait_until(bool (*is_so)(void *context), void *context, int timeout_ms)
{
	int64_t until_ms = now_ms() + timeout_ms;

	while (!is_so(context)) {
		if (now_ms() > until_ms)
			return false;
		breathe();
	}
	return true;
}

/* The child's side: dies with the test, speaks where it is told to. */
static _Noreturn void become(
    const char *const *argv, pid_t parent, int out, int err, int net_fd)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (net_fd && setns(net_fd, CLONE_NEWNET) != 0)
		_exit(127);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static pid_t start(const char *const *argv, int out, int err, int net_fd)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		become(argv, parent, out, err, net_fd);
	return pid;
}

pid_t process_start(const char *const *argv, const char *log_path)
{
	return process_start_in(argv, log_path, 0);
}

pid_t process_start_in(
    const char *const *argv, const char *log_path, int net_fd)
{
	int log =
	    open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_true(log >= 0);
	pid_t pid = start(argv, log, log, net_fd);
	close(log);
	return pid;
}

bool process_lives(int *status_out, pid_t pid)
{
	pid_t ended = waitpid(pid, status_out, WNOHANG);

	assert_true(ended >= 0);
	return ended == 0;
}

int process_wait(pid_t pid, int timeout_ms)
{
	int64_t until_ms = now_ms() + timeout_ms;
	int status = 0;

	while (process_lives(&status, pid)) {
		if (now_ms() > until_ms)
			fail_msg("process %ld does not end", (long)pid);
		breathe();
	}
	return status;
}

bool process_kill(pid_t pid)
{
	int status = 0;

	assert_true(pid > 0); /* 0 would be all of us */
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		return false;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

long process_memory_kb(pid_t pid)
{
	char path[64], line[256];
	long kb = -1;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "RssAnon: %ld", &kb) == 1)
			break;
	fclose(file);
	return kb;
}

/* False when the pipe has ended. */
static bool read_some(struct buf *to, int fd)
{
	uint8_t *room;

	assert_int_equal(buf_grow(&room, to, READ_BYTES), 0);
	ssize_t got = read(fd, room, READ_BYTES);
	to->len -= READ_BYTES - (size_t)(got > 0 ? got : 0);
	return got > 0;
}

static void read_both(struct run *run, int out, int err, int timeout_ms)
{
	struct pollfd ends[2] = { { .fd = out, .events = POLLIN },
		{ .fd = err, .events = POLLIN } };
	struct buf *bufs[2] = { &run->out, &run->err };
	int64_t until_ms = now_ms() + timeout_ms;
	int open_ends = 2;

	while (open_ends > 0) {
		int64_t left_ms = until_ms - now_ms();
		if (left_ms <= 0)
			fail_msg("a program does not end");
		poll(ends, 2, (int)left_ms);
		for (int i = 0; i < 2; i++) {
			if (!ends[i].revents || read_some(bufs[i], ends[i].fd))
				continue;
			ends[i].fd = -1;
			open_ends--;
		}
	}
}

void run_program(struct run *run_out, const char *const *argv, int timeout_ms)
{
	int out[2], err[2];

	memset(run_out, 0, sizeof(*run_out));
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(err, O_CLOEXEC), 0);
	pid_t pid = start(argv, out[1], err[1], 0);
	close(out[1]);
	close(err[1]);
	read_both(run_out, out[0], err[0], timeout_ms);
	close(out[0]);
	close(err[0]);
	int status = process_wait(pid, timeout_ms);
	run_out->code =
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	assert_int_equal(buf_add(&run_out->out, "", 1), 0);
	assert_int_equal(buf_add(&run_out->err, "", 1), 0);
}

const char *run_text(const struct buf *buf)
{
	return (const char *)buf->data;
}

void run_free(struct run *run)
{
	buf_free(&run->out);
	buf_free(&run->err);
}
