/*
 * What is for programs and not for people: manual pages for the build,
 * completion for the shell. Each is asked for by the first argument alone,
 * and is in no table of commands: whistle(1) describes them all the same.
 */
#ifndef WHISTLE_CLI_HIDDEN_H
#define WHISTLE_CLI_HIDDEN_H

#include "arguments.h"

bool hidden_is_asked(const struct arguments *arguments);
/* Only when asked. */
enum cli_exit hidden_run(struct cli *cli, const struct arguments *arguments);

#endif
