/*
 * YAML files into structs by a libcyaml schema, with the file, line and
 * field named for every mistake. libcyaml checks the shape; where a value
 * is well-formed and still wrong (an unknown department), yaml_line finds
 * the line of a path such as "items[12].lead" for the report.
 */
#ifndef WHISTLE_BASE_YAML_H
#define WHISTLE_BASE_YAML_H

#include <cyaml/cyaml.h>
#include "base/report.h"

struct yaml;

/*
 * Reads and checks `path`. On success *data_out is the top struct, owned by
 * *yaml_out. ERR_INVALID with the problems in `report`; also for a file over
 * 16 MiB, anchors and aliases, bytes that are not UTF-8, and a file that is
 * missing or cannot be read. ERR_NOMEM. The schema's top is a mapping by
 * pointer, and no mapping has more than 64 fields.
 */
int yaml_open(struct yaml **yaml_out, void **data_out, struct report *report,
    const char *path, const cyaml_schema_value_t *schema);
/* The line of a path, or of its nearest parent that exists. */
long yaml_line(struct yaml *yaml, const char *path_format, ...)
    __attribute__((format(printf, 2, 3)));
void yaml_close(struct yaml **yaml);

#endif
