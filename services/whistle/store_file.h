/*
 * A store as one file, and back. Both work in processes of their own, and
 * leave either all of what was asked or nothing.
 */
#ifndef WHISTLE_CLI_STORE_FILE_H
#define WHISTLE_CLI_STORE_FILE_H

#include "store_look.h"

/*
 * Copies the store `from`, which a daemon may have open, to the new file
 * `path`; durable on return. *report_out, yours, says how sound the copy is;
 * when it is not there is no file. ERR_EXISTS, and those of the file system
 * and of store_look.
 */
int store_save(
    json_t **report_out, const char *path, const struct store_place *from);

/*
 * Makes the store of `node` in the folder `dir` from the copy `path`, under
 * a new id. ERR_EXISTS: there is a store; ERR_VERSION: the copy is another
 * node's.
 */
int store_load(const char *dir, const char *path, const char *node);

#endif
