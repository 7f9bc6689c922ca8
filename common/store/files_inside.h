/* What the two halves of files.h share. */
#ifndef WHISTLE_STORE_FILES_INSIDE_H
#define WHISTLE_STORE_FILES_INSIDE_H

#include <sodium.h>
#include "store/files.h"

enum { FILES_DIR_MAX = 1200, FILES_PATH_MAX = 1400, FILES_RUNS = 32 };

/* Somebody goes through bytes in order; the hash so far is kept. */
struct run {
	crypto_generichash_state state;
	char who[2 * PART_NAME_MAX]; /* "": none */
	uint64_t at;
	uint64_t used; /* the least is the next to go */
};

struct files {
	struct run runs[FILES_RUNS];
	uint64_t uses;
	char dir[FILES_DIR_MAX];
};

/* ---- files_run.c ---- */
/* `data` at `offset` has been written or read; at 0 it begins anew. NULL:
 * nothing is known of what was before. */
struct run *run_add(
    struct files *files, const char *who, uint64_t offset, struct bytes data);
/* Takes the run to its end: is that the hash? */
bool run_is(struct run *run, const struct hash *hash);
void run_forget(struct files *files, const char *who);
/* The hash, size and type of an open file, read from the start. ERR_INVALID:
 * of no type that is taken. */
int file_look(struct hash *hash_out, uint64_t *size_out,
    enum file_type *type_out, int fd);

#endif
