#include "gatewayd/exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "gatewayd/access.h"
#include "gatewayd/intake.h"
#include "gatewayd/open311.h"
#include "gatewayd/pages.h"

enum { UNSIGNED_LINE_MS = 60 * 1000 };

static struct line *line_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

void *exchange_open(
    void *context, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));

	if (!exchange)
		return NULL;
	exchange->gateway = context;
	exchange->gateway->under_way++;
	exchange->connection = connection;
	exchange->line = line_of(connection);
	exchange->started_ms = steady_ms();
	if (exchange->line)
		line_begin(exchange->line, exchange->started_ms);
	exchange->method = "-";
	exchange->match.path = "-";
	strcpy(exchange->client, "-");
	exchange->target = strdup(uri);
	return exchange;
}

void exchange_problem(
    struct exchange *exchange, const struct http_problem *problem)
{
	if (exchange->stream.is_begun)
		stream_break(exchange);
	else if (pages_is_target(exchange->target))
		pages_problem(exchange, problem);
	else if (open311_is_target(exchange->target))
		open311_problem(exchange, problem);
	else
		answer_problem(
		    &exchange->answer, problem, exchange->is_chinese);
	if (problem->kind == PROBLEM_WRONG_METHOD)
		strcpy(exchange->answer.allow, exchange->match.allow);
}

void exchange_refuse(struct exchange *exchange, enum problem_kind kind)
{
	struct http_problem problem = problem_of(kind);

	if (problem_status(kind) == 503 || kind == PROBLEM_TOO_FAST)
		problem.retry_after_s = 1;
	exchange_problem(exchange, &problem);
}

/* ---- asking the engine ---- */

static int send_request(
    struct gateway *gateway, const struct wire_request *request)
{
	int rc;

	buf_clear(&gateway->packed);
	rc = wire_request_pack(&gateway->packed, request);
	if (rc)
		return rc;
	return net_client_send(gateway->engine,
	    bytes_of(gateway->packed.data, gateway->packed.len));
}

int exchange_ask_beside(struct exchange *exchange, struct wire_request *request)
{
	struct gateway *gateway = exchange->gateway;
	int64_t until_ms = steady_ms() + exchange->match.route->wait_ms;
	int rc;

	if (gateway->is_stopping || gateway->asks.count == ASKS_MAX)
		return ERR_FULL;
	if (id_is_zero(&request->id))
		id_next(
		    &request->id, &gateway->ids, clock_now_ms(&gateway->clock));
	rc = send_request(gateway, request);
	if (rc)
		return rc;
	return asks_add(&gateway->asks, &request->id, exchange, until_ms);
}

void exchange_ask(struct exchange *exchange, struct wire_request *request)
{
	bool is_stopping = exchange->gateway->is_stopping;
	int rc = exchange_ask_beside(exchange, request);

	if (rc) {
		exchange_refuse(exchange,
		    is_stopping				      ? PROBLEM_STOPPING
		    : rc == ERR_FULL || rc == ERR_UNREACHABLE ? PROBLEM_BUSY
							      : PROBLEM_FAILED);
		return;
	}
	if (exchange->stream.is_begun)
		return;
	exchange->line->until_ms =
	    steady_ms() + exchange->match.route->wait_ms + LINE_ANSWER_MS;
	exchange->is_waiting = true;
	if (!exchange->is_suspended)
		MHD_suspend_connection(exchange->connection);
	exchange->is_suspended = true;
}

void exchange_reply(struct exchange *exchange, const struct id *id,
    const struct wire_reply *reply)
{
	exchange->is_waiting = false;
	exchange->replied = *id;
	exchange->match.route->reply(exchange, reply);
	if (exchange->stream.is_queued) {
		stream_wake(exchange);
		return;
	}
	if (exchange->is_waiting)
		return;
	exchange->is_suspended = false;
	MHD_resume_connection(exchange->connection);
}

/* ---- answering ---- */

/* No script, no frame, nothing from anywhere, and its address to nobody. */
static void add_page_headers(struct MHD_Response *response)
{
	MHD_add_response_header(response, "Content-Security-Policy",
	    "default-src 'none'; style-src 'unsafe-inline'; "
	    "img-src data:; "
	    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
	MHD_add_response_header(response, "Referrer-Policy", "same-origin");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "X-Robots-Tag", "noindex");
	MHD_add_response_header(response, "Vary", "Accept-Language");
}

/* A file is for keeping: no browser is to open it as a part of this site. */
static void add_file_headers(
    struct MHD_Response *response, const struct answer *answer)
{
	MHD_add_response_header(
	    response, "Content-Disposition", answer->disposition);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(
	    response, "Content-Security-Policy", "default-src 'none'; sandbox");
}

static void add_preflight_headers(
    struct MHD_Response *response, const struct answer *answer)
{
	MHD_add_response_header(
	    response, "Access-Control-Allow-Methods", answer->allow);
	MHD_add_response_header(response, "Access-Control-Allow-Headers",
	    "Accept, Accept-Language, Content-Type");
	MHD_add_response_header(response, "Access-Control-Max-Age", "86400");
}

static void add_headers(
    struct MHD_Response *response, const struct answer *answer)
{
	char seconds[16];

	MHD_add_response_header(response, "Content-Type", answer->type);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (answer->location[0])
		MHD_add_response_header(response, "Location", answer->location);
	if (answer->next[0])
		MHD_add_response_header(response, "Link", answer->next);
	if (answer->is_page)
		add_page_headers(response);
	if (answer->disposition[0])
		add_file_headers(response, answer);
	if (answer->is_open)
		MHD_add_response_header(
		    response, "Access-Control-Allow-Origin", "*");
	if (answer->is_preflight)
		add_preflight_headers(response, answer);
	if (answer->allow[0])
		MHD_add_response_header(response, "Allow", answer->allow);
	if (answer->status == 401)
		MHD_add_response_header(
		    response, "WWW-Authenticate", "Whistle-HMAC-SHA256");
	if (answer->retry_after_s > 0) {
		snprintf(seconds, sizeof(seconds), "%u", answer->retry_after_s);
		MHD_add_response_header(response, "Retry-After", seconds);
	}
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
	struct answer *answer = &exchange->answer;
	struct MHD_Response *response;

	if (exchange->stream.is_begun)
		return stream_response(exchange);
	if (answer->is_file) {
		response =
		    MHD_create_response_from_fd(answer->len, answer->file);
		if (response)
			answer->is_file = false; /* it closes the file */
		return response;
	}
	response = MHD_create_response_from_buffer(
	    answer->len, answer->body, MHD_RESPMEM_MUST_FREE);
	if (response)
		answer->body = NULL;
	return response;
}

/* The body goes to libmicrohttpd; its length stays, for the log. */
static enum MHD_Result answer(struct exchange *exchange)
{
	struct MHD_Response *response = make_response(exchange);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	exchange->line->is_answered = true;
	add_headers(response, &exchange->answer);
	if (exchange->is_last || exchange->gateway->is_draining ||
	    line_is_half(exchange->line))
		MHD_add_response_header(response, "Connection", "close");
	result = MHD_queue_response(
	    exchange->connection, exchange->answer.status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- libmicrohttpd's turns ---- */

/* The headers are in. A request that is refused already is answered when
 * its body has passed, unless the body waits for our word or is endless. */
static enum MHD_Result begin(
    struct exchange *exchange, const char *method, const char *version)
{
	exchange->is_begun = true;
	intake_begin(exchange, method, version);
	exchange->line->is_awaited = intake_has_body(exchange);
	if (exchange->answer.status && intake_may_answer_early(exchange))
		return answer(exchange);
	return MHD_YES;
}

enum MHD_Result exchange_on(void *context, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_size, void **own)
{
	struct exchange *exchange = *own;

	(void)context;
	(void)connection;
	(void)url;
	if (!exchange || !exchange->target || !exchange->line)
		return MHD_NO;
	if (!exchange->is_begun)
		return begin(exchange, method, version);
	if (*upload_size > 0) {
		intake_body(exchange, bytes_of(upload, *upload_size));
		*upload_size = 0;
		return MHD_YES;
	}
	exchange->line->is_awaited = false;
	if (!exchange->answer.status)
		intake_end(exchange);
	return exchange->is_waiting ? MHD_YES : answer(exchange);
}

/* What nobody signed anybody can send: said once in a while. */
static bool is_worth_a_line(const struct exchange *exchange, int64_t now_ms)
{
	char subject[128];

	if (strcmp(exchange->client, "-") != 0)
		return true;
	snprintf(subject, sizeof(subject), "http %s %u", exchange->match.path,
	    exchange->answer.status);
	return log_is_due(subject, now_ms, UNSIGNED_LINE_MS);
}

static void log_access(
    const struct exchange *exchange, int64_t now_ms, int64_t took_ms)
{
	if (!is_worth_a_line(exchange, now_ms))
		return;
	log_line(LOG_INFO,
	    "http=%s path=%s status=%u bytes=%zu ms=%" PRId64 " client=%s",
	    exchange->method, exchange->match.path, exchange->answer.status,
	    exchange->answer.len, took_ms, exchange->client);
}

static void note_access(const struct exchange *exchange, int64_t took_ms)
{
	const struct gateway *gateway = exchange->gateway;
	const struct access_line line = {
		.time_ms = clock_now_ms(&gateway->clock),
		.took_ms = took_ms,
		.method = exchange->method,
		.path = exchange->match.path,
		.client = exchange->client,
		.status = exchange->answer.status,
		.bytes = exchange->answer.len,
	};

	if (gateway->access_fd >= 0)
		access_write(gateway->access_fd, &line);
}

void exchange_close(void *context, struct MHD_Connection *connection,
    void **own, enum MHD_RequestTerminationCode how)
{
	struct exchange *exchange = *own;
	struct gateway *gateway = context;
	int64_t now_ms = steady_ms(), took_ms;

	(void)connection;
	(void)how;
	*own = NULL;
	if (!exchange)
		return;
	if (exchange->line && exchange->line->is_cut &&
	    !exchange->line->is_answered)
		exchange->answer.status = problem_status(PROBLEM_TOO_SLOW);
	gateway->under_way--;
	took_ms = now_ms - exchange->started_ms;
	log_access(exchange, now_ms, took_ms);
	note_access(exchange, took_ms);
	traffic_count(&gateway->traffic, exchange->match.path,
	    exchange->answer.status, took_ms);
	if (exchange->line)
		line_rest(exchange->line, now_ms);
	intake_drop_body(exchange);
	asks_forget(&gateway->asks, exchange);
	stream_close(exchange);
	if (exchange->work)
		exchange->end_work(exchange);
	gateway->spools -= exchange->has_spool;
	gateway->imports -= exchange->has_import;
	answer_free(&exchange->answer);
	free(exchange->target);
	free(exchange);
}
