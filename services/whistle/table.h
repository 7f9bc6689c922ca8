/*
 * Tables for people: columns as wide as what they hold, Chinese two columns
 * a character, cut to the terminal where a column allows it, colours only
 * on a terminal.
 */
#ifndef WHISTLE_CLI_TABLE_H
#define WHISTLE_CLI_TABLE_H

#include <stdbool.h>
#include "ticket/words.h"

struct table;

enum {
	TABLE_RIGHT = 1, /* numbers */
	TABLE_CUT = 2,	 /* may be cut to fit the terminal */
	TABLE_WRAP = 4,	 /* may go on on the next line */
};

enum table_paint { PAINT_NONE, PAINT_GOOD, PAINT_BAD, PAINT_WARN, PAINT_BLUE };

/* Whether the tables to come have colours: "always", "never", or on a
 * terminal and without NO_COLOR ("auto", NULL). False: none of these. */
bool table_paints(const char *when);
/* ERR_NOMEM. A failure later is remembered and returned by table_print. */
int table_open(struct table **table_out);
/* Without a head line: for labels and values. */
void table_bare(struct table *table);
void table_column(struct table *table, const char *title, unsigned flags);
void table_row(struct table *table);
/* The next cell of the row; `text` is copied. */
void table_cell(struct table *table, const char *text);
void table_cell_painted(
    struct table *table, const char *text, enum table_paint paint);
void table_cell_format(struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
enum table_paint table_paint_of(enum colour colour);
/* On standard output. ERR_NOMEM, ERR_IO. */
int table_print(struct table *table);
void table_close(struct table **table);

#endif
