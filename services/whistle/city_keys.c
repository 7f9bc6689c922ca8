#include "city_keys.h"

#include <errno.h>
#include <fcntl.h>
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

static void temporary_of(char out[PATH_TEXT + 8], const char *path)
{
	snprintf(out, PATH_TEXT + 8, "%s.new", path);
}

/* A key that was written beside its name gets it: the file appears whole, and
 * never in the place of another. */
static int give_name(const char *path)
{
	char temporary[PATH_TEXT + 8];
	int err = 0;
	temporary_of(temporary, path);
	if (link(temporary, path) != 0)
		err = errno == EEXIST ? ERR_EXISTS : ERR_IO;
	unlink(temporary);
	return err;
}

static int save_whole(const char *path, const struct net_key *key)
{
	char temporary[PATH_TEXT + 8];
	temporary_of(temporary, path);
	unlink(temporary);
	int err = net_key_save(temporary, key);
	if (err == 0)
		return give_name(path);
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

/* ---- the keys of a whole city ---- */

/* Each key is written beside its name, all are synced at once, and then they
 * get their names: one sync for each would be minutes for a large city. */
struct making {
	struct city_keys *keys;
	const struct org *org;
	const struct home *home;
	bool *is_new; /* of each owner: nodes, then operators */
	size_t count;
	char path[PATH_TEXT];
};

static char *owner(struct making *making, size_t at)
{
	size_t nodes = org_node_count(making->org);
	if (at < nodes) {
		home_node_key(making->path, sizeof(making->path), making->home,
		    org_node_at(making->org, at)->name);
		return making->keys->nodes[at];
	}
	home_operator_key(making->path, sizeof(making->path), making->home,
	    org_operator_at(making->org, at - nodes)->name);
	return making->keys->operators[at - nodes];
}

static int write_beside(const char *path, struct net_key *key_out)
{
	char temporary[PATH_TEXT + 8];
	temporary_of(temporary, path);
	unlink(temporary);
	int err = net_key_make(key_out);
	return err ? err : net_key_write(temporary, key_out);
}

/* What is there already stays. */
static int prepare_one(struct making *making, size_t at)
{
	struct net_key key;
	char *public_key = owner(making, at);
	int err = net_key_load(&key, making->path);
	making->is_new[at] = err == ERR_NOT_FOUND;
	if (making->is_new[at])
		err = write_beside(making->path, &key);
	if (err == 0)
		memcpy(public_key, key.public_key, NET_KEY_TEXT);
	explicit_bzero(&key, sizeof(key));
	return err;
}

/* All that was written on that file system, names included. */
static int sync_all(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = fd < 0 || syncfs(fd) != 0 ? err_of_errno(errno) : 0;
	if (fd >= 0)
		close(fd);
	return err;
}

static enum cli_exit each_owner(
    struct making *making, int (*work)(struct making *making, size_t at))
{
	for (size_t i = 0; i < making->count; i++) {
		int err = work(making, i);
		if (err < 0)
			return say_failure(err, making->path);
	}
	int err = sync_all(making->home->path);
	return err < 0 ? say_failure(err, making->home->path) : CLI_DONE;
}

static int name_one(struct making *making, size_t at)
{
	owner(making, at);
	return making->is_new[at] ? give_name(making->path) : 0;
}

static enum cli_exit make_all(
    struct city_keys *keys, const struct org *org, const struct home *home)
{
	struct making making = { .keys = keys, .org = org, .home = home };
	making.count = org_node_count(org) + org_operator_count(org);
	making.is_new = calloc(making.count + 1, sizeof(*making.is_new));
	if (!making.is_new)
		return say_failure(ERR_NOMEM, home->path);
	enum cli_exit exit = each_owner(&making, prepare_one);
	if (exit == CLI_DONE)
		exit = each_owner(&making, name_one);
	free(making.is_new);
	return exit;
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
		exit = make_all(keys_out, org, &home);
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
