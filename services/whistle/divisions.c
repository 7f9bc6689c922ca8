#include "divisions.h"

#include <stdlib.h>
#include <string.h>
#include "base/csv.h"
#include "base/err.h"
#include "lang.h"
#include "say.h"

enum { PROBLEMS_SHOWN = 20, CITY_DIGITS = 4 };

static const struct {
	const char *name;
	unsigned digits;
} levels[DIVISION_LEVELS] = {
	[DIVISION_CITY] = { "city", 4 },
	[DIVISION_DISTRICT] = { "district", 6 },
	[DIVISION_STREET] = { "street", 9 },
	[DIVISION_COMMUNITY] = { "community", 12 },
};

const char *division_level_name(unsigned level)
{
	return levels[level].name;
}

unsigned division_digits(unsigned level)
{
	return levels[level].digits;
}

struct reading {
	struct divisions *to;
	const char *path;
	struct csv_record record;
	int code, name; /* columns; -1: none */
	char province[UNIT_NAME_MAX];
	size_t problems;
};

static void complain(
    struct reading *reading, const char *text, const char *word)
{
	if (reading->problems++ < PROBLEMS_SHOWN)
		say_error("%s:%ld: %s%s%s", reading->path, reading->record.line,
		    text, *word ? ": " : "", word);
}

static int column_of(const struct csv_record *heading, const char *name)
{
	for (size_t i = 0; i < heading->count; i++)
		if (strcmp(heading->fields[i], name) == 0)
			return (int)i;
	return -1;
}

/* Twelve digits with zeros behind are what is before them. */
static size_t digits_of(const char *code)
{
	size_t len = strlen(code);
	if (strspn(code, "0123456789") != len)
		return 0;
	if (len != levels[DIVISION_COMMUNITY].digits)
		return len;
	for (unsigned i = 0; i + 1 < DIVISION_LEVELS; i++)
		if (strspn(code + levels[i].digits, "0") ==
		    len - levels[i].digits)
			return levels[i].digits;
	return len;
}

static struct division *add(struct divisions *divisions)
{
	if (divisions->count == divisions->cap) {
		size_t cap = divisions->cap ? 2 * divisions->cap : 1024;
		struct division *grown =
		    realloc(divisions->of, cap * sizeof(*grown));
		if (!grown)
			return NULL;
		divisions->of = grown;
		divisions->cap = cap;
	}
	memset(&divisions->of[divisions->count], 0, sizeof(struct division));
	return &divisions->of[divisions->count++];
}

static bool is_no_name_of_its_own(const char *name)
{
	return strcmp(name, "市辖区") == 0 || strcmp(name, "县") == 0 ||
	       strcmp(name, "直辖县级行政区划") == 0;
}

static int keep(
    struct reading *reading, const char *code, size_t digits, const char *name)
{
	struct division *division = add(reading->to);
	if (!division)
		return ERR_NOMEM;
	while (division->level + 1 < DIVISION_LEVELS &&
	       levels[division->level].digits < digits)
		division->level++;
	memcpy(division->code.s, code, digits);
	if (division->level == DIVISION_CITY && reading->province[0] &&
	    is_no_name_of_its_own(name))
		name = reading->province;
	strcpy(division->name, name);
	return 0;
}

static int take_row(struct reading *reading)
{
	const struct csv_record *record = &reading->record;
	size_t wanted = (size_t)(reading->code > reading->name ? reading->code
							       : reading->name);
	if (record->problem || record->count <= wanted) {
		complain(reading,
		    record->problem ? record->problem : _("too few columns"),
		    "");
		return 0;
	}
	const char *code = record->fields[reading->code];
	const char *name = record->fields[reading->name];
	size_t digits = digits_of(code);
	bool is_known = digits == 2;
	for (unsigned i = 0; i < DIVISION_LEVELS; i++)
		is_known = is_known || levels[i].digits == digits;
	if (!is_known)
		complain(reading,
		    _("a division's code has 2, 4, 6, 9 or 12 digits"), code);
	else if (!*name || strlen(name) >= UNIT_NAME_MAX)
		complain(reading,
		    _("a division has no name, or too long a "
		      "one"),
		    code);
	else if (digits == 2)
		strcpy(reading->province, name);
	else
		return keep(reading, code, digits, name);
	return 0;
}

static enum cli_exit read_heading(struct reading *reading, struct csv *csv)
{
	struct csv_record heading;
	int got = csv_next(&heading, csv);
	if (got < 0)
		return say_failure(got, reading->path);
	reading->code = got == 1 ? column_of(&heading, "code") : -1;
	reading->name = got == 1 ? column_of(&heading, "name") : -1;
	if (reading->code >= 0 && reading->name >= 0)
		return CLI_DONE;
	say_error(_("%s: the first line must name the columns code and name."),
	    reading->path);
	return CLI_USAGE;
}

static enum cli_exit read_rows(struct reading *reading, struct csv *csv)
{
	int got, err = 0;
	enum cli_exit exit = read_heading(reading, csv);
	if (exit != CLI_DONE)
		return exit;
	while (err == 0 && (got = csv_next(&reading->record, csv)) != 0)
		err = got < 0 ? got : take_row(reading);
	if (err < 0)
		return say_failure(err, reading->path);
	if (reading->problems == 0)
		return CLI_DONE;
	say_error(ngettext("%zu problem in %s.", "%zu problems in %s.",
		      reading->problems),
	    reading->problems, reading->path);
	return CLI_REFUSED;
}

/* ---- one tree ---- */

static int by_code(const void *one, const void *other)
{
	return strcmp(((const struct division *)one)->code.s,
	    ((const struct division *)other)->code.s);
}

/* A list of one district has no city: it is made. */
static enum cli_exit name_root(
    struct divisions *divisions, const char *path, const char *city)
{
	const struct division *first = divisions->count ? divisions->of : NULL;
	if (!first || (first->level != DIVISION_CITY && !city)) {
		say_error(_("%s has no city: name it with --city."), path);
		return CLI_USAGE;
	}
	if (first->level == DIVISION_CITY) {
		if (city)
			snprintf(
			    divisions->of[0].name, UNIT_NAME_MAX, "%s", city);
		return CLI_DONE;
	}
	struct division *root = add(divisions);
	if (!root)
		return say_failure(ERR_NOMEM, "whistle");
	memcpy(root->code.s, divisions->of[0].code.s, CITY_DIGITS);
	snprintf(root->name, UNIT_NAME_MAX, "%s", city);
	qsort(divisions->of, divisions->count, sizeof(*root), by_code);
	return CLI_DONE;
}

static bool has(
    const struct divisions *divisions, const char *code, unsigned digits)
{
	struct division wanted = { .level = 0 };
	memcpy(wanted.code.s, code, digits);
	return bsearch(&wanted, divisions->of, divisions->count, sizeof(wanted),
		   by_code) != NULL;
}

/* Two cities (a province's list), twice the same, or one without what it is
 * in. */
static enum cli_exit check_tree(
    const struct divisions *divisions, const char *path)
{
	size_t problems = 0;
	for (size_t i = 1; i < divisions->count; i++) {
		const struct division *at = &divisions->of[i];
		const char *problem = NULL;
		if (by_code(at, at - 1) == 0)
			problem = _("is there twice");
		else if (at->level == DIVISION_CITY ||
			 strncmp(at->code.s, divisions->of[0].code.s,
			     CITY_DIGITS) != 0)
			problem = _("belongs to a second city: cut the list to "
				    "one");
		else if (!has(divisions, at->code.s,
			     levels[at->level - 1].digits))
			problem = _("lies in a division that is not in the "
				    "list");
		if (problem && problems++ < PROBLEMS_SHOWN)
			say_error("%s: %s %s %s", path, at->code.s, at->name,
			    problem);
	}
	return problems ? CLI_REFUSED : CLI_DONE;
}

enum cli_exit divisions_read(
    struct divisions *divisions_out, const char *path, const char *city)
{
	struct reading reading = { .to = divisions_out, .path = path };
	struct csv *csv;
	memset(divisions_out, 0, sizeof(*divisions_out));
	if (city && (!*city || strlen(city) >= UNIT_NAME_MAX)) {
		say_error(_("--%s must have 1 to %d bytes."), "city",
		    UNIT_NAME_MAX - 1);
		return CLI_USAGE;
	}
	int err = csv_open(&csv, path);
	if (err < 0)
		return say_failure(err, path);
	enum cli_exit exit = read_rows(&reading, csv);
	csv_close(&csv);
	if (exit == CLI_DONE && divisions_out->count)
		qsort(divisions_out->of, divisions_out->count,
		    sizeof(*divisions_out->of), by_code);
	if (exit == CLI_DONE)
		exit = name_root(divisions_out, path, city);
	if (exit == CLI_DONE)
		exit = check_tree(divisions_out, path);
	if (exit != CLI_DONE)
		divisions_free(divisions_out);
	return exit;
}

void divisions_free(struct divisions *divisions)
{
	free(divisions->of);
	memset(divisions, 0, sizeof(*divisions));
}
