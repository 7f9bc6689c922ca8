#include "gatewayd/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum { DEPTH_MAX = 16 };

/* How the entries of a list are called. */
static const struct {
	const char *list;
	const char *entry;
} entries[] = {
	{ "endpoints", "endpoint" },
	{ "formats", "format" },
	{ "services", "service" },
	{ "attributes", "attribute" },
	{ "values", "value" },
	{ "service_requests", "request" },
	{ "service_request_updates", "request_update" },
	{ "errors", "error" },
};

static const char *entry_of(const char *list)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (strcmp(entries[i].list, list) == 0)
			return entries[i].entry;
	return NULL;
}

static int put(struct buf *out, const char *text)
{
	return buf_add(out, text, strlen(text));
}

/* Bytes of the character at `c` that XML cannot hold; 0 when it can. The
 * text is UTF-8, so EF BF is always followed by one more. */
static size_t unholdable(const uint8_t *c)
{
	if (*c < ' ')
		return *c != '\t' && *c != '\n' && *c != '\r';
	return c[0] == 0xef && c[1] == 0xbf && c[2] >= 0xbe ? 3 : 0;
}

bool xml_holds(const char *text)
{
	for (const uint8_t *c = (const uint8_t *)text; *c; c++)
		if (unholdable(c))
			return false;
	return true;
}

/* A carriage return would be read as a line feed unless it is escaped, and
 * "]]>" may not stand in text. */
static const char *escape_of(uint8_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

static int put_text(struct buf *out, const char *text)
{
	const uint8_t *c = (const uint8_t *)text;
	int rc = 0;

	while (!rc && *c) {
		size_t bad = unholdable(c);
		const char *escape = bad ? "\xef\xbf\xbd" : escape_of(*c);

		rc = escape ? put(out, escape) : buf_add(out, c, 1);
		c += bad ? bad : 1;
	}
	return rc;
}

static int put_scalar(struct buf *out, const json_t *value)
{
	char number[64];

	switch (json_typeof(value)) {
	case JSON_STRING:
		return put_text(out, json_string_value(value));
	case JSON_TRUE:
		return put(out, "true");
	case JSON_FALSE:
		return put(out, "false");
	case JSON_INTEGER:
		snprintf(number, sizeof(number), "%lld",
		    (long long)json_integer_value(value));
		return put(out, number);
	case JSON_REAL:
		snprintf(number, sizeof(number), "%.*g", XML_REAL_DIGITS,
		    json_real_value(value));
		return put(out, number);
	default:
		return 0;
	}
}

static bool is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

	return *name && strspn(name, letters) == strlen(name);
}

static int put_element(
    struct buf *out, const char *name, const json_t *value, int depth);

static int put_members(struct buf *out, const json_t *object, int depth)
{
	const char *name;
	json_t *member;
	int rc = 0;

	json_object_foreach((json_t *)(uintptr_t)object, name, member)
	{
		if (!rc)
			rc = put_element(out, name, member, depth);
	}
	return rc;
}

static int put_entries(
    struct buf *out, const char *list, const json_t *array, int depth)
{
	const char *name = entry_of(list);
	int rc = name ? 0 : ERR_INVALID;

	for (size_t i = 0; !rc && i < json_array_size(array); i++)
		rc = put_element(out, name, json_array_get(array, i), depth);
	return rc;
}

static int put_element(
    struct buf *out, const char *name, const json_t *value, int depth)
{
	int rc = is_name(name) && depth < DEPTH_MAX ? 0 : ERR_INVALID;

	if (!rc)
		rc = put(out, "<");
	if (!rc)
		rc = put(out, name);
	if (!rc)
		rc = put(out, ">");
	if (rc)
		return rc;
	if (json_is_object(value))
		rc = put_members(out, value, depth + 1);
	else if (json_is_array(value))
		rc = put_entries(out, name, value, depth + 1);
	else
		rc = put_scalar(out, value);
	if (!rc)
		rc = put(out, "</");
	if (!rc)
		rc = put(out, name);
	return rc ? rc : put(out, ">");
}

char *xml_render(const char *root, const json_t *value)
{
	struct buf out = { 0 };
	int rc = put(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");

	if (!rc)
		rc = put_element(&out, root, value, 0);
	if (!rc)
		rc = buf_add(&out, "\n", 2);
	if (rc)
		buf_free(&out);
	return (char *)out.data;
}
