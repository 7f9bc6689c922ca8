#include "doubts.h"

#include <string.h>
#include "lang.h"
#include "levels.h"

/* What areas of each depth may do, as the daemons of their levels have it. */
static void find_powers(
    uint64_t powers_out[ORG_LEVELS_MAX], const struct org *org)
{
	memset(powers_out, 0, ORG_LEVELS_MAX * sizeof(*powers_out));
	for (const struct level *const *level = whistle_levels; *level;
	     level++) {
		unsigned depth;
		if (org_level_depth(&depth, org, (*level)->level) == 0)
			powers_out[depth] = (*level)->powers;
	}
}

int doubts_find(struct report *report, const struct cli *cli, const char *dir)
{
	uint64_t powers[ORG_LEVELS_MAX];
	find_powers(powers, cli->org);
	return catalogue_doubts(report, cli->catalogue, dir, powers);
}

void doubts_print(const struct report *report)
{
	size_t count = report->count + report->dropped;
	for (size_t i = 0; i < report->count; i++) {
		const struct problem *problem = &report->problems[i];
		printf(_("warning: %s:%ld: %s\n"), problem->file, problem->line,
		    problem->text);
	}
	if (count > 0)
		printf(ngettext("%zu warning.\n", "%zu warnings.\n", count),
		    count);
}

json_t *doubts_json(const struct report *report)
{
	json_t *array = json_array();
	for (size_t i = 0; i < report->count; i++) {
		const struct problem *problem = &report->problems[i];
		json_array_append_new(array,
		    json_pack("{s:o,s:I,s:o}", "file", json_text(problem->file),
			"line", (json_int_t)problem->line, "text",
			json_text(problem->text)));
	}
	return array;
}
