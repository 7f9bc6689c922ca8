/* Loading a catalogue as a whole, and every plain question asked of it. */
#include "catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

enum { CATALOGUE_PATH_MAX = 4096 };

static size_t problems(const struct report *report)
{
	return report->count + report->dropped;
}

static void check_head(const struct making *making)
{
	const struct catalogue *catalogue = making->catalogue;
	const struct catalogue_file *file = catalogue->file;

	if (file->version != CATALOGUE_VERSION)
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "version"),
		    "version %u of the format is not known; this program "
		    "reads %d",
		    file->version, CATALOGUE_VERSION);
	if (file->name[0] == '\0')
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "name"),
		    "the catalogue has no name; give it one");
	if (file->returns > RETURNS_MAX)
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "returns"),
		    "%u returns; at most %d, so that a ticket is settled one "
		    "day",
		    file->returns, RETURNS_MAX);
}

static void take_limits(const struct making *making)
{
	struct catalogue *catalogue = making->catalogue;
	const struct catalogue_file *file = catalogue->file;

	catalogue->extensions =
	    file->extensions ? *file->extensions : EXTENSIONS_DEFAULT;
	catalogue->extend = (struct time_limit){ 3, TIME_LIMIT_DAY };
	if (catalogue->extensions > EXTENSIONS_MAX)
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "extensions"),
		    "%u extensions; at most %d, so that a ticket is settled "
		    "one day",
		    catalogue->extensions, EXTENSIONS_MAX);
	parse_head_limit(&catalogue->extend, making, "extend", file->extend);
	parse_head_limit(&catalogue->return_window, making, "return_window",
	    file->return_window);
	parse_head_limit(&catalogue->resident_wait, making, "resident_wait",
	    file->resident_wait);
	catalogue->silent_after =
	    (struct time_limit){ SILENT_AFTER_MS / 1000, TIME_LIMIT_SECOND };
	parse_head_limit(&catalogue->silent_after, making, "silent_after",
	    file->silent_after);
	parse_head_limit(
	    &catalogue->fence_after, making, "fence_after", file->fence_after);
	parse_head_limit(&catalogue->contacts_kept, making, "contacts_kept",
	    file->contacts_kept);
}

/* Which departments there are, and how high up the highest of a name. */
static int find_hosts(struct making *making)
{
	const struct org *org = making->catalogue->org;

	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);
		const char *name = strchr(unit->code.s, '-');
		uint32_t *depth;
		int err;

		if (unit->kind != UNIT_DEPARTMENT || name == NULL)
			continue;
		name++;
		depth = table_value(&making->hosts, name, strlen(name));
		if (depth != NULL) {
			if (*depth > unit->parent->depth)
				*depth = unit->parent->depth;
			continue;
		}
		err = table_put(
		    &making->hosts, name, strlen(name), unit->parent->depth);
		if (err != 0)
			return err;
	}
	return 0;
}

/* A calendar that is wrong is reported, and no reason to complain of what
 * refers to it. */
static int make_calendar(struct making *making, const char *dir)
{
	int err =
	    calendar_load(&making->catalogue->calendar, making->report, dir);

	making->has_calendar = err != ERR_NOT_FOUND;
	return err == ERR_NOT_FOUND || err == ERR_INVALID ? 0 : err;
}

static int make_all(struct making *making, const char *dir)
{
	struct catalogue *catalogue = making->catalogue;
	const struct catalogue_file *file = catalogue->file;
	int err = find_hosts(making);

	check_head(making);
	if (err == 0)
		err = make_calendar(making, dir);
	if (err == 0)
		take_limits(making);
	if (err == 0)
		make_score(making);
	if (err == 0)
		err = make_colours(making);
	if (err == 0)
		err = make_named(&catalogue->domains, making, "domains",
		    file->domains, file->domains_count);
	if (err == 0)
		err = make_named(&catalogue->departments, making, "departments",
		    file->departments, file->departments_count);
	if (err == 0 && file->situations_count > 0)
		err = make_named(&catalogue->areas, making, "areas",
		    file->areas, file->areas_count);
	if (err == 0)
		err = make_items(making);
	if (err == 0)
		err = make_situations(making);
	if (err == 0)
		make_whistles(making);
	if (err == 0)
		err = make_keywords(making);
	return err;
}

static int read_catalogue(struct catalogue *catalogue, struct report *report,
    const char *path, const char *dir)
{
	struct making making = {
		.catalogue = catalogue, .report = report, .path = path
	};
	size_t before = problems(report);
	void *file = NULL;
	int err;

	err =
	    yaml_open(&catalogue->yaml, &file, report, path, &catalogue_schema);
	if (err != 0)
		return err;
	catalogue->file = file;
	err = make_all(&making, dir);
	table_free(&making.hosts);
	if (err != 0)
		return err;
	return problems(report) == before ? 0 : ERR_INVALID;
}

int catalogue_load(struct catalogue **catalogue_out, struct report *report,
    const char *dir, const struct org *org)
{
	char path[CATALOGUE_PATH_MAX];
	struct catalogue *catalogue;
	int len = snprintf(path, sizeof(path), "%s/catalogue.yaml", dir);
	int err;

	if (len < 0 || len >= (int)sizeof(path)) {
		report_add(report, dir, 0,
		    "the folder's path is longer than %d bytes; move the city",
		    CATALOGUE_PATH_MAX);
		return ERR_INVALID;
	}
	if (org == NULL) {
		report_add(report, path, 0,
		    "cannot be checked without the city's units; correct "
		    "those first");
		return ERR_INVALID;
	}
	catalogue = calloc(1, sizeof(*catalogue));
	if (catalogue == NULL)
		return ERR_NOMEM;
	catalogue->org = org;
	err = read_catalogue(catalogue, report, path, dir);
	if (err != 0) {
		catalogue_close(&catalogue);
		return err;
	}
	*catalogue_out = catalogue;
	return 0;
}

static void free_list(struct named_list *list)
{
	table_free(&list->by_code);
	free(list->of);
}

void catalogue_close(struct catalogue **catalogue_inout)
{
	struct catalogue *catalogue = *catalogue_inout;

	if (catalogue == NULL)
		return;
	keywords_free(&catalogue->keywords);
	free_list(&catalogue->domains);
	free_list(&catalogue->departments);
	free_list(&catalogue->areas);
	table_free(&catalogue->items_by_code);
	table_free(&catalogue->situations_by_code);
	free(catalogue->items);
	free(catalogue->situations);
	calendar_close(&catalogue->calendar);
	yaml_close(&catalogue->yaml);
	free(catalogue);
	*catalogue_inout = NULL;
}

const struct item *catalogue_item(
    const struct catalogue *catalogue, const char *code)
{
	uint32_t at;

	if (!table_get(&at, &catalogue->items_by_code, code, strlen(code)))
		return NULL;
	return &catalogue->items[at];
}

const struct situation *catalogue_situation(
    const struct catalogue *catalogue, const char *code)
{
	uint32_t at;

	if (!table_get(&at, &catalogue->situations_by_code, code, strlen(code)))
		return NULL;
	return &catalogue->situations[at];
}

size_t catalogue_item_count(const struct catalogue *catalogue)
{
	return catalogue->file->items_count;
}

const struct item *catalogue_item_at(
    const struct catalogue *catalogue, size_t index)
{
	return index < catalogue->file->items_count ? &catalogue->items[index]
						    : NULL;
}

size_t catalogue_situation_count(const struct catalogue *catalogue)
{
	return catalogue->file->situations_count;
}

const struct situation *catalogue_situation_at(
    const struct catalogue *catalogue, size_t index)
{
	return index < catalogue->file->situations_count
		   ? &catalogue->situations[index]
		   : NULL;
}

static const struct named *find_named(
    const struct named_list *list, const char *code)
{
	uint32_t at;

	if (!table_get(&at, &list->by_code, code, strlen(code)))
		return NULL;
	return &list->of[at];
}

const struct named *catalogue_domain(
    const struct catalogue *catalogue, const char *code)
{
	return find_named(&catalogue->domains, code);
}

size_t catalogue_domain_count(const struct catalogue *catalogue)
{
	return catalogue->domains.count;
}

const struct named *catalogue_domain_at(
    const struct catalogue *catalogue, size_t index)
{
	return index < catalogue->domains.count ? &catalogue->domains.of[index]
						: NULL;
}

const struct named *catalogue_department(
    const struct catalogue *catalogue, const char *code)
{
	return find_named(&catalogue->departments, code);
}

const struct named *catalogue_area(
    const struct catalogue *catalogue, const char *code)
{
	return find_named(&catalogue->areas, code);
}

const char *catalogue_name(const struct catalogue *catalogue)
{
	return catalogue->file->name;
}

unsigned catalogue_extensions_max(const struct catalogue *catalogue)
{
	return catalogue->extensions;
}

struct time_limit catalogue_extend(const struct catalogue *catalogue)
{
	return catalogue->extend;
}

struct time_limit catalogue_resident_wait(const struct catalogue *catalogue)
{
	return catalogue->resident_wait;
}

int64_t catalogue_silent_at(const struct catalogue *catalogue, int64_t heard_ms)
{
	return catalogue_after(catalogue, catalogue->silent_after, heard_ms);
}

int64_t catalogue_fence_at(const struct catalogue *catalogue, int64_t asked_ms)
{
	return catalogue_after(catalogue, catalogue->fence_after, asked_ms);
}

struct time_limit catalogue_contacts_kept(const struct catalogue *catalogue)
{
	return catalogue->contacts_kept;
}

struct time_limit catalogue_return_window(const struct catalogue *catalogue)
{
	return catalogue->return_window;
}

unsigned catalogue_returns_max(const struct catalogue *catalogue)
{
	return catalogue->file->returns;
}

const struct calendar *catalogue_calendar(const struct catalogue *catalogue)
{
	return catalogue->calendar;
}
