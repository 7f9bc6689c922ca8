/*
 * whistle city move: the nodes of a city that runs, and where they are.
 */
#include <stdio.h>
#include <string.h>
#include "city_move.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"

static const char *move_http;

static const struct option_row move_rows[] = {
	{ "http", OPTION_TEXT, &move_http, 0, 0, "HOST:PORT",
	    N_("of a gateway: where its HTTP is from now on") },
};

static enum cli_exit find_node(
    const struct node **node_out, struct cli *cli, const char *name)
{
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE)
		return exit;
	*node_out = org_node(cli->org, name);
	if (*node_out)
		return CLI_DONE;
	say_error(_("There is no node %s in nodes.yaml."), name);
	return CLI_NOT_FOUND;
}

static size_t children_of(
    const struct cli *cli, const struct node *node, json_t *names)
{
	size_t count = 0;
	for (size_t i = 0; i < org_node_count(cli->org); i++) {
		const struct node *child = org_node_at(cli->org, i);
		if (child->parent != node)
			continue;
		count++;
		if (names)
			json_array_append_new(names, json_text(child->name));
	}
	return count;
}

static enum cli_exit move_json(
    const struct cli *cli, const struct node *node, const char *endpoint)
{
	json_t *names = json_array();
	children_of(cli, node, names);
	return json_print(json_pack("{s:o,s:s,s:o,s:o}", "node",
		   json_text(node->name), "endpoint", endpoint, "was",
		   json_text(node->endpoint), "reload", names)) < 0
		   ? CLI_FAILED
		   : CLI_DONE;
}

static void move_text(
    const struct cli *cli, const struct node *node, const char *endpoint)
{
	size_t below = children_of(cli, node, NULL);
	printf(_("nodes.yaml has %s at %s now; it was at %s. What is left to "
		 "do:\n"),
	    node->name, endpoint, node->endpoint);
	printf(_("  1. Copy nodes.yaml to the city folder of every other "
		 "machine.\n"));
	printf(_("  2. Stop %s. If its machine is another one now, bring its "
		 "key and its whole store folder there. Start it.\n"),
	    node->name);
	if (below > 0)
		printf(ngettext("  3. Run: whistle node reload --all. The node "
				"below it then calls it where it is now.\n",
			   "  3. Run: whistle node reload --all. The %zu nodes "
			   "below it then call it where it is now.\n",
			   below),
		    below);
	else
		printf(_("  3. Run: whistle node reload --all.\n"));
}

static enum cli_exit move_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const struct node *node = NULL;
	(void)command;
	(void)count;
	enum cli_exit exit = find_node(&node, cli, words[0]);
	if (exit != CLI_DONE)
		return exit;
	if (move_http && !node->http) {
		say_error(_("%s has no HTTP; leave --http out."), node->name);
		return CLI_USAGE;
	}
	exit = city_move(cli->home.path, node, words[1], move_http);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return move_json(cli, node, words[1]);
	move_text(cli, node, words[1]);
	return CLI_DONE;
}

static const struct cli_command rows[] = {
	{ "city", "move", "NODE ENDPOINT", 2, 2, CLI_ROWS(move_rows), move_run,
	    NULL, N_("write into nodes.yaml where a node is from now on"),
	    N_("Nothing else in the file changes, and a city that would not "
	       "be sound is refused. What is to be done then is said: the file "
	       "goes to all machines, the node is started at its new place, "
	       "and whoever calls it reads its files again. Whatever waits for "
	       "it meanwhile is sent when it is found.") },
};

const struct cli_commands city_move_commands = { CLI_ROWS(rows) };
