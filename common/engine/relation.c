#include "engine/inside.h"

#include <string.h>

bool is_ours(const struct engine *engine, const struct unit_code *code)
{
	const struct unit *unit = org_unit(engine->config.org, code);

	return unit && unit->node == engine->self;
}

struct neighbour *neighbour_toward(
    const struct engine *engine, const struct unit *unit)
{
	return engine->toward[unit->node->index];
}

/* A unit's powers are those of the level that its node is. */
uint64_t powers_of(const struct engine *engine, const struct unit *unit)
{
	const struct level *const *level = engine->config.levels;

	for (; *level; level++)
		if (!strcmp((*level)->level, unit->node->level))
			return unit->kind == UNIT_DEPARTMENT
				   ? (*level)->department_powers
				   : (*level)->powers;
	return 0;
}

unsigned relation_of(const struct engine *engine, const struct ticket *ticket,
    const struct unit *unit)
{
	const struct unit *holder =
	    org_unit(engine->config.org, &ticket->holder);
	unsigned by = 0;

	if (code_equal(&ticket->holder, &unit->code))
		by |= BY_HOLDER;
	if (code_equal(&ticket->origin, &unit->code))
		by |= BY_ORIGIN;
	/* Nobody stands above the top: it is its own level above. */
	if (holder && unit_is_within(holder, unit) &&
	    (holder != unit || !unit->parent))
		by |= BY_ABOVE;
	if (ticket_stay(ticket, &unit->code))
		by |= BY_STAYED;
	return by;
}

enum target target_of(const struct engine *engine, const struct unit *unit,
    const struct unit_code *to)
{
	const struct unit *target = org_unit(engine->config.org, to);

	if (!target)
		return TARGET_NONE;
	if (target == unit)
		return TARGET_SELF;
	if (target == unit->parent)
		return TARGET_PARENT;
	if (target->kind == UNIT_DEPARTMENT)
		return unit_is_within(unit, target->parent) ? TARGET_DEPARTMENT
							    : TARGET_NONE;
	if (target->kind == UNIT_AREA && unit_is_within(target, unit))
		return TARGET_BELOW;
	return TARGET_NONE;
}

enum target ruled_target(const struct engine *engine, const struct unit *unit,
    const struct unit_code *to)
{
	const struct unit *target = org_unit(engine->config.org, to);

	if (!target || target == unit || !unit_is_within(target, unit))
		return TARGET_NONE;
	return target->kind == UNIT_DEPARTMENT ? TARGET_DEPARTMENT
	       : target->kind == UNIT_AREA     ? TARGET_BELOW
					       : TARGET_NONE;
}
