/*
 * whistle city split: what it will do or has done, for people and scripts.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "city_split.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "table.h"
#include "words.h"

static struct {
	const char *level;
	int64_t port;
	bool is_dry;
} split;

static const struct option_row split_rows[] = {
	{ "at", OPTION_TEXT, &split.level, 0, 0, "LEVEL",
	    N_("the level whose units get nodes of their own: district, "
	       "street …") },
	{ "port", OPTION_NUMBER, &split.port, 1, 65535, "PORT",
	    N_("the first port of the new nodes (else after the city's "
	       "last)") },
	{ "dry-run", OPTION_FLAG, &split.is_dry, 0, 0, NULL,
	    N_("only say what would be done") },
};

/* ---- for scripts ---- */

static json_t *part_json(const struct split_part *part)
{
	json_t *object = json_pack("{s:s,s:o,s:s,s:I,s:s}", "node", part->name,
	    "area", json_unit(&part->area->code), "area_name", part->area->name,
	    "units", (json_int_t)part->units, "endpoint", part->endpoint);
	if (!object || split.is_dry)
		return object;
	json_object_set_new(
	    object, "tickets", json_integer((json_int_t)part->tickets));
	json_object_set_new(
	    object, "events", json_integer((json_int_t)part->events));
	json_object_set_new(
	    object, "attachments", json_integer((json_int_t)part->files));
	return object;
}

static json_t *node_json(const struct split_node *node)
{
	json_t *parts = json_array();
	for (size_t i = 0; i < node->part_count; i++)
		json_array_append_new(parts, part_json(&node->parts[i]));
	return json_pack("{s:o,s:o,s:o,s:o}", "node",
	    json_text(node->node->name), "level", json_text(node->node->level),
	    "parts", parts, "kept", json_text(node->kept));
}

static enum cli_exit print_json(const struct split_plan *plan)
{
	json_t *nodes = json_array();
	for (size_t i = 0; i < plan->count; i++)
		json_array_append_new(nodes, node_json(&plan->nodes[i]));
	return json_print(json_pack(
		   "{s:b,s:o}", "is_done", !split.is_dry, "nodes", nodes)) < 0
		   ? CLI_FAILED
		   : CLI_DONE;
}

/* ---- for people ---- */

static void add_rows(struct table *table, const struct split_node *node)
{
	for (size_t i = 0; i < node->part_count; i++) {
		const struct split_part *part = &node->parts[i];
		table_row(table);
		table_cell(table, i == 0 ? node->node->name : "");
		table_cell(table, part->name);
		table_cell(table, part->area->name);
		table_cell_format(table, "%zu", part->units);
		if (!split.is_dry)
			table_cell_format(table, "%llu", part->tickets);
		table_cell(table, part->endpoint);
	}
}

static enum cli_exit print_table(const struct split_plan *plan)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return say_failure(err, "whistle");
	table_column(table, _("NODE"), 0);
	table_column(table, _("BECOMES"), 0);
	table_column(table, _("FOR"), 0);
	table_column(table, _("UNITS"), TABLE_RIGHT);
	if (!split.is_dry)
		table_column(table, _("TICKETS"), TABLE_RIGHT);
	table_column(table, _("ENDPOINT"), 0);
	for (size_t i = 0; i < plan->count; i++)
		add_rows(table, &plan->nodes[i]);
	err = table_print(table);
	table_close(&table);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

static void say_next(const char *home)
{
	printf(_("nodes.yaml has the new nodes. What is left to do:\n"));
	printf(_("  1. Copy nodes.yaml to the city folder of every other "
		 "machine. A new node that is to run on another machine: write "
		 "its place with “whistle city move” before, and bring its key "
		 "files (%s/keys/nodes/NODE.key, .key.1 and so on) and its "
		 "whole store folder (%s/data/NODE) there.\n"),
	    home, home);
	printf(_("  2. Restart every daemon of the city that runs: each must "
		 "know the new nodes. One after the other will do; start the "
		 "new nodes last.\n"));
	printf(_("  3. When “whistle node list” shows all of them running and "
		 "all links up, the split is over. No ticket is lost in "
		 "between: what is for a node that is not up yet waits.\n"));
}

static void say_kept(const struct split_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->nodes[i].kept[0])
			printf(_("The old store of %s is kept as %s. Nothing "
				 "reads it any more.\n"),
			    plan->nodes[i].node->name, plan->nodes[i].kept);
}

static void say_dry(const struct split_plan *plan)
{
	printf(_("Nothing was changed. To do it, say it without --dry-run "
		 "while these nodes are stopped:"));
	for (size_t i = 0; i < plan->count; i++)
		printf(" %s", plan->nodes[i].node->name);
	printf("\n");
}

/* ---- the command ---- */

static enum cli_exit say_finished(const struct cli *cli)
{
	if (cli->json)
		return json_print(
			   json_pack("{s:b,s:[]}", "is_done", 1, "nodes")) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	printf(_("A split that had been cut off is finished now.\n"));
	say_next(cli->home.path);
	return CLI_DONE;
}

/* Each node that is named is one no more, but for its parts. */
static bool is_split_already(const struct org *org, int count, char **words)
{
	bool is_all = count > 0;
	for (int i = 0; is_all && i < count; i++) {
		bool is_gone = false;
		for (size_t k = 0; k < org_node_count(org); k++) {
			const struct node *node = org_node_at(org, k);
			is_gone |= strcmp(node->name, words[i]) != 0 &&
				   node_is_or_was(node, words[i]);
		}
		is_all = is_gone;
	}
	return is_all;
}

static enum cli_exit say_already(const struct cli *cli, int count, char **words)
{
	if (cli->json)
		return json_print(
			   json_pack("{s:b,s:[]}", "is_done", 1, "nodes")) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	for (int i = 0; i < count; i++) {
		printf(_("%s has been split already, into:"), words[i]);
		for (size_t k = 0; k < org_node_count(cli->org); k++) {
			const struct node *node = org_node_at(cli->org, k);
			if (node_is_or_was(node, words[i]))
				printf(" %s", node->name);
		}
		printf("\n");
	}
	return CLI_DONE;
}

static enum cli_exit run_plan(struct split_plan *plan, const struct cli *cli)
{
	enum cli_exit exit = split.is_dry ? CLI_DONE : split_make(plan, cli);
	if (exit == CLI_DONE && cli->json)
		return print_json(plan);
	if (exit == CLI_DONE)
		exit = print_table(plan);
	if (exit != CLI_DONE)
		return exit;
	if (split.is_dry) {
		say_dry(plan);
	} else {
		say_kept(plan);
		say_next(cli->home.path);
	}
	return CLI_DONE;
}

static enum cli_exit split_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const struct split_wish wish = { split.level, split.port, words,
		count };
	struct split_plan plan = { .count = 0 };
	bool is_finished = false;
	(void)command;
	enum cli_exit exit = session_org(cli);
	if (exit == CLI_DONE && !split.is_dry)
		exit = split_recover(&is_finished, cli->home.path, cli->org);
	if (exit != CLI_DONE)
		return exit;
	if (is_finished)
		return say_finished(cli);
	if (is_split_already(cli->org, count, words))
		return say_already(cli, count, words);
	exit = split_plan(&plan, cli->org, &wish);
	if (exit == CLI_DONE)
		exit = run_plan(&plan, cli);
	split_plan_free(&plan);
	return exit;
}

static const struct cli_command rows[] = {
	{ "city", "split", "[NODE]...", 0, -1, CLI_ROWS(split_rows), split_run,
	    NULL,
	    N_("let several nodes do what one did: one for each unit of a "
	       "level"),
	    N_("A city that grows: “whistle city split --at district” makes of "
	       "each node that serves units of several districts one node for "
	       "each district; with names, of those nodes only. A node's "
	       "parts must be below one node each, so what is below is split "
	       "first, or with it. The nodes are stopped before; their stores "
	       "and keys must be here. Each part gets a store of its own with "
	       "all tickets of its units, whatever was waiting to be sent, "
	       "what was asked before, and attachments; a key of its own, and "
	       "the old node's among its former ones, so that it reads what "
	       "was sealed for that. The old store is kept. All is made "
	       "beside what is there, checked, and put in place by one "
	       "rename; cut off at any moment, it is as before or as after, "
	       "and saying the same again goes on.") },
};

const struct cli_commands city_split_commands = { CLI_ROWS(rows) };
