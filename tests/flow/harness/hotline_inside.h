/* For hotline*.c only. */
#ifndef WHISTLE_FLOW_HOTLINE_INSIDE_H
#define WHISTLE_FLOW_HOTLINE_INSIDE_H

#include "harness/harness.h"

#include <curl/curl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include "harness/hotline.h"
#include "harness/openapi.h"

enum { HOTLINE_SLOTS = 1 << 14, HOTLINE_TARGET_BYTES = 1024 };

struct heard {
	struct id ticket;
	uint32_t last;
};

struct hotline {
	struct city *city;
	int port;
	uint8_t key[SIGN_KEY_BYTES];
	struct MHD_Daemon *http;
	CURL *curl;
	atomic_uint nonces;
	pthread_t clerk; /* who rates */
	atomic_bool is_closing, rates;
	atomic_uint rated;
	pthread_mutex_t mutex; /* of all below */
	char (*to_rate)[EXTERNAL_ID_MAX];
	size_t to_rate_count, to_rate_done, to_rate_room;
	enum hotline_mood mood;
	struct id refused;
	struct hotline_tally tally;
	struct heard heard[HOTLINE_SLOTS];
};

/* One exchange by a handle of the caller's, from any thread; the status. */
long hotline_exchange(struct buf *answer, struct hotline *hotline, CURL *curl,
    const struct hotline_request *request);
/* Whoever took the call asks the caller; the mutex is held. */
void hotline_ask_caller(struct hotline *hotline, const json_t *said);
/* The clerk's thread. */
void *hotline_rate_all(void *hotline);

#endif
