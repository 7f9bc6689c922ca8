#include "client/secret.h"

#include <sodium.h>
#include <string.h>
#include "base/err.h"

/* Apart from whatever else the key may be used for one day. */
static const char context[] = "whistle page of a ticket";

static void prove(uint8_t out[SECRET_PROOF_BYTES],
    const uint8_t key[SIGN_KEY_BYTES], const struct id *ticket)
{
	crypto_generichash_state state;

	crypto_generichash_init(
	    &state, key, SIGN_KEY_BYTES, SECRET_PROOF_BYTES);
	crypto_generichash_update(
	    &state, (const uint8_t *)context, sizeof(context));
	crypto_generichash_update(&state, ticket->b, ID_BYTES);
	crypto_generichash_final(&state, out, SECRET_PROOF_BYTES);
}

char *secret_format(char out[SECRET_TEXT], const uint8_t key[SIGN_KEY_BYTES],
    const struct id *ticket)
{
	uint8_t proof[SECRET_PROOF_BYTES];

	prove(proof, key, ticket);
	id_format(out, ticket);
	out[ID_TEXT - 1] = '-';
	sodium_bin2hex(
	    out + ID_TEXT, 2 * sizeof(proof) + 1, proof, sizeof(proof));
	return out;
}

int secret_parse(
    struct id *ticket_out, const uint8_t key[SIGN_KEY_BYTES], const char *text)
{
	char number[ID_TEXT] = "", right[SECRET_TEXT];
	struct id ticket;

	if (strlen(text) != SECRET_TEXT - 1)
		return ERR_INVALID;
	memcpy(number, text, ID_TEXT - 1);
	if (id_parse(&ticket, number))
		return ERR_INVALID;
	secret_format(right, key, &ticket);
	if (sodium_memcmp(right, text, SECRET_TEXT) != 0)
		return ERR_INVALID;
	*ticket_out = ticket;
	return 0;
}
