/*
 * A long file over HTTP, signed, as a hotline's system sends it: read twice,
 * once for its hash and once for the line, and never held whole. And a long
 * answer, of which only the length and the ends are kept.
 */
#ifndef WHISTLE_FLOW_UPLOAD_H
#define WHISTLE_FLOW_UPLOAD_H

#include <jansson.h>
#include "client/sign.h"
#include "harness/city.h"

enum { UPLOAD_TAIL = 512 };

struct upload {
	const char *path;      /* of the file; NULL: a GET */
	const char *target;    /* path and query */
	bool is_chunked;       /* else with its length */
	bool is_unannounced;   /* without its hash */
	bool is_other;	       /* another hash than its own is signed */
	bool is_once;	       /* also when the gateway is busy */
	size_t cut_body_after; /* hang up then; 0: never */
	size_t cut_answer_after;
	/* Now and then, while the answer comes. */
	void (*look)(void *context);
	void *context;
};

struct uploaded {
	long status;   /* below 200: none */
	bool is_whole; /* the answer came to its end */
	uint64_t bytes, lines;
	char tail[UPLOAD_TAIL + 1]; /* the last of it */
	char head[UPLOAD_TAIL + 1]; /* the first */
};

void upload(struct uploaded *uploaded_out, const struct city *city,
    const struct upload *what);
/* The number behind `"NAME":` in its last line; fails the test when there is
 * none. */
long upload_number(const struct uploaded *uploaded, const char *name);

#endif
