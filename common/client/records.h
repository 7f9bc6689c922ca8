/*
 * Tickets as a CSV file: a heading, and a record each, that an import takes
 * back. Who called is not in it. What stands in `kind` and `created` are the
 * lines that an import has put before the content. Pure.
 */
#ifndef WHISTLE_CLIENT_RECORDS_H
#define WHISTLE_CLIENT_RECORDS_H

#include "wire/wire.h"

struct records_style {
	bool mark;    /* begin with a byte order mark, for spreadsheets */
	bool gb18030; /* else UTF-8 */
	bool defuse;  /* a field that a spreadsheet would reckon with begins
			 with an apostrophe */
};

struct records;

/* ERR_NOT_FOUND: this system cannot convert to GB18030. ERR_NOMEM. */
int records_open(
    struct records **records_out, const struct records_style *style);
void records_close(struct records **records);

/* Appended to `out`, as bytes of the file. ERR_NOMEM. */
int records_heading(struct buf *out, struct records *records);
/* One ticket with its whole log; `arena` is used up. ERR_INVALID: an event
 * that cannot be read. */
int records_ticket(struct buf *out, struct records *records,
    const struct wire_reply *shown, struct arena *arena);

/* The first id that a ticket opened at that time could have: where a list
 * that goes back from it begins. */
void records_id_at(struct id *id_out, int64_t time_ms);

#endif
