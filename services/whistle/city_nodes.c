/*
 * whistle city nodes: which nodes a city has and which is above which, from
 * its files alone; whoever lays a city out over machines reads it from here.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "table.h"
#include "words.h"

/* How many units each node serves, by its index; yours to free. NULL: no
 * memory. */
static size_t *count_units(const struct org *org)
{
	size_t *counts = calloc(org_node_count(org), sizeof(*counts));
	for (size_t i = 0; counts && i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);
		if (unit->node)
			counts[unit->node->index]++;
	}
	return counts;
}

static json_t *node_json(const struct node *node, size_t units)
{
	return json_pack("{s:o,s:o,s:o,s:I,s:o,s:o,s:o}", "node",
	    json_text(node->name), "level", json_text(node->level), "parent",
	    json_text(node->parent ? node->parent->name : ""), "units",
	    (json_int_t)units, "endpoint", json_text(node->endpoint), "http",
	    json_text(node->http), "public_url", json_text(node->public_url));
}

static enum cli_exit print_json(const struct org *org, const size_t *units)
{
	struct json_stream stream = { 0 };
	for (size_t i = 0; i < org_node_count(org); i++)
		if (json_stream_add(
			&stream, node_json(org_node_at(org, i), units[i])) < 0)
			return say_failure(ERR_NOMEM, "JSON");
	json_stream_end(&stream);
	return CLI_DONE;
}

static void add_row(struct table *table, const struct node *node, size_t units)
{
	table_row(table);
	table_cell(table, node->name);
	table_cell(table, words_level(node->level));
	table_cell(table, node->parent ? node->parent->name : "-");
	table_cell_format(table, "%zu", units);
	table_cell(table, node->endpoint);
	table_cell(table, node->http ? node->http : "-");
}

static enum cli_exit print_table(const struct org *org, const size_t *units)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return say_failure(err, "whistle");
	table_column(table, _("NODE"), 0);
	table_column(table, _("LEVEL"), 0);
	table_column(table, _("ABOVE IT"), 0);
	table_column(table, _("UNITS"), TABLE_RIGHT);
	table_column(table, _("ENDPOINT"), 0);
	table_column(table, "HTTP", 0);
	for (size_t i = 0; i < org_node_count(org); i++)
		add_row(table, org_node_at(org, i), units[i]);
	err = table_print(table);
	table_close(&table);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

static enum cli_exit load(struct cli *cli, const char *dir)
{
	struct report report = { 0 };
	enum cli_exit exit = CLI_DONE;
	int err = org_load(&cli->org, &report, dir, 0);
	if (err < 0)
		exit = session_problems(&report, err, dir);
	report_free(&report);
	return exit;
}

static enum cli_exit nodes_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	enum cli_exit exit =
	    count == 1 ? load(cli, words[0]) : session_org(cli);
	if (exit != CLI_DONE)
		return exit;
	size_t *units = count_units(cli->org);
	if (!units)
		return say_failure(ERR_NOMEM, "whistle");
	exit = cli->json ? print_json(cli->org, units)
			 : print_table(cli->org, units);
	free(units);
	return exit;
}

static const struct cli_command rows[] = {
	{ "city", "nodes", "[DIR]", 0, 1, NULL, 0, nodes_run, NULL,
	    N_("show a city's nodes and which is above which"),
	    N_("From the folder alone: no daemon is asked. Each node's "
	       "daemon connects to that of the node above it and to no "
	       "other.") },
};

const struct cli_commands city_nodes_commands = { CLI_ROWS(rows) };
