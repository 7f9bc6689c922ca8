/*
 * Somebody with a key: either a node or an operator. For key.c and
 * key_change.c.
 */
#ifndef WHISTLE_CLI_KEY_OWNER_H
#define WHISTLE_CLI_KEY_OWNER_H

#include "cli.h"

enum { KEY_PATH_TEXT = 1200 };

struct key_owner {
	const struct node *node;
	const struct operator* operator;
};

/* Loads the city; says so when it has nobody of that name. */
enum cli_exit key_owner_find(
    struct key_owner *owner_out, struct cli *cli, const char *name);
const char *key_owner_key(const struct key_owner *owner);
void key_owner_path(char path_out[KEY_PATH_TEXT], const struct cli *cli,
    const struct key_owner *owner);

enum cli_exit key_rotate_run(struct cli *cli, const struct cli_command *command,
    int count, char **words);
enum cli_exit key_retire_run(struct cli *cli, const struct cli_command *command,
    int count, char **words);
enum cli_exit key_revoke_run(struct cli *cli, const struct cli_command *command,
    int count, char **words);

#endif
