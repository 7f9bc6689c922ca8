/* A look into a YAML document that libyaml has loaded. */
#ifndef WHISTLE_CLI_YAML_VALUE_H
#define WHISTLE_CLI_YAML_VALUE_H

#include <yaml.h>

/* The value of `key` in a mapping, the document's; NULL when it has none, or
 * is no mapping (or is itself NULL). */
yaml_node_t *yaml_value(
    yaml_document_t *document, const yaml_node_t *mapping, const char *key);

#endif
