#include "gatewayd/intake.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/err.h"
#include "gatewayd/handlers.h"
#include "gatewayd/open311.h"
#include "gatewayd/pages.h"

static const char *header(const struct exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, name);
}

/* A method of ours to say in the log, which never says a stranger's words. */
static const char *known_method(const char *method)
{
	static const char *const known[] = { "GET", "HEAD", "POST", "PUT",
		"PATCH", "DELETE", "OPTIONS" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i], method) == 0)
			return known[i];
	return "other";
}

/* libmicrohttpd has seen to it that a length is a number. */
static size_t declared_bytes(const struct exchange *exchange)
{
	const char *length = header(exchange, "Content-Length");

	return length ? (size_t)strtoull(length, NULL, 10) : 0;
}

static bool is_of_type(const char *type, const char *wanted)
{
	size_t len = strlen(wanted);

	return type && strncasecmp(type, wanted, len) == 0 &&
	       strchr("; \t", type[len]) != NULL;
}

static enum problem_kind check_type(enum route_body body, const char *type)
{
	switch (body) {
	case ROUTE_JSON:
		return is_of_type(type, "application/json") ? PROBLEM_NONE
							    : PROBLEM_NOT_JSON;
	case ROUTE_FORM:
		return is_of_type(type, "application/x-www-form-urlencoded")
			   ? PROBLEM_NONE
			   : PROBLEM_NOT_FORM;
	case ROUTE_CSV:
		return is_of_type(type, "text/csv") ? PROBLEM_NONE
						    : PROBLEM_NOT_CSV;
	case ROUTE_NO_BODY:
	case ROUTE_FILE: /* whatever it is called, its content says */
		break;
	}
	return PROBLEM_NONE;
}

/* The client's name is kept by value: keys may be loaded anew meanwhile. */
static enum problem_kind check_signed(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	struct guard_headers headers = {
		.client = header(exchange, "X-Whistle-Client"),
		.time = header(exchange, "X-Whistle-Time"),
		.nonce = header(exchange, "X-Whistle-Nonce"),
		.signature = header(exchange, "X-Whistle-Signature"),
	};
	const struct client_key *client;

	exchange->signature = headers.signature;
	return guard_headers_check(&exchange->signed_parts, &client,
	    &gateway->keys, &headers, clock_now_ms(&gateway->clock) / 1000);
}

/* Chunks are not taken: without a length nobody knows what is to come. */
static enum problem_kind check_body(const struct exchange *exchange)
{
	const struct route *route = exchange->match.route;

	if (header(exchange, "Transfer-Encoding") ||
	    (route->body && !header(exchange, "Content-Length")))
		return PROBLEM_NO_LENGTH;
	if (route->body == ROUTE_FILE &&
	    declared_bytes(exchange) > FILE_MAX_BYTES)
		return PROBLEM_FILE_TOO_LARGE;
	if (route->body != ROUTE_FILE &&
	    declared_bytes(exchange) >
		(route->body == ROUTE_CSV ? ORDERS_MAX_BYTES : BODY_MAX_BYTES))
		return PROBLEM_TOO_LARGE;
	return check_type(route->body, header(exchange, "Content-Type"));
}

/* On disk: what it takes of memory is little, and what it takes of the disk
 * is bounded by how many there are. It may take longer than an order. */
static enum problem_kind promise_spool(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	int rc;

	if (gateway->spools == SPOOLS_MAX)
		return PROBLEM_BUSY;
	rc = spool_open(&exchange->spool, gateway->spool_dir);
	if (rc)
		return rc == ERR_FULL ? PROBLEM_STORE_FULL : PROBLEM_FAILED;
	gateway->spools++;
	exchange->has_spool = true;
	exchange->promised = 0;
	exchange->line->until_ms = exchange->started_ms + FILE_WAIT_MS;
	return PROBLEM_NONE;
}

static enum problem_kind promise_room(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	size_t bytes = declared_bytes(exchange);

	if (exchange->match.route->body == ROUTE_FILE)
		return promise_spool(exchange);
	if (bytes > BODIES_MAX_BYTES - gateway->bodies_bytes)
		return PROBLEM_BUSY;
	gateway->bodies_bytes += bytes;
	exchange->promised = bytes;
	return PROBLEM_NONE;
}

/* Who watches must see that we are about to end. */
static bool is_watching(const struct exchange *exchange)
{
	return exchange->match.route &&
	       exchange->match.route->handle == watch_ask;
}

/* Is there room for it, whatever it is? A proxy's connection is for whoever
 * it says; what one client may have at once is the same either way. */
static enum problem_kind admit(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	struct line *line = exchange->line;

	if (gateway->is_draining && !is_watching(exchange)) {
		exchange->is_last = true;
		return PROBLEM_STOPPING;
	}
	if (line->is_spare) {
		exchange->is_last = true;
		return PROBLEM_BUSY;
	}
	if (!line->is_proxied)
		return PROBLEM_NONE;
	line->client = proxies_client(&gateway->config.proxies, &line->peer,
	    header(exchange, "X-Forwarded-For"));
	return lines_busy(&gateway->lines, &line->client) > LINES_ADDRESS_MAX
		   ? PROBLEM_BUSY
		   : PROBLEM_NONE;
}

static enum problem_kind look_at(
    struct exchange *exchange, const char *method, const char *version)
{
	enum problem_kind found = route_find(&exchange->match, route_table,
	    route_count, method, exchange->target);
	enum problem_kind kind = admit(exchange);

	if (!kind)
		kind = found;
	if (!kind && strcmp(version, "HTTP/1.1") == 0 &&
	    !header(exchange, "Host"))
		kind = PROBLEM_BAD_REQUEST;
	if (!kind && exchange->match.route->is_signed)
		kind = check_signed(exchange);
	if (!kind)
		kind = check_body(exchange);
	if (!kind)
		kind = promise_room(exchange);
	return kind;
}

/* Programs are spoken to in English unless they ask for Chinese; residents,
 * and programs for them, the other way round. */
static bool is_for_residents(const char *target)
{
	return open311_is_target(target) || pages_is_target(target);
}

void intake_begin(
    struct exchange *exchange, const char *method, const char *version)
{
	const char *language = header(exchange, "Accept-Language");
	enum problem_kind kind;

	exchange->method = known_method(method);
	exchange->is_chinese = is_for_residents(exchange->target)
				   ? !problem_is_english(language)
				   : problem_is_chinese(language);
	kind = look_at(exchange, method, version);
	if (kind)
		exchange_refuse(exchange, kind);
}

bool intake_may_answer_early(const struct exchange *exchange)
{
	return header(exchange, "Expect") ||
	       header(exchange, "Transfer-Encoding") ||
	       declared_bytes(exchange) > BODY_DROP_MAX_BYTES;
}

/* libmicrohttpd passes on no more than the length that was declared. */
static void spool_body(struct exchange *exchange, struct bytes part)
{
	int rc = spool_add(exchange->spool, part);

	if (rc)
		exchange_refuse(exchange,
		    rc == ERR_FULL ? PROBLEM_STORE_FULL : PROBLEM_FAILED);
}

void intake_body(struct exchange *exchange, struct bytes part)
{
	if (exchange->answer.status)
		return;
	if (exchange->spool) {
		spool_body(exchange, part);
		return;
	}
	if (part.len > exchange->promised - exchange->body.len)
		exchange_refuse(exchange, PROBLEM_TOO_LARGE);
	else if (buf_add(&exchange->body, part.data, part.len))
		exchange_refuse(exchange, PROBLEM_BUSY);
}

static enum problem_kind check_file_signature(
    struct exchange *exchange, const struct client_key *client)
{
	uint8_t sha256[SIGN_SHA256_BYTES];

	spool_hashes(exchange->spool, &exchange->spool_hash, sha256);
	return guard_check_hashed(exchange->gateway->nonces, client,
	    &exchange->signed_parts, sha256, exchange->signature, steady_ms());
}

/* The keys may have changed since the headers came; who is not among them
 * any more has no right signature. */
static enum problem_kind check_signature(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	const struct client_key *client =
	    keys_find(&gateway->keys, header(exchange, "X-Whistle-Client"));
	struct sign_parts *parts = &exchange->signed_parts;
	enum problem_kind kind = PROBLEM_WRONG_SIGNATURE;

	parts->method = exchange->method;
	parts->target = exchange->target;
	parts->idempotency_key = header(exchange, "Idempotency-Key");
	parts->body = bytes_of(exchange->body.data, exchange->body.len);
	if (client && exchange->spool)
		kind = check_file_signature(exchange, client);
	else if (client)
		kind = guard_check(gateway->nonces, client, parts,
		    exchange->signature, steady_ms());
	if (kind)
		return kind;
	strcpy(exchange->client, client->name);
	if (!(client->scopes & exchange->match.route->scope))
		return PROBLEM_NO_SCOPE;
	return keys_allow(&gateway->keys, client->name, steady_ms())
		   ? PROBLEM_NONE
		   : PROBLEM_TOO_FAST;
}

void intake_end(struct exchange *exchange)
{
	enum problem_kind kind = PROBLEM_NONE;

	if (exchange->match.route->is_signed)
		kind = check_signature(exchange);
	if (kind)
		exchange_refuse(exchange, kind);
	else
		exchange->match.route->handle(exchange);
	intake_drop_body(exchange);
}

void intake_drop_body(struct exchange *exchange)
{
	buf_free(&exchange->body);
	spool_close(&exchange->spool);
	exchange->gateway->bodies_bytes -= exchange->promised;
	exchange->promised = 0;
}
