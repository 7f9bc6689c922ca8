/*
 * The clients that may send orders: HOME/keys/http/NAME.key, one file each
 * (client/sign.h says what is in it). Loaded whole or not at all.
 */
#ifndef WHISTLE_GATEWAYD_KEYS_H
#define WHISTLE_GATEWAYD_KEYS_H

#include "base/limits.h"
#include "client/sign.h"

enum { KEYS_MAX = 256 };

struct client_key {
	char name[NAME_MAX_BYTES];
	uint8_t key[SIGN_KEY_BYTES];
};

struct keys {
	struct client_key *rows;
	size_t count;
};

/*
 * Reads every NAME.key of `folder`; other files are not looked at. Logs what
 * is wrong, and with which file. ERR_NOT_FOUND: no folder, or no key in it;
 * ERR_ACCESS: a key that others may read; ERR_INVALID: a name or a file that
 * is not one; ERR_TOO_LARGE: more than KEYS_MAX; ERR_NOMEM, ERR_IO.
 */
int keys_load(struct keys *keys_out, const char *folder);
/* The same where there need be none: *keys_out then has no row. */
int keys_load_any(struct keys *keys_out, const char *folder);
/* NULL when there is no such client. Borrowed until keys_free. */
const struct client_key *keys_find(const struct keys *keys, const char *name);
void keys_free(struct keys *keys);

#endif
