/*
 * The four headers of a signed request, and what is signed: a line each for
 * client, time, nonce, signature, method and target, then the body. The
 * signature "right" stands for the one that is.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "fuzz.h"
#include "gatewayd/guard.h"

enum { NOW_S = 1763712000, LINES = 7 };

static struct client_key rows[] = {
	{ .name = "hotline", .key = "0123456789abcdef0123456789abcde" },
	{ .name = "other", .key = "fedcba9876543210fedcba987654321" },
};
static const struct keys keys = { rows, 2 };

static void knock(const struct client_key *client,
    const struct sign_parts *parts, const char *signature)
{
	struct nonces *nonces = NULL;
	char hex[SIGN_TEXT] = "";
	bool is_right = false;

	if (sign_request(hex, client->key, parts) == 0) {
		is_right =
		    !strcmp(signature, "right") || !strcmp(signature, hex);
		signature = is_right ? hex : signature;
	}
	promise(nonces_open(&nonces, 8) == 0);
	promise((guard_check(nonces, client, parts, signature, 1000) ==
		    PROBLEM_NONE) == is_right);
	promise(guard_check(nonces, client, parts, signature, 1000) ==
		(is_right ? PROBLEM_NONCE_USED : PROBLEM_WRONG_SIGNATURE));
	nonces_close(&nonces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	const struct client_key *client = NULL;
	char *lines[LINES];
	struct sign_parts parts;

	for (int i = 0; i < LINES; i++)
		lines[i] = fuzz_line(&rest);
	struct guard_headers headers = { lines[0], lines[1], lines[2],
		lines[3] };
	if (!guard_headers_check(&parts, &client, &keys, &headers, NOW_S)) {
		promise(parts.time_s >= NOW_S - GUARD_WINDOW_S &&
			parts.time_s <= NOW_S + GUARD_WINDOW_S);
		promise(!strcmp(client->name, lines[0]));
		parts.method = lines[4];
		parts.target = lines[5];
		parts.idempotency_key = lines[6][0] ? lines[6] : NULL;
		parts.body = rest;
		knock(client, &parts, lines[3]);
	}
	for (int i = 0; i < LINES; i++)
		free(lines[i]);
	return 0;
}
