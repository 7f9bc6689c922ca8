/*
 * What a unit is called for people: "古楼街道 (420704001)"; and the unit
 * that somebody means by a code or a name.
 */
#ifndef WHISTLE_CLI_UNIT_NAME_H
#define WHISTLE_CLI_UNIT_NAME_H

#include "org/org.h"

enum { UNIT_NAME_TEXT = 320 };

/* The code alone when `org` is NULL or does not have it; "-" for none.
 * Returns `out`. */
char *unit_name(char out[UNIT_NAME_TEXT], const struct org *org,
    const struct unit_code *code);

/*
 * By code, or by a name that only one unit has. *count_out is how many have
 * that name. NULL unless it is one.
 */
const struct unit *unit_meant(
    size_t *count_out, const struct org *org, const char *text);

/* A department by its code, or by its short name at `from` or the nearest
 * unit above that has it. NULL when there is none. */
const struct unit *unit_department(
    const struct org *org, const struct unit *from, const char *text);

#endif
