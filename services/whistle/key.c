/*
 * whistle key list, show, make: a key is a person or a node. What becomes of
 * keys later is key_change.c's.
 */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "city_files.h"
#include "city_keys.h"
#include "commands.h"
#include "json.h"
#include "key_owner.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "table.h"
#include "unit_name.h"
#include "words.h"

static const char *owner_name(const struct key_owner *owner)
{
	return owner->node ? owner->node->name : owner->operator->name;
}

const char *key_owner_key(const struct key_owner *owner)
{
	return owner->node ? owner->node->public_key
			   : owner->operator->public_key;
}

void key_owner_path(char path_out[KEY_PATH_TEXT], const struct cli *cli,
    const struct key_owner *owner)
{
	if (owner->node)
		home_node_key(
		    path_out, KEY_PATH_TEXT, &cli->home, owner->node->name);
	else
		home_operator_key(
		    path_out, KEY_PATH_TEXT, &cli->home, owner->operator->name);
}

/* "here", "missing", "unsafe", "wrong": how the key file is. */
static const char *file_state(
    const struct cli *cli, const struct key_owner *owner)
{
	char path[KEY_PATH_TEXT];
	struct net_key key = { .public_key = "" };
	key_owner_path(path, cli, owner);
	int err = net_key_load(&key, path);
	bool fits = strcmp(key.public_key, key_owner_key(owner)) == 0;
	explicit_bzero(&key, sizeof(key));
	if (err == ERR_NOT_FOUND)
		return "missing";
	if (err == ERR_ACCESS)
		return "unsafe";
	return err == 0 && fits ? "here" : "wrong";
}

static const char *state_word(const char *state)
{
	if (strcmp(state, "here") == 0)
		return C_("key", "here");
	if (strcmp(state, "missing") == 0)
		return C_("key", "not on this machine");
	if (strcmp(state, "unsafe") == 0)
		return C_("key", "others can read it");
	return C_("key", "not the one that the city names");
}

/* ---- list ---- */

static json_t *owner_json(const struct cli *cli, const struct key_owner *owner)
{
	json_t *object = json_object();
	json_object_set_new(object, "name", json_text(owner_name(owner)));
	json_object_set_new(
	    object, "of", json_text(owner->node ? "node" : "operator"));
	json_object_set_new(object, "unit",
	    owner->node ? json_null()
			: json_unit(&owner->operator->unit->code));
	json_object_set_new(object, "role",
	    owner->node ? json_null()
			: json_word(WORD_ROLE, owner->operator->role));
	json_object_set_new(
	    object, "public_key", json_text(key_owner_key(owner)));
	json_object_set_new(object, "file", json_text(file_state(cli, owner)));
	return object;
}

static void owner_row(
    struct table *table, const struct cli *cli, const struct key_owner *owner)
{
	char unit[UNIT_NAME_TEXT];
	const char *state = file_state(cli, owner);
	bool is_bad =
	    strcmp(state, "unsafe") == 0 || strcmp(state, "wrong") == 0;
	table_row(table);
	table_cell(table, owner_name(owner));
	table_cell(table, owner->node
			      ? _("node")
			      : words_of(WORD_ROLE, owner->operator->role));
	table_cell(table, owner->node ? "-"
				      : unit_name(unit, cli->org,
					    &owner->operator->unit->code));
	table_cell(table, *key_owner_key(owner) ? key_owner_key(owner) : "-");
	table_cell_painted(
	    table, state_word(state), is_bad ? PAINT_BAD : PAINT_NONE);
}

/* All owners, one after the other: nodes, then operators. */
static bool owner_at(
    struct key_owner *owner_out, const struct org *org, size_t index)
{
	size_t nodes = org_node_count(org);
	*owner_out = (struct key_owner){ 0 };
	if (index < nodes)
		owner_out->node = org_node_at(org, index);
	else if (index - nodes < org_operator_count(org))
		owner_out->operator= org_operator_at(org, index - nodes);
	return owner_out->node || owner_out->operator;
}

static enum cli_exit list_json(const struct cli *cli)
{
	struct json_stream stream = { 0 };
	struct key_owner owner;
	for (size_t i = 0; owner_at(&owner, cli->org, i); i++)
		if (json_stream_add(&stream, owner_json(cli, &owner)) < 0)
			return say_failure(ERR_NOMEM, "JSON");
	json_stream_end(&stream);
	return CLI_DONE;
}

static enum cli_exit list_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct table *table;
	struct key_owner owner;
	(void)command;
	(void)count;
	(void)words;
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return list_json(cli);
	int err = table_open(&table);
	if (err < 0)
		return say_failure(err, "whistle");
	table_column(table, _("NAME"), 0);
	table_column(table, _("ROLE"), 0);
	table_column(table, _("UNIT"), 0);
	table_column(table, _("PUBLIC KEY"), 0);
	table_column(table, _("KEY FILE"), 0);
	for (size_t i = 0; owner_at(&owner, cli->org, i); i++)
		owner_row(table, cli, &owner);
	err = table_print(table);
	table_close(&table);
	return err < 0 ? say_failure(err, "whistle") : CLI_DONE;
}

/* ---- show, make ---- */

enum cli_exit key_owner_find(
    struct key_owner *owner_out, struct cli *cli, const char *name)
{
	enum cli_exit exit = session_org(cli);
	if (exit != CLI_DONE)
		return exit;
	owner_out->node = org_node(cli->org, name);
	owner_out->operator= owner_out->node ? NULL
					     : org_operator(cli->org, name);
	if (owner_out->node || owner_out->operator)
		return CLI_DONE;
	say_error(_("The city has no node and no operator %s. Add a line to "
		    "operators.csv or nodes.yaml first."),
	    name);
	return CLI_NOT_FOUND;
}

static enum cli_exit show_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	struct key_owner owner;
	(void)command;
	(void)count;
	enum cli_exit exit = key_owner_find(&owner, cli, words[0]);
	if (exit != CLI_DONE)
		return exit;
	if (!cli->json) {
		printf("%s\n", key_owner_key(&owner));
		return CLI_DONE;
	}
	int err = json_print(owner_json(cli, &owner));
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}

/* The public key goes into the city's file, next to its owner's name. */
static enum cli_exit publish(const struct cli *cli,
    const struct key_owner *owner, const char *public_key)
{
	struct city_keys keys;
	const char *dir = cli->home.path;
	int err = city_keys_of(&keys, cli->org);
	if (err < 0)
		return say_failure(err, dir);
	for (size_t i = 0; i < org_operator_count(cli->org); i++)
		if (org_operator_at(cli->org, i) == owner->operator)
			memcpy(keys.operators[i], public_key, NET_KEY_TEXT);
	if (owner->node)
		memcpy(
		    keys.nodes[owner->node->index], public_key, NET_KEY_TEXT);
	enum cli_exit exit =
	    owner->node ? city_files_nodes(dir, dir, cli->org, &keys, 0)
			: city_files_operators(dir, cli->org, &keys);
	city_keys_free(&keys);
	return exit;
}

static enum cli_exit make_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	char path[KEY_PATH_TEXT];
	char public_key[NET_KEY_TEXT];
	struct key_owner owner;
	bool is_new;
	(void)command;
	(void)count;
	enum cli_exit exit = key_owner_find(&owner, cli, words[0]);
	if (exit != CLI_DONE)
		return exit;
	key_owner_path(path, cli, &owner);
	int err = city_keys_one(public_key, &is_new, path);
	if (err < 0)
		return say_failure(err, path);
	if (!is_new && strcmp(public_key, key_owner_key(&owner)) == 0) {
		say_error(_("%s has a key already: %s."), words[0], path);
		return CLI_REFUSED;
	}
	exit = publish(cli, &owner, public_key);
	if (exit == CLI_DONE && !cli->json)
		printf(_("%s has a key now: %s. Nodes know it after “whistle "
			 "node reload --all”.\n"),
		    words[0], path);
	if (exit == CLI_DONE && cli->json &&
	    json_print(json_pack("{s:s,s:s,s:s}", "name", words[0], "file",
		path, "public_key", public_key)) < 0)
		exit = CLI_FAILED;
	return exit;
}

static const struct cli_command rows[] = {
	{ "key", "list", "", 0, 0, NULL, 0, list_run, NULL,
	    N_("list who has a key, and where the key file is"), NULL },
	{ "key", "show", "NAME", 1, 1, NULL, 0, show_run, NULL,
	    N_("show the public key of an operator or a node"), NULL },
	{ "key", "make", "NAME", 1, 1, NULL, 0, make_run, NULL,
	    N_("make the key of an operator or a node that has none"),
	    N_("The public key is written into the city's files. A key "
	       "that is there is never overwritten.") },
	{ "key", "rotate", "NAME", 1, 1, NULL, 0, key_rotate_run, NULL,
	    N_("give an operator or a node another key"),
	    N_("A node's old key stays good for its neighbours until “whistle "
	       "key retire”; its file is kept beside the new one, with a "
	       "number behind, for it opens what was sealed for it. An "
	       "operator's old key is gone.") },
	{ "key", "retire", "NODE", 1, 1, NULL, 0, key_retire_run, NULL,
	    N_("end the time in which a node's old keys are good as well"),
	    N_("Before: every node has read the city's files again, and the "
	       "node's links are up.") },
	{ "key", "revoke", "NAME", 1, 1, NULL, 0, key_revoke_run, NULL,
	    N_("shut out whoever has this key"),
	    N_("An operator's line leaves operators.csv. A node gets another "
	       "key, and none of those that it had is good any more: its "
	       "links are down until the node itself has the new one.") },
};

const struct cli_commands key_commands = { CLI_ROWS(rows) };
