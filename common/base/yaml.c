#include "base/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/bytes.h"
#include "base/err.h"
#include "base/yaml_check.h"

enum {
	FILE_MAX_BYTES = 16 * 1024 * 1024,
	CHUNK_BYTES = 16 * 1024,
	PATH_BYTES = 512,
};

struct yaml {
	yaml_document_t document;
	bool has_document;
	const cyaml_schema_value_t *schema;
	void *data;
};

/* Where one yaml_open is. */
struct load {
	struct report *report;
	const char *file;
	struct buf text;
	char complaint[REPORT_TEXT_MAX]; /* libcyaml's, "" if none */
	long complaint_line;
};

static int read_chunks(struct load *load, FILE *in)
{
	uint8_t *room;
	size_t got;
	int rc;

	do {
		rc = buf_grow(&room, &load->text, CHUNK_BYTES);
		if (rc < 0)
			return rc;
		got = fread(room, 1, CHUNK_BYTES, in);
		load->text.len -= CHUNK_BYTES - got;
	} while (got > 0 && load->text.len <= FILE_MAX_BYTES);
	return ferror(in) ? ERR_IO : 0;
}

static int read_file(struct load *load)
{
	FILE *in = fopen(load->file, "rbe");
	int rc = in ? read_chunks(load, in) : err_of_errno(errno);

	if (in)
		fclose(in);
	if (rc == 0 || rc == ERR_NOMEM)
		return rc;
	report_add(load->report, load->file, 0,
	    rc == ERR_NOT_FOUND ? "there is no such file"
	    : rc == ERR_ACCESS	? "may not be read: check its owner and mode"
				: "cannot be read");
	return ERR_INVALID;
}

static long bad_line(struct bytes text)
{
	const uint8_t *end;
	size_t len;
	long line;

	for (line = 1; text.len > 0; line++) {
		end = memchr(text.data, '\n', text.len);
		len = end ? (size_t)(end - text.data) + 1 : text.len;
		if (!bytes_is_text(bytes_of(text.data, len)))
			return line;
		text = bytes_of(text.data + len, text.len - len);
	}
	return 0;
}

static int check_bytes(struct load *load)
{
	struct bytes text = bytes_of(load->text.data, load->text.len);

	if (text.len > FILE_MAX_BYTES) {
		report_add(load->report, load->file, 0,
		    "larger than 16 MiB; split or shorten it");
		return ERR_INVALID;
	}
	if (!bytes_is_text(text)) {
		report_add(load->report, load->file, bad_line(text),
		    "not UTF-8 text; save the file as UTF-8");
		return ERR_INVALID;
	}
	return 0;
}

static void start_parser(yaml_parser_t *parser, const struct load *load)
{
	yaml_parser_set_input_string(parser, load->text.data, load->text.len);
}

static int report_parser(struct load *load, const yaml_parser_t *parser)
{
	if (parser->error == YAML_MEMORY_ERROR)
		return ERR_NOMEM;
	report_add(load->report, load->file,
	    (long)parser->problem_mark.line + 1, "not valid YAML: %s%s%s",
	    parser->problem ? parser->problem : "unreadable",
	    parser->context ? ", " : "",
	    parser->context ? parser->context : "");
	return ERR_INVALID;
}

/* What the whole file may hold of events of each kind. */
struct shape {
	long nodes, depth, documents;
};

static const char *anchor_of(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return (const char *)event->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return (const char *)event->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return (const char *)event->data.mapping_start.anchor;
	case YAML_ALIAS_EVENT:
		return (const char *)event->data.alias.anchor;
	default:
		return NULL;
	}
}

static void count_event(struct shape *shape, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		shape->documents++;
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		shape->depth++;
		shape->nodes++;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		shape->depth--;
		break;
	case YAML_SCALAR_EVENT:
		shape->nodes++;
		break;
	default:
		break;
	}
}

static int check_event(
    struct load *load, struct shape *shape, const yaml_event_t *event)
{
	const char *problem = NULL;

	count_event(shape, event);
	if (anchor_of(event))
		problem = "anchors and aliases (& and *) are not taken: write "
			  "the value out";
	else if (shape->documents > 1)
		problem = "a second document (---) is not taken: use one file "
			  "for each";
	else if (shape->depth > YAML_DEPTH_MAX)
		problem = "nested too deeply";
	else if (shape->nodes > YAML_NODES_MAX)
		problem = "too many values in one file";
	if (!problem)
		return 0;
	report_add(load->report, load->file, (long)event->start_mark.line + 1,
	    "%s", report_language(problem));
	return ERR_INVALID;
}

/* Before anything is built from it: the file is sound YAML of a size and
 * depth that the rest can bear. */
static int check_events(struct load *load, yaml_parser_t *parser)
{
	struct shape shape = { 0 };
	bool at_end = false;
	yaml_event_t event;
	int rc = 0;

	while (rc == 0 && !at_end) {
		if (!yaml_parser_parse(parser, &event))
			return report_parser(load, parser);
		at_end = event.type == YAML_STREAM_END_EVENT;
		rc = check_event(load, &shape, &event);
		yaml_event_delete(&event);
	}
	if (rc == 0 && shape.documents == 0) {
		report_add(load->report, load->file, 0, "the file is empty");
		return ERR_INVALID;
	}
	return rc;
}

static int with_parser(struct load *load, struct yaml *yaml,
    int (*step)(struct load *, struct yaml *, yaml_parser_t *))
{
	yaml_parser_t parser;
	int rc;

	if (!yaml_parser_initialize(&parser))
		return ERR_NOMEM;
	start_parser(&parser, load);
	rc = step(load, yaml, &parser);
	yaml_parser_delete(&parser);
	return rc;
}

static int step_events(
    struct load *load, struct yaml *yaml, yaml_parser_t *parser)
{
	(void)yaml;
	return check_events(load, parser);
}

static int step_document(
    struct load *load, struct yaml *yaml, yaml_parser_t *parser)
{
	size_t before = load->report->count + load->report->dropped;

	if (!yaml_parser_load(parser, &yaml->document))
		return report_parser(load, parser);
	yaml->has_document = true;
	yaml_check(load->report, load->file, &yaml->document, yaml->schema);
	return load->report->count + load->report->dropped > before
		   ? ERR_INVALID
		   : 0;
}

/* libcyaml's first message says what, its backtrace where. */
static void hear_cyaml(
    cyaml_log_t level, void *context, const char *format, va_list args)
{
	struct load *load = context;
	const char *mark = "(line: ", *found;
	char text[REPORT_TEXT_MAX];

	if (level < CYAML_LOG_ERROR)
		return;
	vsnprintf(text, sizeof(text), format, args);
	found = strstr(text, mark);
	if (load->complaint[0] == '\0')
		snprintf(load->complaint, sizeof(load->complaint), "%s",
		    strncmp(text, "Load: ", 6) == 0 ? text + 6 : text);
	else if (load->complaint_line == 0 && text[0] == ' ' && found)
		load->complaint_line = atol(found + strlen(mark));
}

static int load_data(struct load *load, struct yaml *yaml)
{
	const cyaml_config_t config = {
		.log_fn = hear_cyaml,
		.log_ctx = load,
		.log_level = CYAML_LOG_ERROR,
		.mem_fn = cyaml_mem,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	cyaml_err_t err = cyaml_load_data(load->text.data, load->text.len,
	    &config, yaml->schema, &yaml->data, NULL);

	if (err == CYAML_OK && yaml->data)
		return 0;
	if (err == CYAML_ERR_OOM)
		return ERR_NOMEM;
	if (load->complaint[0] == '\0')
		snprintf(load->complaint, sizeof(load->complaint), "%s",
		    err == CYAML_OK ? "the file is empty"
				    : cyaml_strerror(err));
	load->complaint[strcspn(load->complaint, "\n")] = '\0';
	report_add(load->report, load->file, load->complaint_line, "%s",
	    load->complaint);
	return ERR_INVALID;
}

static int load_all(struct load *load, struct yaml *yaml)
{
	int rc = read_file(load);

	if (rc == 0)
		rc = check_bytes(load);
	if (rc == 0)
		rc = with_parser(load, yaml, step_events);
	if (rc == 0)
		rc = with_parser(load, yaml, step_document);
	if (rc == 0)
		rc = load_data(load, yaml);
	return rc;
}

int yaml_open(struct yaml **yaml_out, void **data_out, struct report *report,
    const char *path, const cyaml_schema_value_t *schema)
{
	struct load load = { .report = report, .file = path };
	struct yaml *yaml = calloc(1, sizeof(*yaml));
	int rc;

	if (!yaml)
		return ERR_NOMEM;
	yaml->schema = schema;
	rc = load_all(&load, yaml);
	buf_free(&load.text);
	if (rc < 0) {
		yaml_close(&yaml);
		return rc;
	}
	*yaml_out = yaml;
	*data_out = yaml->data;
	return 0;
}

static yaml_node_t *find_key(struct yaml *yaml, const yaml_node_t *node,
    const char *key, size_t len, long *line)
{
	yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	const yaml_node_t *name;

	for (; pair < node->data.mapping.pairs.top; pair++) {
		name = yaml_document_get_node(&yaml->document, pair->key);
		if (name->type != YAML_SCALAR_NODE ||
		    name->data.scalar.length != len ||
		    memcmp(name->data.scalar.value, key, len) != 0)
			continue;
		*line = (long)name->start_mark.line + 1;
		return yaml_document_get_node(&yaml->document, pair->value);
	}
	return NULL;
}

static yaml_node_t *find_entry(struct yaml *yaml, const yaml_node_t *node,
    unsigned long number, long *line)
{
	yaml_node_item_t *items = node->data.sequence.items.start;
	yaml_node_t *entry;

	if (number >= (size_t)(node->data.sequence.items.top - items))
		return NULL;
	entry = yaml_document_get_node(&yaml->document, items[number]);
	*line = (long)entry->start_mark.line + 1;
	return entry;
}

/* One ".key" or "[number]" further; NULL where there is none. */
static yaml_node_t *step_down(
    struct yaml *yaml, const yaml_node_t *node, const char **path, long *line)
{
	const char *from = *path + (**path == '.');
	size_t len = strcspn(from, ".[");
	char *end;
	unsigned long number;

	if (*from != '[') {
		*path = from + len;
		return node->type == YAML_MAPPING_NODE
			   ? find_key(yaml, node, from, len, line)
			   : NULL;
	}
	number = strtoul(from + 1, &end, 10);
	if (*end != ']' || node->type != YAML_SEQUENCE_NODE)
		return NULL;
	*path = end + 1;
	return find_entry(yaml, node, number, line);
}

long yaml_line(struct yaml *yaml, const char *path_format, ...)
{
	yaml_node_t *node = yaml_document_get_root_node(&yaml->document);
	long line = (long)node->start_mark.line + 1;
	const char *path;
	char text[PATH_BYTES];
	va_list args;

	va_start(args, path_format);
	vsnprintf(text, sizeof(text), path_format, args);
	va_end(args);
	for (path = text; node && *path != '\0';)
		node = step_down(yaml, node, &path, &line);
	return line;
}

void yaml_close(struct yaml **yaml)
{
	const cyaml_config_t config = { .mem_fn = cyaml_mem };

	if (!*yaml)
		return;
	cyaml_free(&config, (*yaml)->schema, (*yaml)->data, 0);
	if ((*yaml)->has_document)
		yaml_document_delete(&(*yaml)->document);
	free(*yaml);
	*yaml = NULL;
}
