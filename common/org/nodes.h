/*
 * The shape of nodes.yaml and its second half: which units each node serves
 * and, from that, the tree of nodes. Only for org's own files.
 */
#ifndef WHISTLE_ORG_NODES_H
#define WHISTLE_ORG_NODES_H

#include "base/yaml.h"
#include "org/city.h"

struct node_row {
	char *name;
	char *level;
	char **serves;
	unsigned serves_count;
	char *endpoint;
	char *http;	  /* NULL: none */
	char *public_url; /* NULL: none */
	char *durability; /* NULL: local */
	char *public_key; /* NULL: none */
	char **old_keys;
	unsigned old_keys_count;
	char **retired_keys;
	unsigned retired_keys_count;
	char **was;
	unsigned was_count;
	char *since; /* NULL: none */
};

/* What it was a part of before it was split off. ERR_NOMEM. */
int nodes_read_was(struct node *node, struct org *org, struct report *report,
    const char *path, long line, const struct node_row *row);
/* A node that is gone: no other may have its name. */
void nodes_check_was(const struct org *org, struct report *report,
    const char *path, struct yaml *yaml);

struct nodes_file {
	char *city;
	unsigned *speaks; /* NULL: does not say */
	struct node_row *nodes;
	unsigned nodes_count;
};

extern const cyaml_schema_value_t nodes_schema;

/* Gives every unit its node; the nodes are those of the file. */
int nodes_serve(struct org *org, struct report *report, const char *path,
    struct yaml *yaml, const struct nodes_file *file);

#endif
