#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/private.h"
#include "client/sign.h"

enum {
	HEX_LEN = 2 * SIGN_KEY_BYTES,
	FILE_MAX = HEX_LEN + 2, /* and the end of its line */
};

/* A regular file this short comes in one read. */
static int read_line(char line_out[FILE_MAX + 1], int fd)
{
	char text[FILE_MAX + 1];
	ssize_t len;

	do {
		len = read(fd, text, sizeof(text));
	} while (len < 0 && errno == EINTR);
	if (len < 0)
		return err_of_errno(errno);
	if (len > FILE_MAX || memchr(text, 0, (size_t)len))
		return ERR_INVALID;
	memcpy(line_out, text, (size_t)len);
	line_out[len] = '\0';
	sodium_memzero(text, sizeof(text));
	return 0;
}

/* A key of nothing but zeros is one that somebody forgot to fill in. */
static int parse_key(uint8_t key_out[SIGN_KEY_BYTES], const char *line)
{
	uint8_t key[SIGN_KEY_BYTES];
	size_t len = 0;
	int rc = ERR_INVALID;

	if (strlen(line) >= HEX_LEN &&
	    (line[HEX_LEN] == '\0' || strcmp(line + HEX_LEN, "\n") == 0 ||
		strcmp(line + HEX_LEN, "\r\n") == 0) &&
	    sodium_hex2bin(key, sizeof(key), line, HEX_LEN, NULL, &len, NULL) ==
		0 &&
	    len == sizeof(key) && !sodium_is_zero(key, sizeof(key))) {
		memcpy(key_out, key, sizeof(key));
		rc = 0;
	}
	sodium_memzero(key, sizeof(key));
	return rc;
}

int sign_key_load(uint8_t key_out[SIGN_KEY_BYTES], const char *path)
{
	char line[FILE_MAX + 1] = "";
	int fd;
	int rc = private_open(&fd, path);

	if (rc)
		return rc;
	rc = read_line(line, fd);
	close(fd);
	if (!rc)
		rc = parse_key(key_out, line);
	sodium_memzero(line, sizeof(line));
	return rc;
}

static int write_line(int fd, const char *line, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, line, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_of_errno(errno);
		line += put;
		len -= (size_t)put;
	}
	return fsync(fd) ? err_of_errno(errno) : 0;
}

int sign_key_make(const char *path)
{
	uint8_t key[SIGN_KEY_BYTES];
	char line[FILE_MAX];
	int fd, rc;

	if (sodium_init() < 0)
		return ERR_IO;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_of_errno(errno);
	randombytes_buf(key, sizeof(key));
	sodium_bin2hex(line, sizeof(line), key, sizeof(key));
	line[HEX_LEN] = '\n';
	rc = write_line(fd, line, HEX_LEN + 1);
	if (close(fd) != 0 && !rc)
		rc = err_of_errno(errno);
	if (rc)
		unlink(path);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(line, sizeof(line));
	return rc;
}
