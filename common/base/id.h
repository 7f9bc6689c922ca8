/*
 * The names of things that are made up rather than given: tickets, requests
 * and stores (16 bytes: 48 bits of milliseconds, then 80 random bits, so
 * that ids grow with time and cannot be guessed), hashes (BLAKE2b-256), and
 * proofs (BLAKE2b-128 with a secret key: only who has it can make them).
 * In text an id is 26 letters and digits of Crockford's base 32, as in ULID.
 */
#ifndef WHISTLE_BASE_ID_H
#define WHISTLE_BASE_ID_H

#include "base/bytes.h"

enum { ID_BYTES = 16, ID_TEXT = 27, HASH_BYTES = 32, HASH_TEXT = 65 };
enum { PROOF_BYTES = 16, PROOF_KEY_BYTES = 32 };

struct id {
	uint8_t b[ID_BYTES];
};

struct hash {
	uint8_t b[HASH_BYTES];
};

struct proof {
	uint8_t b[PROOF_BYTES];
};

/* Fills `len` bytes of randomness; a simulator brings its own. */
struct entropy {
	void (*fill)(void *context, uint8_t *out, size_t len);
	void *context;
};

/* libsodium's generator. */
struct entropy entropy_system(void);

/* Ids of one maker with one `now_ms` still grow: see id_maker. */
struct id_maker {
	struct entropy entropy;
	struct id last;
};

void id_next(struct id *id_out, struct id_maker *maker, int64_t now_ms);
/* When it was made, by its maker's clock. */
int64_t id_time_ms(const struct id *id);

/* Writes 26 characters and NUL. Returns `text_out`. */
char *id_format(char text_out[ID_TEXT], const struct id *id);
/* ERR_INVALID unless `text` is 26 characters of the alphabet; letters of
 * either case, and I, L, O as 1, 1, 0. */
int id_parse(struct id *id_out, const char *text);
bool id_is_zero(const struct id *id);
bool id_equal(const struct id *a, const struct id *b);

void hash_of(struct hash *hash_out, struct bytes bytes);
char *hash_format(char text_out[HASH_TEXT], const struct hash *hash);
bool hash_equal(const struct hash *a, const struct hash *b);

void proof_of(struct proof *proof_out, const uint8_t key[PROOF_KEY_BYTES],
    struct bytes bytes);
/* Takes as long wherever they differ. */
bool proof_equal(const struct proof *a, const struct proof *b);

#endif
