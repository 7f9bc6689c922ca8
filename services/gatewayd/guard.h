/*
 * Is a request signed by one of our clients, now, for the first time? Asked
 * twice: of the headers before a body is taken in, and of the whole once it
 * is there. Pure but for the memory of nonces.
 */
#ifndef WHISTLE_GATEWAYD_GUARD_H
#define WHISTLE_GATEWAYD_GUARD_H

#include "gatewayd/keys.h"
#include "gatewayd/nonces.h"
#include "gatewayd/problem.h"

enum { GUARD_WINDOW_S = 300 };

_Static_assert(NONCES_KEEP_MS >= 2 * GUARD_WINDOW_S * 1000,
    "a nonce is remembered while its signature is valid");

/* As they came; NULL for a header that did not. */
struct guard_headers {
	const char *client, *time, *nonce, *signature;
};

/* PROBLEM_NONE, and what it says in *parts_out (nonce borrowed from the
 * header; method, target and body left for the caller) and *client_out;
 * PROBLEM_UNSIGNED, PROBLEM_STALE, PROBLEM_WRONG_SIGNATURE. */
enum problem_kind guard_headers_check(struct sign_parts *parts_out,
    const struct client_key **client_out, const struct keys *keys,
    const struct guard_headers *headers, int64_t now_s);

/* PROBLEM_NONE once, and only once, for each request that was signed;
 * PROBLEM_WRONG_SIGNATURE, PROBLEM_NONCE_USED, PROBLEM_BUSY. `steady_ms` is
 * of a clock that never jumps back. */
enum problem_kind guard_check(struct nonces *nonces,
    const struct client_key *client, const struct sign_parts *parts,
    const char *signature, int64_t steady_ms);

/* The same of a body that is not at hand, but its SHA-256. */
enum problem_kind guard_check_hashed(struct nonces *nonces,
    const struct client_key *client, const struct sign_parts *parts,
    const uint8_t body_sha256[SIGN_SHA256_BYTES], const char *signature,
    int64_t steady_ms);

#endif
