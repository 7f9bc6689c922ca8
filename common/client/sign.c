#include "client/sign.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"

static const char nonce_chars[] = "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_-";

bool sign_nonce_is_valid(const char *nonce)
{
	size_t len = strnlen(nonce, SIGN_NONCE_MAX + 1);

	return len >= SIGN_NONCE_MIN && len <= SIGN_NONCE_MAX &&
	       strspn(nonce, nonce_chars) == len;
}

/* Visible ASCII alone: as a request line has it, and so no line feed that
 * would let two different requests read the same. */
static bool is_word(const char *text)
{
	size_t len = strnlen(text, SIGN_TARGET_MAX + 1);

	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	return len > 0 && len <= SIGN_TARGET_MAX;
}

/* What a header may hold, without a line feed. */
static bool is_line(const char *text)
{
	return strnlen(text, SIGN_TARGET_MAX + 1) <= SIGN_TARGET_MAX &&
	       !strpbrk(text, "\r\n");
}

static void add_line(crypto_auth_hmacsha256_state *state, const char *line)
{
	crypto_auth_hmacsha256_update(
	    state, (const uint8_t *)line, strlen(line));
	crypto_auth_hmacsha256_update(state, (const uint8_t *)"\n", 1);
}

static void add_body(
    crypto_auth_hmacsha256_state *state, const uint8_t hash[SIGN_SHA256_BYTES])
{
	char hex[2 * crypto_hash_sha256_BYTES + 1];

	sodium_bin2hex(hex, sizeof(hex), hash, SIGN_SHA256_BYTES);
	crypto_auth_hmacsha256_update(
	    state, (const uint8_t *)hex, sizeof(hex) - 1);
}

static void add_key(crypto_auth_hmacsha256_state *state, const char *key)
{
	if (!key)
		return;
	crypto_auth_hmacsha256_update(state, (const uint8_t *)"\n", 1);
	crypto_auth_hmacsha256_update(state, (const uint8_t *)key, strlen(key));
}

static int sign(char out_hex[SIGN_TEXT], const uint8_t key[SIGN_KEY_BYTES],
    const struct sign_parts *parts,
    const uint8_t body_sha256[SIGN_SHA256_BYTES])
{
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	char time[24];

	_Static_assert(SIGN_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES &&
			   SIGN_TEXT == 2 * crypto_auth_hmacsha256_BYTES + 1,
	    "our sizes are libsodium's");
	if (!sign_nonce_is_valid(parts->nonce) || parts->time_s < 0 ||
	    !is_word(parts->method) || !is_word(parts->target) ||
	    (parts->idempotency_key && !is_line(parts->idempotency_key)))
		return ERR_INVALID;
	if (sodium_init() < 0)
		return ERR_IO;
	snprintf(time, sizeof(time), "%" PRId64, parts->time_s);
	crypto_auth_hmacsha256_init(&state, key, SIGN_KEY_BYTES);
	add_line(&state, parts->method);
	add_line(&state, parts->target);
	add_line(&state, time);
	add_line(&state, parts->nonce);
	add_body(&state, body_sha256);
	add_key(&state, parts->idempotency_key);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
	sodium_bin2hex(out_hex, SIGN_TEXT, mac, sizeof(mac));
	return 0;
}

int sign_request(char out_hex[SIGN_TEXT], const uint8_t key[SIGN_KEY_BYTES],
    const struct sign_parts *parts)
{
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, parts->body.data, parts->body.len);
	return sign(out_hex, key, parts, hash);
}

bool sign_matches_hashed(const char *hex, const uint8_t key[SIGN_KEY_BYTES],
    const struct sign_parts *parts,
    const uint8_t body_sha256[SIGN_SHA256_BYTES])
{
	char right[SIGN_TEXT];

	if (strnlen(hex, SIGN_TEXT) != SIGN_TEXT - 1 ||
	    sign(right, key, parts, body_sha256))
		return false;
	return sodium_memcmp(hex, right, SIGN_TEXT - 1) == 0;
}

bool sign_matches(const char *hex, const uint8_t key[SIGN_KEY_BYTES],
    const struct sign_parts *parts)
{
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, parts->body.data, parts->body.len);
	return sign_matches_hashed(hex, key, parts, hash);
}
