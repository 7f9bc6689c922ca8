#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gatewayd/census.h"
#include "gatewayd/handlers.h"
#include "gatewayd/prom.h"

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

/* ---- ready? ---- */

static const struct wire_link_status *parent_link(
    const struct gateway *gateway, const struct wire_status *status)
{
	const struct node *self = org_node(gateway->org, gateway->node);

	for (size_t i = 0; self && self->parent && i < status->link_count; i++)
		if (strcmp(status->links[i].peer, self->parent->name) == 0)
			return &status->links[i];
	return NULL;
}

/* Ready is a node that takes orders now. Whether its parent hears of them
 * at once is said, but is no reason to send them elsewhere: they wait. */
static char *render_ready(
    const struct wire_link_status *parent, const char *state, bool is_ready)
{
	json_t *object =
	    json_pack("{s:b, s:s}", "ready", is_ready, "state", state);
	char *text;

	if (object && parent)
		json_object_set_new(object, "parent",
		    json_pack("{s:s, s:b, s:I}", "node", parent->peer, "up",
			parent->up, "waiting", (json_int_t)parent->outbox));
	text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	json_decref(object);
	return text;
}

void watch_ready(struct exchange *exchange, const struct wire_reply *reply)
{
	const struct gateway *gateway = exchange->gateway;
	const struct wire_status *status = status_of(reply);
	const char *state = status ? status->state : "silent";
	bool is_ready;

	if (gateway->is_draining)
		state = "draining";
	is_ready = status && strcmp(state, "running") == 0;
	answer_set(&exchange->answer, is_ready ? 200 : 503, "application/json",
	    render_ready(
		status ? parent_link(gateway, status) : NULL, state, is_ready));
	exchange->answer.retry_after_s = is_ready ? 0 : 1;
}

/* ---- metrics ---- */

static void end_census(struct exchange *exchange)
{
	struct census *census = exchange->work;

	census_close(&census);
	exchange->work = NULL;
}

static void ask_nodes(struct exchange *exchange, uint32_t from)
{
	struct wire_request request = { .kind = ASK_NODES, .nodes.from = from };

	exchange_ask(exchange, &request);
}

void watch_count(struct exchange *exchange)
{
	struct census *census;

	if (census_open(&census, exchange->gateway->org)) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	exchange->work = census;
	exchange->end_work = end_census;
	ask_nodes(exchange, 0);
}

static void count_calls(struct traffic *traffic, struct caller *caller)
{
	struct caller_state state = caller_state(caller);
	size_t count;

	call_queue_list(
	    NULL, &count, &traffic->calls_waiting, caller_queue(caller),
	    CALLS_WAITING, 0);
	traffic->calls_taken = state.taken;
	traffic->calls_refused = state.refused;
	traffic->calls_failed = state.failed;
}

static char *render_metrics(
    const struct gateway *gateway, const struct census *census, bool is_up)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	prom_number(out, "whistle_engine_up", "gauge", is_up,
	    "1 when the gateway's own node answered in time.");
	if (is_up)
		census_write(out, census);
	traffic_write(out, &gateway->traffic);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

void watch_metrics(struct exchange *exchange, const struct wire_reply *reply)
{
	struct gateway *gateway = exchange->gateway;
	struct census *census = exchange->work;
	bool is_up = reply && reply->result == RESULT_DONE && reply->has_body &&
		     reply->kind == ASK_NODES;

	if (is_up)
		census_add(census, reply->nodes.nodes, reply->nodes.count);
	if (is_up && reply->nodes.next > 0) {
		ask_nodes(exchange, reply->nodes.next);
		return;
	}
	gateway->traffic.waiting = gateway->asks.count;
	count_calls(&gateway->traffic, gateway->caller);
	answer_set(&exchange->answer, 200,
	    "text/plain; version=0.0.4; charset=utf-8",
	    render_metrics(gateway, census, is_up));
}
