#include "harness/harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put_field(FILE *file, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, file);
		return;
	}
	fputc('"', file);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

void sheet_row(FILE *file, ...)
{
	const char *text;
	bool is_first = true;
	va_list list;

	va_start(list, file);
	while ((text = va_arg(list, const char *)) != NULL) {
		if (!is_first)
			fputc(',', file);
		is_first = false;
		put_field(file, text);
	}
	va_end(list);
	fputc('\n', file);
}

void sheet_import(struct imported *imported, const struct city *city,
    const char *path, const char *map)
{
	struct run run;

	if (map)
		cli(&run, city, "hotline", "import", path, "--map", map,
		    "--timeout", "60", "--json", NULL);
	else
		cli(&run, city, "hotline", "import", path, "--timeout", "60",
		    "--json", NULL);
	*imported = (struct imported){
		.report = json_loads(run_text(&run.out), 0, NULL),
	};
	if (!imported->report)
		fail_msg("import: %d %s%s", run.code, run_text(&run.out),
		    run_text(&run.err));
	imported->added = json_number_at(imported->report, "new");
	imported->existing = json_number_at(imported->report, "existing");
	imported->refused = json_number_at(imported->report, "refused");
	assert_true(json_is_true(json_at(imported->report, "complete")));
	assert_int_equal(run.code, imported->refused > 0);
	run_free(&run);
}

const char *imported_why(const struct imported *imported, long line)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_at(imported->report, "rows"), i,
	    row) if (json_number_at(row, "line") ==
		     line) return json_text_at(row, "why");
	return NULL;
}

void imported_free(struct imported *imported)
{
	json_decref(imported->report);
	imported->report = NULL;
}
