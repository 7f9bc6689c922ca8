/*
 * A hotline that sends its orders to the gateway over HTTP.
 */
#ifndef WHISTLE_FLOW_HTTP_H
#define WHISTLE_FLOW_HTTP_H

#include <jansson.h>
#include "harness/city.h"

struct http_answer {
	long status;  /* 0: no answer */
	json_t *json; /* NULL when the body is none */
};

enum http_flaw { HTTP_GOOD, HTTP_UNSIGNED, HTTP_WRONG_SIGNATURE };

/* POST /hotline/v1/tickets, signed with the key of the client `hotline` and
 * a fresh nonce. Release with http_free. */
void http_order(struct http_answer *answer_out, const struct city *city,
    const char *body, enum http_flaw flaw);
/* GET without a signature: /healthz. */
void http_get(
    struct http_answer *answer_out, const struct city *city, const char *path);
void http_free(struct http_answer *answer);

#endif
