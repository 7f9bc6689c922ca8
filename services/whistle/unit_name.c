#include "unit_name.h"

#include <stdio.h>
#include <string.h>

char *unit_name(char out[UNIT_NAME_TEXT], const struct org *org,
    const struct unit_code *code)
{
	const struct unit *unit = org ? org_unit(org, code) : NULL;
	if (code_is_empty(code))
		snprintf(out, UNIT_NAME_TEXT, "-");
	else if (unit)
		snprintf(out, UNIT_NAME_TEXT, "%s (%s)", unit->name, code->s);
	else
		snprintf(out, UNIT_NAME_TEXT, "%s", code->s);
	return out;
}

const struct unit *unit_meant(
    size_t *count_out, const struct org *org, const char *text)
{
	struct unit_code code;
	const struct unit *unit = NULL;
	*count_out = 0;
	if (code_set(&code, text) == 0)
		unit = org_unit(org, &code);
	if (unit) {
		*count_out = 1;
		return unit;
	}
	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *candidate = org_unit_at(org, i);
		if (strcmp(candidate->name, text) == 0) {
			unit = candidate;
			++*count_out;
		}
	}
	return *count_out == 1 ? unit : NULL;
}

const struct unit *unit_department(
    const struct org *org, const struct unit *from, const char *text)
{
	struct unit_code code;
	if (code_set(&code, text) == 0) {
		const struct unit *unit = org_unit(org, &code);
		return unit && unit->kind == UNIT_DEPARTMENT ? unit : NULL;
	}
	for (; from; from = from->parent) {
		const struct unit *unit = org_department(org, from, text);
		if (unit)
			return unit;
	}
	return NULL;
}
