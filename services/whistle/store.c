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
#include "store_compare.h"
#include "store_look.h"
#include "store_repair.h"

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
		return store_look_failed(rc, place->path);
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

/* ---- repair ---- */

static enum cli_exit say_unrepaired(int rc, const char *path)
{
	switch (rc) {
	case ERR_BUSY:
		say_error(_("%s is in use: stop its daemon first."), path);
		return CLI_REFUSED;
	case ERR_NOT_FOUND:
		say_error(_("%s holds no store."), path);
		return CLI_NOT_FOUND;
	case ERR_CORRUPT:
		say_error(
		    _("%s cannot be repaired (above). Move it away and start "
		      "the daemon: the neighbours give back what they share."),
		    path);
		return CLI_FAILED;
	default:
		return store_look_failed(rc, path);
	}
}

static enum cli_exit make_whole(
    struct cli *cli, const struct node *node, const char *path)
{
	json_t *report = NULL;
	int rc = store_make_whole(&report, cli, node, path);

	if (rc)
		return say_unrepaired(rc, path);
	if (cli->json)
		json_print(json_incref(report));
	else
		store_repair_print(report);
	json_decref(report);
	return CLI_DONE;
}

static enum cli_exit repair_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	enum cli_exit exit = session_org(cli);
	struct store_place place = { NULL, false, cli->org, NULL };
	char path[PATH_TEXT];
	json_t *report = NULL;
	int rc;

	(void)command, (void)count, (void)words;
	if (exit != CLI_DONE)
		return exit;
	if (!cli->node_name || !*cli->node_name) {
		say_error(_("Say whose store with --node NAME."));
		return CLI_USAGE;
	}
	place.org = cli->org;
	place.node = org_node(cli->org, cli->node_name);
	if (!place.node) {
		say_error(_("nodes.yaml has no node %s."), cli->node_name);
		return CLI_NOT_FOUND;
	}
	home_store_dir(path, sizeof(path), &cli->home, place.node->name);
	place.path = path;
	rc = store_look(&report, &place);
	if (rc)
		return say_unrepaired(rc, path);
	bool is_sound = json_is_true(json_object_get(report, "is_sound"));
	if (is_sound && cli->json)
		json_print(json_incref(report));
	else if (is_sound)
		store_look_print(report);
	json_decref(report);
	return is_sound ? CLI_DONE : make_whole(cli, place.node, path);
}

/* ---- compare ---- */

static enum cli_exit compare_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	(void)command, (void)count;
	return store_compare(cli, words[0], words[1]);
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
	       "the daemon. Exit code 5: something is damaged; see 'whistle "
	       "store repair'.") },
	{ "store", "compare", "STORE COPY", 2, 2, NULL, 0, compare_run, NULL,
	    N_("find logs that were changed, cut or reordered, by somebody "
	       "else's copy"),
	    N_("Each is a store's folder or a backup. Every log that COPY has "
	       "is compared with that of STORE, byte by byte: said is the "
	       "first event that differs, and of both whether their own chain "
	       "of hashes, and the law, hold. Where both hold, one of them "
	       "was written anew from there on; a third node's copy tells "
	       "which. Where STORE only goes on after COPY, nothing is wrong: "
	       "to see whether COPY lacks something, name them the other way "
	       "round.\n"
	       "\n"
	       "By the city folder it is known which tickets STORE's node "
	       "must have; those that are gone are named. Nothing is "
	       "changed, and no daemon and no key is needed. What was just on "
	       "its way to one of them, or a take-over without the holder of "
	       "which one has not heard yet, may differ: compare again when "
	       "both have. Exit code 1: something differs.") },
	{ "store", "repair", "", 0, 0, NULL, 0, repair_run, NULL,
	    N_("make the store of --node NAME whole again"),
	    N_("Its daemon must not be running. Every log is read as far as "
	       "it is sound, and a new store is made of that; whatever can be "
	       "worked out from the logs is worked out again. The old store is "
	       "kept beside it with a list of what was damaged. When the "
	       "daemon starts, its neighbours give back what they share "
	       "before it writes again. What had not left the node and is "
	       "damaged is lost.\n"
	       "\n"
	       "A daemon that meets damage while it runs does the same by "
	       "itself. A store that is sound is left as it is.") },
};

const struct cli_commands store_commands = { CLI_ROWS(rows) };
