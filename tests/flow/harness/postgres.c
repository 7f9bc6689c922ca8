#include "harness/harness.h"

#include <glob.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "harness/postgres.h"

enum { PATH = 256, COLUMNS_MAX = 64 };

/* Where Debian has its programs, the newest version last; "" for none. */
static const char *folder(void)
{
	static char found[PATH];
	glob_t all;

	if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &all) == 0) {
		snprintf(
		    found, sizeof(found), "%s", all.gl_pathv[all.gl_pathc - 1]);
		*strrchr(found, '/') = '\0';
		globfree(&all);
	}
	return found;
}

const char *postgres_missing(void)
{
	if (!folder()[0])
		return "there is no PostgreSQL server here (Debian's "
		       "postgresql-15)";
	if (geteuid() == 0 && access("/usr/bin/setpriv", X_OK) != 0)
		return "PostgreSQL does not run as root, and there is no "
		       "setpriv";
	return NULL;
}

/* `argv` with the program's whole path, and as nobody if we are root. */
static void command(
    const char *argv_out[ARGUMENTS_MAX], const char *const *argv)
{
	static char path[2 * PATH];
	size_t count = 0;

	if (geteuid() == 0) {
		argv_out[count++] = "/usr/bin/setpriv";
		argv_out[count++] = "--reuid=nobody";
		argv_out[count++] = "--regid=nogroup";
		argv_out[count++] = "--clear-groups";
	}
	snprintf(path, sizeof(path), "%s/%s", folder(), *argv++);
	argv_out[count++] = path;
	while (*argv)
		argv_out[count++] = *argv++;
	argv_out[count] = NULL;
}

static void initdb(const struct postgres *postgres)
{
	char data[PATH];
	const char *argv[ARGUMENTS_MAX];
	const char *const words[] = { "initdb", "-D", data, "-U", "whistle",
		"-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
		NULL };
	struct run run;

	snprintf(data, sizeof(data), "%s/data", postgres->dir);
	command(argv, words);
	run_program(&run, argv, PATIENCE_MS);
	if (run.code != 0)
		fail_msg("initdb: %d %s", run.code, run_text(&run.err));
	run_free(&run);
}

void postgres_open(struct postgres *postgres)
{
	const struct passwd *nobody = getpwnam("nobody");
	const char *tmp = getenv("TMPDIR");

	memset(postgres, 0, sizeof(*postgres));
	snprintf(postgres->dir, sizeof(postgres->dir),
	    "%.40s/whistle-pg-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	assert_non_null(mkdtemp(postgres->dir));
	if (geteuid() == 0)
		assert_int_equal(
		    chown(postgres->dir, nobody->pw_uid, (gid_t)-1), 0);
	snprintf(postgres->where, sizeof(postgres->where),
	    "host=%s user=whistle dbname=postgres", postgres->dir);
	initdb(postgres);
	postgres_start(postgres);
}

static bool answers(void *context)
{
	const struct postgres *postgres = context;

	return PQping(postgres->where) == PQPING_OK;
}

/* What is killed here is the server and not the machine: it need not sync.
 * One that was killed may have children still, who go when they notice; the
 * next does not start before. */
static bool comes_up(struct postgres *postgres)
{
	char data[PATH], log[PATH];
	const char *argv[ARGUMENTS_MAX];
	const char *const words[] = { "postgres", "-D", data, "-k",
		postgres->dir, "-c", "listen_addresses=", "-c",
		"shared_buffers=16MB", "-c", "fsync=off", NULL };
	int status;

	snprintf(data, sizeof(data), "%s/data", postgres->dir);
	snprintf(log, sizeof(log), "%s.log", postgres->dir);
	command(argv, words);
	postgres->pid = process_start(argv, log);
	while (!answers(postgres)) {
		if (!process_lives(&status, postgres->pid)) {
			postgres->pid = 0;
			return false;
		}
		breathe();
	}
	return true;
}

void postgres_start(struct postgres *postgres)
{
	int64_t until_ms = now_ms() + PATIENCE_MS;

	while (!comes_up(postgres)) {
		if (now_ms() > until_ms)
			fail_msg(
			    "PostgreSQL does not start: %s.log", postgres->dir);
		breathe();
	}
}

void postgres_kill(struct postgres *postgres)
{
	assert_true(process_kill(postgres->pid));
	postgres->pid = 0;
}

void postgres_close(struct postgres *postgres)
{
	char log[PATH];

	if (postgres->pid)
		postgres_kill(postgres);
	snprintf(log, sizeof(log), "%s.log", postgres->dir);
	unlink(log);
	folder_remove(postgres->dir);
	memset(postgres, 0, sizeof(*postgres));
}

/* ---- questions ---- */

static PGresult *run_query(
    PGconn **conn_out, const struct postgres *postgres, const char *query)
{
	PGconn *conn = PQconnectdb(postgres->where);

	PQclear(PQexec(conn, "SET search_path TO whistle; SET "
			     "client_min_messages TO warning"));
	PGresult *result = PQexec(conn, query);
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		fail_msg("%s: %s", query, PQerrorMessage(conn));
	*conn_out = conn;
	return result;
}

const char *postgres_text(const struct postgres *postgres, const char *query)
{
	static char text[4096];
	PGconn *conn;
	PGresult *result = run_query(&conn, postgres, query);

	assert_true(PQntuples(result) > 0);
	snprintf(text, sizeof(text), "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	PQfinish(conn);
	return text;
}

int64_t postgres_number(const struct postgres *postgres, const char *query)
{
	return strtoll(postgres_text(postgres, query), NULL, 10);
}

void postgres_do(const struct postgres *postgres, const char *commands)
{
	PGconn *conn;

	PQclear(run_query(&conn, postgres, commands));
	PQfinish(conn);
}

void postgres_each(const struct postgres *postgres, const char *query,
    void (*visit)(void *context, char **columns), void *context)
{
	char *columns[COLUMNS_MAX];
	PGconn *conn;
	PGresult *result = run_query(&conn, postgres, query);

	assert_true(PQnfields(result) <= COLUMNS_MAX);
	for (int row = 0; row < PQntuples(result); row++) {
		for (int i = 0; i < PQnfields(result); i++)
			columns[i] = PQgetvalue(result, row, i);
		visit(context, columns);
	}
	PQclear(result);
	PQfinish(conn);
}
