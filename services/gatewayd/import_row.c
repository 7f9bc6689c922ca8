#include "gatewayd/import_row.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Columns of an import that become fields of an order. */
static const struct column {
	const char *name, *field;
	enum { TEXT, FLAG, URGENCY, TAGS } kind;
} columns[] = {
	{ "number", "number", TEXT },
	{ "kind", "kind", TEXT },
	{ "item", "item", TEXT },
	{ "item_path", "item_path", TEXT },
	{ "tags", "tags", TAGS },
	{ "title", "title", TEXT },
	{ "content", "content", TEXT },
	{ "address", "address", TEXT },
	{ "place", "division", TEXT },
	{ "division", "division", TEXT },
	{ "urgency", "urgent", URGENCY },
	{ "urgent", "urgent", FLAG },
	{ "confidential", "confidential", FLAG },
	{ "callback", "callback", FLAG },
	{ "created", "created", TEXT },
	{ "occurred", "occurred", TEXT },
	{ "caller", "caller", TEXT },
	{ "phone", "phone", TEXT },
};

_Static_assert(sizeof(columns) / sizeof(columns[0]) == IMPORT_COLUMNS,
    "every column has its place");

static bool is_among(const char *text, const char *const *words)
{
	while (*words && strcasecmp(text, *words) != 0)
		words++;
	return *words != NULL;
}

/* As the command line's import has them; any other word is left to be
 * refused as what it is. */
static json_t *flag_of(const char *text)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "是",
		"urgent", "emergency", "紧急", "特急", "加急", "保密", "需要",
		"需回访", NULL };
	static const char *const no[] = { "0", "no", "n", "false", "否",
		"normal", "一般", "普通", "常规", "不紧急", "公开", "不保密",
		"不需要", "无需回访", NULL };

	if (is_among(text, yes))
		return json_true();
	return is_among(text, no) ? json_false() : json_string(text);
}

/* "噪音、夜间" */
static json_t *tags_of(const char *text)
{
	static const char between[] = "、";
	json_t *tags = json_array();

	while (*text) {
		const char *end = strstr(text, between);
		size_t len = end ? (size_t)(end - text) : strlen(text);

		if (len > 0)
			json_array_append_new(tags, json_stringn(text, len));
		text += len + (end ? strlen(between) : 0);
	}
	return tags;
}

static json_t *value_of(const struct column *column, const char *text)
{
	switch (column->kind) {
	case FLAG:
	case URGENCY:
		return flag_of(text);
	case TAGS:
		return tags_of(text);
	case TEXT:
		break;
	}
	return json_string(text);
}

char *import_row_order(char number_out[EXTERNAL_ID_MAX],
    const struct import_heading *heading, const struct csv_record *record)
{
	json_t *order = json_object();
	char *text;

	number_out[0] = '\0';
	for (size_t i = 0; i < IMPORT_COLUMNS; i++) {
		int at = heading->at[i];
		const char *field = at >= 0 && (size_t)at < record->count
					? record->fields[at]
					: "";

		if (!*field)
			continue;
		json_object_set_new(
		    order, columns[i].field, value_of(&columns[i], field));
		if (i == 0)
			snprintf(number_out, EXTERNAL_ID_MAX, "%s", field);
	}
	text = json_dumps(order, JSON_COMPACT);
	json_decref(order);
	return text;
}

static bool is_named(const char *heading, const char *name)
{
	size_t len = strlen(name);

	heading += strspn(heading, " \t");
	return strncmp(heading, name, len) == 0 &&
	       heading[len + strspn(heading + len, " \t")] == '\0';
}

bool import_heading_read(
    struct import_heading *heading_out, const struct csv_record *record)
{
	for (size_t i = 0; i < IMPORT_COLUMNS; i++) {
		heading_out->at[i] = -1;
		for (size_t k = 0; k < record->count; k++)
			if (is_named(record->fields[k], columns[i].name))
				heading_out->at[i] = (int)k;
	}
	return heading_out->at[0] >= 0;
}
