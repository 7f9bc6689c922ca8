#include "table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "lang.h"

struct table {
	struct libscols_table *rows;
	struct libscols_line *row;
	size_t next; /* column */
	bool has_failed;
};

static const char *paints = "auto";

bool table_paints(const char *when)
{
	paints = when ? when : "auto";
	return strcmp(paints, "auto") == 0 || strcmp(paints, "always") == 0 ||
	       strcmp(paints, "never") == 0;
}

/* NO_COLOR: https://no-color.org */
static bool has_colours(void)
{
	const char *no_color = getenv("NO_COLOR");
	if (strcmp(paints, "auto") != 0)
		return strcmp(paints, "always") == 0;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

int table_open(struct table **table_out)
{
	struct table *table = calloc(1, sizeof(*table));
	if (table)
		table->rows = scols_new_table();
	if (!table || !table->rows) {
		free(table);
		return ERR_NOMEM;
	}
	scols_table_enable_colors(table->rows, has_colours());
	scols_table_set_column_separator(table->rows, "  ");
	*table_out = table;
	return 0;
}

void table_bare(struct table *table)
{
	scols_table_enable_noheadings(table->rows, 1);
}

void table_column(struct table *table, const char *title, unsigned flags)
{
	int scols = 0;
	if (flags & TABLE_RIGHT)
		scols |= SCOLS_FL_RIGHT;
	if (flags & TABLE_CUT)
		scols |= SCOLS_FL_TRUNC;
	if (flags & TABLE_WRAP)
		scols |= SCOLS_FL_WRAP;
	if (!scols_table_new_column(table->rows, title, 0, scols))
		table->has_failed = true;
}

void table_row(struct table *table)
{
	table->row = scols_table_new_line(table->rows, NULL);
	table->next = 0;
	if (!table->row)
		table->has_failed = true;
}

void table_cell(struct table *table, const char *text)
{
	table_cell_painted(table, text, PAINT_NONE);
}

void table_cell_painted(
    struct table *table, const char *text, enum table_paint paint)
{
	static const char *const names[] = {
		[PAINT_GOOD] = "green",
		[PAINT_BAD] = "red",
		[PAINT_WARN] = "yellow",
		[PAINT_BLUE] = "blue",
	};
	size_t column = table->next++;
	if (!table->row || scols_line_set_data(table->row, column, text)) {
		table->has_failed = true;
		return;
	}
	struct libscols_cell *cell = scols_line_get_cell(table->row, column);
	if (paint != PAINT_NONE && scols_cell_set_color(cell, names[paint]))
		table->has_failed = true;
}

void table_cell_format(struct table *table, const char *format, ...)
{
	char *text = NULL;
	va_list list;
	va_start(list, format);
	if (vasprintf(&text, format, list) < 0) {
		text = NULL;
		table->has_failed = true;
	}
	va_end(list);
	table_cell(table, text ? text : "");
	free(text);
}

enum table_paint table_paint_of(enum colour colour)
{
	switch (colour) {
	case COLOUR_RED:
		return PAINT_BAD;
	case COLOUR_YELLOW:
		return PAINT_WARN;
	case COLOUR_BLUE:
		return PAINT_BLUE;
	default:
		return PAINT_NONE;
	}
}

int table_print(struct table *table)
{
	if (table->has_failed)
		return ERR_NOMEM;
	if (scols_table_is_empty(table->rows)) {
		puts(_("Nothing to show."));
		return 0;
	}
	return scols_print_table(table->rows) ? ERR_IO : 0;
}

void table_close(struct table **table)
{
	if (!*table)
		return;
	scols_unref_table((*table)->rows);
	free(*table);
	*table = NULL;
}
