/*
 * The command line before it is parsed: finds the command's words among the
 * options, and explains in the reader's language what base/options.h would
 * refuse, with the option that was probably meant.
 */
#ifndef WHISTLE_CLI_ARGUMENTS_H
#define WHISTLE_CLI_ARGUMENTS_H

#include "cli.h"

struct arguments {
	int count;
	char **items; /* argv without the program's name; shrinks */
};

/*
 * Takes the next word that is no option and no option's value out of the
 * arguments; NULL when there is none. `rows` are the options known so far.
 */
const char *arguments_take(struct arguments *arguments,
    const struct option_row *rows, size_t row_count);
/* The value of a global option before anything is parsed, or NULL. */
const char *arguments_peek(
    const struct arguments *arguments, const char *option);
bool arguments_has(const struct arguments *arguments, const char *option);
/* Is every option known, with a value that fits? Says what is wrong. */
enum cli_exit arguments_check(const struct arguments *arguments,
    const struct option_row *rows, size_t row_count);

#endif
