/*
 * How a request to a gateway is signed, for both ends: a key of 32 bytes
 * that the client and the gateway share, and HMAC-SHA256 over
 *
 *	METHOD LF PATH-WITH-QUERY LF UNIX-SECONDS LF NONCE LF HEX(SHA-256(BODY))
 *
 * without a line feed at the end; with an Idempotency-Key, a line feed and
 * its value follow, so that nobody on the way can put another in its place.
 * The path is that of the request line, as it was sent. Nothing here knows
 * clocks or which nonces were used: that is the gateway's.
 */
#ifndef WHISTLE_CLIENT_SIGN_H
#define WHISTLE_CLIENT_SIGN_H

#include "base/bytes.h"

enum {
	SIGN_KEY_BYTES = 32,
	SIGN_TEXT = 65, /* a signature in lower-case hex, and its NUL */
	SIGN_NONCE_MIN = 16,
	SIGN_NONCE_MAX = 64,
	SIGN_TARGET_MAX = 8192, /* bytes of a path with its query */
};

struct sign_parts {
	const char *method;
	const char *target; /* path and query */
	int64_t time_s;	    /* since 1970 UTC */
	const char *nonce;  /* SIGN_NONCE_MIN to _MAX of [A-Za-z0-9_-] */
	struct bytes body;
	const char *idempotency_key; /* the header's value; NULL: none */
};

enum { SIGN_SHA256_BYTES = 32 };

bool sign_nonce_is_valid(const char *nonce);

/* ERR_INVALID: a nonce of another shape, a time before 1970, a method or
 * target that is empty, too long or no single line, or such a key that is no
 * single line. ERR_IO: no libsodium. */
int sign_request(char out_hex[SIGN_TEXT], const uint8_t key[SIGN_KEY_BYTES],
    const struct sign_parts *parts);
/* Compares in a time that does not depend on `hex`. False also for what
 * sign_request refuses. */
bool sign_matches(const char *hex, const uint8_t key[SIGN_KEY_BYTES],
    const struct sign_parts *parts);

/* The same of a body that is not at hand, but its SHA-256. */
bool sign_matches_hashed(const char *hex, const uint8_t key[SIGN_KEY_BYTES],
    const struct sign_parts *parts,
    const uint8_t body_sha256[SIGN_SHA256_BYTES]);

/*
 * A key file is one line of 64 hex digits that only its owner may read.
 * ERR_NOT_FOUND; ERR_ACCESS when group or others may do anything with it, or
 * it is unreadable; ERR_INVALID when it holds anything else. *key_out is
 * untouched then.
 */
int sign_key_load(uint8_t key_out[SIGN_KEY_BYTES], const char *path);
/* A new random key in a new file. ERR_EXISTS: a key is never written over. */
int sign_key_make(const char *path);

#endif
