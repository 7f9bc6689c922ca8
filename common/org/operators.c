/* operators.csv: the people who may speak, each for one unit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "org/city.h"
#include "org/sheet.h"
#include "org/shown.h"
#include "ticket/event.h"

enum column { COLUMN_NAME, COLUMN_UNIT, COLUMN_ROLE, COLUMN_KEY, COLUMN_COUNT };

static const char *const columns[COLUMN_COUNT] = {
	[COLUMN_NAME] = "name",
	[COLUMN_UNIT] = "unit",
	[COLUMN_ROLE] = "role",
	[COLUMN_KEY] = "public_key",
};

struct reading {
	struct people *people;
	const struct org *org;
	struct sheet sheet;
	size_t cap;
	unsigned flags;
};

static int add(struct reading *reading, const struct operator* operator)
{
	struct people *people = reading->people;

	if (people->count == reading->cap) {
		size_t cap = reading->cap == 0 ? 256 : 2 * reading->cap;
		struct operator* of = realloc(people->of, cap * sizeof(*of));

		if (of == NULL)
			return ERR_NOMEM;
		people->of = of;
		reading->cap = cap;
	}
	people->of[people->count++] = *operator;
	return 0;
}

static void find_unit(
    struct operator* operator, struct reading * reading, const char *text)
{
	struct sheet *sheet = &reading->sheet;
	struct unit_code code;

	if (code_set(&code, text) == 0)
		operator->unit = org_unit(reading->org, &code);
	if (operator->unit == NULL)
		report_add(sheet->report, sheet->path, sheet->line,
		    "operator %s: unit \"%s\" is not in units.csv; give the "
		    "code of one that is",
		    SHOWN(operator->name), SHOWN(text));
}

static void find_role(
    struct operator* operator, struct reading * reading, const char *text)
{
	struct sheet *sheet = &reading->sheet;
	char words[256] = "";
	size_t len = 0;
	unsigned role;

	if (word_parse(&role, WORD_ROLE, text) == 0) {
		operator->role =(enum role) role;
		return;
	}
	for (unsigned i = 1; i < word_count(WORD_ROLE); i++)
		len += (size_t)snprintf(words + len, sizeof(words) - len,
		    "%s%s", i == 1 ? "" : ", ", word_name(WORD_ROLE, i));
	report_add(sheet->report, sheet->path, sheet->line,
	    "operator %s: role \"%s\" is none of %s", SHOWN(operator->name),
	    SHOWN(text), words);
}

static int read_name(
    struct operator* operator, struct reading * reading, const char *name)
{
	struct sheet *sheet = &reading->sheet;
	struct people *people = reading->people;
	int err;

	operator->name = arena_text(people->arena, name, strlen(name));
	if (operator->name == NULL)
		return ERR_NOMEM;
	/* what a log would not take is no name here either */
	if (!city_name_is_fit(name) || !operator_name_is_valid(name, false)) {
		report_add(sheet->report, sheet->path, sheet->line,
		    "\"%s\" cannot be an operator's name: letters, digits, "
		    "- _ and . only, %d bytes at most",
		    SHOWN(name), NAME_MAX_BYTES - 1);
		return 0;
	}
	err = table_put(&people->by_name, operator->name, strlen(name),
	    (uint32_t)people->count);
	if (err != ERR_EXISTS)
		return err;
	report_add(sheet->report, sheet->path, sheet->line,
	    "operator %s stands twice; give one of the two another name", name);
	return 0;
}

static int read_key(
    struct operator* operator, struct reading * reading, const char *key)
{
	struct people *people = reading->people;
	const struct org *org = reading->org;
	struct sheet *sheet = &reading->sheet;
	struct key_owner owner = { sheet->report, sheet->path, sheet->line,
		"operator", SHOWN(operator->name) };
	const char *copy;
	uint32_t other;
	int err;

	if (!city_key(operator->public_key, &owner, key, reading->flags))
		return 0;
	if (table_get(&other, &org->by_key, key, ORG_KEY_TEXT - 1)) {
		city_key_is_shared(&owner, org->nodes[other].name);
		return 0;
	}
	copy = arena_text(people->arena, key, ORG_KEY_TEXT - 1);
	if (copy == NULL)
		return ERR_NOMEM;
	err = table_put(
	    &people->by_key, copy, ORG_KEY_TEXT - 1, (uint32_t)people->count);
	if (err != ERR_EXISTS)
		return err;
	table_get(&other, &people->by_key, key, ORG_KEY_TEXT - 1);
	city_key_is_shared(&owner, people->of[other].name);
	return 0;
}

static int read_row(struct reading *reading, const char *const *values)
{
	struct operator operator= { 0 };
	int err = read_name(&operator, reading, values[COLUMN_NAME]);

	if (err != 0)
		return err;
	find_unit(&operator, reading, values[COLUMN_UNIT]);
	find_role(&operator, reading, values[COLUMN_ROLE]);
	err = read_key(&operator, reading, values[COLUMN_KEY]);
	return err != 0 ? err : add(reading, &operator);
}

static int read_rows(struct reading *reading)
{
	const char *values[COLUMN_COUNT];
	struct sheet *sheet = &reading->sheet;
	int got;

	while ((got = sheet_next(values, sheet)) == 1) {
		int err;

		if (reading->people->count == ORG_OPERATORS_MAX) {
			report_add(sheet->report, sheet->path, sheet->line,
			    "more than %d operators; split the city",
			    ORG_OPERATORS_MAX);
			return 0;
		}
		err = read_row(reading, values);
		if (err != 0)
			return err;
	}
	return got;
}

int operators_read(struct people *people, const struct org *org,
    struct report *report, const char *path, unsigned flags)
{
	struct reading reading = {
		.people = people, .org = org, .flags = flags
	};
	int got =
	    sheet_open(&reading.sheet, report, path, columns, COLUMN_COUNT);
	int err;

	if (got <= 0)
		return got;
	err = read_rows(&reading);
	sheet_close(&reading.sheet);
	return err;
}
