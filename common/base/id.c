#include "base/id.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include "base/err.h"

enum {
	TIME_BYTES = 6, /* of an id, at its start */
	RANDOM_BYTES = ID_BYTES - TIME_BYTES,
	STEP_BYTES = 6, /* of randomness between two ids of one moment */
};

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void start_sodium(void)
{
	panic_if(sodium_init() < 0);
}

static void need_sodium(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start_sodium);
}

static void fill_random(void *context, uint8_t *out, size_t len)
{
	(void)context;
	need_sodium();
	randombytes_buf(out, len);
}

struct entropy entropy_system(void)
{
	return (struct entropy){ .fill = fill_random };
}

static uint64_t id_time(const struct id *id)
{
	uint64_t time = 0;
	size_t i;

	for (i = 0; i < TIME_BYTES; i++)
		time = time << 8 | id->b[i];
	return time;
}

static void start_moment(
    struct id *id, const struct entropy *entropy, uint64_t time)
{
	size_t i;

	for (i = TIME_BYTES; i-- > 0; time >>= 8)
		id->b[i] = (uint8_t)time;
	entropy->fill(entropy->context, id->b + TIME_BYTES, RANDOM_BYTES);
}

/* A random step, not one: the next id must not be guessed from the last.
 * What the random part cannot take is carried into the time. */
static void step_within_moment(struct id *id, const struct entropy *entropy)
{
	uint8_t step[ID_BYTES] = { 0 };
	unsigned int carry = 1;
	size_t i;

	entropy->fill(
	    entropy->context, step + ID_BYTES - STEP_BYTES, STEP_BYTES);
	for (i = ID_BYTES; i-- > 0; carry >>= 8) {
		carry += (unsigned int)id->b[i] + step[i];
		id->b[i] = (uint8_t)carry;
	}
}

void id_next(struct id *id_out, struct id_maker *maker, int64_t now_ms)
{
	const uint64_t time_max = ((uint64_t)1 << 48) - 1;
	uint64_t time = now_ms < 0 ? 0 : (uint64_t)now_ms;

	if (time > time_max)
		time = time_max;
	if (id_is_zero(&maker->last) || time > id_time(&maker->last))
		start_moment(&maker->last, &maker->entropy, time);
	else
		step_within_moment(&maker->last, &maker->entropy);
	*id_out = maker->last;
}

/* 26 characters hold 130 bits, so the first one has only three of ours. */
char *id_format(char text_out[ID_TEXT], const struct id *id)
{
	unsigned int bits = 0, held = 2;
	size_t in = 0, out;

	for (out = 0; out < ID_TEXT - 1; out++) {
		if (held < 5) {
			bits = bits << 8 | id->b[in++];
			held += 8;
		}
		held -= 5;
		text_out[out] = alphabet[bits >> held & 31];
	}
	text_out[ID_TEXT - 1] = '\0';
	return text_out;
}

/* 0..31, or negative for what is not a letter or digit of ours. */
static int digit_value(char c)
{
	const char *found;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'I' || c == 'L')
		c = '1';
	if (c == 'O')
		c = '0';
	found = c ? strchr(alphabet, c) : NULL;
	return found ? (int)(found - alphabet) : -1;
}

int id_parse(struct id *id_out, const char *text)
{
	unsigned int bits = 0, held = 0;
	struct id id;
	size_t in, out = 0;
	int value;

	for (in = 0; in < ID_TEXT - 1; in++) {
		value = digit_value(text[in]);
		if (value < 0 || (in == 0 && value > 7))
			return ERR_INVALID;
		bits = bits << 5 | (unsigned int)value;
		held += in == 0 ? 3 : 5;
		if (held >= 8) {
			held -= 8;
			id.b[out++] = (uint8_t)(bits >> held);
		}
	}
	if (text[in] != '\0')
		return ERR_INVALID;
	*id_out = id;
	return 0;
}

int64_t id_time_ms(const struct id *id)
{
	int64_t ms = 0;

	for (int i = 0; i < 6; i++)
		ms = ms << 8 | id->b[i];
	return ms;
}

bool id_is_zero(const struct id *id)
{
	static const struct id zero;

	return id_equal(id, &zero);
}

bool id_equal(const struct id *a, const struct id *b)
{
	return memcmp(a->b, b->b, ID_BYTES) == 0;
}

void hash_of(struct hash *hash_out, struct bytes bytes)
{
	need_sodium();
	crypto_generichash(
	    hash_out->b, HASH_BYTES, bytes.data, bytes.len, NULL, 0);
}

char *hash_format(char text_out[HASH_TEXT], const struct hash *hash)
{
	return sodium_bin2hex(text_out, HASH_TEXT, hash->b, HASH_BYTES);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, HASH_BYTES) == 0;
}

void proof_of(struct proof *proof_out, const uint8_t key[PROOF_KEY_BYTES],
    struct bytes bytes)
{
	need_sodium();
	crypto_generichash(proof_out->b, PROOF_BYTES, bytes.data, bytes.len,
	    key, PROOF_KEY_BYTES);
}

bool proof_equal(const struct proof *a, const struct proof *b)
{
	return sodium_memcmp(a->b, b->b, PROOF_BYTES) == 0;
}
