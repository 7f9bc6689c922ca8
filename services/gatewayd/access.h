/*
 * The access log: a line a request, for whoever wants to know them all. Its
 * keys are fixed; it has the path's template and never what stood in it, no
 * query, no body, no address, no secret. Beside the daemon's own log, which
 * nobody without a key can make grow.
 */
#ifndef WHISTLE_GATEWAYD_ACCESS_H
#define WHISTLE_GATEWAYD_ACCESS_H

#include <stddef.h>
#include <stdint.h>

struct access_line {
	int64_t time_ms, took_ms;
	const char *method, *path, *client; /* our own words */
	unsigned status;
	size_t bytes;
};

/* Appends to the file, made for its owner alone; -1 in *fd_out for the path
 * "". Opened again it is another file, once the old was moved away. Says
 * what is wrong in the log. */
int access_open(int *fd_out, const char *path);
void access_write(int fd, const struct access_line *line);

#endif
