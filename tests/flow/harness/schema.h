/*
 * JSON Schema, as much of it as the description of the hotline's interface
 * uses. A keyword that is not known here is a mistake and not passed over.
 */
#ifndef WHISTLE_FLOW_SCHEMA_H
#define WHISTLE_FLOW_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

enum { SCHEMA_PROBLEM = 512 };

/* False, and why, when it does not fit. Fields that are there and not null
 * are noted in `seen` by their names: "Ticket.rating.resolved". */
bool schema_fits(char problem_out[SCHEMA_PROBLEM], json_t *document,
    json_t *seen, json_t *schema, const json_t *value);
/* The names of all fields of a schema. */
void schema_each_field(
    const char *name, json_t *schema, void (*visit)(const char *name));

#endif
