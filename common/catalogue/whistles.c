/* Who may blow which kind of whistle, where the catalogue says so. */
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

static void take_levels(const struct making *making, unsigned index,
    const struct whistle_row *row, uint32_t *levels_out)
{
	unsigned depth;

	if (row->levels_count == 0)
		complain(making, "whistles", index, "levels",
		    "%s: no level may blow it; name those that may, or leave "
		    "the kind out for all",
		    row->kind);
	for (unsigned i = 0; i < row->levels_count; i++) {
		if (org_level_depth(
			&depth, making->catalogue->org, row->levels[i]) == 0)
			*levels_out |= UINT32_C(1) << depth;
		else
			complain(making, "whistles", index, "levels",
			    "%s: no area has the level \"%s\"; use levels of "
			    "units.csv",
			    row->kind, SHOWN(row->levels[i]));
	}
}

static void take_roles(const struct making *making, unsigned index,
    const struct whistle_row *row, uint32_t *roles_out)
{
	unsigned role;

	for (unsigned i = 0; i < row->roles_count; i++) {
		if (word_parse(&role, WORD_ROLE, row->roles[i]) == 0 &&
		    role_may((enum role)role, VERB_WHISTLE))
			*roles_out |= UINT32_C(1) << role;
		else
			complain(making, "whistles", index, "roles",
			    "%s: \"%s\" is no role that may whistle; name "
			    "dispatcher or supervisor",
			    row->kind, SHOWN(row->roles[i]));
	}
}

void make_whistles(const struct making *making)
{
	struct catalogue *catalogue = making->catalogue;
	unsigned kind;

	for (unsigned i = 0; i < catalogue->file->whistles_count; i++) {
		const struct whistle_row *row = &catalogue->file->whistles[i];

		if (word_parse(&kind, WORD_WHISTLE, row->kind) != 0) {
			complain(making, "whistles", i, "kind",
			    "\"%s\" is none of law, project, emergency",
			    SHOWN(row->kind));
			continue;
		}
		if (catalogue->whistles[kind].is_said)
			complain(making, "whistles", i, "kind",
			    "%s stands twice; remove one", row->kind);
		catalogue->whistles[kind].is_said = true;
		take_levels(making, i, row, &catalogue->whistles[kind].levels);
		take_roles(making, i, row, &catalogue->whistles[kind].roles);
	}
}

bool catalogue_may_whistle(const struct catalogue *catalogue,
    enum whistle_kind kind, unsigned depth, enum role role)
{
	if ((unsigned)kind >= WHISTLE_COUNT ||
	    !catalogue->whistles[kind].is_said)
		return true;
	if (depth >= ORG_LEVELS_MAX ||
	    !(catalogue->whistles[kind].levels >> depth & 1))
		return false;
	return role == ROLE_NONE || catalogue->whistles[kind].roles == 0 ||
	       catalogue->whistles[kind].roles >> (unsigned)role & 1;
}
