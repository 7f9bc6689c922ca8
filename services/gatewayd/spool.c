#include "gatewayd/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"

struct spool {
	crypto_generichash_state hash;
	crypto_hash_sha256_state sha256;
	uint64_t len;
	int fd;
};

static int open_nameless(int *fd_out, const char *dir)
{
	char path[1300];

	if ((size_t)snprintf(path, sizeof(path), "%s/.spool-XXXXXX", dir) >=
	    sizeof(path))
		return ERR_INVALID;
	*fd_out = mkostemp(path, O_CLOEXEC);
	if (*fd_out < 0)
		return err_of_errno(errno);
	unlink(path);
	return 0;
}

int spool_open(struct spool **spool_out, const char *dir)
{
	struct spool *spool;
	void *room;
	int rc;

	/* the state of a hash wants to stand at certain places */
	if (posix_memalign(&room, _Alignof(struct spool), sizeof(*spool)))
		return ERR_NOMEM;
	spool = room;
	memset(spool, 0, sizeof(*spool));
	rc = open_nameless(&spool->fd, dir);
	if (rc) {
		free(spool);
		return rc;
	}
	crypto_generichash_init(&spool->hash, NULL, 0, HASH_BYTES);
	crypto_hash_sha256_init(&spool->sha256);
	*spool_out = spool;
	return 0;
}

int spool_add(struct spool *spool, struct bytes data)
{
	size_t done = 0;

	while (done < data.len) {
		ssize_t len = pwrite(spool->fd, data.data + done,
		    data.len - done, (off_t)(spool->len + done));

		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			return len < 0 ? err_of_errno(errno) : ERR_IO;
		done += (size_t)len;
	}
	spool->len += data.len;
	crypto_generichash_update(&spool->hash, data.data, data.len);
	crypto_hash_sha256_update(&spool->sha256, data.data, data.len);
	return 0;
}

uint64_t spool_length(const struct spool *spool)
{
	return spool->len;
}

void spool_hashes(struct spool *spool, struct hash *hash_out,
    uint8_t sha256_out[SPOOL_SHA256_BYTES])
{
	crypto_generichash_final(
	    &spool->hash, hash_out->b, sizeof(hash_out->b));
	crypto_hash_sha256_final(&spool->sha256, sha256_out);
}

int spool_read(size_t *len_out, const struct spool *spool, uint64_t offset,
    void *out, size_t max)
{
	ssize_t len = pread(spool->fd, out, max, (off_t)offset);

	if (len < 0)
		return err_of_errno(errno);
	*len_out = (size_t)len;
	return 0;
}

int spool_take(struct spool *spool)
{
	int fd = spool->fd;

	spool->fd = -1;
	return fd;
}

void spool_close(struct spool **spool)
{
	if (!*spool)
		return;
	if ((*spool)->fd >= 0)
		close((*spool)->fd);
	free(*spool);
	*spool = NULL;
}
