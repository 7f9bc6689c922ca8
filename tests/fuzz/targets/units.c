/* A city's units.csv: the rows, and the tree that they make. */
#include <stdlib.h>
#include "base/err.h"
#include "fuzz.h"
#include "org/city.h"

static void check_tree(const struct org *org)
{
	promise(org->unit_count > 0 && org->level_count > 0);
	for (size_t i = 0; i < org->unit_count; i++) {
		const struct unit *unit = &org->units[i];

		promise(unit->first == i && unit->last < org->unit_count);
		promise((unit->parent == NULL) == (i == 0));
		promise(!unit->parent || unit_is_within(unit, unit->parent));
		promise(org_unit(org, &unit->code) == unit);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report report = { 0 };
	struct org *org = calloc(1, sizeof(*org));

	promise(org && arena_open(&org->arena, CITY_TEXTS_MAX) == 0);
	promise(units_read(org, &report, fuzz_file(data, size)) == 0);
	if (city_problems(&report) == 0)
		check_tree(org);
	org_close(&org);
	report_free(&report);
	return 0;
}
