/*
 * How the HTTP side is offered: HOME/gateway.yaml. No such file: without
 * TLS, to whoever connects, without an access log.
 */
#ifndef WHISTLE_CLIENT_HTTP_CONFIG_H
#define WHISTLE_CLIENT_HTTP_CONFIG_H

#include "base/report.h"
#include "client/peer.h"

enum {
	HTTP_PATH_MAX = 2048,
	IMPORT_MAX_MIB = 1024, /* unless it says otherwise */
	IMPORT_MAX_MIB_MAX = 1024 * 1024,
};

struct http_config {
	bool is_tls;
	char tls_cert[HTTP_PATH_MAX];
	char tls_key[HTTP_PATH_MAX];
	char access_log[HTTP_PATH_MAX]; /* "": none */
	struct proxies proxies;
	unsigned import_max_mib; /* of one file of orders */
};

/* ERR_INVALID with what is wrong in `report`, ERR_NOMEM; *config_out is
 * untouched then. Paths count from `home`; whether the files that it names
 * are there is not looked at. */
int http_config_load(
    struct http_config *config_out, struct report *report, const char *home);

#endif
