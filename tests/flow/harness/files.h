/*
 * Files of a test: written, read, copied, edited; and what a log says.
 */
#ifndef WHISTLE_FLOW_FILES_H
#define WHISTLE_FLOW_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* The whole file with a NUL at its end; release with free. NULL when it
 * cannot be read. */
char *file_read(size_t *len_out, const char *path);
void file_write(const char *path, const char *text);
void file_write_bytes(const char *path, const void *data, size_t len);
void file_copy(const char *to, const char *from);
/* Replaces every `old` by `new`; fails the test when there is none. */
void file_edit(const char *path, const char *old, const char *new);
bool file_exists(const char *path);
/* How often `text` is in the file; 0 also when there is no file. */
unsigned file_count(const char *path, const char *text);
/* The line, from 1, of the first `text`; fails the test when there is none. */
long file_line_of(const char *path, const char *text);
/* A folder with all that is in it. */
void folder_remove(const char *path);
/* Names in a folder without "." and ".."; 0 when it is not there. */
unsigned folder_count(const char *path);

#endif
