/*
 * The law's refusals in words for a clerk: what is wrong and what to do.
 */
#ifndef WHISTLE_CLI_REFUSALS_H
#define WHISTLE_CLI_REFUSALS_H

#include "cli.h"

enum { REFUSAL_TEXT = 1024 };

/*
 * `detail` is the node's: a unit, a field, a limit or "". Units are named.
 * A refusal that this version does not know is shown as it is.
 */
void refusals_explain(char text_out[REFUSAL_TEXT], struct cli *cli,
    const char *refusal, const char *detail);

#endif
