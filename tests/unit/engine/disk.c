/*
 * A disk that is full or broken, for one node: the descriptors of its store
 * are put aside and /dev/full stands in for them.
 */
#include "world.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BROKEN_MAX = 8 };

static struct broken {
	int fd, saved;
} broken[BROKEN_MAX];
static unsigned broken_count;

/* LMDB writes its last page, which decides, through a descriptor that
 * syncs by itself. */
static bool is_store(const struct world_node *node, int fd, bool is_last_page)
{
	char link[64], path[WORLD_PATH + 32], target[WORLD_PATH + 32];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	snprintf(path, sizeof(path), "%s/data.mdb", node->path);
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0)
		return false;
	target[len] = '\0';
	return !strcmp(path, target) &&
	       !(fcntl(fd, F_GETFL) & O_DSYNC) == !is_last_page;
}

void node_break_disk(struct world_node *node, bool is_last_page)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int full = open("/dev/full", O_WRONLY);

	assert_non_null(dir);
	assert_true(full >= 0);
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);
		if (!is_store(node, fd, is_last_page))
			continue;
		assert_true(broken_count < BROKEN_MAX);
		broken[broken_count].fd = fd;
		broken[broken_count++].saved = dup(fd);
		dup2(full, fd);
	}
	closedir(dir);
	close(full);
	assert_true(broken_count > 0);
}

void mend_disks(void)
{
	while (broken_count > 0) {
		struct broken *each = &broken[--broken_count];
		dup2(each->saved, each->fd);
		close(each->saved);
	}
}
