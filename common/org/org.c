/* Loading a city as a whole, and every question that is asked of it. */
#include "org/org.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "org/city.h"

enum { FILE_UNITS, FILE_NODES, FILE_OPERATORS, FILE_COUNT };

static const char *const file_names[FILE_COUNT] = {
	[FILE_UNITS] = "units.csv",
	[FILE_NODES] = "nodes.yaml",
	[FILE_OPERATORS] = "operators.csv",
};

struct paths {
	char of[FILE_COUNT][CITY_PATH_MAX];
};

static int make_paths(
    struct paths *paths, struct report *report, const char *dir)
{
	for (size_t i = 0; i < FILE_COUNT; i++) {
		int len = snprintf(
		    paths->of[i], CITY_PATH_MAX, "%s/%s", dir, file_names[i]);

		if (len < 0 || len >= CITY_PATH_MAX) {
			report_add(report, dir, 0,
			    "the folder's path is longer than %d bytes; move "
			    "the city",
			    CITY_PATH_MAX);
			return ERR_INVALID;
		}
	}
	return 0;
}

int org_people_load(struct people **people_out, struct report *report,
    const char *dir, const struct org *org, unsigned flags)
{
	struct people *people = calloc(1, sizeof(*people));
	size_t before = city_problems(report);
	struct paths paths;
	int err = people == NULL ? ERR_NOMEM : 0;

	if (err == 0)
		err = arena_open(&people->arena, CITY_TEXTS_MAX);
	if (err == 0)
		err = make_paths(&paths, report, dir);
	if (err == 0)
		err = operators_read(
		    people, org, report, paths.of[FILE_OPERATORS], flags);
	if (err == 0 && city_problems(report) > before)
		err = ERR_INVALID;
	if (err != 0)
		org_people_close(&people);
	else
		*people_out = people;
	return err;
}

void org_people_close(struct people **people_inout)
{
	struct people *people = *people_inout;

	if (people == NULL)
		return;
	table_free(&people->by_name);
	table_free(&people->by_key);
	free(people->of);
	arena_close(&people->arena);
	free(people);
	*people_inout = NULL;
}

void org_people_take(struct org *org, struct people **people)
{
	org_people_close(&org->people);
	org->people = *people;
	*people = NULL;
}

/* Each file is read even if one before it has problems, so that one run
 * shows them all; what links them is checked only between sound ones. */
static int read_city(struct org *org, struct report *report, const char *dir,
    const struct paths *paths, unsigned flags)
{
	size_t before = city_problems(report);
	int err;

	err = units_read(org, report, paths->of[FILE_UNITS]);
	if (err == 0)
		err = nodes_read(org, report, paths->of[FILE_NODES], flags,
		    city_problems(report) == before);
	if (err == 0)
		err = org_people_load(&org->people, report, dir, org, flags);
	if (err != 0)
		return err;
	return city_problems(report) == before ? 0 : ERR_INVALID;
}

int org_load(struct org **org_out, struct report *report, const char *dir,
    unsigned flags)
{
	struct paths paths;
	struct org *org;
	int err;

	err = make_paths(&paths, report, dir);
	if (err != 0)
		return err;
	org = calloc(1, sizeof(*org));
	if (org == NULL)
		return ERR_NOMEM;
	err = arena_open(&org->arena, CITY_TEXTS_MAX);
	if (err == 0)
		err = read_city(org, report, dir, &paths, flags);
	if (err != 0) {
		org_close(&org);
		return err;
	}
	*org_out = org;
	return 0;
}

void org_close(struct org **org_inout)
{
	struct org *org = *org_inout;

	if (org == NULL)
		return;
	table_free(&org->by_code);
	table_free(&org->by_node_name);
	table_free(&org->by_key);
	table_free(&org->by_endpoint);
	free(org->units);
	free(org->nodes);
	org_people_close(&org->people);
	org_keys_close(&org->keys);
	arena_close(&org->arena);
	free(org);
	*org_inout = NULL;
}

const struct unit *org_unit(const struct org *org, const struct unit_code *code)
{
	uint32_t at;

	if (!table_get(
		&at, &org->by_code, code->s, strnlen(code->s, sizeof(code->s))))
		return NULL;
	return &org->units[at];
}

const struct node *org_node(const struct org *org, const char *name)
{
	uint32_t at;

	if (!table_get(&at, &org->by_node_name, name, strlen(name)))
		return NULL;
	return &org->nodes[at];
}

const struct operator* org_operator(const struct org *org, const char *name)
{
	uint32_t at;

	if (!table_get(&at, &org->people->by_name, name, strlen(name)))
		return NULL;
	return &org->people->of[at];
}

void org_who(const struct node **node_out, const struct operator** operator_out,
    const struct org *org, const char *public_key)
{
	const struct people *people = org->people;
	size_t len = strlen(public_key);
	uint32_t at;

	*node_out = NULL;
	*operator_out = NULL;
	if (table_get(&at, &org->by_key, public_key, len))
		*node_out = &org->nodes[at];
	else if (table_get(&at, &people->by_key, public_key, len))
		*operator_out = &people->of[at];
}

const char *org_city_name(const struct org *org)
{
	return org->city_name;
}

unsigned org_speaks(const struct org *org)
{
	return org->speaks;
}

size_t org_unit_count(const struct org *org)
{
	return org->unit_count;
}

const struct unit *org_unit_at(const struct org *org, size_t index)
{
	return index < org->unit_count ? &org->units[index] : NULL;
}

size_t org_node_count(const struct org *org)
{
	return org->node_count;
}

const struct node *org_node_at(const struct org *org, size_t index)
{
	return index < org->node_count ? &org->nodes[index] : NULL;
}

size_t org_operator_count(const struct org *org)
{
	return org->people->count;
}

const struct operator* org_operator_at(const struct org *org, size_t index)
{
	return index < org->people->count ? &org->people->of[index] : NULL;
}

int org_level_depth(
    unsigned *depth_out, const struct org *org, const char *level)
{
	for (unsigned i = 0; i < org->level_count; i++) {
		if (strcmp(org->levels[i], level) == 0) {
			*depth_out = i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

bool unit_is_within(const struct unit *below, const struct unit *above)
{
	return above->first <= below->first && below->first <= above->last;
}

const struct unit *unit_at_depth(const struct unit *unit, unsigned depth)
{
	if (unit->depth < depth)
		return NULL;
	while (unit->depth > depth)
		unit = unit->parent;
	return unit;
}

const struct unit *org_department(
    const struct org *org, const struct unit *host, const char *short_name)
{
	struct unit_code code = { "" };
	const struct unit *unit;
	int len =
	    snprintf(code.s, sizeof(code.s), "%s-%s", host->code.s, short_name);

	if (len < 0 || len >= (int)sizeof(code.s))
		return NULL;
	unit = org_unit(org, &code);
	return unit != NULL && unit->kind == UNIT_DEPARTMENT ? unit : NULL;
}

bool node_is_within(const struct node *below, const struct node *above)
{
	return above->first <= below->first && below->first <= above->last;
}

const struct node *node_toward(
    const struct node *self, const struct node *target)
{
	if (target == self)
		return NULL;
	if (!node_is_within(target, self))
		return self->parent;
	while (target->parent != self)
		target = target->parent;
	return target;
}
