#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/err.h"
#include "net/endpoint.h"

#define IPC "ipc://"
#define TCP "tcp://"

/* NULL when the endpoint is not a file. */
static const char *path_of(const char *endpoint)
{
	size_t prefix = sizeof(IPC) - 1;

	return strncmp(endpoint, IPC, prefix) == 0 ? endpoint + prefix : NULL;
}

/* "@name" would be no file, and "*" a path of libzmq's choosing. */
static bool is_a_path(const char *path)
{
	const struct sockaddr_un *address = NULL;

	return path[0] && path[0] != '@' && strcmp(path, "*") != 0 &&
	       strlen(path) < sizeof(address->sun_path);
}

static int code_of(int error)
{
	switch (error) {
	case ECONNREFUSED: /* nobody listens: left over, or no socket */
	case ENOENT:
		return 0;
	case EACCES:
	case EPERM:
		return ERR_ACCESS;
	case EAGAIN: /* so busy that its queue is full */
		return ERR_BUSY;
	default:
		return ERR_INVALID;
	}
}

/* Knocks: somebody who opens is alive. */
static int knock(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0)
		return ERR_IO;
	memcpy(address.sun_path, path, strlen(path) + 1);
	rc = connect(fd, (struct sockaddr *)&address, sizeof(address));
	rc = rc == 0 ? ERR_BUSY : code_of(errno);
	close(fd);
	return rc;
}

/* libzmq would take 99999 for 34463, and no digits for any port. */
static bool has_port(const char *address)
{
	const char *colon = strrchr(address, ':');
	char *end;
	unsigned long port;

	if (!colon || colon == address || !isdigit((unsigned char)colon[1]))
		return false;
	port = strtoul(colon + 1, &end, 10);
	return *end == '\0' && port > 0 && port <= UINT16_MAX;
}

bool endpoint_is_valid(const char *endpoint)
{
	const char *path = path_of(endpoint);
	size_t tcp = sizeof(TCP) - 1;

	if (path)
		return is_a_path(path);
	return strncmp(endpoint, TCP, tcp) == 0 && has_port(endpoint + tcp);
}

int endpoint_check(const char *endpoint)
{
	const char *path = path_of(endpoint);
	struct stat status;

	if (!endpoint_is_valid(endpoint))
		return ERR_INVALID;
	if (!path)
		return 0;
	if (lstat(path, &status) != 0)
		return code_of(errno);
	return S_ISSOCK(status.st_mode) ? knock(path) : ERR_INVALID;
}

static bool find_number(char number_out[INET_ADDRSTRLEN], const char *host)
{
	const struct addrinfo hint = { .ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	const struct sockaddr_in *address;
	bool is_found;

	if (getaddrinfo(host, NULL, &hint, &found) != 0)
		return false;
	address = (const struct sockaddr_in *)(void *)found->ai_addr;
	is_found = inet_ntop(AF_INET, &address->sin_addr, number_out,
		       INET_ADDRSTRLEN) != NULL;
	freeaddrinfo(found);
	return is_found;
}

char *endpoint_numbered(const char *endpoint)
{
	const char *host = endpoint + sizeof(TCP) - 1;
	const char *colon = strrchr(endpoint, ':');
	char name[256], number[INET_ADDRSTRLEN], *numbered;

	if (path_of(endpoint) || colon - host >= (ptrdiff_t)sizeof(name))
		return strdup(endpoint);
	memcpy(name, host, (size_t)(colon - host));
	name[colon - host] = '\0';
	if (!find_number(number, name))
		return strdup(endpoint);
	return asprintf(&numbered, TCP "%s%s", number, colon) < 0 ? NULL
								  : numbered;
}

bool endpoint_host(char *host_out, size_t size, const char *endpoint)
{
	const size_t tcp = sizeof(TCP) - 1;
	const char *colon = strrchr(endpoint, ':');
	size_t len;

	if (strncmp(endpoint, TCP, tcp) != 0 || colon < endpoint + tcp)
		return false;
	len = (size_t)(colon - endpoint) - tcp;
	if (len >= size)
		return false;
	memcpy(host_out, endpoint + tcp, len);
	host_out[len] = '\0';
	return true;
}

void endpoint_bound(struct endpoint_file *file_out, const char *endpoint)
{
	const char *path = path_of(endpoint);
	struct stat status;

	*file_out = (struct endpoint_file){ 0 };
	if (path && lstat(path, &status) == 0) {
		file_out->device = status.st_dev;
		file_out->inode = status.st_ino;
	}
}

void endpoint_remove(const struct endpoint_file *file, const char *endpoint)
{
	const char *path = path_of(endpoint);
	struct stat status;

	if (path && lstat(path, &status) == 0 &&
	    status.st_dev == file->device && status.st_ino == file->inode)
		unlink(path);
}
