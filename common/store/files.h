/*
 * The bytes of files, each in a file of its own that is named by their hash
 * (files/ab/cdef…), so that the same bytes are there once and anybody can
 * check them: `b2sum -l 256`. What is on its way is a part (files/part/NAME)
 * that grows at its end and gets its last name when it is whole, has the
 * hash, and is on disk: under a hash there is never anything else, unless the
 * disk has changed it, which is noticed by whoever reads it to the end.
 *
 * Each call reads or writes one piece and waits for the disk no longer than
 * that takes; only a part that was begun before a restart is read whole, once.
 * Which files there ought to be is attached.h's. Not for two processes.
 */
#ifndef WHISTLE_STORE_FILES_H
#define WHISTLE_STORE_FILES_H

#include "base/id.h"
#include "base/limits.h"
#include "ticket/words.h"

struct files;

/* Makes the folder, but none above it. ERR_ACCESS, ERR_NOT_FOUND, ERR_FULL,
 * ERR_IO, ERR_NOMEM. */
int files_open(struct files **files_out, const char *dir);
/* Only to read, beside the process that writes: makes nothing. */
int files_look(struct files **files_out, const char *dir);
void files_close(struct files **files);

/* ---- parts: a name is letters and digits, at most 70 ---- */

enum { PART_NAME_MAX = 72 };

/* How much of it is there; 0 for none. */
int files_have(uint64_t *have_out, struct files *files, const char *part);
/* On disk when it returns. ERR_INVALID: `offset` is not its end; ERR_FULL:
 * what was there before is still there. */
int files_add(
    struct files *files, const char *part, uint64_t offset, struct bytes data);
/*
 * The part is whole: from now on it is the file of that hash, on disk.
 * ERR_CORRUPT: it has another hash; ERR_INVALID: it is of no type that is
 * taken (ticket/attachment.h). The part is gone then.
 */
int files_finish(enum file_type *type_out, struct files *files,
    const char *part, const struct hash *hash);
void files_drop(struct files *files, const char *part);

/* ---- whole files ---- */

/*
 * A piece, at most `max` bytes from `offset` on; *size_out is the whole's.
 * Whoever reads in order under one name (`reader`) to the end is told by
 * ERR_CORRUPT, in place of the last piece, that the bytes are not those of
 * the hash. ERR_NOT_FOUND; ERR_INVALID: beyond the end.
 */
int files_read(size_t *len_out, uint64_t *size_out, struct files *files,
    const char *reader, const struct hash *hash, uint64_t offset, uint8_t *out,
    size_t max);
/* ERR_NOT_FOUND. */
int files_size(
    uint64_t *size_out, struct files *files, const struct hash *hash);
/* All of it, against its hash. ERR_NOT_FOUND, ERR_CORRUPT. */
int files_check(uint64_t *size_out, enum file_type *type_out,
    struct files *files, const struct hash *hash);
void files_remove(struct files *files, const struct hash *hash);

enum { FILES_FOLDERS = 256 };
/* Each file of one of the folders that was last written `old_s` seconds ago
 * or more. `visit` may remove it. Nonzero ends it, and is returned. */
int files_each(struct files *files, unsigned folder, int64_t old_s,
    int (*visit)(void *context, const struct hash *hash), void *context);
/* The file's place below `dir`, for whoever copies it. */
void files_path(
    char *out, size_t size, const char *dir, const struct hash *hash);

#endif
