/* How fast, by item and colour. Plain hours: the clock never stops. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "catalogue/inside.h"

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* An appeal: the item's times, shortened by a graver colour. */
static struct deadlines of_appeal(const struct catalogue *catalogue,
    const struct item *item, enum colour colour)
{
	struct deadlines times = { item->accept_ms, item->resolve_ms };

	if (colour > item->colour) {
		times.accept_by_ms = sooner(
		    times.accept_by_ms, catalogue->colours[colour].check_in_ms);
		times.resolve_by_ms = sooner(
		    times.resolve_by_ms, catalogue->colours[colour].resolve_ms);
	}
	return times;
}

/* A callout: the colour's times, but no later than its item. */
static struct deadlines of_callout(const struct catalogue *catalogue,
    const struct item *item, enum colour colour)
{
	struct deadlines times = { catalogue->colours[colour].check_in_ms,
		catalogue->colours[colour].resolve_ms };

	if (item != NULL)
		times.resolve_by_ms =
		    sooner(times.resolve_by_ms, item->resolve_ms);
	times.accept_by_ms = sooner(times.accept_by_ms, times.resolve_by_ms);
	return times;
}

struct deadlines catalogue_deadlines(const struct catalogue *catalogue,
    const struct item *item, enum kind kind, enum colour colour,
    int64_t from_ms)
{
	struct deadlines times = { 0, 0 };

	if ((unsigned)colour >= COLOUR_COUNT)
		colour = COLOUR_NONE;
	if (colour == COLOUR_NONE && item != NULL)
		colour = item->colour;
	if (kind == KIND_CALLOUT && colour != COLOUR_NONE)
		times = of_callout(catalogue, item, colour);
	else if (kind == KIND_APPEAL && item != NULL)
		times = of_appeal(catalogue, item, colour);
	if (times.resolve_by_ms == 0)
		return times;
	times.accept_by_ms += from_ms;
	times.resolve_by_ms += from_ms;
	return times;
}

/* Which of the two has the say over a time: what is no later wins. */
static void say_source(char *out, size_t size, const struct item *item,
    enum colour colour, bool is_by_colour)
{
	if (is_by_colour || item == NULL)
		snprintf(out, size, "colour %s",
		    word_name(WORD_COLOUR, (unsigned)colour));
	else
		snprintf(out, size, "item %s", item->code);
}

char *catalogue_deadline_rule(char text_out[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, const struct item *item, enum kind kind,
    enum colour colour, bool accept, bool resolve)
{
	struct deadlines times =
	    catalogue_deadlines(catalogue, item, kind, colour, 0);
	bool is_callout = kind == KIND_CALLOUT;
	char one[64], other[64], length[DURATION_TEXT], part[128];
	size_t len = 0;

	if (colour == COLOUR_NONE && item != NULL)
		colour = item->colour;
	say_source(one, sizeof(one), item, colour,
	    is_callout ||
		(item != NULL && times.accept_by_ms < item->accept_ms));
	say_source(other, sizeof(other), item, colour,
	    item == NULL || times.resolve_by_ms < item->resolve_ms);
	text_out[0] = '\0';
	if (accept) {
		snprintf(part, sizeof(part), "%s: %s %s", one,
		    is_callout ? "check in" : "accept",
		    duration_format(length, times.accept_by_ms));
		len =
		    (size_t)snprintf(text_out, DEADLINE_RULE_TEXT, "%s", part);
	}
	if (resolve) {
		bool is_same = accept && strcmp(one, other) == 0;

		duration_format(length, times.resolve_by_ms);
		snprintf(text_out + len, DEADLINE_RULE_TEXT - len,
		    "%s%s%sresolve %s", len ? is_same ? ", " : "; " : "",
		    is_same ? "" : other, is_same ? "" : ": ", length);
	}
	return text_out;
}
