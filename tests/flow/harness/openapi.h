/*
 * The description of the hotline's interface, held against what the running
 * gateway does: each answer must be one that it describes, each body must
 * fit its schema, and in the end everything that it describes must have been
 * seen. Knows just the keywords of JSON Schema that the description uses,
 * and fails on any other.
 */
#ifndef WHISTLE_FLOW_OPENAPI_H
#define WHISTLE_FLOW_OPENAPI_H

#include <jansson.h>
#include "base/bytes.h"

/* Fails the test when that is not described. Of paths that are not the
 * hotline's nothing is known. An accepted request body is checked too. */
void openapi_check(const char *method, const char *target, const char *request,
    long status, const char *type, struct bytes body);
/* The same from any thread: what is wrong is told by the next check. */
void openapi_note(const char *method, const char *target, const char *request,
    long status, const char *type, struct bytes body);
void openapi_fail_if_wrong(void);
void openapi_check_callback(const json_t *body);

/* Each operation of the description: "POST", "/hotline/v1/tickets". */
void openapi_each(void (*visit)(const char *method, const char *path));
/* Fails the test, naming what no exchange so far has shown: an operation, a
 * status, a parameter, a field that was never other than null. */
void openapi_check_covered(void);

#endif
