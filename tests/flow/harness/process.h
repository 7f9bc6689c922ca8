/*
 * Processes of a test: daemons that run beside it, and programs that it
 * runs to their end. None outlives the test, however it ends.
 */
#ifndef WHISTLE_FLOW_PROCESS_H
#define WHISTLE_FLOW_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/bytes.h"

enum { ARGUMENTS_MAX = 48 };

/* `argv` ends with NULL; argv[0] is a path. Standard output and error are
 * appended to `log_path`. Fails the test when it cannot be started. */
pid_t process_start(const char *const *argv, const char *log_path);
/* The same in the network that `net_fd` is (as of setns); 0: in ours. */
pid_t process_start_in(
    const char *const *argv, const char *log_path, int net_fd);
/* False once it has ended; then *status_out is as of waitpid. */
bool process_lives(int *status_out, pid_t pid);
/* Waits for its end and returns as waitpid says; fails the test after
 * `timeout_ms`. */
int process_wait(pid_t pid, int timeout_ms);
/* SIGKILL, and wait for it. True if it was alive and died of that. */
bool process_kill(pid_t pid);
/* Resident memory in kB, without pages of files. */
long process_memory_kb(pid_t pid);

struct run {
	int code;	     /* exit code; 128 + signal */
	struct buf out, err; /* each with a NUL at its end */
};

/* Runs to the end; fails the test after `timeout_ms`. Release with
 * run_free. */
void run_program(struct run *run_out, const char *const *argv, int timeout_ms);
const char *run_text(const struct buf *buf);
void run_free(struct run *run);

/* Time that never jumps. */
int64_t now_ms(void);
/* Lets others run for a moment between two looks at a condition. */
void breathe(void);

/* Asks `is_so` again and again, at most `timeout_ms`. */
bool wait_until(bool (*is_so)(void *context), void *context, int timeout_ms);

#endif
