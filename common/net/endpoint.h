/*
 * Endpoints, tcp://HOST:PORT or ipc://PATH, and the file behind the second
 * kind. libzmq takes whatever is there away when it binds, a living daemon's
 * socket or a file of somebody else's, and leaves its own behind when it
 * closes; so both are done here. Internal to net/.
 */
#ifndef WHISTLE_NET_ENDPOINT_H
#define WHISTLE_NET_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What was bound, so that nobody else's is removed. Zero: not a file. */
struct endpoint_file {
	dev_t device;
	ino_t inode;
};

/* To bind or to connect to: the form, and not whether anything is there. */
bool endpoint_is_valid(const char *endpoint);
/*
 * May `endpoint` be bound? A port that is taken is seen when it is
 * bound. ERR_BUSY: somebody listens there. ERR_ACCESS. ERR_INVALID: not a
 * valid endpoint, or something else than a socket is there.
 */
int endpoint_check(const char *endpoint);
/* A copy, to be freed, with the host's number instead of its name, which
 * libzmq cannot bind; as it is when the name is not known. NULL: no memory. */
char *endpoint_numbered(const char *endpoint);
/* What stands for the host in tcp://HOST:PORT; false: another kind, or longer
 * than fits. */
bool endpoint_host(char *host_out, size_t size, const char *endpoint);
void endpoint_bound(struct endpoint_file *file_out, const char *endpoint);
void endpoint_remove(const struct endpoint_file *file, const char *endpoint);

#endif
