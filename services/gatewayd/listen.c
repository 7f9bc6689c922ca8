#include "gatewayd/listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/err.h"

enum { HOST_BYTES = 256, BACKLOG = 511 };

static bool is_port(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= 5 && strspn(text, "0123456789") == len &&
	       strtol(text, NULL, 10) <= UINT16_MAX;
}

static int split(
    char host_out[HOST_BYTES], const char **port_out, const char *address)
{
	const char *colon = strrchr(address, ':');
	size_t len = colon ? (size_t)(colon - address) : 0;
	bool is_boxed = address[0] == '[';

	if (!colon || !is_port(colon + 1) || len >= HOST_BYTES)
		return ERR_INVALID;
	if (is_boxed) {
		if (len < 3 || colon[-1] != ']')
			return ERR_INVALID;
		address++;
		len -= 2;
	}
	memcpy(host_out, address, len);
	host_out[len] = '\0';
	*port_out = colon + 1;
	return len > 0 && (is_boxed || !strchr(host_out, ':')) ? 0
							       : ERR_INVALID;
}

static int code_of(int error)
{
	switch (error) {
	case EADDRINUSE:
		return ERR_BUSY;
	case EADDRNOTAVAIL:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
		return ERR_ACCESS;
	default:
		return ERR_IO;
	}
}

static int listen_on(int *fd_out, const struct addrinfo *at)
{
	const int yes = 1;
	int fd = socket(at->ai_family,
	    at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
	int rc = 0;

	if (fd < 0)
		return code_of(errno);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
	    bind(fd, at->ai_addr, at->ai_addrlen) != 0 ||
	    listen(fd, BACKLOG) != 0)
		rc = code_of(errno);
	if (rc)
		close(fd);
	else
		*fd_out = fd;
	return rc;
}

int listen_at(int *fd_out, const char *address)
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	char host[HOST_BYTES];
	struct addrinfo *found;
	const char *port;
	int rc = split(host, &port, address);

	if (rc)
		return rc;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return ERR_NOT_FOUND;
	rc = listen_on(fd_out, found);
	freeaddrinfo(found);
	return rc;
}
