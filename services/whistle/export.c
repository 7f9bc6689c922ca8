/*
 * whistle export: what a node knows, as tables in PostgreSQL; all that there
 * is, or on and on. Nothing is asked of the node before what it said last is
 * committed, so that a slow PostgreSQL slows the export and nothing else.
 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "commands.h"
#include "export_step.h"
#include "json.h"
#include "lang.h"
#include "pg_schema.h"
#include "say.h"
#include "session.h"

enum { AGAIN_S = 2, SCORES_S = 300, DAY_S = 86400 };

static struct {
	bool follow;
	bool texts;
	const char *schema;
	int64_t every_s, scores_s;
} asked = { .schema = "whistle", .every_s = 1, .scores_s = SCORES_S };

static const struct option_row export_rows[] = {
	{ "follow", OPTION_FLAG, &asked.follow, 0, 0, "",
	    N_("go on with what happens, until Ctrl-C; wait for a node or a "
	       "PostgreSQL that is away") },
	{ "every", OPTION_NUMBER, &asked.every_s, 1, DAY_S, "SECONDS",
	    N_("--follow: look for what is new so often") },
	{ "scores", OPTION_NUMBER, &asked.scores_s, 1, DAY_S, "SECONDS",
	    N_("--follow: read the scores again so often") },
	{ "schema", OPTION_TEXT, &asked.schema, 0, 0, "NAME",
	    N_("the schema that the tables are in (whistle)") },
	{ "texts", OPTION_FLAG, &asked.texts, 0, 0, "",
	    N_("also titles and what was written, where people may have said "
	       "something of themselves; never of confidential tickets") },
};

static volatile sig_atomic_t is_stopped;

static void stop(int signal)
{
	(void)signal;
	is_stopped = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop };
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* A signal ends it. */
static void pause_s(int64_t seconds)
{
	const struct timespec pause = { .tv_sec = (time_t)seconds };
	if (!is_stopped)
		nanosleep(&pause, NULL);
}

/* ---- what went wrong ---- */

struct trouble {
	enum export_fault last; /* said already */
};

static void say_fault(const struct export *export, enum export_fault fault)
{
	const struct node *node = export->cli->node;
	switch (fault) {
	case EXPORT_NODE_SILENT:
		say_error(_("Node %s does not answer at %s. Is it running? "
			    "See “whistle node list”."),
		    node->name, node->endpoint);
		break;
	case EXPORT_PG_AWAY:
		say_error(
		    _("PostgreSQL cannot be reached: %s"), export->pg.message);
		break;
	case EXPORT_PG_FAILED:
		say_error(_("PostgreSQL refuses: %s"), export->pg.message);
		break;
	case EXPORT_OTHER_NODE:
		say_error(_("The tables in schema %s are those of node %s: "
			    "name another --schema, or that --node."),
		    asked.schema, export->pg.message);
		break;
	default:
		break;
	}
}

static enum cli_exit exit_of(enum export_fault fault)
{
	switch (fault) {
	case EXPORT_FINE:
		return CLI_DONE;
	case EXPORT_NODE_SILENT:
	case EXPORT_PG_AWAY:
		return CLI_UNREACHABLE;
	case EXPORT_OTHER_NODE:
		return CLI_REFUSED;
	default:
		return CLI_FAILED;
	}
}

/* May the same be tried again? What is away is said once, and waited for. */
static bool is_borne(const struct export *export, struct trouble *trouble,
    enum export_fault fault)
{
	bool passes = fault == EXPORT_NODE_SILENT || fault == EXPORT_PG_AWAY;
	if (trouble->last != fault)
		say_fault(export, fault);
	trouble->last = fault;
	return passes && asked.follow;
}

/* ---- before ---- */

static enum cli_exit say_version(int found)
{
	say_error(_("The tables in schema %s are of version %d, made by a "
		    "newer whistle; this one knows version %d. Nothing was "
		    "changed."),
	    asked.schema, found, PG_SCHEMA_VERSION);
	return CLI_REFUSED;
}

/* Connects and makes ready; *exit_out is of what trying again cannot mend. */
static enum export_fault connect_pg(
    enum cli_exit *exit_out, struct export *export, const char *where)
{
	int found = 0;
	*exit_out = CLI_DONE;
	int err = pg_open(&export->pg, where, asked.schema);
	if (err == 0)
		err = pg_schema_prepare(&found, &export->pg);
	if (err == ERR_VERSION) {
		*exit_out = say_version(found);
		return EXPORT_NODE_FAILED;
	}
	if (err == 0)
		err = pg_schema_lists(&export->pg, export->cli);
	if (err < 0)
		return err == ERR_UNREACHABLE ? EXPORT_PG_AWAY
					      : EXPORT_PG_FAILED;
	return export_begin(export);
}

static enum cli_exit check_asked(const char *where)
{
	struct pg pg = { .conn = NULL };
	int err = pg_check(&pg, where);
	if (err == ERR_ACCESS)
		say_error(_("A password on the command line can be read by "
			    "everybody here: put it into ~/.pgpass or a file "
			    "that PGPASSFILE names."));
	if (err == ERR_INVALID)
		say_error(_("“%s” does not say where PostgreSQL is: %s"), where,
		    pg.message);
	if (err == 0 &&
	    (!*asked.schema || strlen(asked.schema) > PG_NAME_MAX)) {
		say_error(
		    _("--%s must have 1 to %d bytes."), "schema", PG_NAME_MAX);
		err = ERR_INVALID;
	}
	return err ? CLI_USAGE : CLI_DONE;
}

/* ---- the loop ---- */

struct pace {
	int64_t scored_ms; /* 0: never */
	uint64_t scored_events;
};

/* When there is something new, and it is time. */
static enum export_fault score_if_due(struct export *export, struct pace *pace)
{
	int64_t now_ms = clock_now_ms(&export->cli->clock);
	bool is_due = !asked.follow || pace->scored_ms == 0 ||
		      now_ms - pace->scored_ms >= asked.scores_s * 1000;
	if (!export->is_current || !is_due)
		return EXPORT_FINE;
	enum export_fault fault = export_scores(export);
	if (fault == EXPORT_FINE)
		pace->scored_ms = now_ms;
	return fault;
}

/* Until there is nothing more, or a fault. */
static enum export_fault go_on(
    struct export *export, struct trouble *trouble, struct pace *pace)
{
	enum export_fault fault = EXPORT_FINE;
	while (fault == EXPORT_FINE && !is_stopped) {
		fault = export_step(export);
		if (fault == EXPORT_FINE)
			fault = score_if_due(export, pace);
		if (fault == EXPORT_FINE)
			trouble->last = EXPORT_FINE;
		if (fault == EXPORT_FINE && export->is_current) {
			if (!asked.follow)
				break;
			pause_s(asked.every_s);
		}
	}
	return fault;
}

static enum cli_exit export_loop(struct export *export, const char *where)
{
	struct trouble trouble = { EXPORT_FINE };
	struct pace pace = { 0 };
	enum cli_exit exit;
	for (;;) {
		enum export_fault fault = EXPORT_FINE;
		exit = CLI_DONE;
		/* The server may have gone in the middle of something. */
		if (!export->pg.conn)
			fault = connect_pg(&exit, export, where);
		if (fault == EXPORT_FINE)
			fault = go_on(export, &trouble, &pace);
		if (fault == EXPORT_FINE || exit != CLI_DONE)
			return exit;
		if (!is_borne(export, &trouble, fault))
			return exit_of(fault);
		if (fault == EXPORT_PG_AWAY)
			pg_close(&export->pg);
		if (is_stopped)
			return CLI_DONE;
		pause_s(AGAIN_S);
	}
}

/* ---- after ---- */

static enum cli_exit say_summary(const struct export *export)
{
	if (export->cli->json)
		return json_print(json_pack("{s:s,s:s,s:I,s:I,s:b}", "node",
			   export->cli->node->name, "schema", asked.schema,
			   "events", (json_int_t) export->events, "tickets",
			   (json_int_t) export->tickets, "current",
			   (int)export->is_current)) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	printf(_("From %s to schema %s: %llu events, %llu changed tickets "
		 "read.\n"),
	    export->cli->node->name, asked.schema,
	    (unsigned long long)export->events,
	    (unsigned long long)export->tickets);
	return CLI_DONE;
}

static enum cli_exit export_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const char *where = count == 1 ? words[0] : "";
	struct export export = { .cli = cli, .with_words = asked.texts };
	(void)command;
	enum cli_exit exit = check_asked(where);
	if (exit == CLI_DONE)
		exit = session_operator(cli);
	if (exit == CLI_DONE)
		exit = session_catalogue(cli);
	if (exit == CLI_DONE)
		exit = session_client(&cli->client, cli, cli->node);
	if (exit != CLI_DONE)
		return exit;
	catch_signals();
	exit = export_loop(&export, where);
	if (exit == CLI_DONE)
		exit = say_summary(&export);
	export_free(&export);
	return exit;
}

static const struct cli_command rows[] = {
	{ "export", NULL, "[CONNECTION]", 0, 1, CLI_ROWS(export_rows),
	    export_run, NULL,
	    N_("copy what a node knows into tables of PostgreSQL"),
	    N_("CONNECTION is libpq's: a database's name, \"host=… dbname=… "
	       "sslmode=verify-full\" or postgresql://…; without it, the "
	       "environment's (PGHOST, PGSERVICE …). It goes on where the "
	       "last run ended, and every event comes once. Who called, who "
	       "worked on it and attachments are never exported. An operator "
	       "with the role reader, at the city, is enough.") },
};

const struct cli_commands export_commands = { CLI_ROWS(rows) };
