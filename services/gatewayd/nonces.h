/*
 * Which nonces were used, so that nobody can send what was overheard again.
 * A nonce is remembered for at least NONCES_KEEP_MS, which is as long as a
 * signature can be valid, and for twice that at most. Memory is bounded;
 * what does not fit is refused, never forgotten early.
 */
#ifndef WHISTLE_GATEWAYD_NONCES_H
#define WHISTLE_GATEWAYD_NONCES_H

#include <stddef.h>
#include <stdint.h>

enum { NONCES_KEEP_MS = 600 * 1000 };

struct nonces;

/* Room for `max` nonces in each NONCES_KEEP_MS. ERR_NOMEM, ERR_IO. */
int nonces_open(struct nonces **nonces_out, size_t max);
/*
 * Remembers `nonce` of `client`. ERR_EXISTS: it was used. ERR_FULL,
 * ERR_NOMEM: it may not have been, but cannot be remembered. `now_ms` is of
 * a clock that never jumps back.
 */
int nonces_use(struct nonces *nonces, const char *client, const char *nonce,
    int64_t now_ms);
void nonces_close(struct nonces **nonces);

#endif
