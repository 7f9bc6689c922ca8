/* The items, each checked against the lists that it refers to, the levels
 * and the departments that the city has. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

static void check_city_has(const struct making *making, unsigned index,
    const struct item *item, const char *field, const char *name)
{
	uint32_t depth;

	if (!table_get(&depth, &making->hosts, name, strlen(name)) ||
	    depth > item->competent)
		complain(making, "items", index, field,
		    "%s: no unit at or above its competent level has the "
		    "department %s; add one to units.csv or name another",
		    item->code, SHOWN(name));
}

static void take_times(struct item *item, const struct making *making,
    unsigned index, const struct item_row *row)
{
	char when[TIME_TEXT];

	item->accept = parse_limit(
	    making, "items", index, "accept", item->code, row->accept);
	item->resolve = parse_limit(
	    making, "items", index, "resolve", item->code, row->resolve);
	if (!limits_keep_order(when, making, item->accept, item->resolve))
		complain(making, "items", index, "accept",
		    "%s: accept %s is after resolve %s%s; exchange or correct "
		    "them",
		    item->code, row->accept, row->resolve, when);
}

static void take_whistle(struct item *item, const struct making *making,
    unsigned index, const char *whistle)
{
	if (whistle == NULL)
		item->whistle = ITEM_WHISTLE_NO;
	else if (strcmp(whistle, "auto") == 0)
		item->whistle = ITEM_WHISTLE_AUTO;
	else if (strcmp(whistle, "ask") == 0)
		item->whistle = ITEM_WHISTLE_ASK;
	else
		complain(making, "items", index, "whistle",
		    "%s: whistle \"%s\" is none of auto, ask; leave it out "
		    "for no whistle",
		    item->code, SHOWN(whistle));
	if (item->whistle == ITEM_WHISTLE_NO)
		return;
	if (item->lead[0] == '\0')
		complain(making, "items", index, "whistle",
		    "%s: a whistle calls departments, but it has no lead; "
		    "name the lead or leave whistle out",
		    item->code);
	if (item->whistle == ITEM_WHISTLE_AUTO && item->immediate)
		complain(making, "items", index, "whistle",
		    "%s: immediate items are settled without a whistle; "
		    "leave out immediate or whistle",
		    item->code);
}

static void take_level(struct item *item, const struct making *making,
    unsigned index, const char *level)
{
	const struct catalogue *catalogue = making->catalogue;

	if (org_level_depth(&item->competent, catalogue->org, level) != 0) {
		complain(making, "items", index, "competent",
		    "%s: no area has the level \"%s\"; use a level of "
		    "units.csv",
		    item->code, SHOWN(level));
		return;
	}
	if (item->lead[0] != '\0')
		check_city_has(making, index, item, "lead", item->lead);
	for (size_t i = 0; i < item->assist_count; i++)
		check_city_has(making, index, item, "assist", item->assist[i]);
}

static void take_item(struct item *item, const struct making *making,
    unsigned index, const struct item_row *row)
{
	const struct catalogue *catalogue = making->catalogue;
	uint32_t at;

	*item = (struct item){
		.code = row->code,
		.zh = row->zh,
		.en = row->en,
		.domain = row->domain,
		.direct = row->direct,
		.immediate = row->immediate,
		.lead = row->lead == NULL ? "" : row->lead,
		.assist = (const char *const *)row->assist,
		.assist_count = row->assist_count,
	};
	if (row->zh[0] == '\0' || row->en[0] == '\0')
		complain(making, "items", index, "code",
		    "%s has no name in zh or en; give it one", item->code);
	if (!table_get(&at, &catalogue->domains.by_code, row->domain,
		strlen(row->domain)))
		complain(making, "items", index, "domain",
		    "%s: domain \"%s\" is not in domains; add it or correct "
		    "it",
		    item->code, SHOWN(row->domain));
	item->colour =
	    parse_colour(making, "items", index, item->code, row->colour);
	check_departments(making, "items", index, item->code, item->lead,
	    row->assist, row->assist_count);
	take_level(item, making, index, row->competent);
	take_whistle(item, making, index, row->whistle);
	take_times(item, making, index, row);
}

int make_items(const struct making *making)
{
	struct catalogue *catalogue = making->catalogue;
	unsigned count = catalogue->file->items_count;

	if (count == 0 || count > ITEMS_MAX) {
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "items"),
		    "%u items; a catalogue has 1 to %d", count, ITEMS_MAX);
		return 0;
	}
	catalogue->items = calloc(count, sizeof(*catalogue->items));
	if (catalogue->items == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < count; i++) {
		const struct item_row *row = &catalogue->file->items[i];
		bool is_fit;
		int err = take_code(&is_fit, &catalogue->items_by_code, making,
		    "items", i, row->code);

		if (err != 0)
			return err;
		if (is_fit)
			take_item(&catalogue->items[i], making, i, row);
	}
	return 0;
}
