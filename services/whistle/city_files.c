#include "city_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "yaml_value.h"

enum { PATH_TEXT = 1200, HTTP_OFFSET = 10 };

/* ---- a file that appears whole ---- */

struct draft {
	char path[PATH_TEXT];
	char temporary[PATH_TEXT + 8];
	FILE *file;
};

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

static enum cli_exit draft_open(
    struct draft *draft, const char *dir, const char *name)
{
	snprintf(draft->path, sizeof(draft->path), "%s/%s", dir, name);
	snprintf(
	    draft->temporary, sizeof(draft->temporary), "%s.new", draft->path);
	draft->file = fopen(draft->temporary, "w");
	return draft->file ? CLI_DONE : say_errno(draft->temporary);
}

static enum cli_exit draft_close(struct draft *draft, bool is_good)
{
	is_good = is_good && !ferror(draft->file) && fflush(draft->file) == 0 &&
		  fsync(fileno(draft->file)) == 0;
	if (fclose(draft->file) != 0)
		is_good = false;
	if (is_good && rename(draft->temporary, draft->path) == 0)
		return CLI_DONE;
	enum cli_exit exit = say_errno(draft->path);
	unlink(draft->temporary);
	return exit;
}

static FILE *source_open(
    char path_out[PATH_TEXT], const char *from, const char *name)
{
	snprintf(path_out, PATH_TEXT, "%s/%s", from, name);
	FILE *file = fopen(path_out, "r");
	if (!file)
		say_error(
		    _("%s cannot be read: %s."), path_out, strerror(errno));
	return file;
}

enum cli_exit city_files_copy(
    const char *dir, const char *from, const char *name)
{
	char path[PATH_TEXT];
	char block[64 * 1024];
	struct draft draft;
	size_t len;
	FILE *source = source_open(path, from, name);
	if (!source)
		return CLI_FAILED;
	enum cli_exit exit = draft_open(&draft, dir, name);
	if (exit == CLI_DONE) {
		while ((len = fread(block, 1, sizeof(block), source)) > 0)
			fwrite(block, 1, len, draft.file);
		exit = draft_close(&draft, !ferror(source));
	}
	fclose(source);
	return exit;
}

enum cli_exit city_files_copy_if(
    const char *dir, const char *from, const char *name)
{
	char path[PATH_TEXT];
	snprintf(path, sizeof(path), "%s/%s", from, name);
	if (access(path, F_OK) == 0 || errno != ENOENT)
		return city_files_copy(dir, from, name);
	/* What an interrupted run from elsewhere may have left. */
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return unlink(path) == 0 || errno == ENOENT ? CLI_DONE
						    : say_errno(path);
}

/* ---- nodes.yaml ---- */

int city_files_port(const struct org *org, size_t index, bool is_http, int base)
{
	size_t gateways = 0;
	size_t before = 0; /* gateways before this one */
	for (size_t i = 0; i < org_node_count(org); i++) {
		bool is_gateway = org_node_at(org, i)->http != NULL;
		gateways += is_gateway;
		before += is_gateway && i < index;
	}
	if (is_http)
		return base + HTTP_OFFSET + (int)before;
	return base + (int)(index < HTTP_OFFSET ? index : index + gateways);
}

/* Adds the pair when the mapping does not have it. */
static bool set_value(yaml_document_t *document, int mapping, const char *key,
    const char *text, yaml_scalar_style_t style)
{
	yaml_node_t *old = yaml_value(
	    document, yaml_document_get_node(document, mapping), key);
	if (old) {
		yaml_char_t *copy = (yaml_char_t *)strdup(text);
		if (!copy || old->type != YAML_SCALAR_NODE) {
			free(copy);
			return false;
		}
		free(old->data.scalar.value);
		old->data.scalar.value = copy;
		old->data.scalar.length = strlen(text);
		old->data.scalar.style = style;
		return true;
	}
	int name = yaml_document_add_scalar(document, NULL,
	    (const yaml_char_t *)key, -1, YAML_PLAIN_SCALAR_STYLE);
	int value = yaml_document_add_scalar(
	    document, NULL, (const yaml_char_t *)text, -1, style);
	return name && value &&
	       yaml_document_append_mapping_pair(
		   document, mapping, name, value);
}

static bool set_place(yaml_document_t *document, int mapping,
    const struct org *org, const struct node *node, int base)
{
	char endpoint[128], http[64];
	if (base == CITY_BY_NAME) {
		snprintf(endpoint, sizeof(endpoint), "tcp://%s:%d", node->name,
		    CITY_LINK_PORT);
		snprintf(http, sizeof(http), "0.0.0.0:%d", CITY_HTTP_PORT);
	} else {
		snprintf(endpoint, sizeof(endpoint), "tcp://127.0.0.1:%d",
		    city_files_port(org, node->index, false, base));
		snprintf(http, sizeof(http), "127.0.0.1:%d",
		    city_files_port(org, node->index, true, base));
	}
	return set_value(document, mapping, "endpoint", endpoint,
		   YAML_PLAIN_SCALAR_STYLE) &&
	       (!node->http || set_value(document, mapping, "http", http,
				   YAML_PLAIN_SCALAR_STYLE));
}

static int add_list(
    yaml_document_t *document, const char *const *texts, unsigned count)
{
	int list = yaml_document_add_sequence(
	    document, NULL, YAML_FLOW_SEQUENCE_STYLE);
	for (unsigned i = 0; list && i < count; i++) {
		int item = yaml_document_add_scalar(document, NULL,
		    (const yaml_char_t *)texts[i], -1,
		    YAML_DOUBLE_QUOTED_SCALAR_STYLE);
		if (!item ||
		    !yaml_document_append_sequence_item(document, list, item))
			return 0;
	}
	return list;
}

/* A list that is there is replaced by another. */
static bool set_list(yaml_document_t *document, int mapping, const char *key,
    const char *const *texts, unsigned count)
{
	bool is_there = yaml_value(
	    document, yaml_document_get_node(document, mapping), key);
	if (!is_there && count == 0)
		return true;
	int list = add_list(document, texts, count);
	if (!list)
		return false;
	yaml_node_t *map = yaml_document_get_node(document, mapping);
	for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
	     is_there && pair < map->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(document, pair->key);
		if (name->type == YAML_SCALAR_NODE &&
		    strcmp((char *)name->data.scalar.value, key) == 0)
			pair->value = list;
	}
	if (is_there)
		return true;
	int name = yaml_document_add_scalar(document, NULL,
	    (const yaml_char_t *)key, -1, YAML_PLAIN_SCALAR_STYLE);
	return name &&
	       yaml_document_append_mapping_pair(document, mapping, name, list);
}

static bool set_former(yaml_document_t *document, int mapping,
    const struct former_keys *former, const struct node *node)
{
	if (!former || former->node != node->index)
		return true;
	return set_list(document, mapping, "old_keys", former->old,
		   former->old_count) &&
	       set_list(document, mapping, "retired_keys", former->retired,
		   former->retired_count);
}

static bool set_node(yaml_document_t *document, int mapping,
    const struct org *org, const struct city_keys *keys, int port)
{
	yaml_node_t *name = yaml_value(
	    document, yaml_document_get_node(document, mapping), "name");
	const struct node *node =
	    name && name->type == YAML_SCALAR_NODE
		? org_node(org, (const char *)name->data.scalar.value)
		: NULL;
	return node &&
	       set_value(document, mapping, "public_key",
		   keys->nodes[node->index], YAML_DOUBLE_QUOTED_SCALAR_STYLE) &&
	       set_former(document, mapping, keys->former, node) &&
	       (port == 0 || set_place(document, mapping, org, node, port));
}

static bool set_nodes(yaml_document_t *document, const struct org *org,
    const struct city_keys *keys, int port)
{
	yaml_node_t *list = yaml_value(
	    document, yaml_document_get_root_node(document), "nodes");
	if (!list || list->type != YAML_SEQUENCE_NODE)
		return false;
	size_t count = (size_t)(list->data.sequence.items.top -
				list->data.sequence.items.start);
	for (size_t i = 0; i < count; i++) {
		/* The list moves when nodes are added to the document. */
		list = yaml_value(
		    document, yaml_document_get_root_node(document), "nodes");
		if (!set_node(document, list->data.sequence.items.start[i], org,
			keys, port))
			return false;
	}
	return true;
}

static bool emit(FILE *file, yaml_document_t *document)
{
	yaml_emitter_t emitter;
	if (!yaml_emitter_initialize(&emitter)) {
		yaml_document_delete(document);
		return false;
	}
	yaml_emitter_set_output_file(&emitter, file);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	bool is_good = yaml_emitter_open(&emitter) &&
		       yaml_emitter_dump(&emitter, document) &&
		       yaml_emitter_close(&emitter);
	yaml_emitter_delete(&emitter);
	return is_good;
}

static bool parse(yaml_document_t *document_out, FILE *source)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_file(&parser, source);
	bool is_good = yaml_parser_load(&parser, document_out);
	yaml_parser_delete(&parser);
	return is_good;
}

static enum cli_exit write_nodes(
    struct draft *draft, const char *path, yaml_document_t *document)
{
	fprintf(draft->file,
	    "# The nodes of this city: who runs where. Made by \"whistle "
	    "city init\" from\n# %s.\n",
	    path);
	return draft_close(draft, emit(draft->file, document));
}

enum cli_exit city_files_nodes(const char *dir, const char *from,
    const struct org *org, const struct city_keys *keys, int port)
{
	char path[PATH_TEXT];
	yaml_document_t document;
	struct draft draft;
	FILE *source = source_open(path, from, "nodes.yaml");
	if (!source)
		return CLI_FAILED;
	bool is_good = parse(&document, source);
	fclose(source);
	if (is_good && !set_nodes(&document, org, keys, port)) {
		yaml_document_delete(&document);
		is_good = false;
	}
	if (!is_good) {
		say_error(_("%s cannot be rewritten with the new keys."), path);
		return CLI_FAILED;
	}
	enum cli_exit exit = draft_open(&draft, dir, "nodes.yaml");
	if (exit != CLI_DONE) {
		yaml_document_delete(&document);
		return exit;
	}
	return write_nodes(&draft, path, &document);
}

/* ---- operators.csv ---- */

enum cli_exit city_files_operators(
    const char *dir, const struct org *org, const struct city_keys *keys)
{
	struct draft draft;
	enum cli_exit exit = draft_open(&draft, dir, "operators.csv");
	if (exit != CLI_DONE)
		return exit;
	fprintf(draft.file, "name,unit,role,public_key\n");
	for (size_t i = 0; i < org_operator_count(org); i++) {
		const struct operator* operator= org_operator_at(org, i);
		if (operator== keys->gone)
			continue;
		fprintf(draft.file,
		    "%s,%s,%s,\"%s\"\n", operator->name, operator->unit->code.s,
		    word_name(WORD_ROLE, operator->role), keys->operators[i]);
	}
	return draft_close(&draft, true);
}
