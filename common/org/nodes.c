/*
 * nodes.yaml: each node by itself, and what no two may share. Who serves
 * what is nodes_serve.c's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "org/nodes.h"
#include "org/shown.h"

enum { ENDPOINT_MAX = 256, SOCKET_PATH_MAX = 107, SPEAKS_MAX = 65535 };

struct reading {
	struct org *org;
	struct report *report;
	const char *path;
	struct yaml *yaml;
	unsigned flags;
	unsigned index; /* of the node being read */
	const char *name;
};

static long line_of(const struct reading *reading, const char *field)
{
	return yaml_line(reading->yaml, "nodes[%u].%s", reading->index, field);
}

static int read_name(
    struct node *node, struct reading *reading, const char *name)
{
	struct org *org = reading->org;
	int err = city_text(&node->name, org, name);

	if (err != 0)
		return err;
	if (!city_name_is_fit(name)) {
		report_add(reading->report, reading->path,
		    line_of(reading, "name"),
		    "\"%s\" cannot be a node's name: letters, digits, - _ "
		    "and . only, %d bytes at most",
		    reading->name, NAME_MAX_BYTES - 1);
		return 0;
	}
	err = table_put(
	    &org->by_node_name, node->name, strlen(name), reading->index);
	if (err != ERR_EXISTS)
		return err;
	report_add(reading->report, reading->path, line_of(reading, "name"),
	    "node %s stands twice; give one of the two another name",
	    reading->name);
	return 0;
}

static void read_level(
    struct node *node, struct reading *reading, const char *level)
{
	node->level = city_word(reading->org, level);
	if (node->level == NULL && reading->org->unit_count > 0)
		report_add(reading->report, reading->path,
		    line_of(reading, "level"),
		    "node %s: no unit has the level \"%s\"; use a word of "
		    "units.csv",
		    reading->name, SHOWN(level));
}

/* HOST:PORT that others can connect to. */
static bool is_host_and_port(const char *text)
{
	const char *colon = strrchr(text, ':');
	unsigned port = 0;

	if (colon == NULL || colon == text || strlen(text) >= ENDPOINT_MAX)
		return false;
	if (strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789.-_:[]") != strlen(text))
		return false;
	if (text[0] == '[' ? colon[-1] != ']'
			   : memchr(text, ':', (size_t)(colon - text)) != NULL)
		return false;
	for (const char *at = colon + 1; *at != '\0'; at++) {
		if (*at < '0' || *at > '9' || at - colon > 5)
			return false;
		port = port * 10 + (unsigned)(*at - '0');
	}
	return port >= 1 && port <= UINT16_MAX;
}

static bool is_endpoint(const char *text)
{
	if (strncmp(text, "tcp://", 6) == 0)
		return is_host_and_port(text + 6);
	return strncmp(text, "ipc://", 6) == 0 && text[6] != '\0' &&
	       strlen(text + 6) <= SOCKET_PATH_MAX &&
	       strpbrk(text, " \t\r\n") == NULL;
}

/* A place where a node listens is its own. */
static int take_place(
    struct reading *reading, const char *field, const char *place)
{
	struct org *org = reading->org;
	uint32_t other;
	int err;

	err =
	    table_put(&org->by_endpoint, place, strlen(place), reading->index);
	if (err != ERR_EXISTS)
		return err;
	table_get(&other, &org->by_endpoint, place, strlen(place));
	report_add(reading->report, reading->path, line_of(reading, field),
	    "node %s: %s is taken by node %s; give it a place of its own",
	    reading->name, place, org->nodes[other].name);
	return 0;
}

static int read_endpoint(
    struct node *node, struct reading *reading, const char *endpoint)
{
	bool is_tcp = strncmp(endpoint, "tcp://", 6) == 0;
	int err = city_text(&node->endpoint, reading->org, endpoint);

	if (err != 0)
		return err;
	if (is_endpoint(endpoint))
		return take_place(reading, "endpoint",
		    is_tcp ? node->endpoint + 6 : node->endpoint);
	report_add(reading->report, reading->path, line_of(reading, "endpoint"),
	    "node %s: endpoint \"%s\" is neither tcp://HOST:PORT nor "
	    "ipc://PATH that others can connect to",
	    reading->name, SHOWN(endpoint));
	return 0;
}

static int read_http(
    struct node *node, struct reading *reading, const char *http)
{
	int err;

	if (http == NULL)
		return 0;
	err = city_text(&node->http, reading->org, http);
	if (err != 0)
		return err;
	if (is_host_and_port(http))
		return take_place(reading, "http", node->http);
	report_add(reading->report, reading->path, line_of(reading, "http"),
	    "node %s: http \"%s\" is not HOST:PORT", reading->name,
	    SHOWN(http));
	return 0;
}

/* http or https, a host, perhaps a port and a path; no slash at the end, so
 * that a path can follow. */
static bool is_public_url(const char *url)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-._~:/[]";
	size_t len = strlen(url), skip = 0;

	if (strncmp(url, "https://", 8) == 0)
		skip = 8;
	else if (strncmp(url, "http://", 7) == 0)
		skip = 7;
	return skip > 0 && len > skip && len <= NODE_PUBLIC_URL_MAX &&
	       strspn(url, allowed) == len && url[skip] != '/' &&
	       url[len - 1] != '/';
}

static int read_public_url(
    struct node *node, struct reading *reading, const char *url)
{
	if (url == NULL)
		return 0;
	if (is_public_url(url))
		return city_text(&node->public_url, reading->org, url);
	report_add(reading->report, reading->path,
	    line_of(reading, "public_url"),
	    "node %s: public_url \"%s\" is not http:// or https:// with a "
	    "host, at most %d bytes, without a slash at its end",
	    reading->name, SHOWN(url), NODE_PUBLIC_URL_MAX);
	return 0;
}

static void read_durability(
    struct node *node, struct reading *reading, const char *durability)
{
	node->is_mirrored =
	    durability != NULL && strcmp(durability, "mirrored") == 0;
	if (durability == NULL || node->is_mirrored ||
	    strcmp(durability, "local") == 0)
		return;
	report_add(reading->report, reading->path,
	    line_of(reading, "durability"),
	    "node %s: durability \"%s\" is neither local nor mirrored",
	    reading->name, SHOWN(durability));
}

/* The key that it has, or one that it had and that is still heard. */
static int read_key(char key_out[ORG_KEY_TEXT], struct reading *reading,
    const char *field, const char *key)
{
	struct org *org = reading->org;
	struct key_owner owner = { reading->report, reading->path,
		line_of(reading, field), "node", reading->name };
	const char *copy;
	uint32_t other;
	int err;

	if (!city_key(key_out, &owner, key, reading->flags))
		return 0;
	err = city_text(&copy, org, key);
	if (err == 0)
		err = table_put(
		    &org->by_key, copy, ORG_KEY_TEXT - 1, reading->index);
	if (err != ERR_EXISTS)
		return err;
	table_get(&other, &org->by_key, key, ORG_KEY_TEXT - 1);
	city_key_is_shared(&owner, org->nodes[other].name);
	return 0;
}

static int read_old_keys(
    struct node *node, struct reading *reading, const struct node_row *row)
{
	struct key_owner owner = { reading->report, reading->path,
		line_of(reading, "retired_keys"), "node", reading->name };
	int err = 0;

	for (unsigned i = 0; err == 0 && i < row->old_keys_count; i++)
		err = read_key(node->old_keys[node->old_count++], reading,
		    "old_keys", row->old_keys[i]);
	for (unsigned i = 0; i < row->retired_keys_count; i++)
		city_key(node->retired_keys[node->retired_count++], &owner,
		    row->retired_keys[i], ORG_NEEDS_KEYS);
	return err;
}

/* What is retired is nobody's key any more. */
static void check_retired(struct reading *reading)
{
	struct org *org = reading->org;
	uint32_t other;

	for (size_t i = 0; i < org->node_count; i++) {
		const struct node *node = &org->nodes[i];

		reading->index = node->index;
		for (unsigned k = 0; k < node->retired_count; k++)
			if (table_get(&other, &org->by_key,
				node->retired_keys[k], ORG_KEY_TEXT - 1))
				report_add(reading->report, reading->path,
				    line_of(reading, "retired_keys"),
				    "node %s has a retired key that node %s "
				    "uses; make another",
				    node->name, org->nodes[other].name);
	}
}

static int read_node(struct reading *reading, const struct node_row *row)
{
	struct node *node = &reading->org->nodes[reading->index];
	struct shown name;
	int err;

	node->index = reading->index;
	reading->name = shown_text(&name, row->name);
	err = read_name(node, reading, row->name);
	if (err != 0)
		return err;
	read_level(node, reading, row->level);
	read_durability(node, reading, row->durability);
	err = read_endpoint(node, reading, row->endpoint);
	if (err == 0)
		err = read_http(node, reading, row->http);
	if (err == 0)
		err = read_public_url(node, reading, row->public_url);
	if (err == 0)
		err = read_key(node->public_key, reading, "public_key",
		    row->public_key == NULL ? "" : row->public_key);
	if (err == 0)
		err = read_old_keys(node, reading, row);
	if (err == 0)
		err = nodes_read_was(node, reading->org, reading->report,
		    reading->path, line_of(reading, "was"), row);
	if (row->serves_count == 0)
		report_add(reading->report, reading->path,
		    line_of(reading, "serves"),
		    "node %s serves nothing; list the codes that it serves",
		    reading->name);
	return err;
}

/* Which versions there are is the programs' to say. */
static void read_speaks(struct reading *reading, const struct nodes_file *file)
{
	reading->org->speaks = file->speaks ? *file->speaks : 1;
	if (reading->org->speaks > 0 && reading->org->speaks <= SPEAKS_MAX)
		return;
	report_add(reading->report, reading->path,
	    yaml_line(reading->yaml, "speaks"),
	    "speaks: %u is no version of the wire; say 1, or what \"whistle "
	    "city speaks\" allows",
	    reading->org->speaks);
}

static int read_file(struct reading *reading, const struct nodes_file *file)
{
	struct org *org = reading->org;
	int err;

	read_speaks(reading, file);
	if (file->city[0] == '\0' || strlen(file->city) >= UNIT_NAME_MAX)
		report_add(reading->report, reading->path,
		    yaml_line(reading->yaml, "city"),
		    "the city's name is empty or over %d bytes; give it a "
		    "name",
		    UNIT_NAME_MAX - 1);
	err = city_text(&org->city_name, org, file->city);
	if (err != 0)
		return err;
	if (file->nodes_count == 0 || file->nodes_count > ORG_NODES_MAX) {
		report_add(reading->report, reading->path,
		    yaml_line(reading->yaml, "nodes"),
		    "%u nodes; a city has 1 to %d", file->nodes_count,
		    ORG_NODES_MAX);
		return 0;
	}
	org->nodes = calloc(file->nodes_count, sizeof(*org->nodes));
	if (org->nodes == NULL)
		return ERR_NOMEM;
	org->node_count = file->nodes_count;
	for (unsigned i = 0; i < file->nodes_count && err == 0; i++) {
		reading->index = i;
		err = read_node(reading, &file->nodes[i]);
	}
	if (err == 0) {
		check_retired(reading);
		nodes_check_was(
		    org, reading->report, reading->path, reading->yaml);
	}
	return err;
}

int nodes_read(struct org *org, struct report *report, const char *path,
    unsigned flags, bool is_sound)
{
	size_t before = city_problems(report);
	struct reading reading = {
		.org = org, .report = report, .path = path, .flags = flags
	};
	void *file = NULL;
	int err;

	err = yaml_open(&reading.yaml, &file, report, path, &nodes_schema);
	if (err == ERR_NOMEM)
		return err;
	if (err != 0) {
		if (city_problems(report) == before)
			report_add(report, path, 0,
			    "cannot be read (%s); the city needs this file",
			    err_text(err));
		return 0;
	}
	err = read_file(&reading, file);
	if (err == 0 && is_sound && city_problems(report) == before)
		err = nodes_serve(org, report, path, reading.yaml, file);
	yaml_close(&reading.yaml);
	return err;
}
