/* How fast, by item and colour. Plain hours: the clock never stops. */
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
