#include "city_keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"

enum { PATH_TEXT = 1200 };

bool city_keys_is_made(const char *dir)
{
	char path[PATH_TEXT];
	snprintf(path, sizeof(path), "%s/keys", dir);
	return access(path, F_OK) == 0;
}

static int home_of(struct home *home_out, const char *dir)
{
	if (strlen(dir) >= sizeof(home_out->path))
		return ERR_TOO_LARGE;
	strcpy(home_out->path, dir);
	return 0;
}

/* The file appears whole, and never in the place of another: what was cut
 * off half-way has another name. */
static int save_whole(const char *path, const struct net_key *key)
{
	char temporary[PATH_TEXT + 8];
	snprintf(temporary, sizeof(temporary), "%s.new", path);
	unlink(temporary);
	int err = net_key_save(temporary, key);
	if (err == 0 && link(temporary, path) != 0)
		err = errno == EEXIST ? ERR_EXISTS : ERR_IO;
	unlink(temporary);
	return err;
}

int city_keys_one(
    char public_key_out[NET_KEY_TEXT], bool *made_out, const char *path)
{
	struct net_key key;
	int err = net_key_load(&key, path);
	bool made = err == ERR_NOT_FOUND;
	if (made) {
		err = net_key_make(&key);
		if (err == 0)
			err = save_whole(path, &key);
	}
	if (err == 0)
		memcpy(public_key_out, key.public_key, NET_KEY_TEXT);
	if (made_out)
		*made_out = made;
	explicit_bzero(&key, sizeof(key));
	return err;
}

static int allocate(struct city_keys *keys, const struct org *org)
{
	keys->nodes = calloc(org_node_count(org) + 1, sizeof(*keys->nodes));
	keys->operators =
	    calloc(org_operator_count(org) + 1, sizeof(*keys->operators));
	if (keys->nodes && keys->operators)
		return 0;
	city_keys_free(keys);
	return ERR_NOMEM;
}

static enum cli_exit make_folder(const char *dir, const char *name)
{
	char path[PATH_TEXT];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return CLI_DONE;
	say_error(_("%s cannot be made: %s."), path, strerror(errno));
	return CLI_FAILED;
}

static enum cli_exit make_nodes(
    struct city_keys *keys, const struct org *org, const struct home *home)
{
	char path[PATH_TEXT];
	for (size_t i = 0; i < org_node_count(org); i++) {
		home_node_key(
		    path, sizeof(path), home, org_node_at(org, i)->name);
		int err = city_keys_one(keys->nodes[i], NULL, path);
		if (err < 0)
			return say_failure(err, path);
	}
	return CLI_DONE;
}

static enum cli_exit make_operators(
    struct city_keys *keys, const struct org *org, const struct home *home)
{
	char path[PATH_TEXT];
	for (size_t i = 0; i < org_operator_count(org); i++) {
		home_operator_key(
		    path, sizeof(path), home, org_operator_at(org, i)->name);
		int err = city_keys_one(keys->operators[i], NULL, path);
		if (err < 0)
			return say_failure(err, path);
	}
	return CLI_DONE;
}

enum cli_exit city_keys_make(
    struct city_keys *keys_out, const struct org *org, const char *dir)
{
	struct home home;
	int err = home_of(&home, dir);
	if (err == 0)
		err = allocate(keys_out, org);
	if (err < 0)
		return say_failure(err, dir);
	enum cli_exit exit = make_folder(dir, "keys");
	if (exit == CLI_DONE)
		exit = make_folder(dir, "keys/nodes");
	if (exit == CLI_DONE)
		exit = make_folder(dir, "keys/operators");
	if (exit == CLI_DONE)
		exit = make_nodes(keys_out, org, &home);
	if (exit == CLI_DONE)
		exit = make_operators(keys_out, org, &home);
	if (exit != CLI_DONE)
		city_keys_free(keys_out);
	return exit;
}

int city_keys_of(struct city_keys *keys_out, const struct org *org)
{
	int err = allocate(keys_out, org);
	if (err < 0)
		return err;
	for (size_t i = 0; i < org_node_count(org); i++)
		memcpy(keys_out->nodes[i], org_node_at(org, i)->public_key,
		    NET_KEY_TEXT);
	for (size_t i = 0; i < org_operator_count(org); i++)
		memcpy(keys_out->operators[i],
		    org_operator_at(org, i)->public_key, NET_KEY_TEXT);
	return 0;
}

void city_keys_free(struct city_keys *keys)
{
	free(keys->nodes);
	free(keys->operators);
	memset(keys, 0, sizeof(*keys));
}

static void check_one(struct report *report, const char *path,
    const char *public_key, const char *file)
{
	struct net_key key = { .public_key = "" };
	int err = net_key_load(&key, path);
	if (err == ERR_ACCESS)
		report_add(report, path, 0,
		    "the key must be readable by its owner alone; chmod 600 "
		    "it");
	else if (err < 0 && err != ERR_NOT_FOUND)
		report_add(
		    report, path, 0, "this is no key: %s", err_text(err));
	else if (err == 0 && strcmp(key.public_key, public_key) != 0)
		report_add(report, path, 0,
		    "the key is not the one in %s; put the right one back, "
		    "or its public key into %s",
		    file, file);
	explicit_bzero(&key, sizeof(key));
}

void city_keys_check(
    struct report *report, const struct org *org, const char *dir)
{
	struct home home;
	char path[PATH_TEXT];
	if (home_of(&home, dir) < 0)
		return;
	for (size_t i = 0; i < org_node_count(org); i++) {
		const struct node *node = org_node_at(org, i);
		home_node_key(path, sizeof(path), &home, node->name);
		check_one(report, path, node->public_key, "nodes.yaml");
	}
	for (size_t i = 0; i < org_operator_count(org); i++) {
		const struct operator* operator= org_operator_at(org, i);
		home_operator_key(path, sizeof(path), &home, operator->name);
		check_one(report, path, operator->public_key, "operators.csv");
	}
}
