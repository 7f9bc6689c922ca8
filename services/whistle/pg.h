/*
 * A conversation with PostgreSQL by libpq: where to and who is libpq's own
 * affair (a connection string, a service, the environment), but for a
 * password, which is refused in what can be seen on a command line.
 *
 * Each returns 0; ERR_UNREACHABLE when the server is away and the same may
 * be tried again; ERR_IO when it said no. `message` has its words then.
 */
#ifndef WHISTLE_CLI_PG_H
#define WHISTLE_CLI_PG_H

#include <stdbool.h>
#include "base/bytes.h"

enum { PG_MESSAGE = 512, PG_NAME_MAX = 63 };

struct pg {
	void *conn; /* libpq's; NULL: not connected */
	char message[PG_MESSAGE];
};

/* Does the connection string make sense, and is there no password in it?
 * ERR_ACCESS: there is one. ERR_INVALID. */
int pg_check(struct pg *pg, const char *where);
/* Makes the schema if it is not there, and works in it. */
int pg_open(struct pg *pg, const char *where, const char *schema);
void pg_close(struct pg *pg);

/* Commands without parameters, several with ';' between. */
int pg_do(struct pg *pg, const char *commands);
/* One command; parameters as text, NULL for none. How many rows it touched
 * in *touched_out, which may be NULL. */
int pg_do_with(long *touched_out, struct pg *pg, const char *command,
    unsigned count, const char *const *params);
/*
 * One row's columns as text into `texts_out`, "" for NULL, each yours to
 * free. ERR_NOT_FOUND: no row.
 */
int pg_row(char **texts_out, unsigned columns, struct pg *pg,
    const char *command, unsigned count, const char *const *params);
/* Rows in COPY's text format (pg_rows.h) into a table. */
int pg_copy(struct pg *pg, const char *table, const struct buf *rows);

#endif
