#include "gatewayd/handlers.h"

enum {
	DECIDE_MS = 10 * 1000, /* the engine commits before it answers */
	WATCH_MS = 2 * 1000,
};

const struct route route_table[] = {
	{ "POST", TICKETS_PATH, .is_signed = true, .has_body = true, DECIDE_MS,
	    tickets_post, tickets_posted },
	{ "GET", TICKETS_PATH "/{number}", .is_signed = true,
	    .wait_ms = DECIDE_MS, tickets_find, tickets_found },
	{ "GET", "/healthz", .wait_ms = WATCH_MS, watch_ask, watch_health },
	{ "GET", "/metrics", .wait_ms = WATCH_MS, watch_ask, watch_metrics },
};

const size_t route_count = sizeof(route_table) / sizeof(route_table[0]);
