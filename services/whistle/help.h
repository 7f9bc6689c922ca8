/*
 * Help, from the table of commands.
 */
#ifndef WHISTLE_CLI_HELP_H
#define WHISTLE_CLI_HELP_H

#include <stdio.h>
#include "cli.h"

/* All return CLI_DONE. */
enum cli_exit help_all(FILE *out);
enum cli_exit help_noun(FILE *out, const char *noun);
enum cli_exit help_command(FILE *out, const struct cli_command *command);
enum cli_exit help_version(FILE *out);

#endif
