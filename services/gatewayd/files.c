/*
 * Attachments over HTTP: a file is taken in whole, then sent to the engine
 * piece by piece, and the other way round. Neither holds more than a piece
 * in memory, and neither waits.
 */
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/handlers.h"

enum {
	NOT_HERE_S = 5, /* then ask again */
	PIECES_MAX = 4 * FILE_MAX_BYTES / FILE_CHUNK_BYTES,
};

/* One file on its way, either way. */
struct filing {
	struct spool *spool;
	struct hash hash;
	unsigned pieces;
};

static void end_filing(struct exchange *exchange)
{
	struct filing *filing = exchange->work;

	spool_close(&filing->spool);
	free(filing);
	exchange->work = NULL;
}

static struct filing *begin_filing(struct exchange *exchange)
{
	struct filing *filing = calloc(1, sizeof(*filing));

	exchange->work = filing;
	exchange->end_work = end_filing;
	return filing;
}

static void fail(struct exchange *exchange, int rc)
{
	exchange_refuse(exchange, rc == ERR_FULL    ? PROBLEM_STORE_FULL
				  : rc == ERR_NOMEM ? PROBLEM_BUSY
						    : PROBLEM_FAILED);
}

/* True when the reply is what was asked for; else it has been answered. */
static bool is_done(struct exchange *exchange, const struct wire_reply *reply,
    enum ask_kind kind)
{
	struct filing *filing = exchange->work;
	struct http_problem problem;

	if (!reply) {
		exchange_refuse(exchange, exchange->gateway->is_stopping
					      ? PROBLEM_STOPPING
					      : PROBLEM_NO_ANSWER);
		return false;
	}
	if (reply->result == RESULT_DONE && reply->has_body &&
	    reply->kind == kind && ++filing->pieces < PIECES_MAX)
		return true;
	problem = answer_problem_of(reply);
	if (problem.kind == PROBLEM_NO_SUCH_TICKET)
		problem = problem_of(PROBLEM_NO_SUCH_FILE);
	exchange_problem(exchange, &problem);
	return false;
}

/* ---- taking one in ---- */

static void put_piece(struct exchange *exchange, uint64_t offset)
{
	struct gateway *gateway = exchange->gateway;
	struct filing *filing = exchange->work;
	struct wire_request request = { .kind = ASK_PUT };
	uint8_t *piece;
	size_t len = 0;
	int rc;

	arena_reset(gateway->arena);
	piece = arena_alloc(gateway->arena, FILE_CHUNK_BYTES);
	rc = piece ? spool_read(
			 &len, filing->spool, offset, piece, FILE_CHUNK_BYTES)
		   : ERR_NOMEM;
	if (rc) {
		fail(exchange, rc);
		return;
	}
	request.put.hash = filing->hash;
	request.put.size = spool_length(filing->spool);
	request.put.offset = offset;
	request.put.data = bytes_of(piece, len);
	exchange_ask(exchange, &request);
}

/* The signature has been found right: the body is its signer's. */
void files_post(struct exchange *exchange)
{
	struct filing *filing = begin_filing(exchange);

	if (!filing) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	filing->spool = exchange->spool;
	filing->hash = exchange->spool_hash;
	exchange->spool = NULL;
	put_piece(exchange, 0);
}

void files_posted(struct exchange *exchange, const struct wire_reply *reply)
{
	struct filing *filing = exchange->work;

	if (!is_done(exchange, reply, ASK_PUT))
		return;
	if (!reply->put.is_whole)
		put_piece(exchange, reply->put.have);
	else
		answer_filed(&exchange->answer, &filing->hash,
		    spool_length(filing->spool), reply->put.type);
}

/* ---- giving one out ---- */

static bool read_hash(struct hash *hash_out, const char *text)
{
	size_t len;

	return strlen(text) == HASH_TEXT - 1 &&
	       !sodium_hex2bin(hash_out->b, HASH_BYTES, text, HASH_TEXT - 1,
		   NULL, &len, NULL) &&
	       len == HASH_BYTES;
}

static void get_piece(struct exchange *exchange)
{
	struct filing *filing = exchange->work;
	struct wire_request request = { .kind = ASK_GET };

	request.get.hash = filing->hash;
	request.get.offset = spool_length(filing->spool);
	exchange_ask(exchange, &request);
}

/* One of so many, until the last byte of the answer has gone. */
static int open_spool(struct spool **spool_out, struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	int rc = spool_open(spool_out, gateway->spool_dir);

	if (rc)
		return rc;
	gateway->spools++;
	exchange->has_spool = true;
	return 0;
}

void files_get(struct exchange *exchange)
{
	struct filing *filing;
	struct hash hash;
	int rc;

	if (!read_hash(&hash, exchange->match.value)) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_FILE);
		return;
	}
	if (exchange->gateway->spools == SPOOLS_MAX) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	filing = begin_filing(exchange);
	rc = filing ? open_spool(&filing->spool, exchange) : ERR_NOMEM;
	if (rc) {
		fail(exchange, rc);
		return;
	}
	filing->hash = hash;
	get_piece(exchange);
}

static void say_not_here(struct exchange *exchange)
{
	struct http_problem problem = problem_of(PROBLEM_NOT_HERE);

	problem.retry_after_s = NOT_HERE_S;
	exchange_problem(exchange, &problem);
}

/* The engine has checked each piece as it read it; the whole is checked. */
static void deliver(struct exchange *exchange, enum file_type type)
{
	struct filing *filing = exchange->work;
	uint8_t sha256[SPOOL_SHA256_BYTES];
	struct hash hash;

	spool_hashes(filing->spool, &hash, sha256);
	if (!hash_equal(&hash, &filing->hash)) {
		say_not_here(exchange);
		return;
	}
	answer_file(&exchange->answer, &hash, spool_length(filing->spool), type,
	    spool_take(filing->spool));
	exchange->line->until_ms = steady_ms() + FILE_WAIT_MS;
}

void files_got(struct exchange *exchange, const struct wire_reply *reply)
{
	struct filing *filing = exchange->work;
	int rc;

	if (!is_done(exchange, reply, ASK_GET))
		return;
	if (!reply->get.size || !reply->get.data.len) {
		say_not_here(exchange);
		return;
	}
	rc = spool_add(filing->spool, reply->get.data);
	if (rc)
		fail(exchange, rc);
	else if (spool_length(filing->spool) < reply->get.size)
		get_piece(exchange);
	else
		deliver(exchange, reply->get.type);
}
