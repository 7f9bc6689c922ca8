#include "import_row.h"

#include <string.h>
#include "base/err.h"
#include "base/yaml.h"
#include "lang.h"
#include "say.h"
#include "session.h"

/* A mapping file: a heading for each field, and constants. */
struct names {
#define X(id, name) const char *name;
	IMPORT_FIELDS(X)
#undef X
};

struct mapping {
	struct names columns;
	struct names *constants;
};

#define X(id, name)                                                            \
	CYAML_FIELD_STRING_PTR(#name,                                          \
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct names, name, 0,   \
	    CYAML_UNLIMITED),
static const cyaml_schema_field_t constant_fields[] = { IMPORT_FIELDS(X)
	    CYAML_FIELD_END };
#undef X

#define X(id, name)                                                            \
	CYAML_FIELD_STRING_PTR(#name,                                          \
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct mapping,          \
	    columns.name, 0, CYAML_UNLIMITED),
static const cyaml_schema_field_t mapping_fields[] = {
	IMPORT_FIELDS(X) CYAML_FIELD_MAPPING_PTR("constants",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct mapping, constants,
	    constant_fields),
	CYAML_FIELD_END
};
#undef X

static const cyaml_schema_value_t mapping_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct mapping, mapping_fields),
};

static const char *const field_names[IMPORT_FIELD_COUNT] = {
#define X(id, name) #name,
	IMPORT_FIELDS(X)
#undef X
};

static void take(
    const char *texts_out[IMPORT_FIELD_COUNT], const struct names *names)
{
#define X(id, name) texts_out[IMPORT_##id] = names->name;
	IMPORT_FIELDS(X)
#undef X
}

enum cli_exit import_map_open(struct import_map *map_out, const char *path)
{
	struct report report = { 0 };
	void *data = NULL;
	memset(map_out, 0, sizeof(*map_out));
	if (!path) {
		memcpy(map_out->columns, field_names, sizeof(field_names));
		return CLI_DONE;
	}
	int err =
	    yaml_open(&map_out->yaml, &data, &report, path, &mapping_schema);
	enum cli_exit exit = CLI_DONE;
	if (err < 0)
		exit = session_problems(&report, err, path);
	report_free(&report);
	if (exit != CLI_DONE)
		return exit;
	const struct mapping *mapping = data;
	take(map_out->columns, &mapping->columns);
	if (mapping->constants)
		take(map_out->constants, mapping->constants);
	return CLI_DONE;
}

static int column_of(const struct csv_record *heading, const char *name)
{
	for (size_t i = 0; i < heading->count; i++) {
		const char *text = heading->fields[i];
		size_t len = strlen(name);
		text += strspn(text, " \t");
		if (strncmp(text, name, len) == 0 &&
		    text[len + strspn(text + len, " \t")] == '\0')
			return (int)i;
	}
	return -1;
}

static bool has(const struct import_map *map, enum import_field field)
{
	return map->at[field] >= 0 || map->constants[field];
}

enum cli_exit import_map_heading(
    struct import_map *map, const struct csv_record *heading, const char *path)
{
	for (unsigned i = 0; i < IMPORT_FIELD_COUNT; i++) {
		const char *name = map->columns[i];
		map->at[i] = name ? column_of(heading, name) : -1;
		if (!map->yaml || !name || map->at[i] >= 0)
			continue;
		say_error(_("%s:%ld: there is no column %s, which the mapping "
			    "names for %s."),
		    path, heading->line, name, field_names[i]);
		return CLI_USAGE;
	}
	if (!has(map, IMPORT_NUMBER)) {
		say_error(_("%s:%ld: there is no column %s. Name it in a "
			    "mapping: see “whistle import --help”."),
		    path, heading->line, "number");
		return CLI_USAGE;
	}
	if (!has(map, IMPORT_TITLE) && !has(map, IMPORT_CONTENT)) {
		say_error(_("%s:%ld: there is no column %s. Name it in a "
			    "mapping: see “whistle import --help”."),
		    path, heading->line, "title, content");
		return CLI_USAGE;
	}
	return CLI_DONE;
}

void import_map_close(struct import_map *map)
{
	yaml_close(&map->yaml);
}
