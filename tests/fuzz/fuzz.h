/*
 * What the targets share. A target is one decoder under libFuzzer, with
 * AddressSanitizer and UBSan; beside not crashing it checks what the
 * decoder's header promises, and a promise that is broken is a crash too.
 */
#ifndef WHISTLE_TESTS_FUZZ_H
#define WHISTLE_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run when a promise is broken. */
void fuzz_fail(const char *file, int line, const char *promise);
#define promise(condition)                                                     \
	((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))

/* The arena of this run, emptied. */
struct arena *fuzz_arena(void);

/* Decode into what a pack_fn then packs again. */
typedef int pack_fn(struct buf *out, const void *message);
/* Promise: what was taken is the one form in which we pack it. */
void fuzz_same(pack_fn *pack, const void *message, struct bytes bytes);

/* A file with these contents, for decoders that want a path; the path is the
 * same for every run. Only its owner may read it. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* The small city. */
#define FUZZ_CITY SOURCE_DIR "/tests/fuzz/city"

/* A folder with the small city, where `name`, one of its files or one more,
 * is what fuzz_file was last given. Made once. */
const char *fuzz_city(const char *name);

/* Up to the next line feed or the end; taken off the front of *rest. Always
 * followed by a NUL, in memory of this run; what follows a NUL is lost, as
 * it would be to the decoder. */
char *fuzz_line(struct bytes *rest);

#endif
