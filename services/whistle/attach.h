/*
 * Files on the command line: sent to the node before the wish that names
 * them, told in words, and fetched.
 */
#ifndef WHISTLE_CLI_ATTACH_H
#define WHISTLE_CLI_ATTACH_H

#include <jansson.h>
#include <stdio.h>
#include "cli.h"

/* What --attach says; several times, several files. */
struct attach {
	struct option_list paths;
	struct attachment files[EVENT_FILES_MAX];
	struct buf bytes[EVENT_FILES_MAX];
};

/* Reads the files and names them in `what`, which borrows from `attach`. */
enum cli_exit attach_read(struct particulars *what, struct attach *attach);
/* Sends them to cli->node; what it has already is not sent again. */
enum cli_exit attach_send(struct attach *attach, struct cli *cli);
void attach_free(struct attach *attach);

enum { ATTACH_TEXT = FILE_NAME_MAX + 160 };
/* "现场.jpg (image/jpeg, 1.2 MiB, 3f2a9c01d4e5)" */
char *attach_tell(
    char text_out[ATTACH_TEXT], const struct attachment *attachment);
enum { ATTACH_SIZE_TEXT = 32, ATTACH_HASH_TEXT = 13 };
/* "1.2 MiB" */
char *attach_size(char text_out[ATTACH_SIZE_TEXT], uint64_t size);
/* As much of a hash as tells files apart. */
char *attach_hash(
    char text_out[ATTACH_HASH_TEXT], const struct attachment *attachment);
json_t *attach_json(const struct particulars *what);

#endif
