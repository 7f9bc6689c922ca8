/* What the checker says of a catalogue that is sound. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

enum { DOUBTS_PATH_MAX = 4096 };

/* How far a department reaches: of the areas of each depth, how many are
 * served by none, and the first of those. */
struct reach {
	size_t areas[ORG_LEVELS_MAX];
	size_t unserved[ORG_LEVELS_MAX];
	const struct unit *first[ORG_LEVELS_MAX];
	bool is_hosted;
};

struct doubting {
	struct making making;
	const struct catalogue *catalogue;
	const uint64_t *powers;
	struct reach *reaches; /* by the department's number */
};

/* ---- departments ---- */

/* Parents come before what is below them. */
static int find_reach(
    struct reach *reach, const struct org *org, const char *department)
{
	size_t count = org_unit_count(org);
	bool *is_served = calloc(count + 1, sizeof(*is_served));

	if (is_served == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct unit *unit = org_unit_at(org, i);
		unsigned depth = unit->depth;

		if (unit->kind != UNIT_AREA || depth >= ORG_LEVELS_MAX)
			continue;
		if (org_department(org, unit, department) != NULL)
			is_served[i] = reach->is_hosted = true;
		else if (unit->parent != NULL)
			is_served[i] = is_served[unit->parent->first];
		reach->areas[depth]++;
		if (!is_served[i] && reach->unserved[depth]++ == 0)
			reach->first[depth] = unit;
	}
	free(is_served);
	return 0;
}

static int doubt_departments(struct doubting *doubting)
{
	const struct named_list *list = &doubting->catalogue->departments;

	for (size_t i = 0; i < list->count; i++) {
		struct reach *reach = &doubting->reaches[i];
		int err = find_reach(
		    reach, doubting->catalogue->org, list->of[i].code);

		if (err != 0)
			return err;
		if (!reach->is_hosted)
			complain(&doubting->making, "departments", (unsigned)i,
			    "code",
			    "%s: no unit of the city has this department, so "
			    "nobody can be sent or called; add one to "
			    "units.csv or remove it",
			    list->of[i].code);
	}
	return 0;
}

static void doubt_served(const struct doubting *doubting, const char *list,
    unsigned index, const char *code, const char *field, const char *name,
    unsigned depth)
{
	const struct catalogue *catalogue = doubting->catalogue;
	const struct reach *reach;
	uint32_t at;

	if (!table_get(
		&at, &catalogue->departments.by_code, name, strlen(name)))
		return;
	reach = &doubting->reaches[at];
	if (reach->unserved[depth] == 0)
		return;
	complain(&doubting->making, list, index, field,
	    "%s: for %zu of %zu units of the level %s no department %s is "
	    "competent (the first is %s); add it to units.csv there or above",
	    code, reach->unserved[depth], reach->areas[depth],
	    reach->first[depth]->level, name, reach->first[depth]->code.s);
}

/* ---- keywords ---- */

/* Where a text goes that says nothing but this keyword. */
static bool leads_home(
    const struct doubting *doubting, unsigned index, unsigned keyword)
{
	const struct catalogue *catalogue = doubting->catalogue;
	const struct item *item = &catalogue->items[index];
	const char *text = catalogue->file->items[index].keywords[keyword];
	const struct item *rival;
	const struct item *found =
	    catalogue_classify(NULL, catalogue, "", text);
	char field[32];

	if (found == item)
		return true;
	snprintf(field, sizeof(field), "keywords[%u]", keyword);
	rival = found != NULL ? found : keywords_rival(catalogue, item, text);
	if (found != NULL || rival == NULL)
		complain(&doubting->making, "items", index, field,
		    "%s: a text that says only \"%s\" goes to %s, whose "
		    "keywords are in it; move it there or remove it",
		    item->code, SHOWN(text),
		    rival != NULL ? rival->code : "others");
	else
		complain(&doubting->making, "items", index, field,
		    "%s: a text that says only \"%s\" goes to nobody: it "
		    "counts as much for another item (%s); lengthen it or "
		    "remove it",
		    item->code, SHOWN(text), rival->code);
	return false;
}

static void doubt_keywords(const struct doubting *doubting, unsigned index)
{
	const struct item_row *row = &doubting->catalogue->file->items[index];
	unsigned homes = 0;

	if (row->keywords_count == 0) {
		complain(&doubting->making, "items", index, "code",
		    "%s: it has no keywords, so routine never finds it and a "
		    "person must name it; add some",
		    row->code);
		return;
	}
	for (unsigned i = 0; i < row->keywords_count; i++)
		homes += leads_home(doubting, index, i);
	if (homes == 0)
		complain(&doubting->making, "items", index, "keywords",
		    "%s: none of its keywords leads to it, so routine hardly "
		    "ever finds it; give it longer ones",
		    row->code);
}

/* ---- items, situations, whistles ---- */

static bool may(const struct doubting *doubting, unsigned depth, uint64_t power)
{
	return depth < ORG_LEVELS_MAX && doubting->powers[depth] & power;
}

static void doubt_item(const struct doubting *doubting, unsigned index)
{
	const struct item *item = &doubting->catalogue->items[index];
	const struct item_row *row = &doubting->catalogue->file->items[index];

	doubt_keywords(doubting, index);
	if (item->lead[0] != '\0')
		doubt_served(doubting, "items", index, item->code, "lead",
		    item->lead, item->competent);
	for (size_t i = 0; i < item->assist_count; i++)
		doubt_served(doubting, "items", index, item->code, "assist",
		    item->assist[i], item->competent);
	if (item->whistle != ITEM_WHISTLE_NO &&
	    !may(doubting, item->competent, POWER(WHISTLE_OUT)))
		complain(&doubting->making, "items", index, "whistle",
		    "%s: units of its level (%s) may not blow the whistle, so "
		    "nobody does; name a level above or leave whistle out",
		    item->code, row->competent);
}

/* Of the levels that may blow it the lowest counts: it whistles most. */
static void doubt_situation(const struct doubting *doubting, unsigned index)
{
	const struct situation *situation =
	    &doubting->catalogue->situations[index];
	unsigned depth = ORG_LEVELS_MAX;

	while (depth > 0 && (!may(doubting, depth - 1, POWER(WHISTLE_OUT)) ||
				!catalogue_may_whistle(doubting->catalogue,
				    situation->kind, depth - 1, ROLE_NONE)))
		depth--;
	if (depth == 0) {
		complain(&doubting->making, "situations", index, "kind",
		    "%s: no level may blow a whistle of the kind %s; see "
		    "whistles",
		    situation->code, word_name(WORD_WHISTLE, situation->kind));
		return;
	}
	doubt_served(doubting, "situations", index, situation->code, "lead",
	    situation->lead, depth - 1);
	for (size_t i = 0; i < situation->assist_count; i++)
		doubt_served(doubting, "situations", index, situation->code,
		    "assist", situation->assist[i], depth - 1);
}

static void doubt_whistles(const struct doubting *doubting)
{
	const struct catalogue *catalogue = doubting->catalogue;
	const struct catalogue_file *file = catalogue->file;

	for (unsigned i = 0; i < file->whistles_count; i++)
		for (unsigned j = 0; j < file->whistles[i].levels_count; j++) {
			const char *level = file->whistles[i].levels[j];
			unsigned depth;

			if (org_level_depth(&depth, catalogue->org, level) ||
			    may(doubting, depth, POWER(WHISTLE_OUT)))
				continue;
			complain(&doubting->making, "whistles", i, "levels",
			    "%s: units of the level %s may not blow the "
			    "whistle at all; remove it",
			    file->whistles[i].kind, level);
		}
}

/* ---- the whole ---- */

static void doubt_permits(const struct doubting *doubting)
{
	for (unsigned depth = 0; depth < ORG_LEVELS_MAX; depth++)
		if (may(doubting, depth, POWER(PERMIT)))
			return;
	report_add(doubting->making.report, doubting->making.path, 0,
	    "no level of this city may permit: nothing can be suspended or "
	    "excluded, nor sent to a unit whose list does not have it; add a "
	    "level that may to units.csv");
}

static bool is_used(const struct catalogue_file *file, const char *domain)
{
	for (unsigned i = 0; i < file->items_count; i++)
		if (strcmp(file->items[i].domain, domain) == 0)
			return true;
	return false;
}

static void doubt_domains(const struct doubting *doubting)
{
	const struct catalogue_file *file = doubting->catalogue->file;

	for (unsigned i = 0; i < file->domains_count; i++)
		if (!is_used(file, file->domains[i].code))
			complain(&doubting->making, "domains", i, "code",
			    "%s: no item is of this domain; remove it, or give "
			    "it one",
			    file->domains[i].code);
}

int catalogue_doubts(struct report *report, const struct catalogue *catalogue,
    const char *dir, const uint64_t powers[ORG_LEVELS_MAX])
{
	char path[DOUBTS_PATH_MAX];
	struct doubting doubting = {
		/* only read: a maker's catalogue is one that is being made */
		.making = { (struct catalogue *)(uintptr_t)catalogue, report,
		    path, { 0 }, catalogue->calendar != NULL },
		.catalogue = catalogue,
		.powers = powers,
		.reaches = calloc(catalogue->departments.count + 1,
		    sizeof(*doubting.reaches)),
	};
	int err;

	if (doubting.reaches == NULL)
		return ERR_NOMEM;
	snprintf(path, sizeof(path), "%s/catalogue.yaml", dir);
	err = doubt_departments(&doubting);
	if (err == 0) {
		doubt_domains(&doubting);
		for (unsigned i = 0; i < catalogue->file->items_count; i++)
			doubt_item(&doubting, i);
		for (unsigned i = 0; i < catalogue->file->situations_count; i++)
			doubt_situation(&doubting, i);
		doubt_whistles(&doubting);
		doubt_permits(&doubting);
	}
	free(doubting.reaches);
	return err;
}
