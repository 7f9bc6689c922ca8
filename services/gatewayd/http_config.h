/*
 * How the HTTP side is offered: HOME/gateway.yaml. No such file: without
 * TLS, to whoever connects, without an access log.
 */
#ifndef WHISTLE_GATEWAYD_HTTP_CONFIG_H
#define WHISTLE_GATEWAYD_HTTP_CONFIG_H

#include "gatewayd/peer.h"

enum { HTTP_PATH_MAX = 2048 };

struct http_config {
	bool is_tls;
	char tls_cert[HTTP_PATH_MAX];
	char tls_key[HTTP_PATH_MAX];
	char access_log[HTTP_PATH_MAX]; /* "": none */
	struct proxies proxies;
};

/* Says what is wrong in the log. ERR_INVALID, ERR_NOMEM; *config_out is
 * untouched then. Paths count from `home`. */
int http_config_load(struct http_config *config_out, const char *home);

#endif
