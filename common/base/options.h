/*
 * Options as rows: parsing, --help, completion and the manual page come
 * from the same table.
 */
#ifndef WHISTLE_BASE_OPTIONS_H
#define WHISTLE_BASE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum option_type {
	OPTION_FLAG,   /* bool *, set to true */
	OPTION_TEXT,   /* const char **, borrowed from argv */
	OPTION_NUMBER, /* int64_t *, min..max */
	OPTION_LIST,   /* struct option_list *: may be said again */
};

enum { OPTION_LIST_MAX = 16 };

struct option_list {
	const char *items[OPTION_LIST_MAX]; /* borrowed from argv */
	size_t count;
};

struct option_row {
	const char *name; /* without dashes */
	enum option_type type;
	void *value;	  /* holds the default before parsing */
	int64_t min, max; /* OPTION_NUMBER */
	const char *argument; /* shown in help: "DIR" */
	const char *help;     /* English; translated by the caller's gettext */
};

/*
 * Takes the options out of argv, which starts after the program's name (they
 * may stand anywhere; "--" ends them), and leaves the words, *count_out of
 * them, in `words`, which may be argv itself. "--name value" and
 * "--name=value". ERR_INVALID with one sentence in `message`.
 */
int options_parse(int *count_out, char **words, char *message,
    size_t message_size, const struct option_row *rows, size_t row_count,
    int argc, char **argv);
/* A line each, in two columns; a number with its bounds. */
void options_help(FILE *out, const struct option_row *rows,
    size_t row_count, const char *(*translate)(const char *));

#endif
