/* What clients of Open311 bring: new requests and updates. */
#include <sodium.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/open311_inside.h"
#include "gatewayd/where.h"

/* What happens next, and where to see it: for who asked, and nobody else, so
 * that it is in no other answer. */
static json_t *notice_of(
    const struct exchange *exchange, const struct id *ticket)
{
	char page[WHERE_LINK];

	return json_sprintf(exchange->is_chinese
				? "请在此查看进展、补充说明和评价：%s"
				: "Follow it, add to it and rate it here: %s",
	    where_page(page, exchange, ticket));
}

static void posted(struct exchange *exchange, const struct wire_reply *reply)
{
	char number[ID_TEXT];

	if (reply->result != RESULT_DONE) {
		exchange_refuse(exchange, PROBLEM_FAILED);
		return;
	}
	open311_say(exchange, 201, "service_requests",
	    json_pack("[{s:s, s:o, s:n}]", "service_request_id",
		id_format(number, &reply->command.ticket), "service_notice",
		notice_of(exchange, &reply->command.ticket), "account_id"));
}

void open311_post(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_COMMAND };
	struct geo_city city = open311_city(exchange);
	struct http_problem problem;
	struct form form;
	int rc;

	if (!open311_form(&form, exchange) || !open311_has_key(exchange, &form))
		return;
	rc = geo_open(
	    &request.command, &problem, exchange->gateway->arena, &city, &form);
	if (rc)
		open311_refuse(exchange, rc, &problem);
	else if (open311_begin(exchange))
		open311_ask(exchange, &request, posted);
}

/* ---- an update ---- */

static void updated(struct exchange *exchange, const struct wire_reply *reply)
{
	char number[ID_TEXT];

	if (reply->result != RESULT_DONE) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_TICKET);
		return;
	}
	open311_say(exchange, 201, "service_request_updates",
	    json_pack("[{s:o, s:n}]", "update_id",
		json_sprintf("%s-%u", id_format(number, &reply->command.ticket),
		    reply->command.seq),
		"account_id"));
}

/*
 * The same update_id of the same client is the same wish, however often it
 * is sent: the engine does a wish once. Without one every sending is new.
 */
static void name_wish(struct id *id_out, const struct exchange *exchange,
    const struct geo_update *update)
{
	crypto_generichash_state state;

	if (!update->update_id[0])
		return;
	crypto_generichash_init(&state, NULL, 0, ID_BYTES);
	crypto_generichash_update(&state, (const uint8_t *)exchange->client,
	    sizeof(exchange->client));
	crypto_generichash_update(&state, update->ticket.b, ID_BYTES);
	crypto_generichash_update(&state, (const uint8_t *)update->update_id,
	    strlen(update->update_id));
	crypto_generichash_final(&state, id_out->b, ID_BYTES);
}

/*
 * Work that is reported done waits for its origin's word, which is what the
 * client brings: closed or open again. At any other time a status that is
 * the present one says nothing, and another one is not for the origin to
 * set.
 */
static bool choose_verb(struct command *command, const struct ticket *ticket,
    const struct geo_update *update)
{
	command->verb = VERB_NOTE;
	if (ticket->state != STATE_RESOLVED)
		return !update->status ||
		       update->status == geo_status((enum state)ticket->state);
	if (update->status == GEO_OPEN)
		command->verb = VERB_REOPEN;
	if (update->status == GEO_CLOSED) {
		command->verb = VERB_RATE;
		command->what.responded = command->what.resolved = true;
		command->what.satisfaction = SATISFACTION_NOT_RATED;
	}
	return true;
}

static void seen(struct exchange *exchange, const struct wire_reply *reply)
{
	const struct geo_update *update = &open311_of(exchange)->update;
	struct wire_request request = { .kind = ASK_COMMAND };
	struct command *command = &request.command;

	if (reply->result != RESULT_DONE || !reply->show.row ||
	    !geo_is_public(&reply->show.row->ticket)) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_TICKET);
		return;
	}
	particulars_clear(&command->what);
	command->operator= "";
	command->ticket = update->ticket;
	command->what.text = update->text;
	name_wish(&request.id, exchange, update);
	if (choose_verb(command, &reply->show.row->ticket, update) &&
	    (update->text[0] || command->verb == VERB_RATE))
		open311_ask(exchange, &request, updated);
	else
		exchange_refuse(exchange, PROBLEM_NOT_NOW);
}

void open311_update(struct exchange *exchange)
{
	struct wire_request request = { .kind = ASK_SHOW,
		.show.external_id = "" };
	struct http_problem problem;
	struct open311 *work;
	struct form form;
	int rc;

	if (!open311_form(&form, exchange) ||
	    !open311_has_key(exchange, &form) || !open311_begin(exchange))
		return;
	work = open311_of(exchange);
	rc = geo_update_read(&work->update, &problem, work->kept, &form);
	if (!rc) {
		work->update.update_id = arena_text(work->kept,
		    work->update.update_id, strlen(work->update.update_id));
		rc = work->update.update_id ? 0 : ERR_NOMEM;
	}
	if (rc) {
		open311_refuse(exchange, rc, &problem);
		return;
	}
	request.show.ticket = work->update.ticket;
	open311_ask(exchange, &request, seen);
}
