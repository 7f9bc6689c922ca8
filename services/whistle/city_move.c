#include "city_move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>
#include "base/err.h"
#include "city_keys.h"
#include "lang.h"
#include "say.h"
#include "session.h"

enum { PATH_TEXT = 1200, NODES_MAX_BYTES = 16 * 1024 * 1024 };

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

/* ---- the file as text ---- */

struct text {
	struct buf buf;
	mode_t mode;
};

static int text_read(struct text *text, const char *path)
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

/* libyaml counts characters; the file has bytes. */
static size_t byte_of(const struct buf *buf, size_t character)
{
	size_t at = 0;
	for (; at < buf->len; at++)
		if ((buf->data[at] & 0xc0) != 0x80 && character-- == 0)
			return at;
	return at;
}

static yaml_node_t *value_of(
    yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	if (!mapping || mapping->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
	     pair < mapping->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(document, pair->key);
		if (name->type == YAML_SCALAR_NODE &&
		    strcmp((char *)name->data.scalar.value, key) == 0)
			return yaml_document_get_node(document, pair->value);
	}
	return NULL;
}

/* The value of a node's `key`; of the city's own, when there is no name. */
static yaml_node_t *find_in(
    yaml_document_t *document, const char *node_name, const char *key)
{
	yaml_node_t *root = yaml_document_get_root_node(document);
	yaml_node_t *list = value_of(document, root, "nodes");
	bool is_list = list && list->type == YAML_SEQUENCE_NODE;
	if (!node_name)
		return value_of(document, root, key);
	for (yaml_node_item_t *item = is_list ? list->data.sequence.items.start
					      : NULL;
	     is_list && item < list->data.sequence.items.top; item++) {
		yaml_node_t *row = yaml_document_get_node(document, *item);
		yaml_node_t *name = value_of(document, row, "name");
		if (name && name->type == YAML_SCALAR_NODE &&
		    !strcmp((char *)name->data.scalar.value, node_name))
			return value_of(document, row, key);
	}
	return NULL;
}

/* Where in the text it stands. */
static bool find_value(size_t *from_out, size_t *to_out, const struct buf *buf,
    const char *node_name, const char *key)
{
	yaml_parser_t parser;
	yaml_document_t document;
	yaml_node_t *value = NULL;
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, buf->data, buf->len);
	bool is_read = yaml_parser_load(&parser, &document);
	if (is_read)
		value = find_in(&document, node_name, key);
	if (value) {
		*from_out = byte_of(buf, value->start_mark.index);
		*to_out = byte_of(buf, value->end_mark.index);
	}
	if (is_read)
		yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	return value != NULL;
}

/* `text` in the place of [from, to). */
static int put_text(struct buf *buf, size_t from, size_t to, const char *text)
{
	struct buf changed = { 0 };
	int err = buf_add(&changed, buf->data, from);
	if (!err)
		err = buf_add(&changed, text, strlen(text));
	if (!err)
		err = buf_add(&changed, buf->data + to, buf->len - to);
	if (err) {
		buf_free(&changed);
		return err;
	}
	buf_free(buf);
	*buf = changed;
	return 0;
}

static int replace(
    struct buf *buf, const char *node_name, const char *key, const char *text)
{
	char quoted[PATH_TEXT];
	size_t from, to;
	int len = snprintf(quoted, sizeof(quoted), "\"%s\"", text);
	if (len >= (int)sizeof(quoted))
		return ERR_TOO_LARGE;
	if (!find_value(&from, &to, buf, node_name, key))
		return ERR_NOT_FOUND;
	return put_text(buf, from, to, quoted);
}

/* ---- a folder in which it is tried ---- */

struct trial {
	char dir[PATH_TEXT], file[PATH_TEXT + 32];
};

static const char *const linked[] = { "units.csv", "operators.csv" };

static enum cli_exit trial_open(struct trial *trial, const char *dir)
{
	char from[PATH_TEXT], at[PATH_TEXT + 32];
	char *whole = realpath(dir, NULL);
	if (!whole)
		return say_errno(dir);
	snprintf(trial->dir, sizeof(trial->dir), "%.1000s/.move-XXXXXX", whole);
	bool is_made = mkdtemp(trial->dir) != NULL;
	for (size_t i = 0; is_made && i < 2; i++) {
		snprintf(from, sizeof(from), "%.1000s/%s", whole, linked[i]);
		snprintf(at, sizeof(at), "%s/%s", trial->dir, linked[i]);
		is_made = symlink(from, at) == 0;
	}
	snprintf(trial->file, sizeof(trial->file), "%s/nodes.yaml", trial->dir);
	free(whole);
	return is_made ? CLI_DONE : say_errno(trial->dir);
}

static void trial_close(const struct trial *trial)
{
	char at[PATH_TEXT + 32];
	unlink(trial->file);
	for (size_t i = 0; i < 2; i++) {
		snprintf(at, sizeof(at), "%s/%s", trial->dir, linked[i]);
		unlink(at);
	}
	rmdir(trial->dir);
}

static enum cli_exit trial_write(
    const struct trial *trial, const struct text *text)
{
	int fd = open(
	    trial->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, text->mode);
	if (fd < 0)
		return say_errno(trial->file);
	bool is_good = write(fd, text->buf.data, text->buf.len) ==
			   (ssize_t)text->buf.len &&
		       fchmod(fd, text->mode) == 0 && fsync(fd) == 0;
	if (close(fd) != 0)
		is_good = false;
	return is_good ? CLI_DONE : say_errno(trial->file);
}

/* What is wrong with it is said of the file that it was to be. */
static enum cli_exit trial_check(
    const struct trial *trial, const char *dir, const char *path)
{
	struct report report = { 0 };
	struct org *org = NULL;
	enum cli_exit exit = CLI_DONE;
	int err = org_load(&org, &report, trial->dir,
	    city_keys_is_made(dir) ? ORG_NEEDS_KEYS : 0);
	for (size_t i = 0; i < report.count; i++)
		snprintf(report.problems[i].file,
		    sizeof(report.problems[i].file), "%.255s", path);
	if (err == ERR_INVALID) {
		report_print(&report, stderr);
		say_error(_("%s was not changed."), path);
		exit = CLI_REFUSED;
	} else if (err < 0) {
		exit = session_problems(&report, err, dir);
	}
	report_free(&report);
	org_close(&org);
	return exit;
}

static enum cli_exit put(
    const char *dir, const char *path, const struct text *text)
{
	struct trial trial;
	enum cli_exit exit = trial_open(&trial, dir);
	if (exit == CLI_DONE)
		exit = trial_write(&trial, text);
	if (exit == CLI_DONE)
		exit = trial_check(&trial, dir, path);
	if (exit == CLI_DONE && rename(trial.file, path) != 0)
		exit = say_errno(path);
	trial_close(&trial);
	return exit;
}

enum cli_exit city_move(const char *dir, const struct node *node,
    const char *endpoint, const char *http)
{
	char path[PATH_TEXT];
	struct text text = { .mode = 0644 };
	snprintf(path, sizeof(path), "%.1000s/nodes.yaml", dir);
	int err = text_read(&text, path);
	if (!err)
		err = replace(&text.buf, node->name, "endpoint", endpoint);
	if (!err && http)
		err = replace(&text.buf, node->name, "http", http);
	enum cli_exit exit =
	    err ? say_failure(err, path) : put(dir, path, &text);
	buf_free(&text.buf);
	return exit;
}

/* In its place, or else in the line behind the city's name. */
static int set_speaks(struct buf *buf, unsigned version)
{
	char text[32];
	size_t from, to;
	if (find_value(&from, &to, buf, NULL, "speaks")) {
		snprintf(text, sizeof(text), "%u", version);
		return put_text(buf, from, to, text);
	}
	if (!find_value(&from, &to, buf, NULL, "city"))
		return ERR_NOT_FOUND;
	while (to < buf->len && buf->data[to] != '\n')
		to++;
	snprintf(text, sizeof(text), "\nspeaks: %u", version);
	return put_text(buf, to, to, text);
}

enum cli_exit city_speak(const char *dir, unsigned version)
{
	char path[PATH_TEXT];
	struct text text = { .mode = 0644 };
	snprintf(path, sizeof(path), "%.1000s/nodes.yaml", dir);
	int err = text_read(&text, path);
	if (!err)
		err = set_speaks(&text.buf, version);
	enum cli_exit exit =
	    err ? say_failure(err, path) : put(dir, path, &text);
	buf_free(&text.buf);
	return exit;
}
