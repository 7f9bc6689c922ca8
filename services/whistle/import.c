/*
 * whistle import: opens a ticket for every record of a file, many under way
 * at once. Said again, an import changes nothing: the source's own number
 * makes it the same ticket.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "import_row.h"
#include "import_tally.h"
#include "lang.h"
#include "refusals.h"
#include "say.h"
#include "session.h"

enum {
	WINDOW = 128,		  /* records under way */
	SLOT_BYTES = 1024 * 1024, /* a record and its copies */
	RESEND_MS = 2000,
	RETRY_MS = 200, /* after "too fast" */
	TAKE_MS = 100,
};

static struct {
	const char *map, *source, *report;
} asked = { .source = "hotline" };

static const struct option_row import_rows[] = {
	{ "map", OPTION_TEXT, &asked.map, 0, 0, "FILE",
	    N_("a YAML file that says which column is which") },
	{ "source", OPTION_TEXT, &asked.source, 0, 0, "SOURCE",
	    N_("where they came from: hotline, patrol, visit, resident "
	       "(hotline)") },
	{ "report", OPTION_TEXT, &asked.report, 0, 0, "FILE",
	    N_("write every refused row there, with its line and why") },
};

/* One record that the node has not answered for good. */
struct slot {
	bool is_busy;
	long line;
	int64_t again_ms; /* when to send it next */
	struct wire_request request;
	struct arena *arena; /* the request's texts */
};

struct import {
	struct cli *cli;
	const char *path;
	struct csv *csv;
	struct import_map map;
	enum source source;
	struct slot slots[WINDOW];
	size_t busy;
	bool at_end;
	int64_t heard_ms; /* last time that something was answered for good */
	const char *refusal; /* what the node last asked us to wait for */
	struct import_tally tally;
};

/* ---- sending ---- */

static struct slot *free_slot(struct import *import)
{
	for (size_t i = 0; i < WINDOW; i++)
		if (!import->slots[i].is_busy)
			return &import->slots[i];
	return NULL;
}

static int send_slot(struct import *import, struct slot *slot)
{
	int err = client_send(import->cli->client, &slot->request);
	slot->again_ms = clock_now_ms(&import->cli->clock) + RESEND_MS;
	return err == ERR_UNREACHABLE ? 0 : err;
}

/* The next record into a free slot: 1, 0 at the end, or an error. */
static int take_record(struct import *import, struct slot *slot)
{
	struct csv_record record;
	char why[IMPORT_WHY_TEXT];
	int got = csv_next(&record, import->csv);
	if (got <= 0)
		return got;
	if (!slot->arena && arena_open(&slot->arena, SLOT_BYTES) < 0)
		return ERR_NOMEM;
	arena_reset(slot->arena);
	memset(&slot->request, 0, sizeof(slot->request));
	if (!import_row_read(&slot->request.command, why, import->cli,
		&import->map, &record, slot->arena)) {
		import_tally_refuse(&import->tally, record.line, why);
		return 1;
	}
	slot->request.kind = ASK_COMMAND;
	slot->request.id = client_id(import->cli->client);
	slot->request.command.what.source = import->source;
	slot->line = record.line;
	slot->is_busy = true;
	import->busy++;
	int err = send_slot(import, slot);
	return err < 0 ? err : 1;
}

static int fill_window(struct import *import)
{
	/* An idle node is not a silent one. */
	if (import->busy == 0)
		import->heard_ms = clock_now_ms(&import->cli->clock);
	while (!import->at_end && import->busy < WINDOW) {
		int got = take_record(import, free_slot(import));
		if (got < 0)
			return got;
		import->at_end = got == 0;
	}
	return 0;
}

static int send_again(struct import *import)
{
	int64_t now_ms = clock_now_ms(&import->cli->clock);
	for (size_t i = 0; i < WINDOW; i++) {
		struct slot *slot = &import->slots[i];
		if (!slot->is_busy || slot->again_ms > now_ms)
			continue;
		int err = send_slot(import, slot);
		if (err < 0)
			return err;
	}
	return 0;
}

/* ---- answers ---- */

static struct slot *slot_of(struct import *import, const struct id *id)
{
	for (size_t i = 0; i < WINDOW; i++)
		if (import->slots[i].is_busy &&
		    id_equal(&import->slots[i].request.id, id))
			return &import->slots[i];
	return NULL;
}

/* Not a refusal of this record: the node wants time. */
static bool is_passing(const char *refusal)
{
	return strcmp(refusal, "too_fast") == 0 ||
	       strcmp(refusal, "store_full") == 0 ||
	       strcmp(refusal, "recovering") == 0;
}

static void release(struct import *import, struct slot *slot)
{
	slot->is_busy = false;
	import->busy--;
	import->heard_ms = clock_now_ms(&import->cli->clock);
}

static void take_refusal(
    struct import *import, struct slot *slot, const struct wire_reply *reply)
{
	char why[REFUSAL_TEXT];
	if (is_passing(reply->refusal)) {
		import->refusal =
		    strcmp(reply->refusal, "store_full") == 0	? "store_full"
		    : strcmp(reply->refusal, "recovering") == 0 ? "recovering"
								: "too_fast";
		slot->again_ms = clock_now_ms(&import->cli->clock) + RETRY_MS;
		return;
	}
	refusals_explain(why, import->cli, reply->refusal, reply->detail);
	import_tally_refuse(&import->tally, slot->line, why);
	release(import, slot);
}

static void take_reply(struct import *import, const struct wire_reply *reply)
{
	struct slot *slot = slot_of(import, &reply->id);
	char why[REFUSAL_TEXT];
	if (!slot)
		return; /* said twice */
	switch (reply->result) {
	case RESULT_PENDING:
		return;
	case RESULT_REFUSED:
		take_refusal(import, slot, reply);
		return;
	case RESULT_DONE:
		if (reply->command.existed)
			import->tally.existing++;
		else
			import->tally.added++;
		break;
	default:
		snprintf(why, sizeof(why), _("the node could not do it: %s"),
		    reply->detail);
		import_tally_refuse(&import->tally, slot->line, why);
	}
	release(import, slot);
}

/* All that has come; waits a moment when nothing has. */
static int take_replies(struct import *import)
{
	struct wire_reply reply;
	int wait_ms = TAKE_MS;
	for (;;) {
		int err = client_take(&reply, import->cli->client, wait_ms);
		if (err == ERR_TIMEOUT)
			return 0;
		if (err < 0 && err != ERR_INVALID)
			return err;
		if (err == 0)
			take_reply(import, &reply);
		if (import->busy < WINDOW / 2)
			return 0;
		wait_ms = 0;
	}
}

static enum cli_exit say_silence(struct import *import)
{
	const struct cli *cli = import->cli;
	char why[REFUSAL_TEXT];
	import_tally_hide(&import->tally);
	if (import->refusal) {
		refusals_explain(why, import->cli, import->refusal, "");
		say_error("%s", why);
	} else {
		say_error(_("Node %s does not answer at %s. Is it running? "
			    "See “whistle node list”."),
		    cli->node->name, cli->node->endpoint);
	}
	say_error(_("The import stopped; run it again to go on: what is in "
		    "stays in."));
	return CLI_UNREACHABLE;
}

static enum cli_exit import_loop(struct import *import)
{
	struct cli *cli = import->cli;
	int64_t patience_ms = cli->timeout_s * 1000;
	int64_t done, total;
	for (;;) {
		int err = fill_window(import);
		if (err == 0 && import->busy == 0)
			return CLI_DONE;
		if (err == 0)
			err = take_replies(import);
		if (err == 0)
			err = send_again(import);
		if (err < 0)
			return say_failure(err, import->path);
		csv_progress(&done, &total, import->csv);
		import_tally_bar(&import->tally, done, total);
		if (clock_now_ms(&cli->clock) - import->heard_ms > patience_ms)
			return say_silence(import);
	}
}

/* ---- before and after ---- */

static enum cli_exit read_heading(struct import *import)
{
	struct csv_record heading;
	int got = csv_next(&heading, import->csv);
	if (got < 0)
		return say_failure(got, import->path);
	if (got == 0 || heading.problem) {
		say_error(_("%s: the first line must name the columns."),
		    import->path);
		return CLI_USAGE;
	}
	return import_map_heading(&import->map, &heading, import->path);
}

static enum cli_exit open_files(struct import *import)
{
	enum cli_exit exit = import_map_open(&import->map, asked.map);
	if (exit != CLI_DONE)
		return exit;
	int err = csv_open(&import->csv, import->path);
	if (err < 0)
		return say_failure(err, import->path);
	return read_heading(import);
}

static enum cli_exit open_node(struct import *import)
{
	struct cli *cli = import->cli;
	unsigned source = SOURCE_HOTLINE;
	if ((!cli->as || !*cli->as) && !getenv("WHISTLE_AS"))
		cli->as = "hotline";
	enum cli_exit exit =
	    session_word(&source, WORD_SOURCE, "source", asked.source);
	if (exit == CLI_DONE)
		exit = session_operator(cli);
	if (exit == CLI_DONE)
		exit = session_catalogue(cli);
	if (exit == CLI_DONE)
		exit = session_client(&cli->client, cli, cli->node);
	import->source = (enum source)source;
	return exit;
}

static void import_close(struct import *import)
{
	for (size_t i = 0; i < WINDOW; i++)
		arena_close(&import->slots[i].arena);
	import_map_close(&import->map);
	csv_close(&import->csv);
	free(import);
}

static enum cli_exit import_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct import *import = calloc(1, sizeof(*import));
	(void)command;
	(void)count;
	if (!import)
		return say_failure(ERR_NOMEM, "whistle");
	import->cli = cli;
	import->path = words[0];
	enum cli_exit exit = open_files(import);
	if (exit == CLI_DONE)
		exit = open_node(import);
	if (exit == CLI_DONE)
		exit = import_tally_open(
		    &import->tally, words[0], asked.report, cli->json);
	if (exit == CLI_DONE)
		exit = import_tally_end(&import->tally, import_loop(import));
	import_close(import);
	return exit;
}

static const struct cli_command rows[] = {
	{ "import", NULL, "FILE.csv", 1, 1, CLI_ROWS(import_rows), import_run,
	    NULL, N_("open a ticket for every record of a CSV file"),
	    N_("The first line names the columns: number, kind, item, title, "
	       "content, address, place, urgency, created, caller, phone, "
	       "confidential, callback. number is needed, and title or "
	       "content. Other headings are told by --map, a YAML file:\n\n"
	       "  number: 留言编号\n"
	       "  title: 留言主题\n"
	       "  content: 留言详情\n"
	       "  constants:\n"
	       "    kind: 投诉\n\n"
	       "Asks as the operator hotline unless --as says otherwise. "
	       "Running it again is safe: what is in is counted as there "
	       "already. Exit code 1 when rows were refused.") },
};

const struct cli_commands import_commands = { CLI_ROWS(rows) };
