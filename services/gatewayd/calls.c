/* Callbacks, for whoever looks after them: what waits, and one once more. */
#include <jansson.h>
#include <stdlib.h>
#include "base/err.h"
#include "gatewayd/handlers.h"

enum { LISTED_MAX = 100 };

static json_t *moment(int64_t time_ms)
{
	char said[TIME_TEXT];

	return time_ms ? json_string(time_format(said, time_ms)) : json_null();
}

static json_t *row_of(const struct call *call)
{
	char id[CALL_ID_TEXT], ticket[ID_TEXT];

	return json_pack("{s:s, s:s, s:i, s:i, s:i, s:o, s:o}", "id",
	    call_id_format(id, call), "ticket",
	    id_format(ticket, &call->ticket), "seq", (int)call->seq, "refused",
	    (int)call->tries, "status", (int)call->status, "refused_since",
	    moment(call->first_ms), "due", moment(call->due_ms));
}

static json_t *rows_of(const struct call *calls, size_t count)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(rows, row_of(&calls[i]));
	return rows;
}

void calls_list(struct exchange *exchange)
{
	struct caller *caller = exchange->gateway->caller;
	struct caller_state state = caller_state(caller);
	struct call calls[LISTED_MAX];
	uint64_t total;
	size_t count;
	json_t *object;

	if (call_queue_list(
		calls, &count, &total, caller_queue(caller), LISTED_MAX)) {
		exchange_refuse(exchange, PROBLEM_FAILED);
		return;
	}
	object = json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:i, s:o}", "on",
	    (int)state.is_on, "waiting", (json_int_t)total, "taken",
	    (json_int_t)state.taken, "refused", (json_int_t)state.refused,
	    "failed", (json_int_t)state.failed, "given_up",
	    (json_int_t)state.given_up, "last_status", (int)state.last_status,
	    "callbacks", rows_of(calls, count));
	answer_set(&exchange->answer, 200, "application/json",
	    object ? json_dumps(object, JSON_COMPACT) : NULL);
	json_decref(object);
}

void calls_replay(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_SHOW };
	struct call call;

	if (call_id_parse(&call, exchange->match.value)) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_TICKET);
		return;
	}
	request.show.ticket = call.ticket;
	request.show.external_id = "";
	request.show.from = call.seq;
	exchange_ask(exchange, &request);
}

/* The event is there: it goes out again, behind what waits. */
void calls_replayed(struct exchange *exchange, const struct wire_reply *reply)
{
	struct call_queue *queue = caller_queue(exchange->gateway->caller);
	struct call call;
	json_t *object;

	if (!reply) {
		exchange_refuse(exchange, exchange->gateway->is_stopping
					      ? PROBLEM_STOPPING
					      : PROBLEM_NO_ANSWER);
		return;
	}
	if (reply->result != RESULT_DONE || !reply->show.row ||
	    call_id_parse(&call, exchange->match.value) ||
	    call.seq > reply->show.row->ticket.seq) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_TICKET);
		return;
	}
	if (call_queue_replay(queue, &call)) {
		exchange_refuse(exchange, PROBLEM_FAILED);
		return;
	}
	object = json_pack("{s:s}", "id", exchange->match.value);
	answer_set(&exchange->answer, 202, "application/json",
	    object ? json_dumps(object, JSON_COMPACT) : NULL);
	json_decref(object);
}
