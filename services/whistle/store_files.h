/*
 * The files beside a store, copied whole: each is checked against its hash as
 * it is read, and is on disk under its name when it is counted. What fails is
 * left out, for a neighbour has it.
 */
#ifndef WHISTLE_CLI_STORE_FILES_H
#define WHISTLE_CLI_STORE_FILES_H

#include <stdint.h>

struct files_copied {
	uint64_t count, bytes;
	uint64_t left_out;
};

/* `from` may be missing: nothing is there. `to` is made when there is
 * something. */
int store_files_copy(
    struct files_copied *copied_out, const char *to, const char *from);

#endif
