#include "gatewayd/caller.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "gatewayd/call_body.h"
#include "gatewayd/caller_inside.h"

enum {
	TICK_MS = 100,
	FOLLOW_MS = 250, /* between two looks into a journal that is read */
	ANSWER_MS = 5000,
	TROUBLE_MS = 2000,
	COMPLAIN_MS = 60 * 1000,
	FOLLOW_EVENTS = 400,
};

static void complain(const char *what, int code)
{
	if (log_is_due(what, steady_ms(), COMPLAIN_MS))
		log_line(LOG_ERROR, "callbacks=%s error=\"%s\"", what,
		    err_text(code));
}

/* ---- the engine ---- */

/* An answer to an earlier question, which was given up, is passed over. */
static int receive(
    struct wire_reply *reply, struct caller *caller, const struct id *id)
{
	int64_t until_ms = steady_ms() + ANSWER_MS, now_ms;

	while ((now_ms = steady_ms()) < until_ms) {
		int rc;

		buf_clear(&caller->packed);
		rc = net_client_receive(&caller->packed, caller->engine,
		    (int)(until_ms - now_ms), -1);
		if (rc == ERR_TIMEOUT)
			continue;
		if (rc)
			return rc;
		arena_reset(caller->arena);
		if (wire_reply_unpack(reply, caller->arena,
			bytes_of(caller->packed.data, caller->packed.len)) ==
			0 &&
		    id_equal(&reply->id, id))
			return 0;
	}
	return ERR_TIMEOUT;
}

int caller_ask(struct wire_reply *reply_out, struct caller *caller,
    struct wire_request *request)
{
	int rc;

	id_next(&request->id, &caller->ids, clock_now_ms(&caller->clock));
	buf_clear(&caller->packed);
	rc = wire_request_pack(&caller->packed, request);
	if (!rc)
		rc = net_client_send(caller->engine,
		    bytes_of(caller->packed.data, caller->packed.len));
	return rc ? rc : receive(reply_out, caller, &request->id);
}

/* ---- the journal ---- */

/* A store that was made anew has a journal of its own, from 1. */
static int find_position(struct caller *caller)
{
	struct wire_request request = { .kind = ASK_STATUS };
	struct wire_reply reply;
	struct id store;
	int rc = caller_ask(&reply, caller, &request);

	if (!rc && (reply.result != RESULT_DONE || reply.kind != ASK_STATUS ||
		       id_parse(&store, reply.status.store)))
		rc = ERR_INVALID;
	if (!rc)
		rc = call_queue_position(&caller->position, caller->queue);
	if (rc)
		return rc;
	if (!id_equal(&store, &caller->position.store))
		caller->position = (struct call_position){ store, 0 };
	caller->knows_position = true;
	return 0;
}

static int read_calls(
    struct call *calls, struct caller *caller, const struct wire_reply *reply)
{
	for (size_t i = 0; i < reply->follow.count; i++) {
		const struct wire_followed *row = &reply->follow.events[i];
		struct event event;
		int rc =
		    wire_event_unpack(&event, NULL, caller->arena, row->event);

		if (rc)
			return rc;
		calls[i] = (struct call){ .number = row->number,
			.ticket = event.ticket,
			.seq = event.seq,
			.mark = call_mark(&event, row->event) };
	}
	return 0;
}

static int take_followed(struct caller *caller, const struct wire_reply *reply)
{
	struct call_position position = { caller->position.store,
		reply->follow.last };
	struct call *calls = calloc(reply->follow.count + 1, sizeof(*calls));
	int rc = calls ? read_calls(calls, caller, reply) : ERR_NOMEM;

	if (!rc)
		rc = call_queue_add(
		    caller->queue, calls, reply->follow.count, &position);
	if (!rc)
		caller->position = position;
	free(calls);
	return rc;
}

static int follow(bool *has_more, struct caller *caller)
{
	struct wire_request request = { .kind = ASK_FOLLOW };
	struct wire_reply reply;
	int rc = caller->knows_position ? 0 : find_position(caller);

	if (rc)
		return rc;
	request.follow.after = caller->position.last;
	request.follow.limit = FOLLOW_EVENTS;
	rc = caller_ask(&reply, caller, &request);
	if (!rc && (reply.result != RESULT_DONE || reply.kind != ASK_FOLLOW))
		rc = ERR_INVALID;
	if (rc || reply.follow.last <= caller->position.last)
		return rc;
	*has_more = true;
	return take_followed(caller, &reply);
}

bool caller_follow(struct caller *caller)
{
	bool has_more = false;
	int rc;

	if (steady_ms() < caller->follow_ms)
		return false;
	rc = follow(&has_more, caller);
	if (rc)
		complain("journal", rc);
	if (rc)
		caller->knows_position = false;
	if (rc || !has_more)
		caller->follow_ms = steady_ms() + (rc ? TROUBLE_MS : FOLLOW_MS);
	return !rc && has_more;
}

/* ---- the thread ---- */

static void load_again(struct caller *caller)
{
	struct call_config config;

	if (!atomic_exchange(&caller->is_reloading, false))
		return;
	if (call_config_load(&config, caller->home))
		return;
	caller->config = config;
	caller->config.target = call_target(caller->config.url);
	atomic_store(&caller->is_on, config.is_on);
	caller->calm_ms = 0;
	log_line(LOG_INFO, "callbacks=%s", config.is_on ? "on" : "off");
}

static void *run(void *context)
{
	struct caller *caller = context;

	while (!atomic_load(&caller->is_stopping)) {
		bool has_more = false;

		load_again(caller);
		if (caller->config.is_on) {
			has_more = caller_follow(caller);
			caller_send(caller);
		}
		curl_multi_poll(
		    caller->multi, NULL, 0, has_more ? 0 : TICK_MS, NULL);
		caller_take(caller);
	}
	return NULL;
}

static int start_thread(struct caller *caller)
{
	sigset_t all, old;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&caller->thread, NULL, run, caller);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed ? ERR_NOMEM : 0;
}

static int open_queue(struct caller *caller, const char *folder)
{
	char path[sizeof(caller->home) + 32], value[LOG_VALUE_MAX];
	int rc;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		rc = err_of_errno(errno);
	else {
		snprintf(path, sizeof(path), "%s/callbacks", folder);
		rc = call_queue_open(&caller->queue, path);
	}
	if (rc)
		log_line(LOG_ERROR, "callbacks=%s error=\"%s\"",
		    log_value(value, folder), err_text(rc));
	return rc;
}

static int open_all(struct caller *caller, const char *folder, struct net *net,
    const char *door)
{
	int rc = call_config_load(&caller->config, caller->home);

	caller->config.target = call_target(caller->config.url);
	atomic_store(&caller->is_on, caller->config.is_on);
	caller->clock = clock_system();
	caller->ids.entropy = entropy_system();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	caller->multi = curl_multi_init();
	if (!rc && !caller->multi)
		rc = ERR_NOMEM;
	if (!rc)
		rc = arena_open(&caller->arena, DECODE_MAX_BYTES);
	if (!rc)
		rc = open_queue(caller, folder);
	if (!rc)
		rc = net_client_open_local(&caller->engine, net, door);
	return rc;
}

static void release(struct caller *caller)
{
	for (size_t i = 0; i < LANES; i++) {
		struct lane *lane = &caller->lanes[i];

		if (lane->curl && lane->is_busy)
			curl_multi_remove_handle(caller->multi, lane->curl);
		if (lane->curl)
			curl_easy_cleanup(lane->curl);
		curl_slist_free_all(lane->headers);
		free(lane->body);
	}
	if (caller->multi)
		curl_multi_cleanup(caller->multi);
	net_client_close(&caller->engine);
	call_queue_close(&caller->queue);
	arena_close(&caller->arena);
	buf_free(&caller->packed);
	explicit_bzero(&caller->config, sizeof(caller->config));
	free(caller);
}

int caller_open(struct caller **caller_out, const char *home,
    const char *folder, const struct org *org, struct net *net,
    const char *door)
{
	struct caller *caller = calloc(1, sizeof(*caller));
	int rc;

	if (!caller)
		return ERR_NOMEM;
	snprintf(caller->home, sizeof(caller->home), "%s", home);
	caller->org = org;
	rc = open_all(caller, folder, net, door);
	if (!rc)
		rc = start_thread(caller);
	if (rc) {
		release(caller);
		return rc;
	}
	*caller_out = caller;
	return 0;
}

void caller_reload(struct caller *caller)
{
	atomic_store(&caller->is_reloading, true);
	curl_multi_wakeup(caller->multi);
}

void caller_close(struct caller **caller)
{
	if (!*caller)
		return;
	atomic_store(&(*caller)->is_stopping, true);
	curl_multi_wakeup((*caller)->multi);
	pthread_join((*caller)->thread, NULL);
	release(*caller);
	*caller = NULL;
}

struct caller_state caller_state(struct caller *caller)
{
	return (struct caller_state){
		.is_on = atomic_load(&caller->is_on),
		.is_calm = atomic_load(&caller->last_status) == 0 &&
			   atomic_load(&caller->failed) > 0,
		.taken = atomic_load(&caller->taken),
		.refused = atomic_load(&caller->refused),
		.failed = atomic_load(&caller->failed),
		.given_up = atomic_load(&caller->given_up),
		.last_status = atomic_load(&caller->last_status),
	};
}

struct call_queue *caller_queue(struct caller *caller)
{
	return caller->queue;
}
