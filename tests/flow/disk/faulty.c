/*
 * A disk that fails as a test wants it to. Preloaded into daemons: calls on
 * the file of a store (NODE/data.mdb) may fail, and its disk may be full, or
 * slow. Everything else is handed on.
 *
 * Only tests build it, nothing installs it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include "disk/faults.h"
#include "disk/power.h"

enum { FDS = 1024, SHORT_BYTES = 1024 * 1024 };

static struct disk_faults *faults; /* NULL: no store is open yet */
static char is_store[FDS];	   /* 1: of the store; 2: of its heads */

/* "…/NODE/data.mdb": the node's own file of faults. */
static void map_faults(const char *path)
{
	const char *folder = getenv(DISK_FAULTS_ENV);
	const char *end = strrchr(path, '/'), *name = end;
	char text[512];
	void *at;
	int fd;

	while (name > path && name[-1] != '/')
		name--;
	if (!folder || faults)
		return;
	snprintf(
	    text, sizeof(text), "%s/%.*s", folder, (int)(end - name), name);
	fd = (int)syscall(SYS_openat, AT_FDCWD, text, O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		return; /* a node that nobody wants anything of */
	at = mmap(
	    NULL, sizeof(*faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (at == MAP_FAILED)
		abort();
	faults = at;
}

static int is_of_store(const char *path)
{
	size_t len = strlen(path);

	return len > 9 && !strcmp(path + len - 9, "/data.mdb");
}

static int opened(int fd, const char *path, int flags)
{
	if (fd < 0 || fd >= FDS)
		return fd;
	is_store[fd] = 0;
	if ((flags & O_ACCMODE) == O_RDONLY || !is_of_store(path))
		return fd;
	map_faults(path);
	is_store[fd] = flags & O_DSYNC ? 2 : 1;
	return fd;
}

/* The heads of a store are opened when the store is. */
static int is_careless(const char *path)
{
	return faults && atomic_load(&faults->is_careless) && is_of_store(path);
}

static int open_any(const char *path, int flags, mode_t mode)
{
	int used = is_careless(path) ? flags & ~O_DSYNC : flags;

	return opened(
	    (int)syscall(SYS_openat, AT_FDCWD, path, used, mode), path, flags);
}

int open(const char *path, int flags, ...)
{
	va_list list;
	mode_t mode;

	va_start(list, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
	va_end(list);
	return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list list;
	mode_t mode;

	va_start(list, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
	va_end(list);
	return open_any(path, flags, mode);
}

static int kind_of(int fd)
{
	return faults && fd >= 0 && fd < FDS ? is_store[fd] : 0;
}

/* Is it to fail so, now? Only once. */
static int strikes(enum disk_fault fault)
{
	if (atomic_load(&faults->fault) != (int)fault)
		return 0;
	if (atomic_fetch_sub(&faults->after, 1) > 0)
		return 0;
	atomic_store(&faults->fault, DISK_SOUND);
	atomic_fetch_add(&faults->felt[fault], 1);
	return 1;
}

/* Nobody hears of it: nothing of what comes after is done. */
static void lose_power(int fd)
{
	if (!strikes(DISK_POWER_FAILS))
		return;
	if (power_shut_down_fd(fd))
		abort();
	kill(getpid(), SIGKILL);
}

/* ---- writing ---- */

static int grows(int fd, off_t end)
{
	struct stat stat;

	return !fstat(fd, &stat) && end > stat.st_size;
}

/* 0: go on; else errno. */
static int write_problem(int fd, off_t end)
{
	lose_power(fd);
	if (kind_of(fd) == 2)
		return strikes(DISK_HEAD_FAILS) ? EIO : 0;
	if (strikes(DISK_WRITE_FAILS))
		return EIO;
	if (strikes(DISK_NO_SPACE))
		return ENOSPC;
	if (atomic_load(&faults->is_full) && grows(fd, end)) {
		atomic_fetch_add(&faults->full, 1);
		return ENOSPC;
	}
	return 0;
}

static ssize_t pwrite_any(int fd, const void *data, size_t len, off_t at)
{
	int problem = kind_of(fd) ? write_problem(fd, at + (off_t)len) : 0;
	ssize_t written;

	if (problem) {
		errno = problem;
		return -1;
	}
	if (kind_of(fd) == 1 && len > 1 && strikes(DISK_SHORT_WRITE))
		len /= 2;
	written = syscall(SYS_pwrite64, fd, data, len, at);
	if (kind_of(fd) == 2)
		lose_power(fd); /* it is done, and nobody is told */
	return written;
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	return pwrite_any(fd, data, len, at);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off_t at)
{
	return pwrite_any(fd, data, len, at);
}

/* LMDB seeks, and then writes what is together. */
ssize_t writev(int fd, const struct iovec *pieces, int count)
{
	off_t end = kind_of(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
	int problem;

	for (int i = 0; i < count; i++)
		end += (off_t)pieces[i].iov_len;
	problem = kind_of(fd) ? write_problem(fd, end) : 0;
	if (problem) {
		errno = problem;
		return -1;
	}
	if (kind_of(fd) == 1 && strikes(DISK_SHORT_WRITE))
		return syscall(
		    SYS_write, fd, pieces[0].iov_base, pieces[0].iov_len / 2);
	return syscall(SYS_writev, fd, pieces, count);
}

/* ---- syncing ---- */

static int sync_any(long number, int fd)
{
	int ms = kind_of(fd) ? atomic_load(&faults->sync_ms) : 0;
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	if (!kind_of(fd))
		return (int)syscall(number, fd);
	lose_power(fd);
	if (atomic_load(&faults->is_careless))
		return 0;
	atomic_fetch_add(&faults->syncs, 1);
	if (ms > 0) {
		nanosleep(&time, NULL);
		atomic_fetch_add(&faults->slow, 1);
	}
	if (strikes(DISK_SYNC_FAILS)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(number, fd);
}

int fdatasync(int fd)
{
	return sync_any(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	return sync_any(SYS_fsync, fd);
}

/* ---- how much is left ---- */

static void shrink(struct statvfs *disk)
{
	fsblkcnt_t left =
	    atomic_load(&faults->is_full) ? 0 : SHORT_BYTES / disk->f_frsize;

	if (!atomic_load(&faults->is_full) && !atomic_load(&faults->is_short))
		return;
	disk->f_bavail = left;
	disk->f_bfree = left;
}

int statvfs(const char *path, struct statvfs *disk)
{
	int (*real)(const char *, struct statvfs *) = (int (*)(
	    const char *, struct statvfs *))dlsym(RTLD_NEXT, "statvfs");
	int rc = real(path, disk);

	if (!rc && faults)
		shrink(disk);
	return rc;
}

int statvfs64(const char *path, struct statvfs64 *disk)
{
	return statvfs(path, (struct statvfs *)disk);
}
