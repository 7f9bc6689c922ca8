/* For import*.c only. */
#ifndef WHISTLE_GATEWAYD_IMPORT_INSIDE_H
#define WHISTLE_GATEWAYD_IMPORT_INSIDE_H

#include "base/csv.h"
#include "gatewayd/exchange.h"
#include "gatewayd/import_row.h"

enum { IMPORT_WINDOW = 32 }; /* rows under way */

/* One row, from the file to what is said of it. */
struct import_row {
	long line;
	char number[EXTERNAL_ID_MAX];
	char *order;	  /* until it is answered for good */
	struct id wish;	  /* under way; zero: not asked now */
	int64_t again_ms; /* when to ask */
	char *said;	  /* its line, when there is something to say */
	bool is_known;
};

struct import {
	struct csv *csv;
	struct import_heading heading;
	struct import_row rows[IMPORT_WINDOW]; /* a ring, in the file's order */
	size_t first, count;
	bool only_refused; /* and how far it is, now and then */
	bool is_read;	   /* the file is at its end, or is left there */
	bool is_cut;	   /* … before its end */
	int64_t heard_ms;  /* of a row that was answered for good */
	long told;	   /* rows, since the last progress */
	json_int_t added, existing, refused;
};

/* What became of a row; it is told in its turn. */
void import_say_problem(struct exchange *exchange, struct import_row *row,
    const struct http_problem *problem);
void import_say_taken(struct exchange *exchange, struct import_row *row,
    const struct wire_reply *reply);
/* Into the stream: the rows at the front of which all is known; the end. */
void import_tell_known(struct exchange *exchange);
void import_tell_end(struct exchange *exchange);

#endif
