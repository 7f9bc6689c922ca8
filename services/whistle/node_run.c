/*
 * whistle node run: becomes the daemon of a node, so that whoever starts it
 * (a unit file, a container, a person) names the node and nothing else.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "lang.h"
#include "program.h"
#include "say.h"
#include "session.h"

static enum cli_exit become(struct cli *cli, const struct node *node)
{
	char program[PROGRAM_TEXT], home[sizeof(cli->home.path)];
	char name[NAME_MAX_BYTES];

	if (program_of(program, node)) {
		say_error(_("%s cannot be read: %s."), "/proc/self/exe",
		    strerror(errno));
		return CLI_FAILED;
	}
	snprintf(home, sizeof(home), "%s", cli->home.path);
	snprintf(name, sizeof(name), "%s", node->name);
	session_close(cli);
	fflush(NULL);
	execl(program, program, "--home", home, "--node", name, (char *)NULL);
	say_error(_("%s cannot be started: %s."), program, strerror(errno));
	return CLI_FAILED;
}

static enum cli_exit run_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command;
	(void)count;
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE)
		return exit;
	const struct node *node = org_node(cli->org, words[0]);
	if (!node) {
		say_error(_("nodes.yaml has no node %s."), words[0]);
		return CLI_NOT_FOUND;
	}
	return become(cli, node);
}

static const struct cli_command rows[] = {
	{ "node", "run", "NODE", 1, 1, NULL, 0, run_run, NULL,
	    N_("become the daemon of a node"),
	    N_("The same as to start the daemon of the node's level with "
	       "--home and --node; it stays in the foreground. Its other "
	       "options are read from WHISTLE_KEY, WHISTLE_LISTEN and "
	       "WHISTLE_STORE, see whistled(8).") },
};

const struct cli_commands node_run_commands = { CLI_ROWS(rows) };
