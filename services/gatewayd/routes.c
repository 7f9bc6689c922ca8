#include "gatewayd/handlers.h"
#include "gatewayd/open311.h"
#include "gatewayd/pages.h"

#define HOTLINE "/hotline/v1/"

enum {
	DECIDE_MS = 10 * 1000, /* the engine commits before it answers */
	WATCH_MS = 2 * 1000,
};

/* An Open311 path in both of its formats. */
#define GET_311(path, handler)                                                 \
	{ "GET", path ".json", .wait_ms = DECIDE_MS, handler, open311_reply }, \
	{                                                                      \
		"GET", path ".xml", .wait_ms = DECIDE_MS, handler,             \
				    open311_reply                              \
	}
#define POST_311(path, handler)                                                \
	{ "POST", path ".json", .body = ROUTE_FORM, .wait_ms = DECIDE_MS,      \
		handler, open311_reply },                                      \
	{                                                                      \
		"POST", path ".xml", .body = ROUTE_FORM, .wait_ms = DECIDE_MS, \
				     handler, open311_reply                    \
	}
#define ONE_311(path, handler)                                                 \
	{                                                                      \
		"GET", path, .wait_ms = DECIDE_MS, handler, open311_reply      \
	}

/* Something that is done with one ticket. */
#define ACT(name, needed)                                                      \
	{                                                                      \
		"POST", TICKETS_PATH "/{number}/" name,                        \
		    .is_signed = true, .scope = needed, .body = ROUTE_JSON,    \
		    DECIDE_MS, acts_post, acts_reply                           \
	}

const struct route route_table[] = {
	{ "POST", TICKETS_PATH, .is_signed = true, .scope = SCOPE_OPEN,
	    .body = ROUTE_JSON, DECIDE_MS, tickets_post, tickets_posted },
	{ "GET", TICKETS_PATH, .is_signed = true, .scope = SCOPE_READ,
	    .wait_ms = DECIDE_MS, changes_ask, changes_found },
	{ "GET", TICKETS_PATH "/{number}", .is_signed = true,
	    .scope = SCOPE_READ, .wait_ms = DECIDE_MS, tickets_find,
	    tickets_found },
	ACT("notes", SCOPE_ACT),
	ACT("remind", SCOPE_ACT),
	ACT("supervise", SCOPE_ACT),
	ACT("withdraw", SCOPE_ACT),
	ACT("erase-contact", SCOPE_ACT),
	ACT("rating", SCOPE_RATE),
	ACT("reopen", SCOPE_RATE),
	{ "GET", HOTLINE "similar", .is_signed = true, .scope = SCOPE_READ,
	    .wait_ms = DECIDE_MS, similar_ask, similar_found },
	{ "POST", HOTLINE "import", .is_signed = true, .scope = SCOPE_OPEN,
	    .body = ROUTE_CSV, DECIDE_MS, import_post, import_posted },
	{ "GET", EXPORT_PATH, .is_signed = true, .scope = SCOPE_READ,
	    .wait_ms = DECIDE_MS, export_ask, export_reply },
	{ "GET", HOTLINE "callbacks", .is_signed = true,
	    .scope = SCOPE_CALLBACKS, .wait_ms = DECIDE_MS, calls_list, NULL },
	{ "GET", HOTLINE "callbacks/{id}", .is_signed = true,
	    .scope = SCOPE_CALLBACKS, .wait_ms = DECIDE_MS, calls_show,
	    calls_shown },
	{ "POST", HOTLINE "callbacks/{id}", .is_signed = true,
	    .scope = SCOPE_CALLBACKS, .wait_ms = DECIDE_MS, calls_replay,
	    calls_replayed },
	{ "GET", HOTLINE "openapi.json", .wait_ms = WATCH_MS, openapi_get,
	    NULL },
	{ "POST", FILES_PATH, .is_signed = true, .scope = SCOPE_OPEN,
	    .body = ROUTE_FILE, DECIDE_MS, files_post, files_posted },
	{ "GET", FILES_PATH "/{hash}", .is_signed = true, .scope = SCOPE_READ,
	    .wait_ms = DECIDE_MS, files_get, files_got },
	GET_311("/open311/discovery", open311_discovery),
	GET_311(OPEN311 "discovery", open311_discovery),
	GET_311(OPEN311 "services", open311_services),
	ONE_311(OPEN311 "services/{code}", open311_definition),
	GET_311(OPEN311 "requests", open311_list),
	POST_311(OPEN311 "requests", open311_post),
	ONE_311(OPEN311 "requests/{id}", open311_show),
	ONE_311(OPEN311 "tokens/{id}", open311_token),
	GET_311(OPEN311 "servicerequestupdates", open311_updates),
	POST_311(OPEN311 "servicerequestupdates", open311_update),
	{ "GET", PAGES_PATH "{secret}", .wait_ms = DECIDE_MS, pages_show,
	    pages_shown },
	{ "POST", PAGES_PATH "{secret}", .body = ROUTE_FORM,
	    .wait_ms = DECIDE_MS, pages_send, pages_sent },
	{ "GET", PAGES_PATH "{secret}/qr.svg", .wait_ms = DECIDE_MS, pages_qr,
	    NULL },
	{ "GET", "/healthz", .wait_ms = WATCH_MS, watch_ask, watch_health },
	{ "GET", "/readyz", .wait_ms = WATCH_MS, watch_ask, watch_ready },
	{ "GET", "/metrics", .wait_ms = WATCH_MS, watch_count, watch_metrics },
};

const size_t route_count = sizeof(route_table) / sizeof(route_table[0]);
