/* Orders: one taken in, one told how it stands. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/ask_ticket.h"
#include "gatewayd/handlers.h"
#include "gatewayd/order.h"
#include "gatewayd/pages.h"
#include "client/secret.h"
#include "gatewayd/ticket_json.h"

/* An order that is one more call about another, which is looked for first. */
struct plus {
	struct buf body;
	char number[EXTERNAL_ID_MAX]; /* of the other */
};

static void end_plus(struct exchange *exchange)
{
	struct plus *plus = exchange->work;

	buf_free(&plus->body);
	free(plus);
}

/* The body is dropped when the handler returns; this keeps it. */
static bool keep_plus(struct exchange *exchange, const char *number)
{
	struct plus *plus = calloc(1, sizeof(*plus));

	if (!plus) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	strcpy(plus->number, number);
	plus->body = exchange->body;
	exchange->body = (struct buf){ 0 };
	exchange->work = plus;
	exchange->end_work = end_plus;
	return true;
}

/* False when it has been refused. */
static bool read_order(struct command *command, const char **same_as,
    struct exchange *exchange, const struct buf *body)
{
	struct gateway *gateway = exchange->gateway;
	struct http_problem problem;
	int rc = order_read(command, same_as, &problem, gateway->arena,
	    bytes_of(body->data, body->len), gateway->catalogue);

	if (rc == ERR_INVALID)
		exchange_problem(exchange, &problem);
	else if (rc)
		exchange_refuse(exchange, PROBLEM_BUSY);
	return !rc;
}

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
	struct command command;
	const char *same_as;

	arena_reset(exchange->gateway->arena);
	if (!read_order(&command, &same_as, exchange, &exchange->body))
		return;
	if (!same_as[0])
		ask_to_open(exchange, &command);
	else if (keep_plus(exchange, same_as))
		ask_ticket(exchange, same_as, false, ASK_TICKET_NO_EVENTS);
}

/* The other order is not there: that is this order's mistake. */
static void refuse_plus(struct exchange *exchange)
{
	struct http_problem problem = problem_field("same_as", FIELD_NO_ORDER);

	exchange_problem(exchange, &problem);
}

static void open_plus(struct exchange *exchange, const struct wire_reply *reply)
{
	struct plus *plus = exchange->work;
	struct id master;
	struct command command;
	const char *same_as;

	if (reply && reply->result == RESULT_NOT_FOUND &&
	    (exchange->asked_by_id || id_parse(&master, plus->number))) {
		refuse_plus(exchange);
		return;
	}
	if (!ask_ticket_found(
		exchange, reply, plus->number, false, ASK_TICKET_NO_EVENTS))
		return;
	master = reply->show.row->ticket.id;
	plus->number[0] = '\0';
	if (!read_order(&command, &same_as, exchange, &plus->body))
		return;
	command.what.master = master;
	ask_to_open(exchange, &command);
}

void tickets_posted(struct exchange *exchange, const struct wire_reply *reply)
{
	const struct plus *plus = exchange->work;
	char link[sizeof(PAGES_PATH) + SECRET_TEXT] = PAGES_PATH;

	if (plus && plus->number[0]) {
		open_plus(exchange, reply);
		return;
	}
	if (!ask_is_done(exchange, reply, ASK_COMMAND))
		return;
	secret_format(link + strlen(PAGES_PATH), exchange->gateway->page_key,
	    &reply->command.ticket);
	answer_opened(&exchange->answer, exchange->match.value, link, reply);
}

void tickets_find(struct exchange *exchange)
{
	ask_ticket(exchange, exchange->match.value, true, 0);
}

void tickets_found(struct exchange *exchange, const struct wire_reply *reply)
{
	struct gateway *gateway = exchange->gateway;

	if (ask_ticket_found(exchange, reply, exchange->match.value, true, 0))
		answer_json(&exchange->answer, 200,
		    ticket_json(reply, gateway->arena, gateway->org));
}
