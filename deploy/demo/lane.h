/*
 * One connection to the gateway's HTTP, with one signed order at a time.
 */
#ifndef WHISTLE_DEMO_LANE_H
#define WHISTLE_DEMO_LANE_H

#include <curl/curl.h>
#include "client/client.h"
#include "client/sign.h"

#define LANE_TARGET "/hotline/v1/tickets"

enum { LANE_ANSWER_MAX = 2048 };

struct lane {
	CURL *curl;
	struct curl_slist *headers;
	char *body; /* NULL: idle */
	char answer[LANE_ANSWER_MAX + 1];
	size_t answer_len;
};

/* `url` with the target. ERR_NOMEM. */
int lane_open(struct lane *lane, const char *url);
/* Sends the order by `multi`, with a new nonce and time: a signature is used
 * once. `body` is taken in any case. */
int lane_post(struct lane *lane, CURLM *multi,
    const uint8_t key[SIGN_KEY_BYTES], struct id_maker *ids, char *body);
/* The HTTP status of what has just ended, 0 for none; idle again. */
long lane_end(struct lane *lane, CURLM *multi, CURLcode code);
/* The ticket that the answer names. ERR_INVALID: none. */
int lane_ticket(struct id *ticket_out, const struct lane *lane);
void lane_close(struct lane *lane, CURLM *multi);

#endif
