#include "base/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"

enum { GROUPS_MAX = 256 };

static bool is_our_group(gid_t group)
{
	gid_t groups[GROUPS_MAX];
	int count = getgroups(GROUPS_MAX, groups);

	if (group == getegid())
		return true;
	for (int i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* The user of a container is no owner of what is mounted for it, only the
 * one member of its group: nothing more private is to be had there. */
static bool is_a_mounted_secret(const struct stat *status)
{
	return status->st_uid == 0 && geteuid() != 0 &&
	       !(status->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) &&
	       is_our_group(status->st_gid);
}

/* Asks the file that is open, not the name, which may change meanwhile. */
static int check(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return err_of_errno(errno);
	if (!S_ISREG(status.st_mode))
		return ERR_INVALID;
	if (!(status.st_mode & (S_IRWXG | S_IRWXO)))
		return 0;
	return is_a_mounted_secret(&status) ? 0 : ERR_ACCESS;
}

int private_open(int *fd_out, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc;

	if (fd < 0)
		return err_of_errno(errno);
	rc = check(fd);
	if (rc)
		close(fd);
	else
		*fd_out = fd;
	return rc;
}
