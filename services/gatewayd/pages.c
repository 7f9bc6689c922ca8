#include "gatewayd/pages.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "client/qr.h"
#include "gatewayd/form.h"
#include "gatewayd/page.h"
#include "gatewayd/page_limit.h"
#include "gatewayd/page_sent.h"
#include "gatewayd/where.h"
#include "client/secret.h"
#include "gatewayd/xml.h"

static const char html[] = "text/html; charset=utf-8";

/* One form under way: looked at first, then wished. */
struct sending {
	struct page_sent sent;
	bool is_wished;
	enum verb tried;
};

bool pages_is_target(const char *target)
{
	return strncmp(target, PAGES_PATH, strlen(PAGES_PATH)) == 0;
}

static void say_page(struct exchange *exchange, unsigned status, char *text)
{
	answer_set(&exchange->answer, status, html, text);
	exchange->answer.is_page = true;
}

void pages_problem(
    struct exchange *exchange, const struct http_problem *problem)
{
	say_page(exchange, problem_status(problem->kind),
	    page_problem(problem, exchange->is_chinese));
	exchange->answer.retry_after_s = problem->retry_after_s;
}

static void slow_down(struct exchange *exchange)
{
	struct http_problem problem = problem_of(PROBLEM_TOO_FAST);

	problem.retry_after_s = 60;
	exchange_problem(exchange, &problem);
}

/* The ticket of the secret in the path; false when refused. */
static bool open_secret(struct id *ticket_out, struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;

	if (page_limit_is_over_address(exchange))
		slow_down(exchange);
	else if (secret_parse(
		     ticket_out, gateway->page_key, exchange->match.value))
		exchange_refuse(exchange, PROBLEM_NO_SUCH_PATH);
	else if (page_limit_is_over_ticket(gateway, ticket_out))
		slow_down(exchange);
	return !exchange->answer.status;
}

static void ask_for(struct exchange *exchange, const struct id *ticket)
{
	struct wire_request request = { .kind = ASK_SHOW,
		.show.external_id = "" };

	request.show.ticket = *ticket;
	exchange_ask(exchange, &request);
}

/* True when the ticket is there; else answered. */
static bool is_shown(struct exchange *exchange, const struct wire_reply *reply)
{
	if (!reply) {
		exchange_refuse(exchange, exchange->gateway->is_stopping
					      ? PROBLEM_STOPPING
					      : PROBLEM_NO_ANSWER);
		return false;
	}
	if (reply->result == RESULT_DONE && reply->kind == ASK_SHOW &&
	    reply->show.row)
		return true;
	exchange_refuse(exchange, reply->result == RESULT_NOT_FOUND
				      ? PROBLEM_NO_SUCH_PATH
				      : PROBLEM_FAILED);
	return false;
}

static void say_ticket(struct exchange *exchange, unsigned status,
    const struct wire_reply *reply, const struct page_look *look)
{
	struct gateway *gateway = exchange->gateway;
	struct geo_city city = { gateway->org, gateway->catalogue };

	say_page(
	    exchange, status, page_ticket(reply, gateway->arena, &city, look));
}

/* ---- looking ---- */

/* "done=" of "?lang=en&done=rated": its value, up to *len_out bytes; NULL
 * when there is none. What is looked for is never escaped. */
static const char *query_value(
    size_t *len_out, const struct exchange *exchange, const char *name)
{
	const char *at = strchr(exchange->target, '?');
	size_t len = strlen(name);

	while (at && strncmp(at + 1, name, len) != 0)
		at = strchr(at + 1, '&');
	if (!at)
		return NULL;
	at += 1 + len;
	*len_out = strcspn(at, "&");
	return at;
}

/* The reader may have chosen a language on the page itself. */
static const char *choose_language(struct exchange *exchange)
{
	size_t len;
	const char *lang = query_value(&len, exchange, "lang=");

	if (!lang || len != 2 ||
	    (strncmp(lang, "zh", 2) != 0 && strncmp(lang, "en", 2) != 0))
		return "";
	exchange->is_chinese = lang[0] == 'z';
	return exchange->is_chinese ? "&lang=zh" : "&lang=en";
}

void pages_show(struct exchange *exchange)
{
	struct id ticket;

	choose_language(exchange);
	if (open_secret(&ticket, exchange))
		ask_for(exchange, &ticket);
}

void pages_shown(struct exchange *exchange, const struct wire_reply *reply)
{
	struct page_look look = { .is_chinese = exchange->is_chinese };
	size_t len;
	const char *done = query_value(&len, exchange, "done=");

	if (done)
		look.notice = page_notice_parse(done, len);
	if (is_shown(exchange, reply))
		say_ticket(exchange, 200, reply, &look);
}

/* ---- its address on paper ---- */

void pages_qr(struct exchange *exchange)
{
	char page[WHERE_LINK];
	struct buf image = { 0 };
	struct qr *qr = NULL;
	struct id ticket;
	int rc;

	if (!open_secret(&ticket, exchange))
		return;
	rc = qr_open(&qr, where_page(page, exchange, &ticket));
	if (!rc)
		rc = qr_svg(&image, qr);
	if (!rc)
		rc = buf_add(&image, "", 1);
	qr_close(&qr);
	if (!rc) {
		say_page(exchange, 200, (char *)image.data);
		exchange->answer.type = "image/svg+xml";
		return;
	}
	buf_free(&image);
	exchange_refuse(exchange, PROBLEM_BUSY);
}

/* ---- sending ---- */

/* A browser says where a form stands; an old one says nothing. */
static bool is_from_elsewhere(struct exchange *exchange)
{
	const char *site = MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, "Sec-Fetch-Site");

	return site && strcmp(site, "same-origin") != 0 &&
	       strcmp(site, "none") != 0;
}

/* The same form of the same page is the same wish. */
static void name_wish(struct sending *sending, struct bytes body)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, ID_BYTES);
	crypto_generichash_update(
	    &state, sending->sent.command.ticket.b, ID_BYTES);
	crypto_generichash_update(&state, body.data, body.len);
	crypto_generichash_final(&state, sending->sent.command.id.b, ID_BYTES);
}

static void end_sending(struct exchange *exchange)
{
	free(exchange->work);
}

static void begin(
    struct exchange *exchange, const struct id *ticket, const struct form *form)
{
	struct sending *sending = calloc(1, sizeof(*sending));

	if (!sending) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	exchange->work = sending;
	exchange->end_work = end_sending;
	/* A wrong form is told on the page itself, so look at it first. */
	enum page_notice wrong = page_sent_read(&sending->sent, form);

	sending->sent.command.ticket = *ticket;
	name_wish(sending, bytes_of(exchange->body.data, exchange->body.len));
	sending->tried = sending->sent.command.verb;
	if (wrong) {
		sending->sent.command.verb = VERB_NONE;
		sending->sent.done = wrong;
	}
	ask_for(exchange, ticket);
}

void pages_send(struct exchange *exchange)
{
	struct arena *arena = exchange->gateway->arena;
	struct form form = { .count = 0 };
	struct id ticket;

	choose_language(exchange);
	if (is_from_elsewhere(exchange)) {
		exchange_refuse(exchange, PROBLEM_FORBIDDEN);
		return;
	}
	if (!open_secret(&ticket, exchange))
		return;
	arena_reset(arena);
	if (form_add(&form, arena,
		bytes_of(exchange->body.data, exchange->body.len)))
		exchange_refuse(exchange, PROBLEM_BAD_FORM);
	else
		begin(exchange, &ticket, &form);
}

/* The page as it is now, to be looked at with GET. */
static void go_back(struct exchange *exchange, enum page_notice notice)
{
	struct answer *answer = &exchange->answer;

	say_page(exchange, 303, strdup(""));
	snprintf(answer->location, sizeof(answer->location),
	    PAGES_PATH "%s?done=%s%s", exchange->match.value,
	    page_notice_word(notice), choose_language(exchange));
}

static void wish(struct exchange *exchange, const struct wire_reply *reply)
{
	struct sending *sending = exchange->work;
	struct wire_request request = { .kind = ASK_COMMAND,
		.id = sending->sent.command.id,
		.command = sending->sent.command };
	struct page_look look = { PAGE_NOT_NOW, exchange->is_chinese,
		sending->tried, sending->sent.text };

	if (sending->sent.command.verb == VERB_NONE) {
		look.notice = sending->sent.done;
		say_ticket(exchange, 400, reply, &look);
	} else if (sending->sent.command.verb == VERB_NOTE &&
		   page_remarks(reply, exchange->gateway->arena) >=
		       PAGE_REMARKS_MAX)
		say_ticket(exchange, 409, reply, &look);
	else {
		sending->is_wished = true;
		exchange_ask(exchange, &request);
	}
}

void pages_sent(struct exchange *exchange, const struct wire_reply *reply)
{
	struct sending *sending = exchange->work;
	struct http_problem problem;

	if (!sending->is_wished) {
		if (is_shown(exchange, reply))
			wish(exchange, reply);
		return;
	}
	if (!reply || reply->result == RESULT_PENDING) {
		exchange_refuse(exchange, PROBLEM_NO_ANSWER);
		return;
	}
	problem = answer_problem_of(reply);
	if (reply->result == RESULT_DONE)
		go_back(exchange, sending->sent.done);
	else if (reply->result == RESULT_REFUSED &&
		 strcmp(reply->refusal, "rated_already") == 0)
		go_back(exchange, PAGE_RATED_ALREADY);
	else if (problem.kind == PROBLEM_REFUSED)
		go_back(exchange, PAGE_NOT_NOW);
	else
		exchange_problem(exchange, &problem);
}
