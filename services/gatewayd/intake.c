#include "gatewayd/intake_inside.h"

#include <sodium.h>
#include <string.h>
#include "gatewayd/handlers.h"
#include "gatewayd/open311.h"
#include "gatewayd/pages.h"

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

/* ---- a body whose hash came before it ---- */

/* A long one is taken only from who has signed it already. */
static bool must_be_foretold(const struct exchange *exchange)
{
	return exchange->match.route->body == ROUTE_CSV &&
	       (intake_is_chunked(exchange) ||
		   intake_length(exchange) > ORDERS_MAX_BYTES);
}

static bool read_hash(uint8_t out[SIGN_SHA256_BYTES], const char *text)
{
	size_t len;

	return strlen(text) == 2 * SIGN_SHA256_BYTES &&
	       sodium_hex2bin(out, SIGN_SHA256_BYTES, text, strlen(text), NULL,
		   &len, NULL) == 0 &&
	       len == SIGN_SHA256_BYTES;
}

static enum problem_kind allow(
    struct exchange *exchange, const struct client_key *client)
{
	strcpy(exchange->client, client->name);
	if (!(client->scopes & exchange->match.route->scope))
		return PROBLEM_NO_SCOPE;
	return keys_allow(&exchange->gateway->keys, client->name, steady_ms())
		   ? PROBLEM_NONE
		   : PROBLEM_TOO_FAST;
}

static void complete_parts(struct exchange *exchange)
{
	struct sign_parts *parts = &exchange->signed_parts;

	parts->method = exchange->method;
	parts->target = exchange->target;
	parts->idempotency_key = intake_header(exchange, "Idempotency-Key");
}

/* The signature is looked at, and used up, before the first byte of the
 * body; at its end only the hash is left to be compared. */
static enum problem_kind check_foretold(
    struct exchange *exchange, const struct client_key *client)
{
	const char *text = intake_header(exchange, "X-Whistle-Content-SHA256");
	enum problem_kind kind;

	if (!text || !intake_is_spooled(exchange))
		return must_be_foretold(exchange) ? PROBLEM_NO_HASH
						  : PROBLEM_NONE;
	if (!read_hash(exchange->foretold, text))
		return PROBLEM_NO_HASH;
	complete_parts(exchange);
	kind = guard_check_hashed(exchange->gateway->nonces, client,
	    &exchange->signed_parts, exchange->foretold, exchange->signature,
	    steady_ms());
	exchange->is_foretold = !kind;
	return kind ? kind : allow(exchange, client);
}

/* The client's name is kept by value: keys may be loaded anew meanwhile. */
static enum problem_kind check_signed(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	struct guard_headers headers = {
		.client = intake_header(exchange, "X-Whistle-Client"),
		.time = intake_header(exchange, "X-Whistle-Time"),
		.nonce = intake_header(exchange, "X-Whistle-Nonce"),
		.signature = intake_header(exchange, "X-Whistle-Signature"),
	};
	const struct client_key *client;
	enum problem_kind kind;

	exchange->signature = headers.signature;
	kind = guard_headers_check(&exchange->signed_parts, &client,
	    &gateway->keys, &headers, clock_now_ms(&gateway->clock) / 1000);
	return kind ? kind : check_foretold(exchange, client);
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
	    intake_header(exchange, "X-Forwarded-For"));
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
	    !intake_header(exchange, "Host"))
		kind = PROBLEM_BAD_REQUEST;
	if (!kind && exchange->match.route->is_signed)
		kind = check_signed(exchange);
	if (!kind)
		kind = intake_check_body(exchange);
	if (!kind)
		kind = intake_promise(exchange);
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
	const char *language = intake_header(exchange, "Accept-Language");
	enum problem_kind kind;

	exchange->method = known_method(method);
	exchange->is_chinese = is_for_residents(exchange->target)
				   ? !problem_is_english(language)
				   : problem_is_chinese(language);
	open311_trim(exchange->target);
	kind = look_at(exchange, method, version);
	if (kind == PROBLEM_WRONG_METHOD && strcmp(method, "OPTIONS") == 0 &&
	    open311_is_target(exchange->target))
		open311_preflight(exchange);
	else if (kind)
		exchange_refuse(exchange, kind);
}

bool intake_may_answer_early(const struct exchange *exchange)
{
	return intake_header(exchange, "Expect") ||
	       intake_is_chunked(exchange) ||
	       intake_length(exchange) > BODY_DROP_MAX_BYTES;
}

static enum problem_kind check_file_signature(
    struct exchange *exchange, const struct client_key *client)
{
	uint8_t sha256[SIGN_SHA256_BYTES];

	spool_hashes(exchange->spool, &exchange->spool_hash, sha256);
	if (exchange->is_foretold)
		return sodium_memcmp(
			   sha256, exchange->foretold, sizeof(sha256)) == 0
			   ? PROBLEM_NONE
			   : PROBLEM_WRONG_SIGNATURE;
	return guard_check_hashed(exchange->gateway->nonces, client,
	    &exchange->signed_parts, sha256, exchange->signature, steady_ms());
}

/* The keys may have changed since the headers came; who is not among them
 * any more has no right signature. */
static enum problem_kind check_signature(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	const struct client_key *client = keys_find(
	    &gateway->keys, intake_header(exchange, "X-Whistle-Client"));
	struct sign_parts *parts = &exchange->signed_parts;
	enum problem_kind kind = PROBLEM_WRONG_SIGNATURE;

	complete_parts(exchange);
	parts->body = bytes_of(exchange->body.data, exchange->body.len);
	if (client && exchange->spool)
		kind = check_file_signature(exchange, client);
	else if (client)
		kind = guard_check(gateway->nonces, client, parts,
		    exchange->signature, steady_ms());
	if (kind || exchange->is_foretold)
		return kind;
	return allow(exchange, client);
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
