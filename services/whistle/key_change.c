/*
 * whistle key rotate, retire, revoke. The order is such that a step that was
 * cut off is finished by saying the same again: the new key is on disk
 * before the city's files name it, and takes the old one's place after.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "city_files.h"
#include "city_keys.h"
#include "json.h"
#include "key_owner.h"
#include "lang.h"
#include "say.h"
#include "session.h"

/* One change of one owner. */
struct change {
	struct key_owner owner;
	char path[KEY_PATH_TEXT];
	char coming[KEY_PATH_TEXT + 8]; /* the new key, until it counts */
	char public_key[NET_KEY_TEXT];	/* the new one */
	struct former_keys former;
};

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

static enum cli_exit begin(
    struct change *change, struct cli *cli, const char *name)
{
	memset(change, 0, sizeof(*change));
	enum cli_exit exit = key_owner_find(&change->owner, cli, name);
	if (exit != CLI_DONE)
		return exit;
	key_owner_path(change->path, cli, &change->owner);
	snprintf(
	    change->coming, sizeof(change->coming), "%s.coming", change->path);
	const struct node *node = change->owner.node;
	if (!node)
		return CLI_DONE;
	struct former_keys *former = &change->former;
	former->node = node->index;
	for (unsigned i = 0; i < node->old_count; i++)
		former->old[former->old_count++] = node->old_keys[i];
	for (unsigned i = 0; i < node->retired_count; i++)
		former->retired[former->retired_count++] =
		    node->retired_keys[i];
	return CLI_DONE;
}

static enum cli_exit say_too_many(const struct change *change)
{
	say_error(
	    _("%s has too many former keys: at most %d that are still "
	      "good, and %d retired ones. Retire some (whistle key retire)."),
	    change->owner.node->name, NODE_OLD_KEYS_MAX, NODE_RETIRED_KEYS_MAX);
	return CLI_REFUSED;
}

static bool retire(struct former_keys *former, const char *key)
{
	if (former->retired_count == NODE_RETIRED_KEYS_MAX)
		return false;
	former->retired[former->retired_count++] = key;
	return true;
}

static bool retire_all(struct former_keys *former)
{
	bool has_room = true;
	for (unsigned i = 0; has_room && i < former->old_count; i++)
		has_room = retire(former, former->old[i]);
	former->old_count = 0;
	return has_room;
}

/* Into nodes.yaml, or operators.csv. */
static enum cli_exit publish(
    const struct cli *cli, const struct change *change, bool is_gone)
{
	struct city_keys keys;
	const char *dir = cli->home.path;
	const struct node *node = change->owner.node;
	int err = city_keys_of(&keys, cli->org);
	if (err < 0)
		return say_failure(err, dir);
	keys.former = node ? &change->former : NULL;
	keys.gone = is_gone ? change->owner.operator: NULL;
	if (node && change->public_key[0])
		memcpy(
		    keys.nodes[node->index], change->public_key, NET_KEY_TEXT);
	for (size_t i = 0; !node && i < org_operator_count(cli->org); i++)
		if (org_operator_at(cli->org, i) == change->owner.operator)
			memcpy(keys.operators[i], change->public_key,
			    NET_KEY_TEXT);
	enum cli_exit exit =
	    node ? city_files_nodes(dir, dir, cli->org, &keys, 0)
		 : city_files_operators(dir, cli->org, &keys);
	city_keys_free(&keys);
	return exit;
}

/* The old file of a node gets the next number behind its name. */
static enum cli_exit put_aside(const struct change *change)
{
	char numbered[KEY_PATH_TEXT + 24];
	for (unsigned i = 1; i <= NODE_OLD_KEYS_MAX + NODE_RETIRED_KEYS_MAX;
	     i++) {
		snprintf(numbered, sizeof(numbered), "%s.%u", change->path, i);
		if (link(change->path, numbered) == 0 || errno == ENOENT)
			return CLI_DONE;
		if (errno != EEXIST)
			return say_errno(numbered);
	}
	return say_too_many(change);
}

/* It is in the city's files: it takes the old one's place. */
static enum cli_exit take_place(const struct change *change)
{
	struct net_key now = { .public_key = "" };
	if (change->owner.node && net_key_load(&now, change->path) == 0 &&
	    strcmp(now.public_key, change->public_key) != 0) {
		enum cli_exit exit = put_aside(change);
		if (exit != CLI_DONE)
			return exit;
	}
	explicit_bzero(&now, sizeof(now));
	return rename(change->coming, change->path) == 0
		   ? CLI_DONE
		   : say_errno(change->path);
}

static enum cli_exit say_new(
    const struct cli *cli, const struct change *change, const char *name)
{
	if (cli->json) {
		int err = json_print(json_pack("{s:s,s:s,s:s}", "name", name,
		    "file", change->path, "public_key", change->public_key));
		return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
	}
	printf(_("%s has another key now: %s.\n"), name, change->path);
	return CLI_DONE;
}

static void say_next(const struct cli *cli, const char *text)
{
	if (!cli->json)
		printf("%s\n", text);
}

static void say_next_of_node(const struct cli *cli, const char *name)
{
	if (cli->json)
		return;
	printf(_("Next, as an engineer: whistle node reload %1$s, then whistle "
		 "node reload --all; when its links are up (whistle node "
		 "status %1$s): whistle key retire %1$s. Every machine needs "
		 "the new nodes.yaml.\n"),
	    name);
}

/* Makes the new key, or goes on with the one that was made before. */
static enum cli_exit renew(struct cli *cli, struct change *change)
{
	int err = city_keys_one(change->public_key, NULL, change->coming);
	if (err < 0)
		return say_failure(err, change->coming);
	enum cli_exit exit =
	    strcmp(change->public_key, key_owner_key(&change->owner)) == 0
		? CLI_DONE
		: publish(cli, change, false);
	return exit == CLI_DONE ? take_place(change) : exit;
}

/* What was cut off after the files named the new key goes on from there. */
static bool is_half_done(const struct change *change)
{
	struct net_key coming = { .public_key = "" };
	bool is = net_key_load(&coming, change->coming) == 0 &&
		  strcmp(coming.public_key, key_owner_key(&change->owner)) == 0;
	explicit_bzero(&coming, sizeof(coming));
	return is;
}

enum cli_exit key_rotate_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct change change;
	(void)command;
	(void)count;
	enum cli_exit exit = begin(&change, cli, words[0]);
	const struct node *node = change.owner.node;
	if (exit == CLI_DONE && node && !is_half_done(&change)) {
		if (access(change.path, F_OK) != 0) {
			say_error(_("The key file of %s is not here (%s): say "
				    "this where it is."),
			    words[0], change.path);
			return CLI_NOT_FOUND;
		}
		if (change.former.old_count == NODE_OLD_KEYS_MAX)
			return say_too_many(&change);
		memmove(change.former.old + 1, change.former.old,
		    change.former.old_count * sizeof(change.former.old[0]));
		change.former.old[0] = node->public_key;
		change.former.old_count++;
	}
	if (exit == CLI_DONE)
		exit = renew(cli, &change);
	if (exit == CLI_DONE)
		exit = say_new(cli, &change, words[0]);
	if (exit != CLI_DONE)
		return exit;
	if (node)
		say_next_of_node(cli, node->name);
	else
		say_next(cli, _("Nodes know it after “whistle node reload "
				"--all”; the old key is good until then. An "
				"engineer's own: have another engineer say it, "
				"or send each daemon SIGHUP."));
	return exit;
}

enum cli_exit key_retire_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct change change;
	(void)command;
	(void)count;
	enum cli_exit exit = begin(&change, cli, words[0]);
	if (exit != CLI_DONE)
		return exit;
	if (!change.owner.node) {
		say_error(_("%s is an operator: only a node's old keys stay "
			    "good for a time."),
		    words[0]);
		return CLI_REFUSED;
	}
	unsigned retired = change.former.old_count;
	if (!retire_all(&change.former))
		return say_too_many(&change);
	exit = publish(cli, &change, false);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return json_print(json_pack("{s:s,s:i}", "name", words[0],
			   "retired", (int)retired)) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	printf(ngettext("%u old key of %s is retired.\n",
		   "%u old keys of %s are retired.\n", retired),
	    retired, words[0]);
	say_next(cli, _("Next, as an engineer: whistle node reload --all."));
	return CLI_DONE;
}

static enum cli_exit revoke_operator(
    struct cli *cli, struct change *change, const char *name)
{
	memcpy(change->public_key, key_owner_key(&change->owner),
	    sizeof(change->public_key));
	enum cli_exit exit = publish(cli, change, true);
	if (exit != CLI_DONE)
		return exit;
	if (unlink(change->path) != 0 && errno != ENOENT)
		return say_errno(change->path);
	if (cli->json)
		return json_print(json_pack("{s:s,s:s}", "name", name,
			   "public_key", change->public_key)) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	printf(_("%s is no operator any more.\n"), name);
	say_next(cli,
	    _("Next, as an engineer: whistle node reload --all. Until then "
	      "the key is good."));
	return CLI_DONE;
}

enum cli_exit key_revoke_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct change change;
	(void)command;
	(void)count;
	enum cli_exit exit = begin(&change, cli, words[0]);
	if (exit != CLI_DONE)
		return exit;
	if (change.owner.operator)
		return revoke_operator(cli, &change, words[0]);
	if (!is_half_done(&change) &&
	    (!retire_all(&change.former) ||
		!retire(&change.former, change.owner.node->public_key)))
		return say_too_many(&change);
	exit = renew(cli, &change);
	if (exit == CLI_DONE)
		exit = say_new(cli, &change, words[0]);
	if (exit == CLI_DONE)
		say_next(cli,
		    _("Next: the node itself gets the new key file and "
		      "nodes.yaml, and SIGHUP or a new start, for nobody asks "
		      "it by the old key any more. Then, as an engineer: "
		      "whistle node reload --all. Its links are down until "
		      "both are done."));
	return exit;
}
