/*
 * A gateway is asked over HTTP, signed with a client's key of the city
 * folder, as the hotline itself asks: what it knows beside its node's store
 * (the callbacks that wait) is not the operator protocol's.
 */
#ifndef WHISTLE_CLI_GATEWAY_HTTP_H
#define WHISTLE_CLI_GATEWAY_HTTP_H

#include <jansson.h>
#include "cli.h"

struct gateway_http {
	const char *client; /* keys/http/CLIENT.key */
	const char *url;    /* "": as nodes.yaml and gateway.yaml say */
	const char *ca;	    /* whom to trust; "": gateway.yaml's certificate,
			       or with a url the system's */
};

/*
 * `path` begins below the address. CLI_DONE: *answer_out is what was said,
 * yours. Otherwise it has been explained, `subject` named.
 */
enum cli_exit gateway_ask(json_t **answer_out, struct cli *cli,
    const struct gateway_http *gateway, const char *method, const char *path,
    const char *subject);

#endif
