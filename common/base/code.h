/*
 * The code of a unit: 4 digits city, 6 district, 9 street, 12 community, 15
 * grid; a department or hotline is its host's code, a dash and a short name
 * (DESIGN section 3; national division codes). Always NUL-padded, so that
 * two are equal when their bytes are. What a code stands for is org's.
 */
#ifndef WHISTLE_BASE_CODE_H
#define WHISTLE_BASE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/limits.h"

struct unit_code {
	char s[UNIT_CODE_MAX];
};

/* Digits, then at most one dash followed by [a-z0-9-]. ERR_INVALID leaves
 * *code_out empty. */
int code_set(struct unit_code *code_out, const char *text);
bool code_is_empty(const struct unit_code *code);
/* For a code that was read from a disk: closed by a NUL, and nothing but NULs
 * behind it. */
bool code_is_padded(const struct unit_code *code);
bool code_equal(const struct unit_code *a, const struct unit_code *b);

#endif
