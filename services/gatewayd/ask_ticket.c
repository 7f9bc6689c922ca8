#include "gatewayd/ask_ticket.h"

bool ask_is_done(struct exchange *exchange, const struct wire_reply *reply,
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

void ask_ticket(
    struct exchange *exchange, const char *name, bool contact, uint32_t from)
{
	struct wire_request request = { .kind = ASK_SHOW };

	request.show.external_id = name;
	request.show.contact = contact;
	request.show.from = from;
	exchange->asked_by_id = false;
	exchange_ask(exchange, &request);
}

static bool ask_by_id(
    struct exchange *exchange, const char *name, bool contact, uint32_t from)
{
	struct wire_request request = { .kind = ASK_SHOW };

	if (exchange->asked_by_id || id_parse(&request.show.ticket, name))
		return false;
	request.show.external_id = "";
	request.show.contact = contact;
	request.show.from = from;
	exchange->asked_by_id = true;
	exchange_ask(exchange, &request);
	return true;
}

bool ask_ticket_found(struct exchange *exchange, const struct wire_reply *reply,
    const char *name, bool contact, uint32_t from)
{
	if (reply && reply->result == RESULT_NOT_FOUND &&
	    ask_by_id(exchange, name, contact, from))
		return false;
	if (!ask_is_done(exchange, reply, ASK_SHOW))
		return false;
	if (reply->show.row)
		return true;
	exchange_refuse(exchange, PROBLEM_FAILED);
	return false;
}
