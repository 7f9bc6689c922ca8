#include "catalogue/file.h"

#include "catalogue/file_fields.h"

#define TEXTS_OR_NONE(key, type)                                               \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,   \
	    struct type, key, &text_schema, 0, CYAML_UNLIMITED)
#define YES_OR_NO(key, type)                                                   \
	CYAML_FIELD_BOOL(#key, CYAML_FLAG_OPTIONAL, struct type, key)
#define ROWS(key, type)                                                        \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER, struct catalogue_file,  \
	    key, &type##_schema, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t colour_fields[] = {
	TEXT(code, colour_row),
	TEXT(zh, colour_row),
	TEXT(en, colour_row),
	TEXT(check_in, colour_row),
	TEXT(resolve, colour_row),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t colour_schema = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_DEFAULT, struct colour_row, colour_fields),
};

static const cyaml_schema_field_t named_fields[] = {
	TEXT(code, named_row),
	TEXT(zh, named_row),
	TEXT(en, named_row),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t named_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct named_row, named_fields),
};

static const cyaml_schema_field_t item_fields[] = {
	TEXT(code, item_row),
	TEXT(zh, item_row),
	TEXT(en, item_row),
	TEXT(domain, item_row),
	TEXTS_OR_NONE(keywords, item_row),
	TEXT(competent, item_row),
	YES_OR_NO(direct, item_row),
	YES_OR_NO(immediate, item_row),
	TEXT_OR_NULL(lead, item_row),
	TEXTS_OR_NONE(assist, item_row),
	TEXT_OR_NULL(whistle, item_row),
	TEXT(colour, item_row),
	TEXT(accept, item_row),
	TEXT(resolve, item_row),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t item_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct item_row, item_fields),
};

static const cyaml_schema_field_t situation_fields[] = {
	TEXT(code, situation_row),
	TEXT(area, situation_row),
	TEXT(zh, situation_row),
	TEXT(en, situation_row),
	TEXT(kind, situation_row),
	TEXT(colour, situation_row),
	TEXT(lead, situation_row),
	TEXTS_OR_NONE(assist, situation_row),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t situation_schema = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_DEFAULT, struct situation_row, situation_fields),
};

#define PER_CENT(key, type)                                                    \
	CYAML_FIELD_UINT(#key, CYAML_FLAG_DEFAULT, struct type, key)

static const cyaml_schema_field_t weights_fields[] = {
	PER_CENT(response, weights_row),
	PER_CENT(completion, weights_row),
	PER_CENT(satisfaction, weights_row),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t raters_fields[] = {
	TEXT(raters, raters_row),
	PER_CENT(part, raters_row),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t score_fields[] = {
	CYAML_FIELD_MAPPING("weights", CYAML_FLAG_DEFAULT, struct score_row,
	    weights, weights_fields),
	TEXT(mostly_satisfied, score_row),
	CYAML_FIELD_MAPPING_PTR("departments",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct score_row,
	    departments, raters_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t whistle_fields[] = {
	TEXT(kind, whistle_row),
	CYAML_FIELD_SEQUENCE("levels", CYAML_FLAG_POINTER, struct whistle_row,
	    levels, &text_schema, 0, CYAML_UNLIMITED),
	TEXTS_OR_NONE(roles, whistle_row),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t whistle_schema = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_DEFAULT, struct whistle_row, whistle_fields),
};

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_UINT(
	    "version", CYAML_FLAG_DEFAULT, struct catalogue_file, version),
	TEXT(name, catalogue_file),
	TEXT_OR_NULL(note, catalogue_file),
	CYAML_FIELD_UINT(
	    "returns", CYAML_FLAG_DEFAULT, struct catalogue_file, returns),
	CYAML_FIELD_UINT_PTR("extensions",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct catalogue_file,
	    extensions),
	TEXT_OR_NULL(extend, catalogue_file),
	TEXT_OR_NULL(return_window, catalogue_file),
	CYAML_FIELD_MAPPING_PTR("score",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct catalogue_file,
	    score, score_fields),
	TEXT_OR_NULL(resident_wait, catalogue_file),
	TEXT_OR_NULL(fence_after, catalogue_file),
	TEXT_OR_NULL(contacts_kept, catalogue_file),
	TEXT_OR_NULL(silent_after, catalogue_file),
	ROWS(colours, colour),
	ROWS(domains, named),
	ROWS(departments, named),
	ROWS(items, item),
	ROWS(areas, named),
	ROWS(situations, situation),
	CYAML_FIELD_SEQUENCE("whistles",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct catalogue_file,
	    whistles, &whistle_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t catalogue_schema = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_POINTER, struct catalogue_file, file_fields),
};
