#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>
#include "base/err.h"
#include "base/private.h"
#include "net/gate.h"
#include "net/net.h"

enum { KEY_FILE_MAX = 4096 };

int net_key_make(struct net_key *key_out)
{
	return zmq_curve_keypair(key_out->public_key, key_out->secret_key)
		   ? ERR_IO
		   : 0;
}

static int read_all(char *text_out, size_t size, int fd)
{
	size_t len = 0;

	while (len < size) {
		ssize_t got = read(fd, text_out + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_of_errno(errno);
		if (got == 0)
			break;
		len += (size_t)got;
	}
	if (len == size || memchr(text_out, 0, len))
		return ERR_INVALID;
	text_out[len] = '\0';
	return 0;
}

static int read_private(char *text_out, size_t size, const char *path)
{
	int fd;
	int rc = private_open(&fd, path);

	if (rc)
		return rc;
	rc = read_all(text_out, size, fd);
	close(fd);
	return rc;
}

/*
 * The value of `    name = "value"`. czmq's own reader of this format would
 * print a line that it cannot read, secret and all, on standard output.
 */
static int find_value(
    char value_out[NET_KEY_TEXT], const char *text, const char *name)
{
	size_t name_len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, " \t\r\n");
		if (strncmp(line, name, name_len) != 0)
			continue;
		line += name_len;
		line += strspn(line, " \t");
		if (*line != '=')
			continue;
		line++;
		line += strspn(line, " \t\"");
		if (strcspn(line, "\"\r\n") != NET_KEY_TEXT - 1)
			return ERR_INVALID;
		memcpy(value_out, line, NET_KEY_TEXT - 1);
		value_out[NET_KEY_TEXT - 1] = '\0';
		return gate_key_is_valid(value_out) ? 0 : ERR_INVALID;
	}
	return ERR_INVALID;
}

static int parse_key(struct net_key *key_out, const char *text)
{
	char fitting[NET_KEY_TEXT];
	int rc = find_value(key_out->public_key, text, "public-key");

	if (!rc)
		rc = find_value(key_out->secret_key, text, "secret-key");
	if (rc)
		return rc;
	if (zmq_curve_public(fitting, key_out->secret_key))
		return ERR_IO;
	return strcmp(fitting, key_out->public_key) == 0 ? 0 : ERR_INVALID;
}

int net_key_load(struct net_key *key_out, const char *path)
{
	char text[KEY_FILE_MAX];
	struct net_key key = { "", "" };
	int rc = read_private(text, sizeof(text), path);

	if (!rc)
		rc = parse_key(&key, text);
	explicit_bzero(text, sizeof(text));
	if (!rc)
		*key_out = key;
	explicit_bzero(&key, sizeof(key));
	return rc;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, text, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_of_errno(errno);
		text += put;
		len -= (size_t)put;
	}
	return 0;
}

/* Never writes over a file: a key that is lost cannot be had again. */
static int put_key(const char *path, const struct net_key *key, bool is_synced)
{
	char text[512];
	int fd, rc;
	int len = snprintf(text, sizeof(text),
	    "#   ZeroMQ CURVE **Secret** Certificate\n"
	    "#   DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its "
	    "permissions.\n"
	    "metadata\n"
	    "curve\n"
	    "    public-key = \"%s\"\n"
	    "    secret-key = \"%s\"\n",
	    key->public_key, key->secret_key);

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		rc = err_of_errno(errno);
	} else {
		rc = write_all(fd, text, (size_t)len);
		if (!rc && is_synced && fsync(fd))
			rc = err_of_errno(errno);
		if (close(fd) != 0 && !rc)
			rc = err_of_errno(errno);
		if (rc)
			unlink(path);
	}
	explicit_bzero(text, sizeof(text));
	return rc;
}

int net_key_save(const char *path, const struct net_key *key)
{
	return put_key(path, key, true);
}

int net_key_write(const char *path, const struct net_key *key)
{
	return put_key(path, key, false);
}
