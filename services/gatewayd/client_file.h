/*
 * What one client may: NAME.yaml beside its key.
 *
 *	scopes: [read, open]
 *	rate: 50
 *	burst: 100
 */
#ifndef WHISTLE_GATEWAYD_CLIENT_FILE_H
#define WHISTLE_GATEWAYD_CLIENT_FILE_H

#include "gatewayd/keys.h"

/* Everything, at CLIENT_RATE, when there is no such file. ERR_ACCESS: others
 * than its owner may write it; ERR_INVALID: said in the log; ERR_NOMEM. */
int client_file_load(struct client_key *client, const char *path);
/* "read"; "?" for what is none. */
const char *scope_name(enum scope scope);

#endif
