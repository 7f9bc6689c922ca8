/*
 * A small store whose records are not what they were, with the right
 * checksums: a backup that somebody has made up. A few rows are changed,
 * then all are read by every way there is.
 */
#ifndef WHISTLE_TESTS_FUZZ_ROWS_H
#define WHISTLE_TESTS_FUZZ_ROWS_H

#include "fuzz.h"

struct world;

/* Of tests/unit/audit/world.h, made once; committed, and sound. */
struct world *rows_world(void);

/*
 * The list of changes in `input`. Of each, the first byte is the table; its
 * top bit says whether a row is put (lengths of key and value, two bytes
 * each, key, value) or one that is there is changed: which of them, a place
 * in it, how many bytes, and these; no bytes cut it there.
 */
void rows_change(struct world *world, struct bytes input);

/* Reads by every function of store/ that takes a record apart. What they
 * promise must hold if the audit finds the store sound, for one that it finds
 * damaged is not restored; they may not break in any case. */
void rows_look(struct world *world, bool is_sound);

#endif
