#include "gatewayd/guard.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"

/* Written the one way that the signature will have it. */
static bool parse_time(int64_t *time_s_out, const char *text)
{
	size_t len = strnlen(text, 16);

	if (len < 1 || len > 12 || strspn(text, "0123456789") != len ||
	    (text[0] == '0' && len > 1))
		return false;
	*time_s_out = strtoll(text, NULL, 10);
	return true;
}

enum problem_kind guard_headers_check(struct sign_parts *parts_out,
    const struct client_key **client_out, const struct keys *keys,
    const struct guard_headers *headers, int64_t now_s)
{
	struct sign_parts parts = { .nonce = headers->nonce };
	const struct client_key *client;

	if (!headers->client || !headers->time || !headers->nonce ||
	    !headers->signature || !sign_nonce_is_valid(headers->nonce) ||
	    !parse_time(&parts.time_s, headers->time))
		return PROBLEM_UNSIGNED;
	if (parts.time_s < now_s - GUARD_WINDOW_S ||
	    parts.time_s > now_s + GUARD_WINDOW_S)
		return PROBLEM_STALE;
	client = keys_find(keys, headers->client);
	if (!client)
		return PROBLEM_WRONG_SIGNATURE;
	*client_out = client;
	*parts_out = parts;
	return PROBLEM_NONE;
}

static bool matches(const char *signature, const struct client_key *client,
    const struct sign_parts *parts)
{
	return sign_matches(signature, client->key, parts) ||
	       (client->has_old &&
		   sign_matches(signature, client->old_key, parts));
}

static bool matches_hashed(const char *signature,
    const struct client_key *client, const struct sign_parts *parts,
    const uint8_t body_sha256[SIGN_SHA256_BYTES])
{
	return sign_matches_hashed(
		   signature, client->key, parts, body_sha256) ||
	       (client->has_old && sign_matches_hashed(signature,
				       client->old_key, parts, body_sha256));
}

/* The nonce is used up only by a signature that is right: otherwise anybody
 * could use up another's. */
static enum problem_kind use_nonce(struct nonces *nonces,
    const struct client_key *client, const struct sign_parts *parts,
    int64_t steady_ms)
{
	switch (nonces_use(nonces, client->name, parts->nonce, steady_ms)) {
	case 0:
		return PROBLEM_NONE;
	case ERR_EXISTS:
		return PROBLEM_NONCE_USED;
	default:
		return PROBLEM_BUSY;
	}
}

enum problem_kind guard_check(struct nonces *nonces,
    const struct client_key *client, const struct sign_parts *parts,
    const char *signature, int64_t steady_ms)
{
	if (!matches(signature, client, parts))
		return PROBLEM_WRONG_SIGNATURE;
	return use_nonce(nonces, client, parts, steady_ms);
}

enum problem_kind guard_check_hashed(struct nonces *nonces,
    const struct client_key *client, const struct sign_parts *parts,
    const uint8_t body_sha256[SIGN_SHA256_BYTES], const char *signature,
    int64_t steady_ms)
{
	if (!matches_hashed(signature, client, parts, body_sha256))
		return PROBLEM_WRONG_SIGNATURE;
	return use_nonce(nonces, client, parts, steady_ms);
}
