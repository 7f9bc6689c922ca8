/*
 * What the hotline does with a ticket that is there: note, remind,
 * supervise, withdraw, rate, reopen, erase the caller's details. The law
 * decides at the node that holds it; the same act sent again is the same wish.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/act_body.h"
#include "gatewayd/ask_ticket.h"
#include "gatewayd/handlers.h"
#include "gatewayd/say.h"

enum { KEY_MAX = 64 };

struct work {
	const struct act *act;
	struct buf body;
	char key[KEY_MAX + 1]; /* the client's own name of the wish, or "" */
	bool is_asked;	       /* of the law; before that, of the ticket */
};

static const struct act *act_of(const struct exchange *exchange)
{
	return act_find(strrchr(exchange->match.path, '/') + 1);
}

static void end_work(struct exchange *exchange)
{
	struct work *work = exchange->work;

	buf_free(&work->body);
	free(work);
}

/* ---- what is wanted ---- */

/* True when it is right; what is wrong has been answered. */
static bool read_wish(struct command *command_out, struct exchange *exchange,
    const struct act *act, const struct buf *body)
{
	struct http_problem problem;
	int rc = act_read(command_out, &problem, exchange->gateway->arena, act,
	    bytes_of(body->data, body->len));

	if (rc == ERR_INVALID)
		exchange_problem(exchange, &problem);
	else if (rc)
		exchange_refuse(exchange, PROBLEM_BUSY);
	return !rc;
}

static bool key_is_valid(const char *key)
{
	size_t len = strlen(key);

	if (len < 1 || len > KEY_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (key[i] < '!' || key[i] > '~')
			return false;
	return true;
}

/* Keeps the body, which is dropped otherwise, for when the ticket is known. */
static bool begin(struct exchange *exchange, const struct act *act)
{
	const char *key = MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, "Idempotency-Key");
	struct work *work;

	if (key && !key_is_valid(key)) {
		struct http_problem problem =
		    problem_field("Idempotency-Key", FIELD_NOT_KEY);

		exchange_problem(exchange, &problem);
		return false;
	}
	work = calloc(1, sizeof(*work));
	if (!work) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	work->act = act;
	if (key)
		strcpy(work->key, key);
	work->body = exchange->body;
	exchange->body = (struct buf){ 0 };
	exchange->work = work;
	exchange->end_work = end_work;
	return true;
}

void acts_post(struct exchange *exchange)
{
	const struct act *act = act_of(exchange);
	struct command command;

	arena_reset(exchange->gateway->arena);
	if (!act)
		exchange_refuse(exchange, PROBLEM_FAILED);
	else if (read_wish(&command, exchange, act, &exchange->body) &&
		 begin(exchange, act))
		ask_ticket(exchange, exchange->match.value, false,
		    ASK_TICKET_NO_EVENTS);
}

/* ---- to the law ---- */

static void hash_text(crypto_generichash_state *state, const char *text)
{
	crypto_generichash_update(
	    state, (const uint8_t *)text, strlen(text) + 1);
}

/*
 * The same act of the same client under the same key, or else nonce, is the
 * same wish: the engine does a wish once, and gives its answer again. The
 * first six bytes are a time, as in every id, by which it is forgotten.
 */
static void name_wish(
    struct id *id_out, const struct exchange *exchange, const struct id *ticket)
{
	const struct work *work = exchange->work;
	crypto_generichash_state state;
	uint8_t hash[ID_BYTES];

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	hash_text(&state, exchange->client);
	hash_text(&state, work->act->name);
	hash_text(&state, work->key[0] ? "key" : "nonce");
	hash_text(
	    &state, work->key[0] ? work->key : exchange->signed_parts.nonce);
	crypto_generichash_update(&state, ticket->b, ID_BYTES);
	crypto_generichash_final(&state, hash, sizeof(hash));
	memcpy(id_out->b, ticket->b, 6);
	memcpy(id_out->b + 6, hash, ID_BYTES - 6);
}

static void ask_law(struct exchange *exchange, const struct wire_reply *reply)
{
	struct wire_request request = { .kind = ASK_COMMAND };
	struct work *work = exchange->work;
	struct id ticket = reply->show.row->ticket.id;

	if (!read_wish(&request.command, exchange, work->act, &work->body))
		return;
	request.command.ticket = ticket;
	name_wish(&request.id, exchange, &ticket);
	work->is_asked = true;
	exchange_ask(exchange, &request);
}

/* ---- the answer ---- */

static json_t *done(
    const struct exchange *exchange, const struct id *ticket, uint32_t seq)
{
	const struct work *work = exchange->work;
	json_t *event = json_null();
	char id[ID_TEXT];

	if (seq)
		event = json_sprintf("%s-%u", id_format(id, ticket), seq);
	return json_pack("{s:s, s:s, s:b, s:o}", "number",
	    exchange->match.value, "act", work->act->name, "done", seq != 0,
	    "event", event);
}

/* On its way to the holder: the ticket will tell, or the same key again. */
static void answer_pending(struct exchange *exchange)
{
	struct answer *answer = &exchange->answer;
	static const struct id none;

	answer_json(answer, 202, done(exchange, &none, 0));
	answer_locate(answer, exchange->match.value);
}

static void refuse(struct exchange *exchange, const struct wire_reply *reply)
{
	struct http_problem problem =
	    problem_of_act(reply->refusal, reply->detail);

	exchange_problem(exchange, &problem);
}

void acts_reply(struct exchange *exchange, const struct wire_reply *reply)
{
	struct work *work = exchange->work;

	if (!work->is_asked) {
		if (ask_ticket_found(exchange, reply, exchange->match.value,
			false, ASK_TICKET_NO_EVENTS))
			ask_law(exchange, reply);
		return;
	}
	if (reply && reply->result == RESULT_PENDING)
		answer_pending(exchange);
	else if (reply && reply->result == RESULT_REFUSED)
		refuse(exchange, reply);
	else if (ask_is_done(exchange, reply, ASK_COMMAND))
		answer_json(&exchange->answer, 200,
		    done(exchange, &reply->command.ticket, reply->command.seq));
}
