#include "harness/schema.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"

enum { NAME = 256 };

struct look {
	char *problem;
	json_t *document, *seen;
};

static bool fits(const struct look *look, const char *name, json_t *schema,
    const json_t *value);

static bool wrong(
    const struct look *look, const char *name, const char *keyword)
{
	snprintf(look->problem, SCHEMA_PROBLEM, "%s: %s", name, keyword);
	return false;
}

/* ---- a keyword each ---- */

typedef bool keyword(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value);

static bool is_type(const char *type, const json_t *value)
{
	if (strcmp(type, "integer") == 0)
		return json_is_integer(value);
	if (strcmp(type, "number") == 0)
		return json_is_number(value);
	if (strcmp(type, "string") == 0)
		return json_is_string(value);
	if (strcmp(type, "boolean") == 0)
		return json_is_boolean(value);
	if (strcmp(type, "object") == 0)
		return json_is_object(value);
	if (strcmp(type, "array") == 0)
		return json_is_array(value);
	return strcmp(type, "null") == 0 && json_is_null(value);
}

static bool check_type(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	json_t *type;
	size_t i;

	(void)schema;
	if (json_is_string(argument))
		return is_type(json_string_value(argument), value) ||
		       wrong(look, name, "type");
	json_array_foreach(argument, i,
	    type) if (is_type(json_string_value(type), value)) return true;
	return wrong(look, name, "type");
}

static bool check_properties(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	json_t *member, *own;
	const char *key;

	(void)schema;
	json_object_foreach((json_t *)value, key, member)
	{
		char inner[NAME];

		own = json_object_get(argument, key);
		if (!own)
			continue;
		snprintf(inner, sizeof(inner), "%s.%s", name, key);
		if (!json_is_null(member))
			json_object_set_new(look->seen, inner, json_true());
		if (!fits(look, inner, own, member))
			return false;
	}
	return true;
}

static bool check_required(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	json_t *key;
	size_t i;

	(void)schema;
	json_array_foreach(argument, i,
	    key) if (json_is_object(value) &&
		     !json_object_get(value, json_string_value(key)))
	{
		char inner[NAME];

		snprintf(inner, sizeof(inner), "%s.%s", name,
		    json_string_value(key));
		return wrong(look, inner, "required");
	}
	return true;
}

/* Only ever false. */
static bool check_additional(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	json_t *own = json_object_get(schema, "properties"), *member;
	const char *key;

	if (!json_is_false(argument))
		return wrong(look, name, "additionalProperties is not false");
	json_object_foreach((json_t *)value, key,
	    member) if (!json_object_get(own, key)) return wrong(look, name,
	    key);
	return true;
}

static bool check_items(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	json_t *item;
	size_t i;

	(void)schema;
	json_array_foreach(
	    value, i, item) if (!fits(look, name, argument, item)) return false;
	return true;
}

static bool check_enum(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	json_t *one;
	size_t i;

	(void)schema;
	json_array_foreach(
	    argument, i, one) if (json_equal(one, value)) return true;
	return wrong(look, name, "enum");
}

static bool check_pattern(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	regex_t regex;
	bool matches;

	(void)schema;
	if (!json_is_string(value))
		return true;
	if (regcomp(&regex, json_string_value(argument),
		REG_EXTENDED | REG_NOSUB) != 0)
		return wrong(look, name, "pattern cannot be read");
	matches = regexec(&regex, json_string_value(value), 0, NULL, 0) == 0;
	regfree(&regex);
	return matches || wrong(look, name, "pattern");
}

/* Of time only; nothing else is used. */
static bool check_format(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	int64_t time_ms;

	(void)schema;
	if (strcmp(json_string_value(argument), "date-time") != 0)
		return wrong(look, name, "format is not date-time");
	return !json_is_string(value) ||
	       time_parse(&time_ms, json_string_value(value)) == 0 ||
	       wrong(look, name, "format");
}

static size_t characters(const json_t *value)
{
	size_t count = 0;

	for (const char *c = json_string_value(value); *c; c++)
		count += ((unsigned char)*c & 0xc0) != 0x80;
	return count;
}

static bool check_lengths(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	json_int_t bound = json_integer_value(argument);
	bool is_most = json_object_get(schema, "maxLength") == argument;

	if (!json_is_string(value))
		return true;
	return (is_most ? (json_int_t)characters(value) <= bound
			: (json_int_t)characters(value) >= bound) ||
	       wrong(look, name, "length");
}

static bool check_bounds(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	double bound = json_number_value(argument);
	bool is_most = json_object_get(schema, "maximum") == argument;

	if (!json_is_number(value))
		return true;
	return (is_most ? json_number_value(value) <= bound
			: json_number_value(value) >= bound) ||
	       wrong(look, name, "bound");
}

static bool check_count(const struct look *look, const char *name,
    json_t *argument, json_t *schema, const json_t *value)
{
	(void)schema;
	return !json_is_array(value) ||
	       (json_int_t)json_array_size(value) <=
		   json_integer_value(argument) ||
	       wrong(look, name, "maxItems");
}

/* For people. */
static bool pass(const struct look *look, const char *name, json_t *argument,
    json_t *schema, const json_t *value)
{
	(void)look;
	(void)name;
	(void)argument;
	(void)schema;
	(void)value;
	return true;
}

static const struct {
	const char *word;
	keyword *check;
} keywords[] = {
	{ "type", check_type },
	{ "properties", check_properties },
	{ "required", check_required },
	{ "additionalProperties", check_additional },
	{ "items", check_items },
	{ "enum", check_enum },
	{ "pattern", check_pattern },
	{ "format", check_format },
	{ "minLength", check_lengths },
	{ "maxLength", check_lengths },
	{ "minimum", check_bounds },
	{ "maximum", check_bounds },
	{ "maxItems", check_count },
	{ "description", pass },
	{ "default", pass },
};

enum { KEYWORDS = sizeof(keywords) / sizeof(keywords[0]) };

static bool check_keyword(const struct look *look, const char *name,
    const char *word, json_t *schema, const json_t *value)
{
	for (size_t i = 0; i < KEYWORDS; i++)
		if (strcmp(keywords[i].word, word) == 0)
			return keywords[i].check(look, name,
			    json_object_get(schema, word), schema, value);
	return wrong(look, name, word);
}

/* A schema by reference begins a name of its own. */
static bool fits(const struct look *look, const char *name, json_t *schema,
    const json_t *value)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));
	json_t *all = json_object_get(
	    json_object_get(look->document, "components"), "schemas");
	const char *word;
	json_t *argument;

	if (ref) {
		name = strrchr(ref, '/') + 1;
		schema = json_object_get(all, name);
	}
	if (!schema || !value)
		return wrong(look, name, "is not there");
	json_object_foreach(
	    schema, word, argument) if (!check_keyword(look, name, word, schema,
					    value)) return false;
	return true;
}

static const char *name_of(const json_t *document, const json_t *schema)
{
	json_t *all = json_object_get(
		   json_object_get(document, "components"), "schemas"),
	       *one;
	const char *name;

	json_object_foreach(all, name, one) if (one == schema) return name;
	return "";
}

bool schema_fits(char problem_out[SCHEMA_PROBLEM], json_t *document,
    json_t *seen, json_t *schema, const json_t *value)
{
	struct look look = { problem_out, document, seen };

	return fits(&look, name_of(document, schema), schema, value);
}

void schema_each_field(
    const char *name, json_t *schema, void (*visit)(const char *name))
{
	json_t *own;
	const char *key;

	json_object_foreach(json_object_get(schema, "properties"), key, own)
	{
		char inner[NAME];

		snprintf(inner, sizeof(inner), "%s.%s", name, key);
		visit(inner);
		schema_each_field(inner, own, visit);
	}
}
