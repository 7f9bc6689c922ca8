#include "nodes_text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>
#include "base/err.h"
#include "yaml_value.h"

enum { NODES_MAX_BYTES = 16 * 1024 * 1024 };

int nodes_text_read(struct nodes_text *text, const char *path)
{
	struct stat status;
	uint8_t *room;
	FILE *file = fopen(path, "r");
	int err = file ? 0 : ERR_NOT_FOUND;
	if (!err && (fstat(fileno(file), &status) != 0 ||
			status.st_size > NODES_MAX_BYTES))
		err = ERR_IO;
	if (!err)
		err = buf_grow(&room, &text->buf, (size_t)status.st_size);
	if (!err && fread(room, 1, text->buf.len, file) != text->buf.len)
		err = ERR_IO;
	if (!err)
		text->mode = status.st_mode & 0777;
	if (file)
		fclose(file);
	return err;
}

/* ---- where something is ---- */

/* libyaml counts characters; the file has bytes. */
static size_t byte_of(const struct buf *buf, size_t character)
{
	size_t at = 0;
	for (; at < buf->len; at++)
		if ((buf->data[at] & 0xc0) != 0x80 && character-- == 0)
			return at;
	return at;
}

/* The node of that name; NULL. */
static yaml_node_t *find_node(yaml_document_t *document, const char *node_name)
{
	yaml_node_t *list = yaml_value(
	    document, yaml_document_get_root_node(document), "nodes");
	if (!list || list->type != YAML_SEQUENCE_NODE)
		return NULL;
	for (yaml_node_item_t *item = list->data.sequence.items.start;
	     item < list->data.sequence.items.top; item++) {
		yaml_node_t *row = yaml_document_get_node(document, *item);
		yaml_node_t *name = yaml_value(document, row, "name");
		if (name && name->type == YAML_SCALAR_NODE &&
		    !strcmp((char *)name->data.scalar.value, node_name))
			return row;
	}
	return NULL;
}

/* What is written in lines ends where the next thing begins, for libyaml; it
 * really ends with the last thing in it. */
static size_t end_of(yaml_document_t *document, const yaml_node_t *node)
{
	while (true) {
		yaml_node_t *last = NULL;
		if (node->type == YAML_MAPPING_NODE &&
		    node->data.mapping.style != YAML_FLOW_MAPPING_STYLE &&
		    node->data.mapping.pairs.top >
			node->data.mapping.pairs.start)
			last = yaml_document_get_node(
			    document, node->data.mapping.pairs.top[-1].value);
		if (node->type == YAML_SEQUENCE_NODE &&
		    node->data.sequence.style != YAML_FLOW_SEQUENCE_STYLE &&
		    node->data.sequence.items.top >
			node->data.sequence.items.start)
			last = yaml_document_get_node(
			    document, node->data.sequence.items.top[-1]);
		if (!last)
			return node->end_mark.index;
		node = last;
	}
}

struct place {
	size_t from, to; /* bytes */
	size_t column;
};

/* Of a node, or of the value of one of its keys; of the city's own, when there
 * is no name. */
static bool find(struct place *place_out, const struct buf *buf,
    const char *node_name, const char *key)
{
	yaml_parser_t parser;
	yaml_document_t document;
	yaml_node_t *found = NULL;
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, buf->data, buf->len);
	bool is_read = yaml_parser_load(&parser, &document);
	if (is_read)
		found = node_name ? find_node(&document, node_name)
				  : yaml_document_get_root_node(&document);
	if (found && key)
		found = yaml_value(&document, found, key);
	if (found)
		*place_out = (struct place){
			byte_of(buf, found->start_mark.index),
			byte_of(buf, end_of(&document, found)),
			found->start_mark.column,
		};
	if (is_read)
		yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	return found != NULL;
}

/* ---- another text in its place ---- */

static int put(
    struct buf *buf, const struct place *place, const struct buf *new)
{
	struct buf changed = { 0 };
	int err = buf_add(&changed, buf->data, place->from);
	if (!err)
		err = buf_add(&changed, new->data, new->len);
	if (!err)
		err = buf_add(
		    &changed, buf->data + place->to, buf->len - place->to);
	if (err) {
		buf_free(&changed);
		return err;
	}
	buf_free(buf);
	*buf = changed;
	return 0;
}

int nodes_text_set(struct nodes_text *text, const char *node, const char *key,
    const char *value)
{
	struct buf quoted = { 0 };
	struct place place;
	if (!find(&place, &text->buf, node, key))
		return ERR_NOT_FOUND;
	int err = buf_add(&quoted, "\"", 1);
	if (!err)
		err = buf_add(&quoted, value, strlen(value));
	if (!err)
		err = buf_add(&quoted, "\"", 1);
	if (!err)
		err = put(&text->buf, &place, &quoted);
	buf_free(&quoted);
	return err;
}

static int add_break(struct buf *out, size_t spaces)
{
	int err = buf_add(out, "\n", 1);
	for (; !err && spaces > 0; spaces--)
		err = buf_add(out, " ", 1);
	return err;
}

/* Its lines, but the first, as far in as the first one is. */
static int add_mapping(
    struct buf *out, const struct buf *mapping, size_t column)
{
	int err = 0;
	for (size_t i = 0; !err && i < mapping->len; i++)
		err = mapping->data[i] == '\n'
			  ? add_break(out, column)
			  : buf_add(out, &mapping->data[i], 1);
	return err;
}

int nodes_text_replace(struct nodes_text *text, const char *node,
    const struct buf *mappings, size_t count)
{
	struct buf all = { 0 };
	struct place place;
	int err = 0;
	if (!find(&place, &text->buf, node, NULL) || place.column < 2)
		return ERR_NOT_FOUND;
	for (size_t i = 0; !err && i < count; i++) {
		if (i > 0)
			err = add_break(&all, place.column - 2);
		if (!err && i > 0)
			err = buf_add(&all, "- ", 2);
		if (!err)
			err = add_mapping(&all, &mappings[i], place.column);
	}
	if (!err)
		err = put(&text->buf, &place, &all);
	buf_free(&all);
	return err;
}

/* In its place, or else in the line behind the city's name. */
int nodes_text_speaks(struct nodes_text *text, unsigned version)
{
	char said[32];
	struct place place;
	if (find(&place, &text->buf, NULL, "speaks")) {
		snprintf(said, sizeof(said), "%u", version);
	} else if (find(&place, &text->buf, NULL, "city")) {
		while (place.to < text->buf.len &&
		       text->buf.data[place.to] != '\n')
			place.to++;
		place.from = place.to;
		snprintf(said, sizeof(said), "\nspeaks: %u", version);
	} else {
		return ERR_NOT_FOUND;
	}
	const struct buf new = { .data = (uint8_t *)said, .len = strlen(said) };
	return put(&text->buf, &place, &new);
}
