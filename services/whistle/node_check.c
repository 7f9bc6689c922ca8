/*
 * whistle node check: a question to one daemon by its own key, for whatever
 * watches over it: a container's health check, a probe, a timer. Needs no
 * operator, and says one line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "words.h"

static struct {
	const char *key;
	bool ready;
} check;

static const struct option_row options[] = {
	{ "key", OPTION_TEXT, &check.key, 0, 0, "FILE",
	    N_("the node's key (WHISTLE_KEY, else keys/nodes/NODE.key of the "
	       "city)") },
	{ "ready", OPTION_FLAG, &check.ready, 0, 0, NULL,
	    N_("it must also be taking new work: not recovering, draining or "
	       "full") },
};

static const char *wanted(const char *option, const char *variable)
{
	if (option && option[0])
		return option;
	option = getenv(variable);
	return option && option[0] ? option : NULL;
}

/* By its name, else the only one that there is a name for. */
static enum cli_exit find_node(
    const struct node **node_out, struct cli *cli, const char *word)
{
	const char *name = wanted(word ? word : cli->node_name, "WHISTLE_NODE");
	enum cli_exit exit = session_org(cli);

	if (exit != CLI_DONE)
		return exit;
	if (!name) {
		say_error(_("Which node? Name it, or set WHISTLE_NODE."));
		return CLI_USAGE;
	}
	*node_out = org_node(cli->org, name);
	if (*node_out)
		return CLI_DONE;
	say_error(_("nodes.yaml has no node %s."), name);
	return CLI_NOT_FOUND;
}

static enum cli_exit open_node(
    struct client **client_out, struct cli *cli, const struct node *node)
{
	const char *key = wanted(check.key, "WHISTLE_KEY");
	char path[1200];

	if (!key) {
		home_node_key(path, sizeof(path), &cli->home, node->name);
		key = path;
	}
	switch (client_open_self(client_out, key, node)) {
	case 0:
		return CLI_DONE;
	case ERR_NOT_FOUND:
		say_error(_("There is no key %s; say --key FILE."), key);
		return CLI_NOT_FOUND;
	case ERR_ACCESS:
		say_error(_("The key %s cannot be read, or others can read "
			    "it: chmod 600 it."),
		    key);
		return CLI_FAILED;
	default:
		say_error(_("%s is not the key that nodes.yaml names for %s."),
		    key, node->name);
		return CLI_FAILED;
	}
}

static bool is_ready(const char *state)
{
	return strcmp(state, "running") == 0;
}

static enum cli_exit tell(
    const struct cli *cli, const struct node *node, const char *state)
{
	if (cli->json) {
		int err = json_print(json_pack("{s:s,s:s,s:b}", "node",
		    node->name, "state", state, "ready", is_ready(state)));
		if (err < 0)
			return say_failure(err, "JSON");
	} else {
		printf("%s: %s\n", node->name, words_node_state(state));
	}
	return check.ready && !is_ready(state) ? CLI_REFUSED : CLI_DONE;
}

static enum cli_exit check_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct wire_request request = { .kind = ASK_STATUS };
	struct wire_reply reply;
	struct client *client = NULL;
	const struct node *node;

	(void)command;
	enum cli_exit exit = find_node(&node, cli, count ? words[0] : NULL);
	if (exit == CLI_DONE)
		exit = open_node(&client, cli, node);
	if (exit != CLI_DONE)
		return exit;
	int err =
	    client_ask(&reply, client, &request, (int)cli->timeout_s * 1000);
	if (err || reply.result != RESULT_DONE || !reply.has_body) {
		say_error(_("Node %s does not answer at %s."), node->name,
		    node->endpoint);
		exit = CLI_UNREACHABLE;
	} else {
		exit = tell(cli, node, reply.status.state);
	}
	client_close(&client);
	return exit;
}

static const struct cli_command rows[] = {
	{ "node", "check", "[NODE]", 0, 1, CLI_ROWS(options), check_run, NULL,
	    N_("ask one node by its own key how it is"),
	    N_("For whatever watches over a daemon. NODE may also be "
	       "WHISTLE_NODE. 0: it answers, and with --ready it takes new "
	       "work; 1: not ready; 3: no answer.") },
};

const struct cli_commands node_check_commands = { CLI_ROWS(rows) };
