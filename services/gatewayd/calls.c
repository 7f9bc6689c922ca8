/* Callbacks, for whoever looks after them: which wait, one whole, one once
 * more. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/ask_ticket.h"
#include "gatewayd/call_body.h"
#include "gatewayd/handlers.h"
#include "gatewayd/query.h"
#include "gatewayd/say.h"

enum { LIMIT = 100, LIMIT_MAX = 1000 };

static const char *const list_words[] = { [CALLS_WAITING] = "waiting",
	[CALLS_REFUSED] = "refused",
	[CALLS_GIVEN_UP] = "given_up" };

static json_t *row_of(const struct call *call, const char *state)
{
	char id[CALL_ID_TEXT];

	return json_pack("{s:s, s:o, s:i, s:s, s:i, s:i, s:o, s:o}", "id",
	    call_id_format(id, call), "ticket", say_id(&call->ticket), "seq",
	    (int)call->seq, "state", state, "refused", (int)call->tries,
	    "status", (int)call->status, "refused_since",
	    say_time(call->first_ms), "due", say_time(call->due_ms));
}

static const char *state_of(const struct call *call, enum call_list list)
{
	if (list == CALLS_WAITING && call->tries > 0)
		list = CALLS_REFUSED;
	return list_words[list];
}

static json_t *rows_of(
    const struct call *calls, size_t count, enum call_list list)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(
		    rows, row_of(&calls[i], state_of(&calls[i], list)));
	return rows;
}

/* ---- the list ---- */

static bool read_list(
    enum call_list *list_out, unsigned *limit_out, struct exchange *exchange)
{
	static const char *const names[] = { "state", "limit", NULL };
	const char *word;
	struct form form;

	if (!query_read(&form, exchange, names) ||
	    !query_number(limit_out, exchange, &form, "limit", LIMIT_MAX))
		return false;
	word = form_value(&form, "state");
	for (unsigned i = 0; i <= CALLS_GIVEN_UP; i++)
		if (!word[0] || strcmp(list_words[i], word) == 0) {
			*list_out = (enum call_list)i;
			return true;
		}
	query_refuse(exchange, "state", FIELD_NOT_LISTED);
	return false;
}

static void say_list(struct exchange *exchange, const struct call *calls,
    size_t count, enum call_list list)
{
	struct caller *caller = exchange->gateway->caller;
	struct caller_state state = caller_state(caller);
	uint64_t waiting = 0;
	size_t none;

	call_queue_list(
	    NULL, &none, &waiting, caller_queue(caller), CALLS_WAITING, 0);
	answer_json(&exchange->answer, 200,
	    json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:i, s:o}", "on",
		(int)state.is_on, "waiting", (json_int_t)waiting, "taken",
		(json_int_t)state.taken, "refused", (json_int_t)state.refused,
		"failed", (json_int_t)state.failed, "given_up",
		(json_int_t)state.given_up, "last_status",
		(int)state.last_status, "callbacks",
		rows_of(calls, count, list)));
}

void calls_list(struct exchange *exchange)
{
	struct caller *caller = exchange->gateway->caller;
	enum call_list list = CALLS_WAITING;
	unsigned limit = LIMIT;
	struct call *calls;
	uint64_t total;
	size_t count;

	if (!read_list(&list, &limit, exchange))
		return;
	calls = calloc(limit, sizeof(*calls));
	if (!calls)
		exchange_refuse(exchange, PROBLEM_BUSY);
	else if (call_queue_list(
		     calls, &count, &total, caller_queue(caller), list, limit))
		exchange_refuse(exchange, PROBLEM_FAILED);
	else
		say_list(exchange, calls, count, list);
	free(calls);
}

/* ---- one whole ---- */

/* How far its log has been gone through. */
struct show {
	struct call call;
	struct call_fold fold;
};

static void end_show(struct exchange *exchange)
{
	free(exchange->work);
}

static void ask_log(
    struct exchange *exchange, const struct id *ticket, uint32_t from)
{
	struct wire_request request = { .kind = ASK_SHOW };

	request.show.ticket = *ticket;
	request.show.external_id = "";
	request.show.from = from;
	exchange_ask(exchange, &request);
}

void calls_show(struct exchange *exchange)
{
	struct show *show = calloc(1, sizeof(*show));

	if (!show) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	exchange->work = show;
	exchange->end_work = end_show;
	show->fold = (struct call_fold){ STATE_NONE, 1 };
	if (call_id_parse(&show->call, exchange->match.value))
		exchange_refuse(exchange, PROBLEM_NO_SUCH_CALLBACK);
	else
		ask_log(exchange, &show->call.ticket, 1);
}

/* What is in no list has been taken, or will be queued in a moment. */
static void say_call(struct exchange *exchange, const char *body)
{
	struct show *show = exchange->work;
	struct call call = show->call;
	enum call_list list;
	const char *state = "settled";
	int rc = call_queue_find(
	    &list, &call, caller_queue(exchange->gateway->caller));

	if (rc && rc != ERR_NOT_FOUND) {
		exchange_refuse(exchange, PROBLEM_FAILED);
		return;
	}
	if (!rc)
		state = list_words[list];
	answer_json(&exchange->answer, 200,
	    say_joined(row_of(rc ? &show->call : &call, state),
		json_pack("{s:o}", "body", json_loads(body, 0, NULL))));
}

void calls_shown(struct exchange *exchange, const struct wire_reply *reply)
{
	struct gateway *gateway = exchange->gateway;
	struct show *show = exchange->work;
	char *body = NULL;
	int rc;

	if (reply && reply->result == RESULT_NOT_FOUND) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_CALLBACK);
		return;
	}
	if (!ask_is_done(exchange, reply, ASK_SHOW))
		return;
	rc = call_body(&body, &show->fold, &show->call, reply, gateway->arena,
	    gateway->org);
	if (!rc)
		say_call(exchange, body);
	else if (rc == ERR_NOT_FOUND && reply->show.next)
		ask_log(exchange, &show->call.ticket, reply->show.next);
	else
		exchange_refuse(exchange, rc == ERR_NOT_FOUND
					      ? PROBLEM_NO_SUCH_CALLBACK
					      : PROBLEM_FAILED);
	free(body);
}

/* ---- once more ---- */

void calls_replay(struct exchange *exchange)
{
	struct call call;

	if (call_id_parse(&call, exchange->match.value))
		exchange_refuse(exchange, PROBLEM_NO_SUCH_CALLBACK);
	else
		ask_log(exchange, &call.ticket, call.seq);
}

/* Is it the event that the callback told, or does another stand there? */
static bool is_there(const struct wire_reply *reply, const struct call *call)
{
	struct arena *arena = NULL;
	struct event event;
	bool is_it = false;

	if (reply->show.event_count == 0 ||
	    arena_open(&arena, DECODE_MAX_BYTES))
		return false;
	if (!wire_event_unpack(&event, NULL, arena, reply->show.events[0]))
		is_it = event.seq == call->seq &&
			call_mark(&event, reply->show.events[0]) == call->mark;
	arena_close(&arena);
	return is_it;
}

/* The event is there: it goes out again, behind what waits. */
void calls_replayed(struct exchange *exchange, const struct wire_reply *reply)
{
	struct call_queue *queue = caller_queue(exchange->gateway->caller);
	struct call call;

	if (reply && reply->result == RESULT_NOT_FOUND) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_CALLBACK);
		return;
	}
	if (!ask_is_done(exchange, reply, ASK_SHOW))
		return;
	if (!reply->show.row || call_id_parse(&call, exchange->match.value) ||
	    !is_there(reply, &call))
		exchange_refuse(exchange, PROBLEM_NO_SUCH_CALLBACK);
	else if (call_queue_replay(queue, &call))
		exchange_refuse(exchange, PROBLEM_FAILED);
	else
		answer_json(&exchange->answer, 202,
		    json_pack("{s:s}", "id", exchange->match.value));
}
