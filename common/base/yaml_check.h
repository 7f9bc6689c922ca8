/*
 * A YAML document against a libcyaml schema, all mistakes at once. libcyaml
 * stops at its first, and takes in silence what is a mistake to a person:
 * "30m" as the number 30, any word as true, a text up to its first NUL.
 */
#ifndef WHISTLE_BASE_YAML_CHECK_H
#define WHISTLE_BASE_YAML_CHECK_H

#include <cyaml/cyaml.h>
#include <yaml.h>
#include "base/report.h"

/* YAML_DEPTH_MAX: of lists and mappings in each other. YAML_NODES_MAX: of
 * values in all, so that a document's memory is bounded. */
enum { YAML_DEPTH_MAX = 64, YAML_NODES_MAX = 400 * 1000 };

/* Adds what is wrong to `report`. The document has no aliases and a root,
 * and is no deeper than YAML_DEPTH_MAX. */
void yaml_check(struct report *report, const char *file,
    yaml_document_t *document, const cyaml_schema_value_t *schema);

#endif
