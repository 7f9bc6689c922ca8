/* The shape of nodes.yaml, as libcyaml is told it: which keys there are, and
 * which a node can do without. What they may say is nodes.c's. */
#include "org/nodes.h"

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t node_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct node_row,
	    name, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("level", CYAML_FLAG_POINTER, struct node_row,
	    level, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("serves", CYAML_FLAG_POINTER, struct node_row,
	    serves, &text_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("endpoint", CYAML_FLAG_POINTER, struct node_row,
	    endpoint, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("http", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct node_row, http, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("public_url",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct node_row,
	    public_url, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("durability",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct node_row,
	    durability, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("public_key",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct node_row,
	    public_key, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("old_keys",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct node_row, old_keys,
	    &text_schema, 0, NODE_OLD_KEYS_MAX),
	CYAML_FIELD_SEQUENCE("retired_keys",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct node_row,
	    retired_keys, &text_schema, 0, NODE_RETIRED_KEYS_MAX),
	CYAML_FIELD_SEQUENCE("was", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct node_row, was, &text_schema, 0, NODE_WAS_MAX),
	CYAML_FIELD_STRING_PTR("since",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct node_row, since, 0,
	    CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t node_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct node_row, node_fields),
};

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_STRING_PTR("city", CYAML_FLAG_POINTER, struct nodes_file,
	    city, 0, CYAML_UNLIMITED),
	CYAML_FIELD_UINT_PTR("speaks", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct nodes_file, speaks),
	CYAML_FIELD_SEQUENCE("nodes", CYAML_FLAG_POINTER, struct nodes_file,
	    nodes, &node_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t nodes_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct nodes_file, file_fields),
};
