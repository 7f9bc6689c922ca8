/*
 * whistle city speaks: in which version of the wire the city writes, which
 * versions its nodes read, and writing the next one into nodes.yaml when all
 * of them do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "city_move.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "node_ask.h"
#include "say.h"
#include "session.h"
#include "table.h"

static bool despite_silence;

static const struct option_row speaks_rows[] = {
	{ "despite-silence", OPTION_FLAG, &despite_silence, 0, 0, "",
	    N_("also when a node does not answer: it is cut off until its "
	       "program reads that version") },
};

/* What the nodes say, put together. */
struct readers {
	unsigned wanted; /* 0: nothing is to be changed */
	unsigned lowest; /* that all who answered read */
	size_t silent, differing;
	char first_silent[NAME_MAX_BYTES];
	char too_old[NAME_MAX_BYTES]; /* reads less than is wanted */
	unsigned too_old_reads;
	char ahead[NAME_MAX_BYTES]; /* writes in more than the file says */
	unsigned ahead_speaks;
	struct table *table; /* NULL: JSON, or nothing is shown */
	json_t *rows;	     /* NULL: nothing is shown, or the table */
};

static void keep_name(char out[NAME_MAX_BYTES], const char *name)
{
	if (!out[0])
		snprintf(out, NAME_MAX_BYTES, "%s", name);
}

static void count_one(struct readers *readers, const struct cli *cli,
    const char *name, const struct wire_status *status)
{
	unsigned says = org_speaks(cli->org);
	if (!status) {
		readers->silent++;
		keep_name(readers->first_silent, name);
		return;
	}
	if (status->reads < readers->lowest)
		readers->lowest = status->reads;
	if (status->reads < readers->wanted && !readers->too_old[0]) {
		keep_name(readers->too_old, name);
		readers->too_old_reads = status->reads;
	}
	readers->differing += status->speaks != says;
	if (status->speaks > says && status->speaks > readers->ahead_speaks) {
		readers->ahead_speaks = status->speaks;
		snprintf(readers->ahead, NAME_MAX_BYTES, "%s", name);
	}
}

static void show_row(struct table *table, const struct cli *cli,
    const char *name, const struct wire_status *status)
{
	table_row(table);
	table_cell(table, name);
	if (!status) {
		table_cell_painted(table, _("does not answer"), PAINT_BAD);
		return;
	}
	table_cell(table, status->version);
	table_cell_format(table, "%u", status->reads);
	if (status->speaks == org_speaks(cli->org))
		table_cell_format(table, "%u", status->speaks);
	else
		table_cell_format(
		    table, _("%u (reload it)"), (unsigned)status->speaks);
}

static int take_one(void *context, const struct cli *cli, struct asked *asked)
{
	struct readers *readers = context;
	const struct wire_status *status =
	    asked_has_status(asked) ? &asked->reply.status : NULL;
	const char *name = asked->node->name;
	count_one(readers, cli, name, status);
	if (readers->table)
		show_row(readers->table, cli, name, status);
	if (!readers->rows)
		return 0;
	json_t *row =
	    status ? json_pack("{s:s,s:s,s:I,s:I}", "node", name, "program",
			 status->version, "reads", (json_int_t)status->reads,
			 "speaks", (json_int_t)status->speaks)
		   : json_pack("{s:s,s:n,s:n,s:n}", "node", name, "program",
			 "reads", "speaks");
	return json_array_append_new(readers->rows, row) ? ERR_NOMEM : 0;
}

/* ---- what is so ---- */

/* The newest that all nodes read; 0: not all have answered. */
static unsigned may_become(const struct readers *readers)
{
	return readers->silent ? 0 : readers->lowest;
}

static void conclude(const struct cli *cli, const struct readers *readers)
{
	unsigned says = org_speaks(cli->org);
	unsigned most = may_become(readers);
	printf(_("The city writes in version %u of the wire (speaks: in "
		 "nodes.yaml).\n"),
	    says);
	if (readers->differing)
		printf(ngettext("%zu node writes in another: it has another "
				"nodes.yaml, or has not read it again. A link "
				"between two that differ is down until then.\n",
			   "%zu nodes write in another: they have another "
			   "nodes.yaml, or have not read it again. A link "
			   "between two that differ is down until then.\n",
			   readers->differing),
		    readers->differing);
	if (readers->silent)
		printf(_("Not all nodes have answered, so it is not known "
			 "whether all read a later one.\n"));
	else if (most > says)
		printf(_("All nodes read version %u: “whistle city speaks %u” "
			 "makes the city write in it, for good.\n"),
		    most, most);
	else
		printf(_("No later version is read by all nodes.\n"));
}

static enum cli_exit show_json(struct cli *cli, struct readers *readers)
{
	readers->rows = json_array();
	enum cli_exit exit = node_ask_all(cli, take_one, readers);
	unsigned most = may_become(readers);
	if (exit != CLI_DONE) {
		json_decref(readers->rows);
		return exit;
	}
	int err = json_print(json_pack("{s:I,s:o,s:o}", "speaks",
	    (json_int_t)org_speaks(cli->org), "may_speak",
	    most ? json_integer(most) : json_null(), "nodes", readers->rows));
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

static enum cli_exit show(struct cli *cli)
{
	struct readers readers = { .lowest = WIRE_VERSION_MAX };
	if (cli->json)
		return show_json(cli, &readers);
	if (table_open(&readers.table) < 0)
		return say_failure(ERR_NOMEM, "whistle");
	table_column(readers.table, _("NODE"), 0);
	table_column(readers.table, _("PROGRAM"), 0);
	table_column(readers.table, _("READS UP TO"), TABLE_RIGHT);
	table_column(readers.table, _("WRITES IN"), TABLE_RIGHT);
	enum cli_exit exit = node_ask_all(cli, take_one, &readers);
	int err = exit == CLI_DONE ? table_print(readers.table) : 0;
	table_close(&readers.table);
	if (err < 0)
		return say_failure(err, "whistle");
	if (exit == CLI_DONE)
		conclude(cli, &readers);
	return exit;
}

/* ---- what is to be ---- */

static enum cli_exit refuse(
    const struct cli *cli, const struct readers *readers)
{
	if (readers->too_old[0]) {
		say_error(_("%s reads up to version %u of the wire, not %u. "
			    "Bring its program up to date first; nothing was "
			    "changed."),
		    readers->too_old, readers->too_old_reads, readers->wanted);
		return CLI_REFUSED;
	}
	if (readers->ahead_speaks > readers->wanted) {
		say_error(
		    _("%s writes in version %u already, and the city does "
		      "not go back; nothing was changed."),
		    readers->ahead, readers->ahead_speaks);
		return CLI_REFUSED;
	}
	if (!readers->silent || despite_silence)
		return CLI_DONE;
	say_error(_("%s does not answer, so it is not known whether it reads "
		    "version %u. Start it, or say --despite-silence: it is "
		    "cut off then until its program does. Nothing was "
		    "changed."),
	    readers->first_silent, readers->wanted);
	(void)cli;
	return CLI_UNREACHABLE;
}

static enum cli_exit read_version(
    unsigned *version_out, const struct cli *cli, const char *word)
{
	char *end;
	unsigned long version = strtoul(word, &end, 10);
	if (word[0] < '0' || word[0] > '9' || *end || version < 1 ||
	    version > WIRE_VERSION_MAX) {
		say_error(_("“%s” is no version of the wire: say 2, for "
			    "example."),
		    word);
		return CLI_USAGE;
	}
	if (version < org_speaks(cli->org)) {
		say_error(_("The city writes in version %u and does not go "
			    "back: events of it may be there, and they stay."),
		    org_speaks(cli->org));
		return CLI_REFUSED;
	}
	if (version > wire_versions.newest) {
		say_error(_("This whistle reads up to version %u of the wire, "
			    "not %lu. Bring it up to date first; nothing was "
			    "changed."),
		    wire_versions.newest, version);
		return CLI_REFUSED;
	}
	*version_out = (unsigned)version;
	return CLI_DONE;
}

static enum cli_exit tell(const struct cli *cli, unsigned version)
{
	if (cli->json) {
		int err = json_print(
		    json_pack("{s:I,s:I}", "speaks", (json_int_t)version, "was",
			(json_int_t)org_speaks(cli->org)));
		return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
	}
	printf(_("nodes.yaml says speaks: %u now. What is left to do:\n"),
	    version);
	printf(_("  1. Copy nodes.yaml to the city folder of every other "
		 "machine.\n"));
	printf(_("  2. Run: whistle node reload --all. A link between a node "
		 "that has read it and one that has not is down meanwhile, "
		 "and loses nothing.\n"));
	return CLI_DONE;
}

static enum cli_exit raise(struct cli *cli, const char *word)
{
	struct readers readers = { .lowest = WIRE_VERSION_MAX };
	enum cli_exit exit = read_version(&readers.wanted, cli, word);
	if (exit == CLI_DONE)
		exit = node_ask_all(cli, take_one, &readers);
	if (exit == CLI_DONE)
		exit = refuse(cli, &readers);
	if (exit == CLI_DONE)
		exit = city_speak(cli->home.path, readers.wanted);
	return exit == CLI_DONE ? tell(cli, readers.wanted) : exit;
}

static enum cli_exit speaks_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	enum cli_exit exit = session_operator(cli);
	if (exit != CLI_DONE)
		return exit;
	return count ? raise(cli, words[0]) : show(cli);
}

static const struct cli_command rows[] = {
	{ "city", "speaks", "[VERSION]", 0, 1, CLI_ROWS(speaks_rows),
	    speaks_run, NULL,
	    N_("show in which version of the wire the city writes, or raise "
	       "it"),
	    N_("Events are kept as they were written and go to every node, so "
	       "the city writes in a later version only when all nodes read "
	       "it. After an upgrade of all programs this asks every node and "
	       "writes the version into nodes.yaml; the nodes take it when "
	       "they read that again. It never goes down.") },
};

const struct cli_commands city_speaks_commands = { CLI_ROWS(rows) };
