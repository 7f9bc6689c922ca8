#include "harness/harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "harness/disk.h"

/* By the places of the nodes in the city. */
static struct disk_faults *maps[CITY_NODES_MAX];

/* A sanitizer that wants to be the first library is told that it need not. */
void preload_add(const char *library)
{
	const char *options = getenv("ASAN_OPTIONS");
	const char *others = getenv("LD_PRELOAD");
	char text[1024];

	snprintf(text, sizeof(text), "%.400s%s%.400s", others ? others : "",
	    others && *others ? ":" : "", library);
	setenv("LD_PRELOAD", text, 1);
	if (options && strstr(options, "verify_asan_link_order=0"))
		return;
	snprintf(text, sizeof(text), "%.400s%sverify_asan_link_order=0",
	    options ? options : "", options && *options ? ":" : "");
	setenv("ASAN_OPTIONS", text, 1);
}

static struct disk_faults *map(const char *folder, const char *node)
{
	char path[2 * CITY_PATH];
	void *at;
	int fd;

	snprintf(path, sizeof(path), "%.200s/%s", folder, node);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, sizeof(struct disk_faults)), 0);
	at = mmap(NULL, sizeof(struct disk_faults), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	assert_true(at != MAP_FAILED);
	close(fd);
	return at;
}

void disk_start(const struct city *city)
{
	const char *now = getenv("LD_PRELOAD");
	char folder[CITY_PATH + 16];

	snprintf(folder, sizeof(folder), "%.200s/disks", city->dir);
	assert_int_equal(mkdir(folder, 0700), 0);
	for (size_t i = 0; i < city->daemon_count; i++) {
		if (maps[i])
			munmap(maps[i], sizeof(struct disk_faults));
		maps[i] = map(folder, city->daemons[i].name);
	}
	setenv(DISK_FAULTS_ENV, folder, 1);
	if (!now || !strstr(now, DISK_LIBRARY))
		preload_add(DISK_LIBRARY);
}

struct disk_faults *disk_of(const struct city *city, const char *node)
{
	for (size_t i = 0; i < city->daemon_count; i++)
		if (!strcmp(city->daemons[i].name, node))
			return maps[i];
	fail_msg("no node %s", node);
	return NULL;
}

void disk_strike(
    struct disk_faults *faults, enum disk_fault fault, unsigned after)
{
	atomic_store(&faults->fault, DISK_SOUND);
	atomic_store(&faults->after, (int)after);
	atomic_store(&faults->fault, (int)fault);
}

void disk_mend(struct disk_faults *faults)
{
	atomic_store(&faults->fault, DISK_SOUND);
	atomic_store(&faults->is_short, 0);
	atomic_store(&faults->is_full, 0);
	atomic_store(&faults->sync_ms, 0);
}
