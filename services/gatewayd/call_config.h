/*
 * Where the hotline wants to hear of its tickets: HOME/hotline.yaml. No such
 * file: nowhere.
 */
#ifndef WHISTLE_GATEWAYD_CALL_CONFIG_H
#define WHISTLE_GATEWAYD_CALL_CONFIG_H

#include "base/limits.h"
#include "client/sign.h"

enum { CALL_URL_MAX = 1024 };

struct call_config {
	bool is_on;
	char url[CALL_URL_MAX];
	const char *target; /* in url: path and query */
	char client[NAME_MAX_BYTES];
	uint8_t key[SIGN_KEY_BYTES]; /* that client's */
};

/* Says what is wrong in the log. ERR_INVALID, ERR_NOT_FOUND (no key of that
 * client), ERR_ACCESS, ERR_NOMEM; *config_out is untouched then. */
int call_config_load(struct call_config *config_out, const char *home);

/* The path and query of an http or https address without user or fragment;
 * NULL for anything else. Borrowed from `url`, or static. */
const char *call_target(const char *url);

#endif
