/* Callbacks on their way: one lane each, one ticket in one lane at a time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "gatewayd/call_body.h"
#include "gatewayd/caller_inside.h"

enum {
	CONNECT_MS = 3000,
	TAKE_MS = 10 * 1000,
	CALM_MS = 500, /* after the first failure; then twice as long … */
	CALM_MAX_MS = 60 * 1000,
	AGAIN_MS = 10 * 1000, /* after the first refusal; then twice … */
	AGAIN_MAX_MS = 6 * 3600 * 1000,
	COMPLAIN_MS = 60 * 1000,
	HEADER_BYTES = 256,
};

/* The hotline had so long to take one that it refuses. */
static const int64_t patience_ms = INT64_C(7) * 24 * 3600 * 1000;

static void complain(const char *what, int code)
{
	if (log_is_due(what, steady_ms(), COMPLAIN_MS))
		log_line(LOG_ERROR, "callbacks=%s error=\"%s\"", what,
		    err_text(code));
}

/* ---- out ---- */

static size_t drop(char *data, size_t size, size_t count, void *context)
{
	(void)data;
	(void)context;
	return size * count;
}

static int add_header(struct lane *lane, const char *name, const char *value)
{
	char line[HEADER_BYTES];
	struct curl_slist *longer;

	snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(lane->headers, line);
	if (!longer)
		return ERR_NOMEM;
	lane->headers = longer;
	return 0;
}

/* As the hotline signs what it sends: one scheme both ways. */
static int sign(struct caller *caller, struct lane *lane)
{
	char nonce[ID_TEXT], hex[SIGN_TEXT], seconds[32], id[CALL_ID_TEXT];
	struct id random;
	struct sign_parts parts = { "POST", caller->config.target,
		clock_now_ms(&caller->clock) / 1000, nonce,
		bytes_of(lane->body, strlen(lane->body)), NULL };
	int rc;

	id_next(&random, &caller->ids, clock_now_ms(&caller->clock));
	id_format(nonce, &random);
	snprintf(seconds, sizeof(seconds), "%" PRId64, parts.time_s);
	rc = sign_request(hex, caller->config.key, &parts);
	if (!rc)
		rc =
		    add_header(lane, "X-Whistle-Client", caller->config.client);
	if (!rc)
		rc = add_header(lane, "X-Whistle-Time", seconds);
	if (!rc)
		rc = add_header(lane, "X-Whistle-Nonce", nonce);
	if (!rc)
		rc = add_header(lane, "X-Whistle-Signature", hex);
	if (!rc)
		rc = add_header(lane, "X-Whistle-Callback",
		    call_id_format(id, &lane->call));
	return rc ? rc : add_header(lane, "Content-Type", "application/json");
}

static void clear(struct lane *lane)
{
	curl_slist_free_all(lane->headers);
	lane->headers = NULL;
	free(lane->body);
	lane->body = NULL;
	lane->is_busy = false;
}

static int post(struct caller *caller, struct lane *lane)
{
	CURL *curl = lane->curl ? lane->curl : curl_easy_init();

	lane->curl = curl;
	if (!curl)
		return ERR_NOMEM;
	curl_easy_setopt(curl, CURLOPT_URL, caller->config.url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TAKE_MS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, lane);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lane->headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, lane->body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(lane->body));
	return curl_multi_add_handle(caller->multi, curl) ? ERR_NOMEM : 0;
}

/* Page by page through the log until the event is there. */
static int make_body(struct caller *caller, struct lane *lane)
{
	struct call_fold fold = { STATE_NONE, 1 };
	struct wire_reply reply;
	int rc;

	do {
		struct wire_request request = { .kind = ASK_SHOW };

		request.show.ticket = lane->call.ticket;
		request.show.external_id = "";
		request.show.from = fold.next;
		rc = caller_ask(&reply, caller, &request);
		if (!rc && (reply.result == RESULT_NOT_FOUND ||
			       reply.kind != ASK_SHOW || !reply.show.row))
			return reply.result == RESULT_NOT_FOUND ? ERR_NOT_FOUND
								: ERR_INVALID;
		if (!rc)
			rc = call_body(&lane->body, &fold, &lane->call, &reply,
			    caller->arena, caller->org);
	} while (rc == ERR_NOT_FOUND && reply.show.next);
	return rc;
}

/* The queue's row stays until the hotline has taken it. */
static int start(struct caller *caller, struct lane *lane)
{
	int rc = make_body(caller, lane);

	if (!rc)
		rc = sign(caller, lane);
	if (!rc)
		rc = post(caller, lane);
	if (rc)
		clear(lane);
	else
		lane->is_busy = true;
	return rc;
}

static void settle(struct caller *caller, const struct call *call, bool is_done)
{
	caller->results[caller->result_count++] =
	    (struct call_result){ *call, is_done, false };
}

static void write_results(struct caller *caller)
{
	int rc;

	if (caller->result_count == 0)
		return;
	rc = call_queue_settle(
	    caller->queue, caller->results, caller->result_count);
	if (rc)
		complain("queue", rc);
	caller->result_count = 0;
}

static size_t busy_tickets(struct id *ids, const struct caller *caller)
{
	size_t count = 0;

	for (size_t i = 0; i < LANES; i++)
		if (caller->lanes[i].is_busy)
			ids[count++] = caller->lanes[i].call.ticket;
	return count;
}

/* False when nothing more can go now. */
static bool fill(struct caller *caller, struct lane *lane)
{
	struct id busy[LANES];
	size_t count = busy_tickets(busy, caller);
	int rc;

	if (caller->failures > 0 && count > 0)
		return false;
	rc = call_queue_next(&lane->call, caller->queue,
	    clock_now_ms(&caller->clock), busy, count);
	if (rc == ERR_NOT_FOUND)
		return false;
	if (!rc)
		rc = start(caller, lane);
	if (rc == ERR_NOT_FOUND) { /* no such ticket any more */
		settle(caller, &lane->call, true);
		write_results(caller);
		return true;
	}
	if (rc) {
		complain("send", rc);
		caller->calm_ms = steady_ms() + CALM_MS;
	}
	return !rc;
}

void caller_send(struct caller *caller)
{
	int running;

	for (size_t i = 0; i < LANES; i++) {
		if (steady_ms() < caller->calm_ms)
			break;
		if (!caller->lanes[i].is_busy &&
		    !fill(caller, &caller->lanes[i]))
			break;
	}
	curl_multi_perform(caller->multi, &running);
}

/* ---- back ---- */

static int64_t doubled(int64_t first_ms, int64_t most_ms, unsigned times)
{
	int64_t ms = times < 30 ? first_ms << times : most_ms;

	return ms < most_ms ? ms : most_ms;
}

/* Not about this callback but about the hotline: all wait. Those that were
 * under way together fail together, and count once. */
static void calm_down(struct caller *caller, long status)
{
	int64_t wait_ms = doubled(CALM_MS, CALM_MAX_MS, caller->failures);

	atomic_fetch_add(&caller->failed, 1);
	if (steady_ms() < caller->calm_ms)
		return;
	caller->failures++;
	caller->calm_ms = steady_ms() + wait_ms;
	if (log_is_due("callbacks-down", steady_ms(), COMPLAIN_MS))
		log_line(LOG_WARN,
		    "callbacks=waiting status=%ld failures=%u "
		    "again_ms=%" PRId64,
		    status, caller->failures, wait_ms);
}

/* The hotline is well and does not want this one. */
static void refused(struct caller *caller, struct call *call, long status)
{
	int64_t now_ms = clock_now_ms(&caller->clock);
	char id[CALL_ID_TEXT];

	atomic_fetch_add(&caller->refused, 1);
	call->first_ms = call->first_ms ? call->first_ms : now_ms;
	call->due_ms = now_ms + doubled(AGAIN_MS, AGAIN_MAX_MS, call->tries);
	call->tries++;
	call->status = (uint32_t)status;
	if (now_ms - call->first_ms < patience_ms) {
		settle(caller, call, false);
		return;
	}
	atomic_fetch_add(&caller->given_up, 1);
	log_line(LOG_ERROR, "callback=%s state=given_up status=%ld tries=%u",
	    call_id_format(id, call), status, call->tries);
	caller->results[caller->result_count++] =
	    (struct call_result){ *call, true, true };
}

/* 408, 425 and 429 ask for time; 401 and 403 are a key that is wrong. */
static bool is_about_the_hotline(long status)
{
	return status < 400 || status >= 500 || status == 401 ||
	       status == 403 || status == 408 || status == 425 || status == 429;
}

static void answered(struct caller *caller, struct lane *lane, long status)
{
	atomic_store(&caller->last_status, status);
	if (status >= 200 && status < 300) {
		atomic_fetch_add(&caller->taken, 1);
		if (caller->failures > 0)
			log_line(LOG_INFO, "callbacks=going");
		caller->failures = 0;
		settle(caller, &lane->call, true);
	} else if (is_about_the_hotline(status)) {
		calm_down(caller, status);
	} else {
		caller->failures = 0;
		refused(caller, &lane->call, status);
	}
	clear(lane);
}

void caller_take(struct caller *caller)
{
	int left, running;
	CURLMsg *message;

	curl_multi_perform(caller->multi, &running);
	while ((message = curl_multi_info_read(caller->multi, &left))) {
		struct lane *lane;
		long status = 0;
		CURL *curl = message->easy_handle;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&lane);
		if (message->data.result == CURLE_OK)
			curl_easy_getinfo(
			    curl, CURLINFO_RESPONSE_CODE, &status);
		curl_multi_remove_handle(caller->multi, curl);
		answered(caller, lane, status);
	}
	write_results(caller);
}
