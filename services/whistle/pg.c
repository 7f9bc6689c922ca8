#include "pg.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

/* Its own words on one line. */
static void keep_message(struct pg *pg, const char *text)
{
	size_t len = 0;
	while (*text && len + 1 < sizeof(pg->message)) {
		pg->message[len++] =
		    *text == '\n' || *text == '\t' ? ' ' : *text;
		text++;
	}
	len = text_cut(pg->message, len);
	while (len > 0 && pg->message[len - 1] == ' ')
		len--;
	pg->message[len] = '\0';
}

/* Away, going away, or out of something that comes back. */
static bool is_passing(const struct pg *pg, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	static const char *const classes[] = { "08", "53", "57P", "40" };
	if (PQstatus(pg->conn) != CONNECTION_OK || !state)
		return true;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(state, classes[i], strlen(classes[i])) == 0)
			return true;
	return false;
}

/* Takes the result. */
static int judge(struct pg *pg, PGresult *result, ExecStatusType wanted)
{
	ExecStatusType status = PQresultStatus(result);
	int err = 0;
	if (status != wanted &&
	    !(wanted == PGRES_COMMAND_OK && status == PGRES_TUPLES_OK)) {
		keep_message(pg, PQerrorMessage(pg->conn));
		err = is_passing(pg, result) ? ERR_UNREACHABLE : ERR_IO;
	}
	PQclear(result);
	return err;
}

/* Else it is the name of a database. */
static bool is_string(const char *where)
{
	return strchr(where, '=') || strncmp(where, "postgres://", 11) == 0 ||
	       strncmp(where, "postgresql://", 13) == 0;
}

int pg_check(struct pg *pg, const char *where)
{
	char *message = NULL;
	if (!is_string(where))
		return 0;
	PQconninfoOption *options = PQconninfoParse(where, &message);
	int err = 0;
	if (!options) {
		keep_message(pg, message ? message : "");
		PQfreemem(message);
		return ERR_INVALID;
	}
	for (const PQconninfoOption *at = options; at->keyword; at++)
		if (at->val && strcmp(at->keyword, "password") == 0)
			err = ERR_ACCESS;
	PQconninfoFree(options);
	return err;
}

static void hear_nothing(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

static int use_schema(struct pg *pg, const char *schema)
{
	char command[256];
	char *name = PQescapeIdentifier(pg->conn, schema, strlen(schema));
	if (!name) {
		keep_message(pg, PQerrorMessage(pg->conn));
		return ERR_IO;
	}
	/* asked first: who may not create schemas may still use one */
	const char *const params[] = { schema };
	char *found = NULL;
	int err = pg_row(&found, 1, pg,
	    "SELECT 1 FROM pg_namespace WHERE nspname = $1", 1, params);
	free(found);
	if (err == ERR_NOT_FOUND) {
		snprintf(command, sizeof(command),
		    "CREATE SCHEMA IF NOT EXISTS %.160s", name);
		err = pg_do(pg, command);
	}
	snprintf(command, sizeof(command),
	    "SET search_path TO %.160s, pg_temp; SET timezone TO 'UTC'; SET "
	    "client_encoding TO 'UTF8'",
	    name);
	PQfreemem(name);
	return err ? err : pg_do(pg, command);
}

int pg_open(struct pg *pg, const char *where, const char *schema)
{
	const char *const keys[] = { "dbname", "fallback_application_name",
		NULL };
	const char *const values[] = { where, "whistle export", NULL };
	pg_close(pg);
	/* a connection string where a name is expected is taken apart */
	pg->conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(pg->conn) != CONNECTION_OK) {
		keep_message(pg, PQerrorMessage(pg->conn));
		pg_close(pg);
		return ERR_UNREACHABLE;
	}
	PQsetNoticeReceiver(pg->conn, hear_nothing, NULL);
	int err = use_schema(pg, schema);
	if (err < 0)
		pg_close(pg);
	return err;
}

void pg_close(struct pg *pg)
{
	PQfinish(pg->conn);
	pg->conn = NULL;
}

int pg_do(struct pg *pg, const char *commands)
{
	return judge(pg, PQexec(pg->conn, commands), PGRES_COMMAND_OK);
}

int pg_do_with(long *touched_out, struct pg *pg, const char *command,
    unsigned count, const char *const *params)
{
	PGresult *result = PQexecParams(
	    pg->conn, command, (int)count, NULL, params, NULL, NULL, 0);
	if (touched_out)
		*touched_out = strtol(PQcmdTuples(result), NULL, 10);
	return judge(pg, result, PGRES_COMMAND_OK);
}

static int take_row(char **texts_out, unsigned columns, const PGresult *result)
{
	for (unsigned i = 0; i < columns; i++)
		texts_out[i] = NULL;
	if (PQntuples(result) < 1)
		return ERR_NOT_FOUND;
	for (unsigned i = 0; i < columns; i++) {
		texts_out[i] = strdup(PQgetvalue(result, 0, (int)i));
		if (texts_out[i])
			continue;
		while (i-- > 0)
			free(texts_out[i]);
		return ERR_NOMEM;
	}
	return 0;
}

int pg_row(char **texts_out, unsigned columns, struct pg *pg,
    const char *command, unsigned count, const char *const *params)
{
	PGresult *result = PQexecParams(
	    pg->conn, command, (int)count, NULL, params, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		return judge(pg, result, PGRES_TUPLES_OK);
	int err = take_row(texts_out, columns, result);
	PQclear(result);
	return err;
}

/* The end of a COPY: its result, and that there is nothing behind it. */
static int copied(struct pg *pg)
{
	int err = judge(pg, PQgetResult(pg->conn), PGRES_COMMAND_OK);
	PGresult *rest;
	while ((rest = PQgetResult(pg->conn)) != NULL)
		PQclear(rest);
	return err;
}

int pg_copy(struct pg *pg, const char *table, const struct buf *rows)
{
	enum { PIECE = 1 << 20 };
	char command[128];
	if (rows->len == 0)
		return 0;
	snprintf(command, sizeof(command), "COPY %.64s FROM STDIN", table);
	int err = judge(pg, PQexec(pg->conn, command), PGRES_COPY_IN);
	if (err)
		return err;
	bool is_sent = true;
	for (size_t at = 0; is_sent && at < rows->len; at += PIECE) {
		size_t len = rows->len - at < PIECE ? rows->len - at : PIECE;
		is_sent = PQputCopyData(pg->conn, (const char *)rows->data + at,
			      (int)len) == 1;
	}
	if (!is_sent || PQputCopyEnd(pg->conn, NULL) != 1) {
		keep_message(pg, PQerrorMessage(pg->conn));
		return ERR_UNREACHABLE;
	}
	return copied(pg);
}
