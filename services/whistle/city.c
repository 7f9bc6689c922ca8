/*
 * whistle city init, check: making a city folder that daemons can run from,
 * and checking one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "city_draft.h"
#include "city_files.h"
#include "city_http.h"
#include "city_keys.h"
#include "city_make.h"
#include "commands.h"
#include "doubts.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "table.h"
#include "words.h"

/* ---- check ---- */

static size_t count_kind(const struct org *org, enum unit_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < org_unit_count(org); i++)
		count += org_unit_at(org, i)->kind == kind;
	return count;
}

/* The years whose holidays the calendar knows; none without a calendar. */
static json_t *calendar_years(const struct calendar *calendar)
{
	json_t *years = json_array();
	for (size_t i = 0; calendar && i < calendar_year_count(calendar); i++)
		json_array_append_new(
		    years, json_integer(calendar_year_at(calendar, i)));
	return years;
}

static int summary_json(const struct cli *cli, const struct report *doubts)
{
	return json_print(json_pack("{s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o}",
	    "city", json_text(org_city_name(cli->org)), "speaks",
	    (json_int_t)org_speaks(cli->org), "areas",
	    (json_int_t)count_kind(cli->org, UNIT_AREA), "departments",
	    (json_int_t)count_kind(cli->org, UNIT_DEPARTMENT), "nodes",
	    (json_int_t)org_node_count(cli->org), "operators",
	    (json_int_t)org_operator_count(cli->org), "items",
	    (json_int_t)catalogue_item_count(cli->catalogue), "situations",
	    (json_int_t)catalogue_situation_count(cli->catalogue),
	    "calendar_years",
	    calendar_years(catalogue_calendar(cli->catalogue)), "warnings",
	    doubts_json(doubts)));
}

/* In time for someone to add the next year. */
static void warn_of_calendar(const struct cli *cli)
{
	const struct item *first;
	size_t count = catalogue_past_calendar(
	    &first, cli->catalogue, clock_now_ms(&cli->clock));
	if (count > 0)
		say_error(ngettext("Warning: %zu item (%s) taken in now could "
				   "be due in a year that calendar.yaml does "
				   "not know; add the year's holidays to it.",
			      "Warning: %zu items (the first is %s) taken in "
			      "now could be due in a year that calendar.yaml "
			      "does not know; add the year's holidays to it.",
			      count),
		    count, first->code);
}

static void tell_calendar(const struct calendar *calendar)
{
	char years[1024];
	size_t len = 0;
	if (!calendar)
		return;
	for (size_t i = 0;
	     i < calendar_year_count(calendar) && len < sizeof(years) - 8; i++)
		len += (size_t)snprintf(years + len, sizeof(years) - len,
		    "%s%d", i ? " " : "", calendar_year_at(calendar, i));
	printf(_("The calendar knows the holidays of %s.\n"), years);
}

static void tell_speaks(const struct cli *cli)
{
	unsigned speaks = org_speaks(cli->org);
	printf(_("It writes in version %u of the wire; this program reads up "
		 "to %u.\n"),
	    speaks, wire_versions.newest);
	if (speaks < wire_versions.newest)
		printf(_("Whether all nodes do, and the city may be raised, "
			 "“whistle city speaks” tells.\n"));
}

static enum cli_exit summary(const struct cli *cli, const struct report *doubts)
{
	warn_of_calendar(cli);
	if (cli->json)
		return summary_json(cli, doubts) < 0 ? CLI_FAILED : CLI_DONE;
	doubts_print(doubts);
	printf(_("%s is in order: %zu areas, %zu departments, %zu nodes, "
		 "%zu operators; %zu items, %zu situations.\n"),
	    org_city_name(cli->org), count_kind(cli->org, UNIT_AREA),
	    count_kind(cli->org, UNIT_DEPARTMENT), org_node_count(cli->org),
	    org_operator_count(cli->org), catalogue_item_count(cli->catalogue),
	    catalogue_situation_count(cli->catalogue));
	tell_calendar(catalogue_calendar(cli->catalogue));
	tell_speaks(cli);
	return CLI_DONE;
}

/* A folder with keys/ is a made city: everybody must have a key, and the
 * files that are there must fit. */
static enum cli_exit check_dir(struct cli *cli, const char *dir)
{
	struct report report = { 0 };
	bool is_made = city_keys_is_made(dir);
	int err =
	    org_load(&cli->org, &report, dir, is_made ? ORG_NEEDS_KEYS : 0);
	if (err == 0)
		err = catalogue_load(&cli->catalogue, &report, dir, cli->org);
	if (cli->org && org_speaks(cli->org) > wire_versions.newest)
		report_add(&report, "nodes.yaml", 0,
		    "speaks: %u, and this program reads up to version %u of "
		    "the wire; install the newer one",
		    org_speaks(cli->org), wire_versions.newest);
	if (cli->org && is_made)
		city_keys_check(&report, cli->org, dir);
	city_http_check(&report, dir);
	enum cli_exit exit = CLI_DONE;
	if (err < 0 && err != ERR_INVALID && report.count == 0)
		exit = say_failure(err, dir);
	else if (err < 0 || report.count > 0)
		exit = CLI_REFUSED;
	report_print(&report, stdout);
	if (report.count > 0)
		say_error(ngettext("%zu problem in %s.", "%zu problems in %s.",
			      report.count + report.dropped),
		    report.count + report.dropped, dir);
	report_free(&report);
	if (exit != CLI_DONE)
		return exit;
	struct report doubts = { 0 };
	err = doubts_find(&doubts, cli, dir);
	exit = err < 0 ? say_failure(err, "whistle") : summary(cli, &doubts);
	report_free(&doubts);
	return exit;
}

static enum cli_exit check_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	if (count == 1)
		return check_dir(cli, words[0]);
	enum cli_exit exit = session_home(cli);
	return exit == CLI_DONE ? check_dir(cli, cli->home.path) : exit;
}

/* ---- init ---- */

static struct {
	const char *from;
	int64_t port;
	bool by_name;
} init;

static const struct option_row init_rows[] = {
	{ "from", OPTION_TEXT, &init.from, 0, 0, "DIR",
	    N_("the folder that describes the city") },
	{ "port", OPTION_NUMBER, &init.port, 1024, 65000, "BASE",
	    N_("put all nodes on 127.0.0.1, on ports from here on; the "
	       "gateway's HTTP on BASE+10") },
	{ "by-name", OPTION_FLAG, &init.by_name, 0, 0, NULL,
	    N_("for containers: put each node where its name leads, on port "
	       "8300; the gateway's HTTP on port 8311") },
};

static enum cli_exit load_source(struct cli *cli, const char *from)
{
	struct report report = { 0 };
	enum cli_exit exit = CLI_DONE;
	int err = org_load(&cli->org, &report, from, 0);
	if (err == 0)
		err = catalogue_load(&cli->catalogue, &report, from, cli->org);
	if (err < 0) {
		session_problems(&report, err, from);
		exit = err == ERR_INVALID ? CLI_REFUSED : CLI_FAILED;
	}
	report_free(&report);
	return exit;
}

static enum cli_exit init_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	(void)count;
	if (!init.from) {
		say_error(_("Something is missing: %s."), "--from DIR");
		return CLI_USAGE;
	}
	if (init.by_name && init.port) {
		say_error(_("Say one of %s and %s, not both."), "--port",
		    "--by-name");
		return CLI_USAGE;
	}
	int port = init.by_name ? CITY_BY_NAME : (int)init.port;
	enum cli_exit exit = load_source(cli, init.from);
	if (exit == CLI_DONE)
		exit = city_make(cli, words[0], init.from, port);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return json_print(json_pack("{s:s,s:I,s:I}", "home", words[0],
			   "nodes", (json_int_t)org_node_count(cli->org),
			   "operators",
			   (json_int_t)org_operator_count(cli->org))) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	printf(_("%s is made in %s: %zu nodes, %zu operators, each with a "
		 "key.\n"),
	    org_city_name(cli->org), words[0], org_node_count(cli->org),
	    org_operator_count(cli->org));
	return CLI_DONE;
}

/* ---- draft ---- */

static struct city_draft_wish draft = { .grids = 1, .port = 8301 };

static const struct option_row draft_rows[] = {
	{ "divisions", OPTION_TEXT, &draft.divisions, 0, 0, "FILE.csv",
	    N_("the list of divisions, with the columns code and name") },
	{ "like", OPTION_TEXT, &draft.like, 0, 0, "DIR",
	    N_("the city whose catalogue, calendar and departments to begin "
	       "with") },
	{ "city", OPTION_TEXT, &draft.city, 0, 0, "NAME",
	    N_("what the city is called (else as the list says)") },
	{ "grids", OPTION_NUMBER, &draft.grids, 1, 999, "N",
	    N_("make so many grids in each community (1)") },
	{ "grid-operators", OPTION_FLAG, &draft.grid_operators, 0, 0, "",
	    N_("an operator for each grid, too") },
	{ "split", OPTION_TEXT, &draft.split, 0, 0, "LEVEL",
	    N_("district or street: from that level down, nodes for each of "
	       "its units (one node a level)") },
	{ "port", OPTION_NUMBER, &draft.port, 1024, 65000, "BASE",
	    N_("the first of the nodes' ports; the gateway's HTTP on "
	       "BASE+10") },
};

static enum cli_exit draft_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	(void)count;
	if (!draft.divisions || !draft.like) {
		say_error(_("Something is missing: %s."),
		    "--divisions FILE.csv --like DIR");
		return CLI_USAGE;
	}
	enum cli_exit exit = city_draft(cli, words[0], &draft);
	return exit == CLI_DONE ? check_dir(cli, words[0]) : exit;
}

static const struct cli_command rows[] = {
	{ "city", "draft", "DIR", 1, 1, CLI_ROWS(draft_rows), draft_run, NULL,
	    N_("describe a new city, from a list of its divisions"),
	    N_("Writes units.csv, nodes.yaml and operators.csv, and copies "
	       "the catalogue and the calendar of another city. Departments "
	       "are that city's, with the new names; go through all of it "
	       "before “whistle city init”. A province in the list gives its "
	       "name to 市辖区. Twelve-digit codes will do.") },
	{ "city", "init", "DIR", 1, 1, CLI_ROWS(init_rows), init_run, NULL,
	    N_("make a city that can run, from a folder that describes one"),
	    N_("Copies the files, makes a key for every node and operator "
	       "and the folders for data. What was interrupted goes on "
	       "when run again. Keys are never overwritten.") },
	{ "city", "check", "[DIR]", 0, 1, NULL, 0, check_run, NULL,
	    N_("check a city folder and name every mistake in it"),
	    N_("Each with its file, line and what to do about it. Exit "
	       "code 1 when there are any.") },
};

const struct cli_commands city_commands = { CLI_ROWS(rows) };
