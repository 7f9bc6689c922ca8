/*
 * The key files of a city folder: made where they are missing, never
 * overwritten, and checked against what the city's files say.
 */
#ifndef WHISTLE_CLI_CITY_KEYS_H
#define WHISTLE_CLI_CITY_KEYS_H

#include "cli.h"

/* What becomes of the keys that one node had. */
struct former_keys {
	size_t node; /* its index */
	unsigned old_count, retired_count;
	const char *old[NODE_OLD_KEYS_MAX];
	const char *retired[NODE_RETIRED_KEYS_MAX];
};

/* The public keys of all nodes and operators, in the order of `org`. */
struct city_keys {
	char (*nodes)[NET_KEY_TEXT];
	char (*operators)[NET_KEY_TEXT];
	const struct former_keys *former; /* NULL: as they stand */
	/* who is left out of operators.csv; NULL: nobody */
	const struct operator* gone;
};

/* True when the folder has keys/. */
bool city_keys_is_made(const char *dir);

/*
 * Loads every key file of the city at `dir`, making those that are missing
 * (mode 0600, folders 0700). Says what goes wrong.
 */
enum cli_exit city_keys_make(
    struct city_keys *keys_out, const struct org *org, const char *dir);
/* The keys as the city's files say them. ERR_NOMEM. */
int city_keys_of(struct city_keys *keys_out, const struct org *org);
void city_keys_free(struct city_keys *keys);

/* One key: loads PATH or makes it. *made_out may be NULL. */
int city_keys_one(
    char public_key_out[NET_KEY_TEXT], bool *made_out, const char *path);

/* Key files that cannot be read or are not those that the files name; a
 * missing one is none of our business: it may be on another machine. */
void city_keys_check(
    struct report *report, const struct org *org, const char *dir);

#endif
