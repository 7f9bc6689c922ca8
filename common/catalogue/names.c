/* Colours, and the lists of codes with names that others refer to. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

static void take_colour(const struct making *making, unsigned index)
{
	struct catalogue *catalogue = making->catalogue;
	const struct colour_row *row = &catalogue->file->colours[index];
	struct time_limit check_in, resolve;
	char when[TIME_TEXT];
	unsigned colour;

	if (word_parse(&colour, WORD_COLOUR, row->code) != 0) {
		complain(making, "colours", index, "code",
		    "colour \"%s\" is none of red, yellow, blue",
		    SHOWN(row->code));
		return;
	}
	if (row->zh[0] == '\0' || row->en[0] == '\0')
		complain(making, "colours", index, "code",
		    "colour %s has no name in zh or en; give it one",
		    row->code);
	check_in = parse_limit(
	    making, "colours", index, "check_in", row->code, row->check_in);
	resolve = parse_limit(
	    making, "colours", index, "resolve", row->code, row->resolve);
	if (catalogue->colours[colour].resolve.amount != 0)
		complain(making, "colours", index, "code",
		    "colour %s stands twice; remove one", row->code);
	if (!limits_keep_order(when, making, check_in, resolve))
		complain(making, "colours", index, "check_in",
		    "colour %s: check_in %s is after resolve %s%s; exchange "
		    "or correct them",
		    row->code, row->check_in, row->resolve, when);
	catalogue->colours[colour].check_in = check_in;
	catalogue->colours[colour].resolve = resolve;
}

/* Every colour is there, and a graver one is never slower. */
static void check_colours(const struct making *making)
{
	const struct catalogue *catalogue = making->catalogue;
	long line = yaml_line(catalogue->yaml, "colours");

	for (unsigned i = 1; i < COLOUR_COUNT; i++) {
		if (catalogue->colours[i].resolve.amount == 0) {
			report_add(making->report, making->path, line,
			    "colour %s is missing or has no times; add it",
			    word_name(WORD_COLOUR, i));
			return;
		}
	}
	for (unsigned i = 2; i < COLOUR_COUNT; i++) {
		char when[TIME_TEXT];

		if (limits_keep_order(when, making,
			catalogue->colours[i].check_in,
			catalogue->colours[i - 1].check_in) &&
		    limits_keep_order(when, making,
			catalogue->colours[i].resolve,
			catalogue->colours[i - 1].resolve))
			continue;
		report_add(making->report, making->path, line,
		    "colour %s is graver than %s but slower%s; shorten its "
		    "check_in or resolve",
		    word_name(WORD_COLOUR, i), word_name(WORD_COLOUR, i - 1),
		    when);
	}
}

int make_colours(const struct making *making)
{
	for (unsigned i = 0; i < making->catalogue->file->colours_count; i++)
		take_colour(making, i);
	check_colours(making);
	return 0;
}

static int take_named(struct named_list *list, const struct making *making,
    const char *key, const struct named_row *row, unsigned index)
{
	int err;

	list->of[index] = (struct named){ row->code, row->zh, row->en };
	if (!code_is_fit(row->code))
		complain(making, key, index, "code",
		    "\"%s\" cannot be a code: letters, digits, . _ and -, %d "
		    "at most",
		    SHOWN(row->code), ITEM_CODE_MAX - 1);
	if (row->zh[0] == '\0' || row->en[0] == '\0')
		complain(making, key, index, "code",
		    "%s has no name in zh or en; give it one",
		    SHOWN(row->code));
	err = table_put(&list->by_code, row->code, strlen(row->code), index);
	if (err != ERR_EXISTS)
		return err;
	complain(making, key, index, "code",
	    "%s stands twice in %s; remove one", SHOWN(row->code), key);
	return 0;
}

int make_named(struct named_list *list, const struct making *making,
    const char *key, const struct named_row *rows, unsigned count)
{
	if (count == 0 || count > NAMED_MAX) {
		report_add(making->report, making->path,
		    yaml_line(making->catalogue->yaml, "%s", key),
		    "%u %s; a catalogue has 1 to %d", count, key, NAMED_MAX);
		return 0;
	}
	list->of = calloc(count, sizeof(*list->of));
	if (list->of == NULL)
		return ERR_NOMEM;
	list->count = count;
	for (unsigned i = 0; i < count; i++) {
		int err = take_named(list, making, key, &rows[i], i);

		if (err != 0)
			return err;
	}
	return 0;
}
