/*
 * What a gateway answers about callbacks, for people. It may be another's
 * gateway (--url): whatever it says is made harmless for a terminal, and what
 * is not there, or of another kind, is "-" or 0.
 */
#ifndef WHISTLE_CLI_GATEWAY_SAY_H
#define WHISTLE_CLI_GATEWAY_SAY_H

#include <jansson.h>
#include "cli.h"

/* What waits, and the rows of a list. */
enum cli_exit gateway_say_list(const json_t *answer);
/* One callback, and what it says. */
void gateway_say_call(const json_t *answer);

#endif
