#include "gatewayd/body.h"

#include <jansson.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "ticket/attachment.h"

int body_refuse(
    struct http_problem *problem_out, const char *field, enum field_fault fault)
{
	*problem_out = problem_field(field, fault);
	return ERR_INVALID;
}

/* C1 is in UTF-8 c2 80 to c2 9f. */
bool body_has_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < ' ' || c == 0x7f ||
		    (c == 0xc2 && i + 1 < len && (uint8_t)text[i + 1] < 0xa0))
			return true;
	}
	return false;
}

/* jansson has seen to it that a string is UTF-8 without NUL. */
static enum field_fault text_fault(
    const json_t *value, size_t max, bool is_label)
{
	if (!json_is_string(value))
		return FIELD_NOT_TEXT;
	if (json_string_length(value) > max)
		return FIELD_TOO_LONG;
	if (is_label && body_has_control(json_string_value(value),
			    json_string_length(value)))
		return FIELD_CONTROL;
	return FIELD_NONE;
}

static int read_text(void *at, struct http_problem *problem_out,
    struct arena *arena, const struct body_field *field, const json_t *value)
{
	enum field_fault fault =
	    text_fault(value, field->max, field->type == BODY_LABEL);
	const char *text;

	if (fault)
		return body_refuse(problem_out, field->name, fault);
	text = arena_text(
	    arena, json_string_value(value), json_string_length(value));
	if (!text)
		return ERR_NOMEM;
	memcpy(at, &text, sizeof(text));
	return 0;
}

static int read_flag(void *at, struct http_problem *problem_out,
    const struct body_field *field, const json_t *value)
{
	int flag = json_is_true(value);

	if (!json_is_boolean(value))
		return body_refuse(problem_out, field->name, FIELD_NOT_FLAG);
	memcpy(at, &flag, sizeof(flag));
	return 0;
}

static enum field_fault tag_fault(const json_t *tag)
{
	enum field_fault fault = text_fault(tag, BODY_TAG_BYTES, true);

	if (fault == FIELD_NOT_TEXT)
		return FIELD_NOT_LIST;
	if (!fault && strstr(json_string_value(tag), BODY_TAGS_BETWEEN))
		return FIELD_SEPARATOR;
	return fault;
}

/* "噪音、夜间" */
static int read_tags(void *at, struct http_problem *problem_out,
    struct arena *arena, const struct body_field *field, const json_t *value)
{
	char joined[BODY_TAGS_MAX * (BODY_TAG_BYTES + 4)] = "";
	const char *text;
	size_t i, len = 0;
	const json_t *tag;

	if (!json_is_array(value))
		return body_refuse(problem_out, field->name, FIELD_NOT_LIST);
	if (json_array_size(value) > BODY_TAGS_MAX)
		return body_refuse(problem_out, field->name, FIELD_TOO_MANY);
	json_array_foreach(value, i, tag)
	{
		enum field_fault fault = tag_fault(tag);

		if (fault)
			return body_refuse(problem_out, field->name, fault);
		len +=
		    (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%s",
			i > 0 ? BODY_TAGS_BETWEEN : "", json_string_value(tag));
	}
	text = arena_text(arena, joined, len);
	if (!text)
		return ERR_NOMEM;
	memcpy(at, &text, sizeof(text));
	return 0;
}

/* Seven places are a centimetre. Zeros at the end say nothing. */
static bool read_degrees(
    char out[BODY_DEGREES_TEXT], const json_t *value, double limit)
{
	double degrees = json_number_value(value);
	size_t len;

	if (!json_is_number(value) || !(fabs(degrees) <= limit))
		return false;
	len = (size_t)snprintf(out, BODY_DEGREES_TEXT, "%.7f", degrees);
	while (out[len - 1] == '0' && out[len - 2] != '.')
		out[--len] = '\0';
	return true;
}

static int read_point(void *at, struct http_problem *problem_out,
    const struct body_field *field, const json_t *value)
{
	struct body_point point;
	const json_t *latitude = json_object_get(value, "latitude");
	const json_t *longitude = json_object_get(value, "longitude");

	if (!json_is_object(value) || json_object_size(value) != 2 ||
	    !read_degrees(point.latitude, latitude, 90) ||
	    !read_degrees(point.longitude, longitude, 180))
		return body_refuse(problem_out, field->name, FIELD_NOT_POINT);
	memcpy(at, &point, sizeof(point));
	return 0;
}

static int read_file(
    struct attachment *file, struct arena *arena, const json_t *value)
{
	const char *hash = json_string_value(json_object_get(value, "hash"));
	const char *name = json_string_value(json_object_get(value, "name"));
	size_t len;

	if (!hash || !name || json_object_size(value) != 2 ||
	    strlen(hash) != HASH_TEXT - 1 ||
	    sodium_hex2bin(file->hash.b, HASH_BYTES, hash, HASH_TEXT - 1, NULL,
		&len, NULL) ||
	    len != HASH_BYTES || !attachment_name_is_valid(name))
		return ERR_INVALID;
	file->name = arena_text(arena, name, strlen(name));
	return file->name ? 0 : ERR_NOMEM;
}

static bool is_named_before(const struct attachment *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (hash_equal(&files[i].hash, &files[count].hash))
			return true;
	return false;
}

static int read_files(void *at, struct http_problem *problem_out,
    struct arena *arena, const struct body_field *field, const json_t *value)
{
	struct body_files files = { NULL, json_array_size(value) };
	struct attachment *list;
	const json_t *file;
	size_t i;

	if (!json_is_array(value))
		return body_refuse(problem_out, field->name, FIELD_NOT_FILES);
	if (files.count > field->max)
		return body_refuse(problem_out, field->name, FIELD_TOO_MANY);
	list = arena_alloc(arena, (files.count + 1) * sizeof(*list));
	if (!list)
		return ERR_NOMEM;
	memset(list, 0, (files.count + 1) * sizeof(*list));
	json_array_foreach(value, i, file)
	{
		int rc = read_file(&list[i], arena, file);

		if (rc == ERR_INVALID || (!rc && is_named_before(list, i)))
			return body_refuse(
			    problem_out, field->name, FIELD_NOT_FILES);
		if (rc)
			return rc;
	}
	files.list = list;
	memcpy(at, &files, sizeof(files));
	return 0;
}

static const struct body_field *find_field(
    const struct body_field *fields, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

static int read_field(void *out, struct http_problem *problem_out,
    struct arena *arena, const struct body_field *field, const json_t *value)
{
	void *at = (uint8_t *)out + field->offset;

	if (json_is_null(value))
		return 0;
	switch (field->type) {
	case BODY_LABEL:
	case BODY_TEXT:
		return read_text(at, problem_out, arena, field, value);
	case BODY_FLAG:
		return read_flag(at, problem_out, field, value);
	case BODY_TAGS:
		return read_tags(at, problem_out, arena, field, value);
	case BODY_POINT:
		return read_point(at, problem_out, field, value);
	case BODY_FILES:
		return read_files(at, problem_out, arena, field, value);
	}
	return ERR_INVALID;
}

static bool is_absent(const json_t *value)
{
	return !value || json_is_null(value) ||
	       (json_is_string(value) && json_string_length(value) == 0);
}

static int read_fields(void *out, struct http_problem *problem_out,
    struct arena *arena, json_t *object, const struct body_field *fields,
    size_t count)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		const struct body_field *field =
		    find_field(fields, count, name);
		int rc = field
			     ? read_field(out, problem_out, arena, field, value)
			     : body_refuse(problem_out, name, FIELD_UNKNOWN);

		if (rc)
			return rc;
	}
	for (size_t i = 0; i < count; i++)
		if (fields[i].is_required &&
		    is_absent(json_object_get(object, fields[i].name)))
			return body_refuse(
			    problem_out, fields[i].name, FIELD_MISSING);
	return 0;
}

int body_read(void *out, struct http_problem *problem_out, struct arena *arena,
    struct bytes body, const struct body_field *fields, size_t count)
{
	json_t *object = json_loadb(
	    (const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
	int rc = ERR_INVALID;

	if (json_is_object(object))
		rc =
		    read_fields(out, problem_out, arena, object, fields, count);
	else
		*problem_out = problem_of(PROBLEM_BAD_JSON);
	json_decref(object);
	return rc;
}
