/* The situations in which a whistle is blown. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

static void check_city_has(const struct making *making, unsigned index,
    const char *code, const char *field, const char *name)
{
	const struct named_list *known = &making->catalogue->departments;
	uint32_t at;

	/* a department that the catalogue does not know is told elsewhere */
	if (!table_get(&at, &known->by_code, name, strlen(name)) ||
	    table_get(&at, &making->hosts, name, strlen(name)))
		return;
	complain(making, "situations", index, field,
	    "%s: no unit of the city has the department %s; add one to "
	    "units.csv or name another",
	    code, SHOWN(name));
}

static void take_situation(struct situation *situation,
    const struct making *making, unsigned index,
    const struct situation_row *row)
{
	const struct catalogue *catalogue = making->catalogue;
	unsigned kind = WHISTLE_NONE;
	uint32_t at;

	if (row->zh[0] == '\0' || row->en[0] == '\0')
		complain(making, "situations", index, "code",
		    "%s has no name in zh or en; give it one", row->code);
	if (!table_get(
		&at, &catalogue->areas.by_code, row->area, strlen(row->area)))
		complain(making, "situations", index, "area",
		    "%s: area \"%s\" is not in areas; add it or correct it",
		    row->code, SHOWN(row->area));
	if (word_parse(&kind, WORD_WHISTLE, row->kind) != 0)
		complain(making, "situations", index, "kind",
		    "%s: kind \"%s\" is none of law, project, emergency",
		    row->code, SHOWN(row->kind));
	if (row->lead[0] == '\0')
		complain(making, "situations", index, "lead",
		    "%s: a whistle calls departments; name the lead",
		    row->code);
	check_departments(making, "situations", index, row->code, row->lead,
	    row->assist, row->assist_count);
	check_city_has(making, index, row->code, "lead", row->lead);
	for (unsigned i = 0; i < row->assist_count; i++)
		check_city_has(
		    making, index, row->code, "assist", row->assist[i]);
	*situation = (struct situation){ row->code, row->area, row->zh, row->en,
		(enum whistle_kind)kind,
		parse_colour(
		    making, "situations", index, row->code, row->colour),
		row->lead, (const char *const *)row->assist,
		row->assist_count };
}

int make_situations(const struct making *making)
{
	struct catalogue *catalogue = making->catalogue;
	unsigned count = catalogue->file->situations_count;

	if (count > SITUATIONS_MAX) {
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "situations"),
		    "%u situations; %d at most", count, SITUATIONS_MAX);
		return 0;
	}
	catalogue->situations =
	    calloc(count + 1U, sizeof(*catalogue->situations));
	if (catalogue->situations == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < count; i++) {
		const struct situation_row *row =
		    &catalogue->file->situations[i];
		bool is_fit;
		int err = take_code(&is_fit, &catalogue->situations_by_code,
		    making, "situations", i, row->code);

		if (err != 0)
			return err;
		if (is_fit)
			take_situation(
			    &catalogue->situations[i], making, i, row);
	}
	return 0;
}
