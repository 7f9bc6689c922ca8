/*
 * The clients that may send orders: HOME/keys/http/NAME.key, one file each
 * (client/sign.h says what is in it), and NAME.yaml beside it where one may
 * do less than everything. Loaded whole or not at all.
 */
#ifndef WHISTLE_GATEWAYD_KEYS_H
#define WHISTLE_GATEWAYD_KEYS_H

#include "base/limits.h"
#include "client/sign.h"
#include "gatewayd/allowance.h"

enum { KEYS_MAX = 256 };

/* What a client may do; each signed route asks for one. */
#define SCOPES(X)                                                              \
	X(READ, "read")		  /* orders, lists, what may be a duplicate */ \
	X(OPEN, "open")		  /* take orders in */                         \
	X(ACT, "act")		  /* note, remind, withdraw, supervise */      \
	X(RATE, "rate")		  /* rate and reopen */                        \
	X(CALLBACKS, "callbacks") /* see and replay them */

#define X(name, word) SCOPE_BIT_##name,
enum scope_bit { SCOPES(X) SCOPE_COUNT };
#undef X
#define X(name, word) SCOPE_##name = 1 << SCOPE_BIT_##name,
enum scope { SCOPE_NONE, SCOPES(X) SCOPE_ALL = (1 << SCOPE_COUNT) - 1 };
#undef X

enum {
	/* Requests a second where nothing else is said; Beijing's hotline
	 * has one call a second. */
	CLIENT_RATE = 5000,
	CLIENT_RATE_MAX = 1000 * 1000,
};

struct client_key {
	char name[NAME_MAX_BYTES];
	uint8_t key[SIGN_KEY_BYTES];
	/* NAME.key.old: the one before, good as long as it lies there. */
	uint8_t old_key[SIGN_KEY_BYTES];
	bool has_old;
	unsigned scopes; /* of enum scope */
	struct allowance allowance;
};

struct keys {
	struct client_key *rows;
	size_t count;
};

/*
 * Reads every NAME.key of `folder`, and NAME.key.old beside it; other files are
 * not looked at. Logs what is wrong, and with which file. ERR_NOT_FOUND: no
 * folder, or no key in it; ERR_ACCESS: a key that others may read; ERR_INVALID:
 * a name or a file that is not one, a NAME.yaml that is not right or has no
 * key; ERR_TOO_LARGE: more than KEYS_MAX; ERR_NOMEM, ERR_IO.
 */
int keys_load(struct keys *keys_out, const char *folder);
/* The same where there need be none: *keys_out then has no row. */
int keys_load_any(struct keys *keys_out, const char *folder);
/* NULL when there is no such client. Borrowed until keys_free. */
const struct client_key *keys_find(const struct keys *keys, const char *name);
/* One more request of that client; false when it has used up what it may. */
bool keys_allow(struct keys *keys, const char *name, int64_t now_ms);
void keys_free(struct keys *keys);

#endif
