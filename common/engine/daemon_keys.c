/*
 * The keys of a daemon: its own, those it had, its parent's, and whom it lets
 * in; and where its parent is. A key that a node had is in its key file's name
 * with a number behind: NODE.key.1 is the oldest. It is kept as long as there
 * is anything that was sealed for it.
 */
#include "engine/daemon_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"

enum { KEY_PROBLEM_TEXT = PATH_SIZE + 128 };

static void key_path(char path_out[PATH_SIZE], const struct daemon *daemon)
{
	if (daemon->key_option)
		snprintf(path_out, PATH_SIZE, "%s", daemon->key_option);
	else
		home_node_key(
		    path_out, PATH_SIZE, &daemon->home, daemon->node->name);
}

/* Until one is missing. */
static int read_old(struct own_keys *own, const char *path)
{
	const size_t most = sizeof(own->old) / sizeof(own->old[0]);
	char numbered[PATH_SIZE + 24];
	int rc = 0;

	own->old_count = 0;
	while (!rc && own->old_count < most) {
		snprintf(numbered, sizeof(numbered), "%s.%zu", path,
		    own->old_count + 1);
		rc = net_key_load(&own->old[own->old_count], numbered);
		if (!rc)
			own->old_count++;
	}
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* What is wrong, with what to do; NULL when nothing is. */
static const char *find_problem(
    struct own_keys *own, const struct daemon *daemon, const char *path)
{
	switch (net_key_load(&own->key, path)) {
	case 0:
		break;
	case ERR_NOT_FOUND:
		return "the key file %s is missing; 'whistle city init' makes "
		       "the keys of a city";
	case ERR_ACCESS:
		return "the key file %s must be readable by its owner alone: "
		       "chmod 600";
	default:
		return "%s is not a key file";
	}
	if (strcmp(own->key.public_key, daemon->node->public_key) != 0)
		return "the key in %s is not the one that nodes.yaml has for "
		       "this node";
	return read_old(own, path) ? "a former key beside %s (.1 and on) is "
				     "no key file, or others can read it"
				   : NULL;
}

/* False: `text_out` says why, and what to do; the keys are as they were. */
static bool read_keys(char text_out[KEY_PROBLEM_TEXT], struct daemon *daemon)
{
	char path[PATH_SIZE];
	struct own_keys own = { .old_count = 0 };

	key_path(path, daemon);
	const char *problem = find_problem(&own, daemon, path);
	if (problem) {
		const char *hole = strstr(problem, "%s");
		snprintf(text_out, KEY_PROBLEM_TEXT, "%.*s%s%s",
		    (int)(hole - problem), problem, path, hole + 2);
	} else {
		daemon->own = own;
	}
	explicit_bzero(&own, sizeof(own));
	return !problem;
}

int daemon_read_keys(struct daemon *daemon)
{
	char text[KEY_PROBLEM_TEXT];

	return read_keys(text, daemon) ? 0 : daemon_reason("%s", text);
}

/* What opens the sealed contacts: every key that we ever had. */
static int give_secrets(struct daemon *daemon)
{
	const char *secrets[1 + NODE_OLD_KEYS_MAX + NODE_RETIRED_KEYS_MAX];
	size_t count = 0;

	secrets[count++] = daemon->own.key.secret_key;
	for (size_t i = daemon->own.old_count; i-- > 0;)
		secrets[count++] = daemon->own.old[i].secret_key;
	return engine_secrets(daemon->engine, secrets, count);
}

/* Ours that our parent may still know us by: the newest first. */
static size_t own_keys(
    struct net_key keys_out[NET_KEYS_MAX], const struct daemon *daemon)
{
	size_t count = 0;

	keys_out[count++] = daemon->own.key;
	for (size_t i = daemon->own.old_count; i-- > 0 && count < NET_KEYS_MAX;)
		if (node_has_key(daemon->node, daemon->own.old[i].public_key))
			keys_out[count++] = daemon->own.old[i];
	return count;
}

int daemon_use_keys(struct daemon *daemon)
{
	const struct node *parent = daemon->node->parent;
	const char *parent_keys[NET_KEYS_MAX];
	struct net_key keys[NET_KEYS_MAX];
	size_t count = own_keys(keys, daemon), parent_count = 0;

	if (parent)
		parent_keys[parent_count++] = parent->public_key;
	for (unsigned i = 0; parent && i < parent->old_count; i++)
		parent_keys[parent_count++] = parent->old_keys[i];
	int rc = give_secrets(daemon);
	if (!rc)
		rc = net_rekey(
		    daemon->net, keys, count, parent_keys, parent_count);
	explicit_bzero(keys, sizeof(keys));
	return rc;
}

int daemon_rekey(struct daemon *daemon)
{
	char text[KEY_PROBLEM_TEXT], was[NET_KEY_TEXT];

	memcpy(was, daemon->own.key.public_key, sizeof(was));
	if (!read_keys(text, daemon)) {
		log_line(LOG_ERROR, "key=kept problem=\"%s\"", text);
		return 0;
	}
	int rc = daemon_use_keys(daemon);
	if (rc)
		log_line(
		    LOG_ERROR, "key=unusable problem=\"%s\"", err_text(rc));
	else if (strcmp(was, daemon->own.key.public_key) != 0)
		log_line(
		    LOG_INFO, "key=changed former=%zu", daemon->own.old_count);
	return rc;
}

const char **daemon_allowed(size_t *count_out, const struct daemon *daemon)
{
	size_t nodes = org_node_count(daemon->org);
	size_t operators = org_operator_count(daemon->org), count = 0;
	size_t most = nodes * (1 + NODE_OLD_KEYS_MAX) + operators + 1;
	const char **keys = calloc(most, sizeof(*keys));

	if (keys)
		keys[count++] = daemon->node->public_key;
	for (size_t i = 0; keys && i < nodes; i++) {
		const struct node *node = org_node_at(daemon->org, i);
		if (node->parent != daemon->node)
			continue;
		keys[count++] = node->public_key;
		for (unsigned k = 0; k < node->old_count; k++)
			keys[count++] = node->old_keys[k];
	}
	for (size_t i = 0; keys && i < operators; i++)
		keys[count++] = org_operator_at(daemon->org, i)->public_key;
	*count_out = count;
	return keys;
}

void daemon_allow(struct daemon *daemon)
{
	size_t count;
	const char **keys = daemon_allowed(&count, daemon);
	int rc = keys ? net_allow(daemon->net, keys, count) : ERR_NOMEM;

	free(keys);
	if (rc)
		log_line(LOG_ERROR,
		    "operators=kept_out problem=\"%s\" do=\"reload again\"",
		    err_text(rc));
}

/* Texts of before live as long as the city does. */
void daemon_follow(struct daemon *daemon)
{
	const struct node *parent = daemon->node->parent;

	if (!daemon->listen_option &&
	    strcmp(daemon->node->endpoint, daemon->own_endpoint) != 0)
		log_line(LOG_WARN,
		    "endpoint=%s problem=\"nodes.yaml has %s for this node\" "
		    "do=\"restart it where it is to be\"",
		    daemon->own_endpoint, daemon->node->endpoint);
	if (!parent || strcmp(parent->endpoint, daemon->parent_endpoint) == 0)
		return;
	int rc = net_call(daemon->net, parent->endpoint);
	if (rc) {
		log_line(LOG_ERROR,
		    "link=%s endpoint=%s problem=\"%s\" do=\"reload again\"",
		    parent->name, parent->endpoint, err_text(rc));
		return;
	}
	daemon->parent_endpoint = parent->endpoint;
	log_line(LOG_INFO, "link=%s state=moved endpoint=%s", parent->name,
	    parent->endpoint);
}
