/*
 * whistle backup, restore: a node's store as one file, and back.
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
#include "store_file.h"

enum { PATH_TEXT = 1200 };

/* The node that --node names, and its store's folder. */
static enum cli_exit find_store(
    struct store_place *place_out, char path[PATH_TEXT], struct cli *cli)
{
	enum cli_exit exit = session_org(cli);
	const struct node *node;

	if (exit != CLI_DONE)
		return exit;
	if (!cli->node_name || !*cli->node_name) {
		say_error(_("Say whose store with --node NAME."));
		return CLI_USAGE;
	}
	node = org_node(cli->org, cli->node_name);
	if (!node) {
		say_error(_("nodes.yaml has no node %s."), cli->node_name);
		return CLI_NOT_FOUND;
	}
	home_store_dir(path, PATH_TEXT, &cli->home, node->name);
	*place_out = (struct store_place){ path, false, cli->org, node };
	return CLI_DONE;
}

static const char *text_at(const json_t *report, const char *key)
{
	const char *text = json_string_value(json_object_get(report, key));

	return text ? text : "";
}

static bool is_sound(const json_t *report)
{
	return json_is_true(json_object_get(report, "is_sound"));
}

static void show_files(const char *file, const json_t *report)
{
	long long count =
	    json_integer_value(json_object_get(report, "attachments"));
	long long left_out = json_integer_value(
	    json_object_get(report, "attachments_left_out"));

	if (count)
		printf(ngettext("%s.files: %lld attachment, which belongs to "
				"it.\n",
			   "%s.files: %lld attachments, which belong to it.\n",
			   (unsigned long)count),
		    file, count);
	if (left_out)
		say_error(_("%lld attachments are damaged here and were left "
			    "out; the neighbours have them. See “whistle "
			    "store check”."),
		    left_out);
}

static enum cli_exit show_saved(
    struct cli *cli, const char *file, json_t *report)
{
	json_object_set_new(report, "file", json_string(file));
	if (!is_sound(report)) {
		store_look_print(report);
		say_error(_("The copy is damaged, as the store is: no backup "
			    "was made. See “whistle store check”."));
		return CLI_FAILED;
	}
	if (cli->json)
		return json_print(json_incref(report)) < 0 ? CLI_FAILED
							   : CLI_DONE;
	printf(_("%s: a sound copy of the store of %s: %lld tickets, %lld "
		 "events.\n"),
	    file, cli->node_name,
	    json_integer_value(json_object_get(report, "tickets")),
	    json_integer_value(json_object_get(report, "events")));
	show_files(file, report);
	return CLI_DONE;
}

static enum cli_exit backup_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	char path[PATH_TEXT];
	struct store_place from;
	json_t *report = NULL;
	enum cli_exit exit = find_store(&from, path, cli);

	(void)command;
	(void)count;
	if (exit != CLI_DONE)
		return exit;
	int rc = store_save(&report, words[0], &from);
	if (rc == ERR_EXISTS) {
		say_error(_("%s is there already; a backup is never written "
			    "over."),
		    words[0]);
		return CLI_REFUSED;
	}
	if (rc == ERR_NOT_FOUND) {
		say_error(_("%s holds no store, or the folder of %s does not "
			    "exist."),
		    path, words[0]);
		return CLI_NOT_FOUND;
	}
	if (rc)
		return say_failure(rc, words[0]);
	exit = show_saved(cli, words[0], report);
	json_decref(report);
	return exit;
}

/* Is the file a sound copy of this node's store? */
static enum cli_exit check_file(const char *file, const struct node *node)
{
	struct store_place place = { file, true, NULL, NULL };
	json_t *report = NULL;
	int rc = store_look(&report, &place);
	enum cli_exit exit = CLI_DONE;

	if (rc)
		return store_look_failed(rc, file);
	if (!is_sound(report)) {
		store_look_print(report);
		say_error(_("%s is damaged; nothing was restored."), file);
		exit = CLI_FAILED;
	} else if (strcmp(text_at(report, "node"), node->name) != 0) {
		say_error(_("%s is a copy of the store of %s, not of %s."),
		    file, text_at(report, "node"), node->name);
		exit = CLI_REFUSED;
	}
	json_decref(report);
	return exit;
}

static enum cli_exit restore_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	char path[PATH_TEXT];
	struct store_place place;
	enum cli_exit exit = find_store(&place, path, cli);

	(void)command;
	(void)count;
	if (exit == CLI_DONE)
		exit = check_file(words[0], place.node);
	if (exit != CLI_DONE)
		return exit;
	int rc = store_load(path, words[0], place.node->name);
	if (rc == ERR_EXISTS) {
		say_error(_("%s holds a store. Stop the daemon and move the "
			    "store away first."),
		    path);
		return CLI_REFUSED;
	}
	if (rc)
		return say_failure(rc, path);
	if (cli->json)
		return json_print(json_pack("{s:s,s:s}", "node",
			   place.node->name, "store", path)) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	printf(
	    _("%s is restored. Start %s: it gets from its neighbours what "
	      "has happened since, and takes nothing new until it has it.\n"),
	    path, place.node->name);
	return CLI_DONE;
}

static const struct cli_command rows[] = {
	{ "backup", NULL, "FILE", 1, 1, NULL, 0, backup_run, NULL,
	    N_("copy the store of --node NAME to a new file"),
	    N_("The daemon may be running: the copy is the store as it was "
	       "at one moment. It is read again and checked (“whistle store "
	       "check”) before it gets its name; a damaged store makes no "
	       "backup. The attachments go into a folder beside it, FILE.files, "
	       "each checked against its hash; keep the two together. "
	       "Callers' details in it are sealed as they are in the "
	       "store; the node's key, which opens them, is not in it.") },
	{ "restore", NULL, "FILE", 1, 1, NULL, 0, restore_run, NULL,
	    N_("make the store of --node NAME from a backup"),
	    N_("Refuses while there is a store: stop the daemon and move "
	       "its folder away. The store gets a new id, so that every "
	       "neighbour offers all tickets that it shares with the node; "
	       "until all have done so the node answers questions and "
	       "refuses to write, so no ticket can be continued from an old "
	       "state. What happened after the backup and never left the "
	       "node is lost.") },
};

const struct cli_commands backup_commands = { CLI_ROWS(rows) };
