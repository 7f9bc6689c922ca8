/* units.csv: the rows, each by itself; then the tree, by drafts.c. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "org/drafts.h"
#include "org/sheet.h"
#include "org/shown.h"

enum column {
	COLUMN_CODE,
	COLUMN_NAME,
	COLUMN_LEVEL,
	COLUMN_KIND,
	COLUMN_PARENT,
	COLUMN_COUNT
};

static const char *const columns[COLUMN_COUNT] = {
	[COLUMN_CODE] = "code",
	[COLUMN_NAME] = "name",
	[COLUMN_LEVEL] = "level",
	[COLUMN_KIND] = "kind",
	[COLUMN_PARENT] = "parent",
};

static const char *const kinds[] = {
	[UNIT_AREA] = "area",
	[UNIT_DEPARTMENT] = "department",
	[UNIT_HOTLINE] = "hotline",
};

static bool is_level_word(const char *word)
{
	size_t len = strlen(word);

	return len >= 1 && len < NAME_MAX_BYTES && word[0] >= 'a' &&
	       word[0] <= 'z' &&
	       strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static void read_kind(
    struct draft *draft, struct sheet *sheet, const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i], kind) == 0) {
			draft->unit.kind = (enum unit_kind)i;
			return;
		}
	}
	draft->is_bad = true;
	report_add(sheet->report, sheet->path, sheet->line,
	    "unit %s: kind \"%s\" is none of area, department, hotline",
	    draft->unit.code.s, SHOWN(kind));
}

static int read_name(
    struct draft *draft, struct org *org, struct sheet *sheet, const char *name)
{
	size_t len = strlen(name);
	bool has_control = false;

	for (size_t i = 0; i < len; i++)
		has_control |= (unsigned char)name[i] < ' ' || name[i] == 127;
	if (len == 0 || len >= UNIT_NAME_MAX || has_control) {
		report_add(sheet->report, sheet->path, sheet->line,
		    "unit %s: the name is empty, over %d bytes or has "
		    "control characters; give it a name",
		    draft->unit.code.s, UNIT_NAME_MAX - 1);
		name = "?";
	}
	return city_text(&draft->unit.name, org, name);
}

static int read_level(
    struct draft *draft, struct org *org, struct sheet *sheet, const char *word)
{
	if (!is_level_word(word)) {
		report_add(sheet->report, sheet->path, sheet->line,
		    "unit %s: level \"%s\" is not a word of a-z, 0-9, _ "
		    "and -; give the level's word",
		    draft->unit.code.s, SHOWN(word));
		return 0;
	}
	draft->unit.level = city_word(org, word);
	if (draft->unit.level != NULL)
		return 0;
	if (org->word_count == CITY_WORDS_MAX) {
		report_add(sheet->report, sheet->path, sheet->line,
		    "unit %s: level \"%s\" is one word too many; a city has "
		    "at most %d",
		    draft->unit.code.s, word, CITY_WORDS_MAX);
		return 0;
	}
	if (city_text(&draft->unit.level, org, word) != 0)
		return ERR_NOMEM;
	org->words[org->word_count++] = draft->unit.level;
	return 0;
}

static void read_parent(
    struct draft *draft, struct sheet *sheet, const char *parent)
{
	if (parent[0] == '\0' || code_set(&draft->parent, parent) == 0)
		return;
	draft->is_bad = true;
	report_add(sheet->report, sheet->path, sheet->line,
	    "unit %s: parent \"%s\" is not a code; give the code of the "
	    "unit above",
	    draft->unit.code.s, SHOWN(parent));
}

static int read_row(struct drafts *drafts, struct org *org, struct sheet *sheet,
    const char *const *values)
{
	struct draft draft = { .line = sheet->line };
	int err;

	if (code_set(&draft.unit.code, values[COLUMN_CODE]) != 0) {
		report_add(sheet->report, sheet->path, sheet->line,
		    "\"%s\" is not a code: digits, for a department "
		    "followed by a dash and a-z, 0-9, -; %d characters at "
		    "most",
		    SHOWN(values[COLUMN_CODE]), UNIT_CODE_MAX - 1);
		return 0;
	}
	read_kind(&draft, sheet, values[COLUMN_KIND]);
	read_parent(&draft, sheet, values[COLUMN_PARENT]);
	err = read_name(&draft, org, sheet, values[COLUMN_NAME]);
	if (err == 0)
		err = read_level(&draft, org, sheet, values[COLUMN_LEVEL]);
	return err != 0 ? err : drafts_add(drafts, &draft);
}

static int read_rows(
    struct drafts *drafts, struct org *org, struct sheet *sheet)
{
	const char *values[COLUMN_COUNT];
	int got;

	while ((got = sheet_next(values, sheet)) == 1) {
		int err;

		if (drafts->count == ORG_UNITS_MAX) {
			report_add(sheet->report, sheet->path, sheet->line,
			    "more than %d units; split the city",
			    ORG_UNITS_MAX);
			return 0;
		}
		err = read_row(drafts, org, sheet, values);
		if (err != 0)
			return err;
	}
	return got;
}

int units_read(struct org *org, struct report *report, const char *path)
{
	struct drafts drafts = { 0 };
	struct sheet sheet;
	int got = sheet_open(&sheet, report, path, columns, COLUMN_COUNT);
	int err;

	if (got <= 0)
		return got;
	err = read_rows(&drafts, org, &sheet);
	sheet_close(&sheet);
	if (err == 0)
		err = drafts_link(org, report, path, &drafts);
	drafts_free(&drafts);
	return err;
}
