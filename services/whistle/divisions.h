/*
 * A list of divisions, as statistics offices publish them: a CSV file with
 * the columns code and name, others left alone; a code's length says which
 * level it is of. What is above the city is no unit: a province gives its
 * name to a city that has none of its own (市辖区). Codes of twelve digits
 * are cut to their level's length.
 */
#ifndef WHISTLE_CLI_DIVISIONS_H
#define WHISTLE_CLI_DIVISIONS_H

#include "base/code.h"
#include "cli.h"
#include "org/org.h"

enum {
	DIVISION_CITY,
	DIVISION_DISTRICT,
	DIVISION_STREET,
	DIVISION_COMMUNITY,
	DIVISION_LEVELS
};

struct division {
	struct unit_code code;
	char name[UNIT_NAME_MAX];
	unsigned level;
};

struct divisions {
	struct division *of; /* sorted by code, so that parents come first */
	size_t count, cap;
};

const char *division_level_name(unsigned level);
/* How many digits a code of the level has. */
unsigned division_digits(unsigned level);
/*
 * Reads the list; `city` names the root, if not NULL. Every mistake is said
 * with its line. What is returned has one root, and each other's parent.
 */
enum cli_exit divisions_read(
    struct divisions *divisions_out, const char *path, const char *city);
void divisions_free(struct divisions *divisions);

#endif
