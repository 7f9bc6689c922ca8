#include <string.h>
#include "base/err.h"
#include "gatewayd/handlers.h"
#include "gatewayd/order.h"
#include "gatewayd/pages.h"
#include "gatewayd/secret.h"

/* The number goes along in the exchange: the reply does not say it. */
static void ask_to_open(
    struct exchange *exchange, const struct command *command)
{
	struct wire_request request = { .kind = ASK_COMMAND,
		.command = *command };

	strcpy(exchange->match.value, command->what.external_id);
	exchange_ask(exchange, &request);
}

void tickets_post(struct exchange *exchange)
{
	struct arena *arena = exchange->gateway->arena;
	struct http_problem problem;
	struct command command;
	int rc;

	arena_reset(arena);
	rc = order_read(&command, &problem, arena,
	    bytes_of(exchange->body.data, exchange->body.len));
	if (!rc)
		ask_to_open(exchange, &command);
	else if (rc == ERR_INVALID)
		exchange_problem(exchange, &problem);
	else
		exchange_refuse(exchange, PROBLEM_BUSY);
}

void tickets_find(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_SHOW };

	request.show.external_id = exchange->match.value;
	exchange_ask(exchange, &request);
}

/* True when the reply is what was asked for; else it has been answered. */
static bool is_done(struct exchange *exchange, const struct wire_reply *reply,
    enum ask_kind kind)
{
	struct http_problem problem;

	if (!reply) {
		exchange_refuse(exchange, exchange->gateway->is_stopping
					      ? PROBLEM_STOPPING
					      : PROBLEM_NO_ANSWER);
		return false;
	}
	if (reply->result == RESULT_DONE && reply->has_body &&
	    reply->kind == kind)
		return true;
	problem = answer_problem_of(reply);
	exchange_problem(exchange, &problem);
	return false;
}

void tickets_posted(struct exchange *exchange, const struct wire_reply *reply)
{
	char link[sizeof(PAGES_PATH) + SECRET_TEXT] = PAGES_PATH;

	if (!is_done(exchange, reply, ASK_COMMAND))
		return;
	secret_format(link + strlen(PAGES_PATH), exchange->gateway->page_key,
	    &reply->command.ticket);
	answer_opened(&exchange->answer, exchange->match.value, link, reply);
}

void tickets_found(struct exchange *exchange, const struct wire_reply *reply)
{
	if (is_done(exchange, reply, ASK_SHOW) && reply->show.row)
		answer_ticket(
		    &exchange->answer, reply, exchange->gateway->arena);
	else if (!exchange->answer.status)
		exchange_refuse(exchange, PROBLEM_FAILED);
}
