/*
 * The command line, as people and scripts use it.
 */
#ifndef WHISTLE_FLOW_CLI_H
#define WHISTLE_FLOW_CLI_H

#include <jansson.h>
#include "harness/city.h"
#include "harness/process.h"

/* Runs `whistle --home HOME --as OPERATOR …`, arguments ending with NULL.
 * Release with run_free. */
void cli(struct run *run_out, const struct city *city,
    const char *operator_name, ...) __attribute__((sentinel));
/* The same, of which only the exit code matters; says what the command said
 * when it is another one than expected. */
void cli_exits(int code, const struct city *city, const char *operator_name,
    ...) __attribute__((sentinel));
/* With --json; must exit 0. Release with json_decref. */
json_t *cli_json(const struct city *city, const char *operator_name, ...)
    __attribute__((sentinel));

/* "a.b" and "a[2].b" are walked; fails the test where there is none. */
json_t *json_at(json_t *value, const char *path);
const char *json_text_at(json_t *value, const char *path);
int64_t json_number_at(json_t *value, const char *path);

#endif
