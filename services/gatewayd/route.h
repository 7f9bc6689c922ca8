/*
 * What is where: one row a method and path. Pure but for the handlers'
 * addresses. A path template has at most one part in braces, which stands
 * for one segment, percent-decoded.
 */
#ifndef WHISTLE_GATEWAYD_ROUTE_H
#define WHISTLE_GATEWAYD_ROUTE_H

#include "base/limits.h"
#include "gatewayd/problem.h"

struct exchange;
struct wire_reply;

/* What kind of body comes with it. */
enum route_body {
	ROUTE_NO_BODY,
	ROUTE_JSON,
	ROUTE_FORM,
	ROUTE_FILE,
	ROUTE_CSV,
};

struct route {
	const char *method;
	const char *path;
	bool is_signed;
	unsigned scope; /* of a signed one: an enum scope */
	enum route_body body;
	int wait_ms; /* for the engine */
	/* Answers, or asks the engine. */
	void (*handle)(struct exchange *exchange);
	/* The engine's reply; NULL when there was none in time. Answers. */
	void (*reply)(
	    struct exchange *exchange, const struct wire_reply *reply);
};

enum { ROUTE_ALLOW_MAX = 32 };

/* What a target is. */
struct route_match {
	const struct route *route;   /* NULL: refused */
	const char *path;	     /* the template, or "-" */
	char value[EXTERNAL_ID_MAX]; /* of the part in braces */
	char allow[ROUTE_ALLOW_MAX]; /* for PROBLEM_WRONG_METHOD */
};

/* PROBLEM_NONE, PROBLEM_NO_SUCH_PATH or PROBLEM_WRONG_METHOD. `target` is
 * what the request line says, with any query. HEAD goes where GET goes. */
enum problem_kind route_find(struct route_match *match_out,
    const struct route *routes, size_t count, const char *method,
    const char *target);

/* The gateway's own rows. */
extern const struct route route_table[];
extern const size_t route_count;

/* Appends `text` as one path segment; ERR_TOO_LARGE when `size` is used up,
 * which leaves `out` as it was. */
int route_encode(char *out, size_t size, const char *text);
/* 0 to 15, or -1. */
int route_hex_digit(char c);

#endif
