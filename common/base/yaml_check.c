#include "base/yaml_check.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/bytes.h"
#include "base/err.h"

enum { PATH_BYTES = 256, FIELDS_MAX = 64, SHOWN_BYTES = 48, LIST_BYTES = 320 };

struct check {
	struct report *report;
	const char *file;
	yaml_document_t *document;
	char path[PATH_BYTES]; /* of the value in hand, as far as it fits */
	size_t path_len;
};

static void check_value(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema);

static void path_push(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void path_push(struct check *check, const char *format, ...)
{
	size_t room = sizeof(check->path) - check->path_len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(check->path + check->path_len, room, format, args);
	va_end(args);
	if (len > 0)
		check->path_len += (size_t)len < room ? (size_t)len : room - 1;
}

static void path_pop(struct check *check, size_t len)
{
	check->path_len = len;
	check->path[len] = '\0';
}

static void complain(struct check *check, const yaml_node_t *node,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static void complain(
    struct check *check, const yaml_node_t *node, const char *format, ...)
{
	char text[REPORT_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), report_language(format), args);
	va_end(args);
	report_add(check->report, check->file, (long)node->start_mark.line + 1,
	    "%s%s%s", check->path, check->path_len > 0 ? ": " : "", text);
}

static const char *text_of(const yaml_node_t *node)
{
	return (const char *)node->data.scalar.value;
}

/* The start of a value, for a sentence about it. */
static const char *shown(char out[SHOWN_BYTES], const yaml_node_t *node)
{
	size_t cut = text_cut(text_of(node), SHOWN_BYTES - 4);

	memcpy(out, text_of(node), cut);
	strcpy(out + cut, text_of(node)[cut] != '\0' ? "..." : "");
	return out;
}

/* Appends ", name", as far as it fits. */
static void list_add(char list[LIST_BYTES], const char *name)
{
	size_t len = strlen(list);

	snprintf(
	    list + len, LIST_BYTES - len, "%s%s", len > 0 ? ", " : "", name);
}

static bool has_flags(const cyaml_schema_value_t *schema, unsigned int flags)
{
	return ((unsigned int)schema->flags & flags) == flags;
}

static bool is_named(
    const cyaml_schema_value_t *schema, const char *text, const char *name)
{
	if (has_flags(schema, CYAML_FLAG_CASE_INSENSITIVE))
		return strcasecmp(text, name) == 0;
	return strcmp(text, name) == 0;
}

/* What the schema lets stand for "no value". */
static bool is_null(const yaml_node_t *node, const cyaml_schema_value_t *schema)
{
	const char *text;

	if (node->type != YAML_SCALAR_NODE ||
	    !has_flags(schema, CYAML_FLAG_POINTER_NULL))
		return false;
	text = text_of(node);
	if (*text == '\0')
		return true;
	return has_flags(schema, CYAML_FLAG_POINTER_NULL_STR) &&
	       (strcmp(text, "~") == 0 || strcmp(text, "null") == 0 ||
		   strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0);
}

/* A leading zero would make libcyaml read octal digits. */
static bool is_octal(const char *text)
{
	text += *text == '-' || *text == '+';
	return text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

static void check_int(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	int64_t max = INT64_MAX >> (8 - schema->data_size) * 8;
	char out[SHOWN_BYTES], *end;
	long long value;

	errno = 0;
	value = strtoll(text_of(node), &end, 0);
	if (end == text_of(node) || *end != '\0' || is_octal(text_of(node)))
		complain(check, node, "\"%s\" is not a whole number",
		    shown(out, node));
	else if (errno == ERANGE || value > max || value < -max - 1)
		complain(check, node, "%s is out of range: use %lld to %lld",
		    shown(out, node), (long long)-max - 1, (long long)max);
}

static void check_uint(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	uint64_t max = UINT64_MAX >> (8 - schema->data_size) * 8;
	char out[SHOWN_BYTES], *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text_of(node), &end, 0);
	if (end == text_of(node) || *end != '\0' || is_octal(text_of(node)))
		complain(check, node, "\"%s\" is not a whole number",
		    shown(out, node));
	else if (errno == ERANGE || value > max || strchr(text_of(node), '-'))
		complain(check, node, "%s is out of range: use 0 to %llu",
		    shown(out, node), (unsigned long long)max);
}

static void check_float(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	char out[SHOWN_BYTES], *end;
	double value;

	(void)schema;
	value = strtod(text_of(node), &end);
	if (end == text_of(node) || *end != '\0' || !isfinite(value))
		complain(
		    check, node, "\"%s\" is not a number", shown(out, node));
}

static void check_bool(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	const char *text = text_of(node);
	char out[SHOWN_BYTES];

	(void)schema;
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0 &&
	    strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		complain(check, node,
		    "\"%s\" is neither yes nor no: use true or false",
		    shown(out, node));
}

static void check_text(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	size_t len = strlen(text_of(node));

	if (len < schema->string.min && schema->string.min == 1)
		complain(check, node, "must not be empty");
	else if (len < schema->string.min)
		complain(check, node, "must have at least %lu bytes",
		    (unsigned long)schema->string.min);
	else if (len > schema->string.max)
		complain(check, node, "has %zu bytes, at most %lu are allowed",
		    len, (unsigned long)schema->string.max);
}

/* Of an enumeration, or one of a list of flags. */
static void check_word(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	const cyaml_strval_t *words = schema->enumeration.strings;
	char list[LIST_BYTES] = "", out[SHOWN_BYTES];
	uint32_t i;

	for (i = 0; i < schema->enumeration.count; i++) {
		if (is_named(schema, text_of(node), words[i].str))
			return;
		list_add(list, words[i].str);
	}
	complain(check, node, "\"%s\" is not known; known here: %s",
	    shown(out, node), list);
}

static bool is_scalar(struct check *check, const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE) {
		complain(check, node,
		    node->type == YAML_SEQUENCE_NODE
			? "must be one value, not a list"
			: "must be one value, not a mapping");
		return false;
	}
	if (strlen(text_of(node)) != node->data.scalar.length) {
		complain(check, node, "must not contain a NUL character");
		return false;
	}
	return true;
}

static void check_flags(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	yaml_node_item_t *item = node->data.sequence.items.start;
	const yaml_node_t *entry;

	for (; item < node->data.sequence.items.top; item++) {
		entry = yaml_document_get_node(check->document, *item);
		if (is_scalar(check, entry))
			check_word(check, entry, schema);
	}
}

static void check_list(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	yaml_node_item_t *items = node->data.sequence.items.start;
	size_t count = (size_t)(node->data.sequence.items.top - items);
	size_t i, len = check->path_len;

	if (count < schema->sequence.min)
		complain(check, node,
		    "has %zu entries, at least %lu are needed", count,
		    (unsigned long)schema->sequence.min);
	if (count > schema->sequence.max)
		complain(check, node,
		    "has %zu entries, at most %lu are allowed", count,
		    (unsigned long)schema->sequence.max);
	for (i = 0; i < count; i++) {
		path_push(check, "[%zu]", i);
		check_value(check,
		    yaml_document_get_node(check->document, items[i]),
		    schema->sequence.entry);
		path_pop(check, len);
	}
}

/* The number of the field in the schema, or negative. */
static int find_field(struct check *check, const yaml_node_t *key,
    const cyaml_schema_value_t *schema)
{
	const cyaml_schema_field_t *fields = schema->mapping.fields;
	char list[LIST_BYTES] = "", out[SHOWN_BYTES];
	int i;

	if (!is_scalar(check, key))
		return -1;
	for (i = 0; fields[i].key; i++) {
		if (is_named(schema, text_of(key), fields[i].key))
			return i;
		list_add(list, fields[i].key);
	}
	path_push(
	    check, "%s%s", check->path_len > 0 ? "." : "", shown(out, key));
	complain(check, key, "unknown key; known here: %s", list);
	return -1;
}

static void check_field(struct check *check, const yaml_node_pair_t *pair,
    const cyaml_schema_value_t *schema, size_t seen[FIELDS_MAX])
{
	const yaml_node_t *key =
	    yaml_document_get_node(check->document, pair->key);
	const cyaml_schema_field_t *field;
	size_t len = check->path_len;
	int found = find_field(check, key, schema);

	if (found >= 0) {
		panic_if(found >= FIELDS_MAX);
		field = &schema->mapping.fields[found];
		path_push(check, "%s%s", len > 0 ? "." : "", field->key);
		if (seen[found] > 0)
			complain(check, key, "given twice, first in line %zu",
			    seen[found]);
		seen[found] = key->start_mark.line + 1;
		check_value(check,
		    yaml_document_get_node(check->document, pair->value),
		    &field->value);
	}
	path_pop(check, len);
}

static void check_mapping(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	const cyaml_schema_field_t *fields = schema->mapping.fields;
	const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	size_t seen[FIELDS_MAX] = { 0 }; /* the lines */
	size_t i;

	for (; pair < node->data.mapping.pairs.top; pair++)
		check_field(check, pair, schema, seen);
	for (i = 0; fields[i].key; i++) {
		panic_if(i >= FIELDS_MAX);
		if (seen[i] == 0 &&
		    !has_flags(&fields[i].value, CYAML_FLAG_OPTIONAL))
			complain(
			    check, node, "\"%s\" is missing", fields[i].key);
	}
}

static const struct {
	yaml_node_type_t node;
	void (*check)(struct check *check, const yaml_node_t *node,
	    const cyaml_schema_value_t *schema);
} kinds[CYAML__TYPE_COUNT] = {
	[CYAML_INT] = { YAML_SCALAR_NODE, check_int },
	[CYAML_UINT] = { YAML_SCALAR_NODE, check_uint },
	[CYAML_BOOL] = { YAML_SCALAR_NODE, check_bool },
	[CYAML_ENUM] = { YAML_SCALAR_NODE, check_word },
	[CYAML_FLOAT] = { YAML_SCALAR_NODE, check_float },
	[CYAML_STRING] = { YAML_SCALAR_NODE, check_text },
	[CYAML_FLAGS] = { YAML_SEQUENCE_NODE, check_flags },
	[CYAML_MAPPING] = { YAML_MAPPING_NODE, check_mapping },
	[CYAML_SEQUENCE] = { YAML_SEQUENCE_NODE, check_list },
	[CYAML_SEQUENCE_FIXED] = { YAML_SEQUENCE_NODE, check_list },
};

static void check_value(struct check *check, const yaml_node_t *node,
    const cyaml_schema_value_t *schema)
{
	panic_if((unsigned int)schema->type >= CYAML__TYPE_COUNT);
	if (!kinds[schema->type].check || is_null(node, schema))
		return;
	if (kinds[schema->type].node == YAML_SCALAR_NODE) {
		if (!is_scalar(check, node))
			return;
	} else if (kinds[schema->type].node != node->type) {
		complain(check, node,
		    kinds[schema->type].node == YAML_SEQUENCE_NODE
			? "must be a list"
			: "must be a mapping of keys to values");
		return;
	}
	kinds[schema->type].check(check, node, schema);
}

void yaml_check(struct report *report, const char *file,
    yaml_document_t *document, const cyaml_schema_value_t *schema)
{
	struct check check = {
		.report = report, .file = file, .document = document
	};

	check_value(&check, yaml_document_get_root_node(document), schema);
}
