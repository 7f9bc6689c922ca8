/*
 * One record of a foreign file as the wish to open a ticket: which column
 * is which, and what each must hold.
 */
#ifndef WHISTLE_CLI_IMPORT_ROW_H
#define WHISTLE_CLI_IMPORT_ROW_H

#include "base/csv.h"
#include "cli.h"

#define IMPORT_FIELDS(X)                                                       \
	X(NUMBER, number)                                                      \
	X(KIND, kind)                                                          \
	X(ITEM, item)                                                          \
	X(TITLE, title)                                                        \
	X(CONTENT, content)                                                    \
	X(ADDRESS, address)                                                    \
	X(PLACE, place)                                                        \
	X(URGENCY, urgency)                                                    \
	X(CREATED, created)                                                    \
	X(CALLER, caller)                                                      \
	X(PHONE, phone)                                                        \
	X(CONFIDENTIAL, confidential)                                          \
	X(CALLBACK, callback)

#define X(id, name) IMPORT_##id,
enum import_field { IMPORT_FIELDS(X) IMPORT_FIELD_COUNT };
#undef X

/* Where each field comes from. */
struct import_map {
	const char *columns[IMPORT_FIELD_COUNT];   /* their heading */
	const char *constants[IMPORT_FIELD_COUNT]; /* or NULL */
	int at[IMPORT_FIELD_COUNT];		   /* column's number, or -1 */
	struct yaml *yaml; /* that the texts live in, or NULL */
};

/* The usual headings, or those of a mapping file. Says what is wrong. */
enum cli_exit import_map_open(struct import_map *map_out, const char *path);
/* Finds the columns in the file's first record. Says which is missing. */
enum cli_exit import_map_heading(
    struct import_map *map, const struct csv_record *heading, const char *path);
void import_map_close(struct import_map *map);

enum { IMPORT_WHY_TEXT = 256 };

/*
 * What a record asks for; texts are copied into `arena`. false: `why_out`
 * says what is wrong with it.
 */
bool import_row_read(struct command *command_out, char why_out[IMPORT_WHY_TEXT],
    struct cli *cli, const struct import_map *map,
    const struct csv_record *record, struct arena *arena);

#endif
