/*
 * whistle store check: is what a node has stored what its logs say? Reads
 * the files themselves, and asks no daemon.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "store/kv.h"
#include "store_look.h"

enum { PATH_TEXT = 1200 };

static enum cli_exit check_one(struct cli *cli, struct json_stream *stream,
    const struct store_place *place)
{
	json_t *report = NULL;
	int rc = store_look(&report, place);
	enum cli_exit exit = CLI_DONE;

	if (rc == ERR_NOT_FOUND) {
		say_error(_("%s holds no store."), place->path);
		return CLI_NOT_FOUND;
	}
	if (rc)
		return say_failure(rc, place->path);
	if (!json_is_true(json_object_get(report, "is_sound")))
		exit = CLI_FAILED;
	if (!cli->json)
		store_look_print(report);
	else if (json_stream_add(stream, json_incref(report)) < 0)
		exit = CLI_FAILED;
	json_decref(report);
	return exit;
}

static enum cli_exit check_node(
    struct cli *cli, struct json_stream *stream, const struct node *node)
{
	char path[PATH_TEXT];
	struct store_place place = { path, false, cli->org, node };

	home_store_dir(path, sizeof(path), &cli->home, node->name);
	return check_one(cli, stream, &place);
}

static bool has_store(const struct cli *cli, const struct node *node)
{
	char dir[PATH_TEXT], path[PATH_TEXT + sizeof(KV_FILE)];

	home_store_dir(dir, sizeof(dir), &cli->home, node->name);
	snprintf(path, sizeof(path), "%s/" KV_FILE, dir);
	return access(path, F_OK) == 0;
}

/* Those that are on this machine. */
static enum cli_exit check_all(struct cli *cli, struct json_stream *stream)
{
	enum cli_exit worst = CLI_DONE;
	unsigned count = 0;

	for (size_t i = 0; i < org_node_count(cli->org); i++) {
		const struct node *node = org_node_at(cli->org, i);
		enum cli_exit exit;

		if (!has_store(cli, node))
			continue;
		count++;
		exit = check_node(cli, stream, node);
		if (exit > worst)
			worst = exit;
	}
	if (count)
		return worst;
	say_error(_("%s/data holds no store."), cli->home.path);
	return CLI_NOT_FOUND;
}

static enum cli_exit check_named(struct cli *cli, struct json_stream *stream)
{
	enum cli_exit exit = session_org(cli);
	const struct node *node;

	if (exit != CLI_DONE)
		return exit;
	if (!cli->node_name || !*cli->node_name)
		return check_all(cli, stream);
	node = org_node(cli->org, cli->node_name);
	if (node)
		return check_node(cli, stream, node);
	say_error(_("nodes.yaml has no node %s."), cli->node_name);
	return CLI_NOT_FOUND;
}

static enum cli_exit check_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct json_stream stream = { .is_open = false };
	enum cli_exit exit;

	(void)command;
	if (count > 0) {
		struct store_place place = { words[0], false, NULL, NULL };
		exit = check_one(cli, &stream, &place);
	} else {
		exit = check_named(cli, &stream);
	}
	if (cli->json)
		json_stream_end(&stream);
	return exit;
}

static const struct cli_command rows[] = {
	{ "store", "check", "[DIR]", 0, 1, NULL, 0, check_run, NULL,
	    N_("check that a node's store agrees with itself"),
	    N_("Checks each record, each log from its first event to its "
	       "last, and that tickets, indexes, timers, counters, rows for "
	       "neighbours and the journal are what the logs say. DIR is a "
	       "store's folder; --node NAME the store of a node in the city "
	       "folder; with neither, every store that is there. Timers are "
	       "checked only where the city tells whose tickets are whose.\n"
	       "\n"
	       "Nothing is changed, and a daemon that is running may go on: "
	       "what is seen is one moment. While the check lasts, the "
	       "store's file cannot use again what is deleted, and grows a "
	       "little; it must be on this machine, and of the user who runs "
	       "the daemon. Exit code 5: something is damaged. Then stop the "
	       "daemon, move the store away and start it again: the "
	       "neighbours give back what they share.") },
};

const struct cli_commands store_commands = { CLI_ROWS(rows) };
