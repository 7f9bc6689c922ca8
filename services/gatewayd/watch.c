#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gatewayd/handlers.h"

void watch_ask(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_STATUS };

	exchange_ask(exchange, &request);
}

static const struct wire_status *status_of(const struct wire_reply *reply)
{
	if (!reply || reply->result != RESULT_DONE || !reply->has_body ||
	    reply->kind != ASK_STATUS)
		return NULL;
	return &reply->status;
}

/* Healthy is a node whose engine turns: one that recovers answers as well,
 * and must not be restarted for it. */
void watch_health(struct exchange *exchange, const struct wire_reply *reply)
{
	if (status_of(reply))
		answer_set(&exchange->answer, 200, "application/json",
		    strdup("{\"status\":\"ok\"}"));
	else
		exchange_refuse(exchange, PROBLEM_NOT_WELL);
}

static void count_calls(struct traffic *traffic, struct caller *caller)
{
	struct caller_state state = caller_state(caller);
	size_t count;

	call_queue_list(
	    NULL, &count, &traffic->calls_waiting, caller_queue(caller), 0);
	traffic->calls_taken = state.taken;
	traffic->calls_refused = state.refused;
	traffic->calls_failed = state.failed;
}

void watch_metrics(struct exchange *exchange, const struct wire_reply *reply)
{
	struct gateway *gateway = exchange->gateway;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	gateway->traffic.waiting = gateway->asks.count;
	count_calls(&gateway->traffic, gateway->caller);
	if (out) {
		traffic_write(out, &gateway->traffic, status_of(reply));
		if (fclose(out) != 0) {
			free(text);
			text = NULL;
		}
	}
	answer_set(&exchange->answer, 200,
	    "text/plain; version=0.0.4; charset=utf-8", text);
}
