/* The nodes' keys, read again while the city runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "org/city.h"

/* As they stand in the file now, in a city of its own that has nothing else;
 * by_key counts as the running city does. */
struct node_keys {
	struct org *read;
	struct table by_key;
};

static int put(struct node_keys *keys, const char *key, unsigned index)
{
	return key[0] ? table_put(&keys->by_key, key, ORG_KEY_TEXT - 1, index)
		      : 0;
}

/* Each node of the city finds its keys by its name. */
static int match(struct node_keys *keys, const struct org *org)
{
	int err = 0;

	for (size_t i = 0; err == 0 && i < org->node_count; i++) {
		const struct node *now =
		    org_node(keys->read, org->nodes[i].name);

		if (now == NULL)
			now = &org->nodes[i];
		err = put(keys, now->public_key, (unsigned)i);
		for (unsigned k = 0; err == 0 && k < now->old_count; k++)
			err = put(keys, now->old_keys[k], (unsigned)i);
	}
	return err == ERR_EXISTS ? ERR_INVALID : err;
}

static int read_all(struct node_keys *keys, struct report *report,
    const char *dir, const struct org *org, unsigned flags)
{
	size_t before = city_problems(report);
	char path[CITY_PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/nodes.yaml", dir);
	int err;

	if (len < 0 || len >= CITY_PATH_MAX)
		return ERR_TOO_LARGE;
	err = nodes_read(keys->read, report, path, flags, false);
	if (err == 0 && city_problems(report) == before)
		err = match(keys, org);
	if (err == 0 && city_problems(report) > before)
		err = ERR_INVALID;
	return err;
}

int org_keys_load(struct node_keys **keys_out, struct report *report,
    const char *dir, const struct org *org, unsigned flags)
{
	struct node_keys *keys = calloc(1, sizeof(*keys));
	int err = keys == NULL ? ERR_NOMEM : 0;

	if (err == 0) {
		keys->read = calloc(1, sizeof(*keys->read));
		err = keys->read == NULL ? ERR_NOMEM : 0;
	}
	if (err == 0)
		err = arena_open(&keys->read->arena, CITY_TEXTS_MAX);
	if (err == 0)
		err = read_all(keys, report, dir, org, flags);
	if (err != 0)
		org_keys_close(&keys);
	else
		*keys_out = keys;
	return err;
}

static void take_one(struct node *node, const struct node *now)
{
	memcpy(node->public_key, now->public_key, sizeof(node->public_key));
	memcpy(node->old_keys, now->old_keys, sizeof(node->old_keys));
	memcpy(
	    node->retired_keys, now->retired_keys, sizeof(node->retired_keys));
	node->old_count = now->old_count;
	node->retired_count = now->retired_count;
}

void org_keys_take(struct org *org, struct node_keys **keys)
{
	for (size_t i = 0; i < org->node_count; i++) {
		const struct node *now =
		    org_node((*keys)->read, org->nodes[i].name);
		if (now != NULL)
			take_one(&org->nodes[i], now);
	}
	table_free(&org->by_key);
	org->by_key = (*keys)->by_key;
	(*keys)->by_key = (struct table){ 0 };
	org_keys_close(&org->keys);
	org->keys = *keys;
	*keys = NULL;
}

void org_keys_close(struct node_keys **keys_inout)
{
	struct node_keys *keys = *keys_inout;

	if (keys == NULL)
		return;
	table_free(&keys->by_key);
	org_close(&keys->read);
	free(keys);
	*keys_inout = NULL;
}

bool node_has_key(const struct node *node, const char *public_key)
{
	bool has = strcmp(node->public_key, public_key) == 0;

	for (unsigned i = 0; !has && i < node->old_count; i++)
		has = strcmp(node->old_keys[i], public_key) == 0;
	return has;
}
