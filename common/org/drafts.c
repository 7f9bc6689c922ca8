#include "org/drafts.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"

/* Digits of an area's code, the national scheme and its grids. */
static const size_t area_digits[] = { 4, 6, 9, 12, 15 };

struct linking {
	struct org *org;
	struct report *report;
	const char *path;
	const struct draft *rows; /* in the order of org->units */
	const struct unit *root;
	long level_lines[ORG_LEVELS_MAX];    /* where a level was seen first */
	size_t level_digits[ORG_LEVELS_MAX]; /* length of its codes */
};

int drafts_add(struct drafts *drafts, const struct draft *draft)
{
	if (drafts->count == drafts->cap) {
		size_t cap = drafts->cap == 0 ? 1024 : 2 * drafts->cap;
		struct draft *rows = realloc(drafts->rows, cap * sizeof(*rows));

		if (rows == NULL)
			return ERR_NOMEM;
		drafts->rows = rows;
		drafts->cap = cap;
	}
	drafts->rows[drafts->count++] = *draft;
	return 0;
}

void drafts_free(struct drafts *drafts)
{
	free(drafts->rows);
	*drafts = (struct drafts){ 0 };
}

/* NUL, then '-', then digits: parents first, then their departments, then
 * what is below, so that each subtree is one run. */
static int by_code_and_line(const void *left, const void *right)
{
	const struct draft *a = left, *b = right;
	int order = memcmp(a->unit.code.s, b->unit.code.s, UNIT_CODE_MAX);

	if (order != 0)
		return order;
	return (a->line > b->line) - (a->line < b->line);
}

static void drop_duplicates(
    struct drafts *drafts, struct report *report, const char *path)
{
	size_t kept = 0;

	for (size_t i = 0; i < drafts->count; i++) {
		const struct draft *row = &drafts->rows[i];

		if (kept > 0 && code_equal(&drafts->rows[kept - 1].unit.code,
				    &row->unit.code)) {
			report_add(report, path, row->line,
			    "unit %s is on line %ld already; remove one of "
			    "the two",
			    row->unit.code.s, drafts->rows[kept - 1].line);
			continue;
		}
		drafts->rows[kept++] = *row;
	}
	drafts->count = kept;
}

static int take_units(struct org *org, const struct drafts *drafts)
{
	org->units = calloc(drafts->count + 1, sizeof(*org->units));
	if (org->units == NULL)
		return ERR_NOMEM;
	org->unit_count = drafts->count;
	for (size_t i = 0; i < drafts->count; i++) {
		struct unit *unit = &org->units[i];
		int err;

		*unit = drafts->rows[i].unit;
		unit->first = unit->last = (unsigned)i;
		err = table_put(&org->by_code, unit->code.s,
		    strlen(unit->code.s), (uint32_t)i);
		if (err != 0)
			return err;
	}
	return 0;
}

/* Is the code of the shape that its kind asks for? */
static bool check_code(
    const struct linking *linking, const struct unit *unit, long line)
{
	const char *dash = strchr(unit->code.s, '-');
	size_t digits = strlen(unit->code.s);

	if (unit->kind != UNIT_AREA) {
		if (dash != NULL && dash[1] != '\0')
			return true;
		report_add(linking->report, linking->path, line,
		    "unit %s: the code of a department or hotline is its "
		    "host's code, a dash and a short name",
		    unit->code.s);
		return false;
	}
	for (size_t i = 0; i < sizeof(area_digits) / sizeof(area_digits[0]);
	     i++) {
		if (dash == NULL && digits == area_digits[i])
			return true;
	}
	report_add(linking->report, linking->path, line,
	    "unit %s: an area's code is 4, 6, 9, 12 or 15 digits; correct it",
	    unit->code.s);
	return false;
}

/* Only an area may be the root, and only one. */
static void take_root(
    struct linking *linking, const struct unit *unit, long line)
{
	if (unit->kind != UNIT_AREA) {
		report_add(linking->report, linking->path, line,
		    "unit %s has no parent; name its host", unit->code.s);
	} else if (linking->root != NULL) {
		report_add(linking->report, linking->path, line,
		    "unit %s has no parent, but %s is the root already; "
		    "name its parent",
		    unit->code.s, linking->root->code.s);
	} else {
		linking->root = unit;
	}
}

/* Does the code begin with its parent's, as its kind asks for? */
static bool fits_parent(const struct unit *unit, const struct unit *parent)
{
	size_t len = strlen(parent->code.s);

	if (strncmp(unit->code.s, parent->code.s, len) != 0)
		return false;
	if (unit->kind == UNIT_AREA)
		return unit->code.s[len] != '\0';
	return unit->code.s[len] == '-';
}

static const struct unit *find_parent(
    const struct linking *linking, const struct draft *row)
{
	const struct unit *parent = org_unit(linking->org, &row->parent);
	const char *code = row->unit.code.s;

	if (parent == NULL) {
		report_add(linking->report, linking->path, row->line,
		    "unit %s: its parent %s is not in this file; add it or "
		    "name another",
		    code, row->parent.s);
	} else if (parent->kind != UNIT_AREA) {
		report_add(linking->report, linking->path, row->line,
		    "unit %s: its parent %s is not an area; name an area", code,
		    row->parent.s);
		parent = NULL;
	} else if (!fits_parent(&row->unit, parent)) {
		report_add(linking->report, linking->path, row->line,
		    "unit %s: the code does not continue its parent's code "
		    "%s; correct the one or the other",
		    code, row->parent.s);
		parent = NULL;
	}
	return parent;
}

/* All areas of one depth share a word and a length of code. */
static void check_area_level(
    struct linking *linking, const struct unit *unit, long line)
{
	struct org *org = linking->org;
	size_t digits = strlen(unit->code.s);
	unsigned depth = unit->depth;

	if (depth >= ORG_LEVELS_MAX || unit->level == NULL)
		return;
	if (org->levels[depth] == NULL) {
		org->levels[depth] = unit->level;
		linking->level_lines[depth] = line;
		linking->level_digits[depth] = digits;
	}
	if (org->levels[depth] != unit->level)
		report_add(linking->report, linking->path, line,
		    "unit %s: level \"%s\", but the areas beside it (line "
		    "%ld) are \"%s\"; use one word",
		    unit->code.s, unit->level, linking->level_lines[depth],
		    org->levels[depth]);
	else if (linking->level_digits[depth] != digits)
		report_add(linking->report, linking->path, line,
		    "unit %s: %zu digits, but the other areas of level "
		    "\"%s\" (line %ld) have %zu; correct the code",
		    unit->code.s, digits, unit->level,
		    linking->level_lines[depth], linking->level_digits[depth]);
}

static void check_department_level(
    const struct linking *linking, const struct unit *unit, long line)
{
	if (unit->level == NULL || unit->parent->level == NULL ||
	    unit->level == unit->parent->level)
		return;
	report_add(linking->report, linking->path, line,
	    "unit %s: a department has its host's level \"%s\", not \"%s\"",
	    unit->code.s, unit->parent->level, unit->level);
}

static void link_unit(
    struct linking *linking, struct unit *unit, const struct draft *row)
{
	if (row->is_bad || !check_code(linking, unit, row->line))
		return;
	if (code_is_empty(&row->parent)) {
		take_root(linking, unit, row->line);
	} else {
		const struct unit *parent = find_parent(linking, row);

		/* Below what is adrift nothing can be said but that. */
		if (parent == NULL ||
		    (parent->parent == NULL && parent != linking->root))
			return;
		unit->parent = parent;
		unit->depth = parent->depth + 1;
	}
	if (unit->kind == UNIT_AREA)
		check_area_level(linking, unit, row->line);
	else if (unit->kind == UNIT_DEPARTMENT && unit->parent != NULL)
		check_department_level(linking, unit, row->line);
}

/* A level's word belongs to one depth, and a hotline's to no area. */
static void check_words(struct linking *linking)
{
	struct org *org = linking->org;
	unsigned depth;

	while (org->level_count < ORG_LEVELS_MAX &&
	       org->levels[org->level_count] != NULL)
		org->level_count++;
	for (unsigned i = 1; i < org->level_count; i++) {
		for (unsigned j = 0; j < i; j++) {
			if (org->levels[i] != org->levels[j])
				continue;
			report_add(linking->report, linking->path,
			    linking->level_lines[i],
			    "level \"%s\" stands for areas of two depths; "
			    "give the lower ones another word",
			    org->levels[i]);
		}
	}
	for (size_t i = 0; i < org->unit_count; i++) {
		const struct unit *unit = &org->units[i];

		if (unit->kind != UNIT_HOTLINE || unit->level == NULL ||
		    org_level_depth(&depth, org, unit->level) != 0)
			continue;
		report_add(linking->report, linking->path,
		    linking->rows[i].line,
		    "unit %s: \"%s\" is a level of areas; give the hotline "
		    "a word of its own",
		    unit->code.s, unit->level);
	}
}

/* Where each subtree ends: from the back, so that children come first. */
static void number_subtrees(struct org *org)
{
	for (size_t i = org->unit_count; i-- > 0;) {
		const struct unit *unit = &org->units[i];
		struct unit *parent;

		if (unit->parent == NULL)
			continue;
		parent = &org->units[unit->parent->first];
		if (parent->last < unit->last)
			parent->last = unit->last;
	}
}

int drafts_link(struct org *org, struct report *report, const char *path,
    struct drafts *drafts)
{
	struct linking linking = { .org = org, .report = report, .path = path };
	int err;

	if (drafts->count > 0)
		qsort(drafts->rows, drafts->count, sizeof(*drafts->rows),
		    by_code_and_line);
	drop_duplicates(drafts, report, path);
	err = take_units(org, drafts);
	if (err != 0)
		return err;
	linking.rows = drafts->rows;
	for (size_t i = 0; i < org->unit_count; i++)
		link_unit(&linking, &org->units[i], &drafts->rows[i]);
	if (linking.root == NULL)
		report_add(report, path, 0,
		    "no unit is the root; leave the parent of the topmost "
		    "area empty");
	check_words(&linking);
	number_subtrees(org);
	return 0;
}
