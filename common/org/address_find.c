/*
 * Which of the places that a text names is meant. The strong ones decide:
 * the deepest unit that each of them is, or holds. Then loose and weak ones
 * may lead further down, where they agree; alone they count only in an
 * address.
 */
#include <string.h>
#include "base/bytes.h"
#include "org/places.h"

/* What is known so far: `unit`, or nothing but that the place is within
 * `hint`. */
struct finding {
	const struct unit *unit;
	const struct unit *hint;
	bool is_torn; /* the text contradicts itself: go no further */
};

/* Do all places from `least` strength up say `unit` or an area above it? */
static bool agrees(
    const struct unit *unit, const struct places *places, enum strength least)
{
	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->of[i];

		if (place->strength >= least && !place_covers(place, unit) &&
		    !place_kin_covers(place, unit))
			return false;
	}
	return true;
}

/*
 * The deepest units that agree with all places of `least` strength and up:
 * the only one in *unit_out, else NULL there and the number of them is
 * returned. *shared_out is the unit that all of them lie in.
 */
static size_t deepest(const struct unit **unit_out,
    const struct unit **shared_out, const struct places *places,
    enum strength least)
{
	const struct unit *best = NULL;
	size_t count = 0;

	*shared_out = NULL;
	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->of[i];
		const struct unit *unit;

		if (place->strength < PLACE_STRONG)
			continue;
		for (size_t at = 0; (unit = place_next(&at, place)) != NULL;) {
			if (!agrees(unit, places, least) || unit == best ||
			    (best != NULL && unit->depth < best->depth))
				continue;
			if (best == NULL || unit->depth > best->depth) {
				*shared_out = NULL;
				count = 0;
			}
			best = unit;
			count++;
			*shared_out = unit_shared(*shared_out, unit);
		}
	}
	*unit_out = count == 1 ? best : NULL;
	return count;
}

/* What the strong places say, the others deciding between equal names. */
static struct finding by_strong(const struct places *places)
{
	struct finding finding = { NULL, NULL, false };
	const struct unit *shared;
	bool is_any = false;
	size_t count =
	    deepest(&finding.unit, &finding.hint, places, PLACE_STRONG);

	if (finding.unit != NULL)
		return finding;
	if (count > 1) {
		deepest(&finding.unit, &shared, places, PLACE_WEAK);
		return finding;
	}
	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->of[i];

		if (place->strength < PLACE_STRONG)
			continue;
		is_any = true;
		finding.hint = unit_shared(finding.hint, place_shared(place));
	}
	finding.is_torn = is_any;
	return finding;
}

/* The unit below `above` (NULL: anywhere) that the place can only be. */
static const struct unit *only_below(
    const struct place *place, const struct unit *above)
{
	struct place inside = *place;
	const struct unit *unit;

	if (above != NULL)
		inside.within = above;
	unit = place_only(&inside);
	return unit == above ? NULL : unit;
}

/* A bare stem in a text counts right after the area that it lies in, or
 * when it is long enough to be nothing but a name and is spoken of as a place:
 * 月畔湾这边. */
static bool may_lead(
    const struct place *place, const struct unit *known, bool is_address)
{
	if (place->strength == PLACE_STRONG)
		return false;
	if (is_address)
		return true;
	if (place->strength == PLACE_LOOSE)
		return known != NULL;
	return place->is_linked ||
	       (place->is_located && ending_is_common(place->names->ending) &&
		   chars_bytes(place->start, place->end, 3) > 0);
}

/*
 * Goes down from what is known by the places that are not strong. Alone
 * they count in an address; in a text only a loose one that agrees with a
 * known area, or some bare stems.
 */
static void go_down(struct finding *finding, const struct places *places,
    const struct unit *known, bool is_address)
{
	const struct unit *found = NULL;
	const struct unit *hint = NULL; /* of what does not count */

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->of[i];
		const struct unit *unit;

		if (!may_lead(place, known, is_address)) {
			hint = unit_shared(hint, place_shared(place));
			continue;
		}
		unit = only_below(place, known);
		if (unit == NULL || found == unit ||
		    (found != NULL && unit_is_within(found, unit)))
			continue;
		if (found != NULL && !unit_is_within(unit, found)) {
			finding->hint = unit_shared(found, unit);
			return;
		}
		found = unit;
	}
	if (found != NULL)
		finding->unit = found;
	else if (finding->hint == NULL && known == NULL)
		finding->hint = hint;
}

/* The number of the one numbered 网格 that the text names; 0 when it names
 * none, or two. */
static unsigned part_named(const char *text, size_t len)
{
	const char *end = text + len;
	unsigned found = 0;

	for (const char *at = text; at < end;) {
		size_t bytes;
		unsigned number = numbered_part(&bytes, at, end);

		if (number != 0 && found != 0 && found != number)
			return 0;
		if (number != 0)
			found = number;
		at += number != 0 ? bytes : char_bytes(at, end);
	}
	return found;
}

/* The child of `unit` of that number; `unit` when it has none. */
static const struct unit *part_of(
    const struct address_index *index, const struct unit *unit, unsigned number)
{
	for (unsigned i = unit->first + 1; i <= unit->last; i++) {
		const struct unit *child = org_unit_at(index->org, i);
		size_t len = strlen(child->name);
		size_t bytes;

		if (child->parent == unit && child->kind == UNIT_AREA &&
		    numbered_part(&bytes, child->name, child->name + len) ==
			number &&
		    bytes == len)
			return child;
	}
	return unit;
}

static struct finding find_in(const struct address_index *index,
    const char *text, const struct unit *within, bool is_address)
{
	size_t len = text_cut(text, ADDRESS_READ_MAX);
	struct places places;
	struct finding finding;
	const struct unit *known;
	unsigned part;

	places_scan(&places, index, text, len, within);
	finding = by_strong(&places);
	if (finding.is_torn)
		return finding;
	/* The root says nothing about where in the city it is. */
	known = finding.unit != NULL ? finding.unit : finding.hint;
	if (known == NULL && within != NULL && within->depth > 0)
		known = within;
	if (known != NULL && known->depth == 0)
		known = NULL;
	go_down(&finding, &places, known, is_address);
	known = finding.unit != NULL ? finding.unit : within;
	part = known == NULL ? 0 : part_named(text, len);
	if (part != 0 && part_of(index, known, part) != known)
		finding.unit = part_of(index, known, part);
	return finding;
}

const struct unit *address_find(const struct unit **hint_out,
    const struct address_index *index, const char *address, const char *text,
    const struct unit *within)
{
	struct finding first = find_in(index, address, within, true);
	struct finding second;
	const struct unit *inside = within;

	if (first.unit != NULL)
		inside = first.unit;
	else if (first.hint != NULL)
		inside = first.hint;
	/* The text may go on from where the address ends, never elsewhere. */
	second = find_in(index, text, inside, false);
	if (second.unit == NULL)
		second.unit = first.unit;
	if (second.hint == NULL)
		second.hint = first.hint;
	if (hint_out != NULL)
		*hint_out = second.unit != NULL ? second.unit : second.hint;
	return second.unit;
}
