/*
 * Completion for a shell: what may stand at the cursor, from the rows that
 * help is made from and from the city's files. Never asks a node: a key
 * pressed must not wait for a network. Whatever cannot be read is simply
 * not offered.
 */
#ifndef WHISTLE_CLI_COMPLETE_H
#define WHISTLE_CLI_COMPLETE_H

#include "cli.h"

/*
 * `words` is the command line from after "whistle" to the cursor; the last
 * is the one to complete, perhaps "". Prints what it may be, one a line, and
 * then in a line what kind of list that is: "words"; "steps", where a word
 * may go on; "files" and "folders", where the shell is to look itself.
 */
enum cli_exit complete(struct cli *cli, int count, char **words);

#endif
