/*
 * The manual pages of the CLI, for the build: one of the whole and one a
 * noun. What the tables know (commands, options, their texts) comes from the
 * tables; the rest is written by hand in templates, whose lines @SYNOPSIS@,
 * @COMMANDS@, @OPTIONS@, @EXIT_STATUS@ and @SEE_ALSO@ the tables replace.
 */
#ifndef WHISTLE_CLI_MAN_H
#define WHISTLE_CLI_MAN_H

#include "cli.h"

/*
 * Writes FOLDER/whistle.1 and FOLDER/whistle-NOUN.1 in the language that is
 * set. Their templates are TEMPLATES/whistle.1.in and whistle-NOUN.1.in, or
 * noun.1.in for a noun that has none.
 */
enum cli_exit man_pages(const char *folder, const char *templates);

#endif
