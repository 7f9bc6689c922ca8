/*
 * Two sets, the present one and the one before: a nonce goes into the
 * present set and is looked for in both, and every NONCES_KEEP_MS the older
 * is dropped whole. A set holds keyed hashes of 64 bits in open addressing:
 * with a million in each, a new nonce looks used once in 10^13 times, and
 * then one request is refused that its sender can sign anew.
 */
#include "gatewayd/nonces.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum { FIRST_CAP = 1024 }; /* a power of two */

struct set {
	uint64_t *slots; /* 0: free */
	size_t cap;
	size_t count;
};

struct nonces {
	struct set now, before;
	int64_t started_ms; /* of `now` */
	size_t max;
	uint8_t key[crypto_shorthash_KEYBYTES];
};

int nonces_open(struct nonces **nonces_out, size_t max)
{
	struct nonces *nonces;

	if (sodium_init() < 0)
		return ERR_IO;
	nonces = calloc(1, sizeof(*nonces));
	if (!nonces)
		return ERR_NOMEM;
	nonces->max = max;
	nonces->started_ms = INT64_MIN;
	crypto_shorthash_keygen(nonces->key);
	*nonces_out = nonces;
	return 0;
}

/* With the client's NUL, so that no two pairs are the same bytes. */
static uint64_t name_of(
    const struct nonces *nonces, const char *client, const char *nonce)
{
	uint64_t parts[2], name;

	crypto_shorthash((uint8_t *)&parts[0], (const uint8_t *)client,
	    strlen(client), nonces->key);
	crypto_shorthash((uint8_t *)&parts[1], (const uint8_t *)nonce,
	    strlen(nonce), nonces->key);
	crypto_shorthash((uint8_t *)&name, (const uint8_t *)parts,
	    sizeof(parts), nonces->key);
	return name ? name : 1;
}

/* Where `name` is, or would go. The set is never full. */
static uint64_t *find(const struct set *set, uint64_t name)
{
	size_t at = (size_t)name & (set->cap - 1);

	while (set->slots[at] != 0 && set->slots[at] != name)
		at = (at + 1) & (set->cap - 1);
	return &set->slots[at];
}

static bool has(const struct set *set, uint64_t name)
{
	return set->cap > 0 && *find(set, name) == name;
}

static int grow(struct set *set)
{
	struct set larger = { .cap = set->cap ? set->cap * 2 : FIRST_CAP,
		.count = set->count };

	larger.slots = calloc(larger.cap, sizeof(*larger.slots));
	if (!larger.slots)
		return ERR_NOMEM;
	for (size_t i = 0; i < set->cap; i++)
		if (set->slots[i] != 0)
			*find(&larger, set->slots[i]) = set->slots[i];
	free(set->slots);
	*set = larger;
	return 0;
}

static int add(struct set *set, uint64_t name)
{
	int rc = set->count >= set->cap / 2 ? grow(set) : 0;

	if (rc)
		return rc;
	*find(set, name) = name;
	set->count++;
	return 0;
}

static void drop(struct set *set)
{
	free(set->slots);
	*set = (struct set){ 0 };
}

static void turn(struct nonces *nonces, int64_t now_ms)
{
	int64_t age_ms;

	if (nonces->started_ms == INT64_MIN)
		nonces->started_ms = now_ms;
	age_ms = now_ms - nonces->started_ms;
	if (age_ms < NONCES_KEEP_MS)
		return;
	drop(&nonces->before);
	if (age_ms < 2 * NONCES_KEEP_MS)
		nonces->before = nonces->now;
	else
		drop(&nonces->now);
	nonces->now = (struct set){ 0 };
	nonces->started_ms = now_ms;
}

int nonces_use(struct nonces *nonces, const char *client, const char *nonce,
    int64_t now_ms)
{
	uint64_t name = name_of(nonces, client, nonce);

	turn(nonces, now_ms);
	if (has(&nonces->now, name) || has(&nonces->before, name))
		return ERR_EXISTS;
	if (nonces->now.count >= nonces->max)
		return ERR_FULL;
	return add(&nonces->now, name);
}

void nonces_close(struct nonces **nonces)
{
	if (!*nonces)
		return;
	drop(&(*nonces)->now);
	drop(&(*nonces)->before);
	sodium_memzero((*nonces)->key, sizeof((*nonces)->key));
	free(*nonces);
	*nonces = NULL;
}
