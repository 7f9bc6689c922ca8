/*
 * The file that an export writes, and the note beside it, FILE.resume, of how
 * far it is: bytes that are on disk, and the ticket to go on before.
 */
#ifndef WHISTLE_CLI_EXPORT_FILE_H
#define WHISTLE_CLI_EXPORT_FILE_H

#include <stdio.h>
#include "cli.h"

struct export_file {
	const char *path; /* NULL: standard output */
	FILE *out;
	int64_t bytes;
	int64_t tickets;
};

/* Begins with `heading`, or goes on: then *before is where. */
enum cli_exit export_file_open(struct export_file *file, const char *path,
    bool resume, struct id *before, const struct buf *heading);
/* `next` NULL: that was the last. */
enum cli_exit export_file_add(struct export_file *file, const struct buf *page,
    size_t tickets, const struct id *next);
/* Says how many there were, unless something went wrong before. */
enum cli_exit export_file_close(struct export_file *file, enum cli_exit exit);

#endif
