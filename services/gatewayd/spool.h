/*
 * A body that is too large to be held in memory: on disk, in a file without
 * a name, hashed as it comes. What the signature covers and what the file is
 * called by are so known when its last byte is there.
 */
#ifndef WHISTLE_GATEWAYD_SPOOL_H
#define WHISTLE_GATEWAYD_SPOOL_H

#include "base/id.h"

enum { SPOOL_SHA256_BYTES = 32 };

struct spool;

/* `dir`: on whose disk. ERR_NOMEM, ERR_FULL, ERR_ACCESS, ERR_IO. */
int spool_open(struct spool **spool_out, const char *dir);
/* At its end. ERR_FULL, ERR_IO. */
int spool_add(struct spool *spool, struct bytes data);
uint64_t spool_length(const struct spool *spool);
/* Of all that is there; nothing is added afterwards. */
void spool_hashes(struct spool *spool, struct hash *hash_out,
    uint8_t sha256_out[SPOOL_SHA256_BYTES]);
/* Up to `max` bytes from `offset` on; 0 at the end. ERR_IO. */
int spool_read(size_t *len_out, const struct spool *spool, uint64_t offset,
    void *out, size_t max);
/* The file, for whoever closes it; the spool has none from now on. */
int spool_take(struct spool *spool);
void spool_close(struct spool **spool);

#endif
