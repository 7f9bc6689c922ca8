/*
 * The file behind an ipc:// endpoint. libzmq takes whatever is there away
 * when it binds, a living daemon's socket or a file of somebody else's, and
 * leaves its own behind when it closes; so both are done here. Internal to
 * net/.
 */
#ifndef WHISTLE_NET_ENDPOINT_H
#define WHISTLE_NET_ENDPOINT_H

#include <sys/types.h>

/* What was bound, so that nobody else's is removed. Zero: not a file. */
struct endpoint_file {
	dev_t device;
	ino_t inode;
};

/*
 * May `endpoint` be bound? tcp:// is libzmq's to decide. ERR_BUSY: somebody
 * listens there. ERR_ACCESS. ERR_INVALID: something else than a socket is
 * there, too long a path, a folder that does not exist, another transport.
 */
int endpoint_check(const char *endpoint);
void endpoint_bound(struct endpoint_file *file_out, const char *endpoint);
void endpoint_remove(const struct endpoint_file *file, const char *endpoint);

#endif
