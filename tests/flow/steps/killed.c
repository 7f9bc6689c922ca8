/*
 * A program that is killed between two of its steps. Preloaded into the
 * command line: it dies before the n-th call that changes a folder or makes
 * something durable, as WHISTLE_DIE_AT says. What it starts does not.
 *
 * Only tests build it, nothing installs it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long left;
static pid_t whose;

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("WHISTLE_DIE_AT");

	if (at && !strcmp(program_invocation_short_name, "whistle"))
		left = strtol(at, NULL, 10);
	whose = getpid();
}

static void step(void)
{
	if (left > 0 && getpid() == whose && --left == 0)
		kill(whose, SIGKILL);
}

#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

int rename(const char *from, const char *to)
{
	step();
	return NEXT(rename)(from, to);
}

int renameat2(
    int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	step();
	return NEXT(renameat2)(from_dir, from, to_dir, to, flags);
}

int mkdir(const char *path, mode_t mode)
{
	step();
	return NEXT(mkdir)(path, mode);
}

int symlink(const char *target, const char *path)
{
	step();
	return NEXT(symlink)(target, path);
}

int unlink(const char *path)
{
	step();
	return NEXT(unlink)(path);
}

int remove(const char *path)
{
	step();
	return NEXT(remove)(path);
}

int fsync(int fd)
{
	step();
	return NEXT(fsync)(fd);
}

/* A child is made: a store is looked at, or made. */
pid_t fork(void)
{
	step();
	return NEXT(fork)();
}
