/*
 * What goes back over HTTP: a status, a body and few headers. Pure.
 */
#ifndef WHISTLE_GATEWAYD_ANSWER_H
#define WHISTLE_GATEWAYD_ANSWER_H

#include <jansson.h>
#include "gatewayd/route.h"
#include "wire/wire.h"

enum { ANSWER_LOCATION_MAX = 512, ANSWER_DISPOSITION_MAX = 64 };

#define TICKETS_PATH "/hotline/v1/tickets"
#define FILES_PATH   "/hotline/v1/attachments"

struct answer {
	unsigned status; /* 0: not answered yet */
	const char *type;
	char *body; /* malloc'd */
	size_t len;
	char location[ANSWER_LOCATION_MAX]; /* "": none */
	char next[ANSWER_LOCATION_MAX];	    /* a Link header; "": none */
	char allow[ROUTE_ALLOW_MAX];	    /* "": none */
	unsigned retry_after_s;		    /* 0: none */
	bool is_open; /* pages of other sites may read it */
	bool is_preflight; /* … and send what `allow` says */
	bool is_page; /* for a browser, which must do nothing else with it */
	bool is_file; /* `file` in place of `body` */
	int file;
	char disposition[ANSWER_DISPOSITION_MAX]; /* "": none */
};

/* Takes `body` (malloc'd text). NULL, for want of memory, becomes a 500
 * without a body. */
void answer_set(
    struct answer *answer, unsigned status, const char *type, char *body);
void answer_problem(
    struct answer *answer, const struct http_problem *problem, bool is_chinese);
/* A reply other than done: what is it over HTTP? */
struct http_problem answer_problem_of(const struct wire_reply *reply);

/* 201 with its Location, or 200 when the number had been taken before. `link`
 * is the path of the resident's page. */
void answer_opened(struct answer *answer, const char *number, const char *link,
    const struct wire_reply *reply);
/* Takes `object`; NULL, for want of memory, becomes a 500. */
void answer_json(struct answer *answer, unsigned status, json_t *object);
/* Location: where the order with that number is told of. */
void answer_locate(struct answer *answer, const char *number);
/* 201: the file is here. */
void answer_filed(struct answer *answer, const struct hash *hash, uint64_t size,
    enum file_type type);
/* 200 with a file, which is the answer's from now on. */
void answer_file(struct answer *answer, const struct hash *hash, uint64_t size,
    enum file_type type, int file);
void answer_free(struct answer *answer);

#endif
