/* For caller*.c only. */
#ifndef WHISTLE_GATEWAYD_CALLER_INSIDE_H
#define WHISTLE_GATEWAYD_CALLER_INSIDE_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include "base/clock.h"
#include "gatewayd/caller.h"
#include "wire/wire.h"

enum { LANES = 8 };

/* One connection, with one callback at a time. */
struct lane {
	CURL *curl;
	struct curl_slist *headers;
	char *body;
	struct call call;
	bool is_busy;
};

struct caller {
	char home[1200];
	pthread_t thread;
	atomic_bool is_stopping, is_reloading;
	const struct org *org;
	struct net_client *engine;
	struct clock clock;
	struct id_maker ids;
	struct buf packed;
	struct arena *arena;
	struct call_config config;
	struct call_queue *queue;
	struct call_position position;
	bool knows_position;
	int64_t follow_ms; /* look into the journal again */
	CURLM *multi;
	struct lane lanes[LANES];
	struct call_result results[LANES];
	size_t result_count;
	unsigned failures; /* in a row */
	int64_t calm_ms;   /* nothing goes out before */
	atomic_ullong taken, refused, failed, given_up;
	atomic_long last_status;
	atomic_bool is_on;
};

/* The engine's answer; lives until the next question. ERR_TIMEOUT … */
int caller_ask(struct wire_reply *reply_out, struct caller *caller,
    struct wire_request *request);
/* Puts into the queue what the journal has; true when there may be more. */
bool caller_follow(struct caller *caller);
/* Fills free lanes; takes what the hotline answered. */
void caller_send(struct caller *caller);
void caller_take(struct caller *caller);
int64_t steady_ms(void);

#endif
