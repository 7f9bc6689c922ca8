/*
 * One HTTP request from its first line to the end of its answer, between
 * libmicrohttpd's callbacks. A handler answers it, or asks the engine; then
 * the connection is suspended, costs nothing, and goes on with the reply.
 */
#ifndef WHISTLE_GATEWAYD_EXCHANGE_H
#define WHISTLE_GATEWAYD_EXCHANGE_H

#include "gatewayd/answer.h"
#include "gatewayd/gateway.h"
#include "gatewayd/spool.h"
#include "gatewayd/stream.h"

struct exchange {
	struct gateway *gateway;
	struct MHD_Connection *connection;
	struct line *line;
	char *target; /* path and query, as sent */
	const char *method;
	int64_t started_ms;
	bool is_begun;	 /* its headers were looked at */
	bool is_waiting; /* for the engine */
	bool is_suspended;
	bool is_chinese;
	bool is_last;	  /* on its connection */
	bool asked_by_id; /* ask_ticket.h's */
	struct route_match match;
	char client[NAME_MAX_BYTES]; /* once its signature is right; else "-" */
	struct sign_parts signed_parts;
	const char *signature;
	struct buf body;
	size_t promised; /* of gateway->bodies_bytes */
	/* ROUTE_FILE, ROUTE_CSV: in place of `body`, until a handler takes it.
	 */
	struct spool *spool;
	struct hash spool_hash;
	bool has_spool;	 /* one of gateway->spools is ours */
	bool has_import; /* … and one of its imports */
	/* Its signature is right if this is the body's hash. */
	bool is_foretold;
	uint8_t foretold[SIGN_SHA256_BYTES];
	struct answer answer;
	struct stream stream;
	struct id replied; /* in a stream: what the reply answers */
	/* A handler's own, for more than one question; NULL: none. */
	void *work;
	void (*end_work)(struct exchange *exchange);
};

/* For a handler: one of these three, or a stream. Refusing breaks a stream
 * that has begun. */
void exchange_refuse(struct exchange *exchange, enum problem_kind kind);
void exchange_problem(
    struct exchange *exchange, const struct http_problem *problem);
/* Sends the request, under an id of its own unless it has one, and suspends
 * the connection; answers itself when that cannot be. A reply's handler may
 * ask again. In a stream nothing is suspended, and many can be asked. */
void exchange_ask(struct exchange *exchange, struct wire_request *request);
/* The same for a stream, where what could not be asked is no refusal:
 * ERR_FULL, ERR_UNREACHABLE, or what packing says. */
int exchange_ask_beside(
    struct exchange *exchange, struct wire_request *request);

/* The engine's reply to that request, or NULL: makes the answer and
 * resumes. */
void exchange_reply(struct exchange *exchange, const struct id *id,
    const struct wire_reply *reply);

/* libmicrohttpd's callbacks; the context is the gateway. */
void *exchange_open(
    void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result exchange_on(void *context, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_size, void **own);
void exchange_close(void *context, struct MHD_Connection *connection,
    void **own, enum MHD_RequestTerminationCode how);

#endif
