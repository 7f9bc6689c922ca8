/*
 * The secret of a ticket's page: its number, and 128 bits that only the
 * gateway's key can make of it. Nothing is stored, and whoever knows a
 * number knows no page. Pure.
 */
#ifndef WHISTLE_CLIENT_SECRET_H
#define WHISTLE_CLIENT_SECRET_H

#include "base/id.h"
#include "client/sign.h"

enum { SECRET_PROOF_BYTES = 16, SECRET_TEXT = ID_TEXT + 1 + 32 };

/* "01K…-9f86d081884c7d659a2feaa0c55ad015" */
char *secret_format(char out[SECRET_TEXT], const uint8_t key[SIGN_KEY_BYTES],
    const struct id *ticket);
/* The ticket, if the secret is of this key: compared in a time that does not
 * depend on it. ERR_INVALID. */
int secret_parse(
    struct id *ticket_out, const uint8_t key[SIGN_KEY_BYTES], const char *text);

#endif
