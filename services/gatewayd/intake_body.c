/* The body of a request: is it one that the route takes, is there room for
 * it, and where it goes while it comes. */
#include "gatewayd/intake_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>
#include "base/err.h"

const char *intake_header(const struct exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, name);
}

/* libmicrohttpd has seen to it that a length is a number. */
size_t intake_length(const struct exchange *exchange)
{
	const char *length = intake_header(exchange, "Content-Length");

	return length ? (size_t)strtoull(length, NULL, 10) : 0;
}

bool intake_is_chunked(const struct exchange *exchange)
{
	return intake_header(exchange, "Transfer-Encoding") != NULL;
}

bool intake_is_spooled(const struct exchange *exchange)
{
	enum route_body body = exchange->match.route->body;

	return body == ROUTE_FILE || body == ROUTE_CSV;
}

bool intake_has_body(const struct exchange *exchange)
{
	return intake_is_chunked(exchange) || intake_length(exchange) > 0;
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

/* ---- is there room for it ---- */

static uint64_t most_bytes(const struct exchange *exchange)
{
	switch (exchange->match.route->body) {
	case ROUTE_FILE:
		return FILE_MAX_BYTES;
	case ROUTE_CSV:
		return (uint64_t)exchange->gateway->config.import_max_mib << 20;
	default:
		return BODY_MAX_BYTES;
	}
}

static enum problem_kind too_large(const struct exchange *exchange)
{
	switch (exchange->match.route->body) {
	case ROUTE_FILE:
		return PROBLEM_FILE_TOO_LARGE;
	case ROUTE_CSV:
		return PROBLEM_IMPORT_TOO_LARGE;
	default:
		return PROBLEM_TOO_LARGE;
	}
}

/* Chunks are taken of an import alone: of all else nobody would know what is
 * to come. */
enum problem_kind intake_check_body(const struct exchange *exchange)
{
	const struct route *route = exchange->match.route;
	bool may_be_chunked = route->body == ROUTE_CSV;

	if (intake_is_chunked(exchange)
		? !may_be_chunked
		: route->body && !intake_header(exchange, "Content-Length"))
		return PROBLEM_NO_LENGTH;
	if (intake_length(exchange) > most_bytes(exchange))
		return too_large(exchange);
	return check_type(route->body, intake_header(exchange, "Content-Type"));
}

/* What is left for the node's own store is not an import's to fill. */
static bool disk_has_room(const struct gateway *gateway, uint64_t bytes)
{
	struct statvfs disk;

	return statvfs(gateway->spool_dir, &disk) != 0 ||
	       (uint64_t)disk.f_bavail * disk.f_frsize >=
		   bytes + IMPORT_SPARE_BYTES;
}

static enum problem_kind promise_import(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;

	if (gateway->imports == IMPORTS_MAX)
		return PROBLEM_BUSY;
	if (!disk_has_room(gateway, intake_length(exchange)))
		return PROBLEM_STORE_FULL;
	gateway->imports++;
	exchange->has_import = true;
	return PROBLEM_NONE;
}

/* On disk: what it takes of memory is little, and what it takes of the disk
 * is bounded by how many there are. It may take longer than an order. */
static enum problem_kind promise_spool(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	enum problem_kind kind = PROBLEM_NONE;
	int rc;

	if (gateway->spools == SPOOLS_MAX)
		return PROBLEM_BUSY;
	if (exchange->match.route->body == ROUTE_CSV)
		kind = promise_import(exchange);
	if (kind)
		return kind;
	rc = spool_open(&exchange->spool, gateway->spool_dir);
	if (rc)
		return rc == ERR_FULL ? PROBLEM_STORE_FULL : PROBLEM_FAILED;
	gateway->spools++;
	exchange->has_spool = true;
	exchange->promised = 0;
	exchange->line->until_ms = exchange->started_ms + FILE_WAIT_MS;
	return PROBLEM_NONE;
}

enum problem_kind intake_promise(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	size_t bytes = intake_length(exchange);

	if (intake_is_spooled(exchange))
		return promise_spool(exchange);
	if (bytes > BODIES_MAX_BYTES - gateway->bodies_bytes)
		return PROBLEM_BUSY;
	gateway->bodies_bytes += bytes;
	exchange->promised = bytes;
	return PROBLEM_NONE;
}

/* ---- as it comes ---- */

/* A long file may take its time, but not for ever: so much a second in the
 * long run. */
static void allow_time(struct exchange *exchange)
{
	int64_t until_ms = exchange->started_ms + FILE_WAIT_MS +
			   (int64_t)(spool_length(exchange->spool) * 1000 /
				     IMPORT_SLOWEST_BYTES);

	if (exchange->match.route->body == ROUTE_CSV)
		exchange->line->until_ms = until_ms;
}

/* Of what has a length libmicrohttpd passes on no more than that. */
static enum problem_kind spool_part(
    struct exchange *exchange, struct bytes part)
{
	uint64_t before = spool_length(exchange->spool);
	int rc;

	if (before + part.len > most_bytes(exchange))
		return too_large(exchange);
	if (exchange->has_import &&
	    before / DISK_LOOK_BYTES != (before + part.len) / DISK_LOOK_BYTES &&
	    !disk_has_room(exchange->gateway, 0))
		return PROBLEM_STORE_FULL;
	rc = spool_add(exchange->spool, part);
	if (!rc)
		return PROBLEM_NONE;
	return rc == ERR_FULL ? PROBLEM_STORE_FULL : PROBLEM_FAILED;
}

/* What has failed gives its room back at once; the rest is let pass. */
static void spool_body(struct exchange *exchange, struct bytes part)
{
	enum problem_kind kind = spool_part(exchange, part);

	allow_time(exchange);
	if (!kind)
		return;
	spool_close(&exchange->spool);
	exchange_refuse(exchange, kind);
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

void intake_drop_body(struct exchange *exchange)
{
	buf_free(&exchange->body);
	spool_close(&exchange->spool);
	exchange->gateway->bodies_bytes -= exchange->promised;
	exchange->promised = 0;
}
