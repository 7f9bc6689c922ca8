#include "org/places.h"

#include <string.h>
#include "org/context.h"

enum { ONE_CHAR = 3 }; /* bytes of a Chinese character */

/* Does the text have the whole name, ending and all? */
static bool is_verbatim(const struct place *place, const struct name *name)
{
	size_t len = (size_t)(place->end - place->start);

	return name->full_len == len &&
	       memcmp(name->stem, place->start, len) == 0;
}

/* Of 燕矶居委会 and 燕矶社区, neighbours, 燕矶社区 is the latter. */
static bool is_shadowed(const struct place *place, const struct name *name)
{
	if (!place->is_verbatim || is_verbatim(place, name))
		return false;
	for (size_t i = 0; i < place->count; i++) {
		const struct name *other = &place->names[i];

		if (other->unit->parent == name->unit->parent &&
		    is_verbatim(place, other))
			return true;
	}
	return false;
}

const struct unit *place_next(size_t *at, const struct place *place)
{
	while (*at < place->count) {
		const struct name *name = &place->names[(*at)++];

		if (ending_fit(place->ending, name->ending) != place->fit ||
		    is_shadowed(place, name))
			continue;
		if (place->within == NULL ||
		    unit_is_within(name->unit, place->within))
			return name->unit;
	}
	return NULL;
}

bool place_covers(const struct place *place, const struct unit *unit)
{
	const struct unit *meant;

	for (size_t at = 0; (meant = place_next(&at, place)) != NULL;) {
		if (unit_is_within(unit, meant))
			return true;
	}
	return false;
}

bool place_kin_covers(const struct place *place, const struct unit *unit)
{
	const struct unit *meant;

	for (size_t at = 0; (meant = place_next(&at, place)) != NULL;) {
		for (size_t i = 0; i < place->count; i++) {
			const struct unit *kin = place->names[i].unit;

			if (kin->parent == meant->parent && kin != unit &&
			    unit_is_within(unit, kin))
				return true;
		}
	}
	return false;
}

const struct unit *unit_shared(const struct unit *a, const struct unit *b)
{
	if (a == NULL)
		return b;
	while (b != NULL && !unit_is_within(b, a))
		a = a->parent;
	return a;
}

const struct unit *place_shared(const struct place *place)
{
	const struct unit *shared = NULL;
	const struct unit *meant;

	for (size_t at = 0; (meant = place_next(&at, place)) != NULL;)
		shared = unit_shared(shared, meant);
	return shared;
}

const struct unit *place_only(const struct place *place)
{
	const struct unit *shared = place_shared(place);
	const struct unit *meant;

	for (size_t at = 0; (meant = place_next(&at, place)) != NULL;) {
		if (meant == shared)
			return shared;
	}
	return NULL;
}

static bool is_next_to(const struct place *left, const struct place *right)
{
	return context_is_gap(left->end, right->start);
}

/* Can `right` lie in `left`? */
static bool lies_in(const struct place *right, const struct place *left)
{
	const struct unit *meant;

	for (size_t at = 0; (meant = place_next(&at, right)) != NULL;) {
		if (meant->parent != NULL && place_covers(left, meant->parent))
			return true;
	}
	return false;
}

/* Can `left` be the very unit above `right`? */
static bool is_parent(const struct place *left, const struct place *right)
{
	const struct unit *above, *meant;

	for (size_t i = 0; (meant = place_next(&i, right)) != NULL;) {
		for (size_t j = 0; (above = place_next(&j, left)) != NULL;) {
			if (meant->parent == above)
				return true;
		}
	}
	return false;
}

/* Narrows the place to the units whose ending suits best the one after the
 * stem. */
static bool choose_fit(
    struct place *place, const char *stem_end, const char *end)
{
	static const enum fit order[] = { FIT_EXACT, FIT_NEAR };
	size_t len;

	place->ending = ending_at(&len, stem_end, end);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		size_t at = 0;

		place->fit = order[i];
		place->end = stem_end + len;
		if (place_next(&at, place) != NULL)
			return true;
	}
	/* The ending belongs to something else, or there is none. */
	for (enum fit fit = FIT_EXACT; fit >= FIT_BARE; fit--) {
		size_t at = 0;

		place->ending = ENDING_NONE;
		place->fit = fit;
		place->end = stem_end;
		if (place_next(&at, place) != NULL)
			return true;
	}
	return false;
}

/* The place that the stem of `len` bytes at `text` names. */
static bool read_stem(struct place *place, const struct address_index *index,
    const char *text, size_t len, const char *end)
{
	uint32_t first;
	size_t last;

	if (!table_get(&first, &index->stems, text, len))
		return false;
	last = first + 1;
	while (last < index->count && index->names[last].len == len &&
	       memcmp(index->names[last].stem, text, len) == 0)
		last++;
	*place = (struct place){
		.names = &index->names[first],
		.count = last - first,
		.start = text,
	};
	if (!choose_fit(place, text + len, end))
		return false;
	for (size_t i = 0; i < place->count; i++)
		place->is_verbatim |= is_verbatim(place, &place->names[i]);
	return true;
}

/* The stem whose ending suits best; of several, the longest. A long bare one
 * (志新村二号院) is not cut short for the sake of an ending (志新村). */
static bool read_place(struct place *place, const struct address_index *index,
    const char *text, const char *end)
{
	size_t head = chars_bytes(text, end, 2);
	bool is_found = false;
	uint32_t longest;

	if (head == 0 || !table_get(&longest, &index->heads, text, head))
		return false;
	if (longest > (size_t)(end - text))
		longest = (uint32_t)(end - text);
	for (size_t len = longest; len >= head; len--) {
		struct place shorter;

		if (!read_stem(&shorter, index, text, len, end))
			continue;
		if (!is_found ||
		    (shorter.fit > place->fit &&
			(place->fit != FIT_BARE || shorter.end >= place->end)))
			*place = shorter;
		is_found = true;
	}
	return is_found;
}

/* Does a name with an ending stand by itself? 滨湖花园社区 is no 花园社区. */
static enum strength grade(
    const struct place *place, bool is_left_open, bool is_right_open)
{
	const struct name *name = place->names;
	bool is_bare_cun =
	    place->ending == ENDING_CUN &&
	    (size_t)(place->end - place->start) - name->len <= ONE_CHAR;
	bool is_short = chars_bytes(name->stem, name->stem + name->len, 3) == 0;

	if (place->fit == FIT_BARE)
		return PLACE_WEAK;
	if (place->fit == FIT_NEAR)
		return PLACE_LOOSE;
	if (is_short && !is_left_open && ending_is_common(place->ending))
		return PLACE_LOOSE;
	if (is_bare_cun && !place->is_linked && !is_right_open &&
	    stem_is_before_cun(name->stem, name->len))
		return PLACE_LOOSE;
	return PLACE_STRONG;
}

/* Is a bare stem more than a part of some other word? */
static bool weak_counts(const struct place *place, const struct place *left,
    bool is_left_open, bool is_right_open)
{
	if (!is_left_open || !is_right_open)
		return false;
	return !stem_is_word(place->names->stem, place->names->len) ||
	       (place->is_linked && is_parent(left, place));
}

/* Decides how far the place counts, between its neighbours in the text
 * (NULL: none). False for a bare stem that is part of some other word. */
static bool grade_place(struct place *place, const struct place *left,
    const struct place *right, const char *text, const char *end)
{
	bool is_closed = context_closes(place->end, end);
	bool is_open = context_opens(text, place->start);

	place->is_linked =
	    left != NULL && is_next_to(left, place) && lies_in(place, left);
	place->is_located = context_is_of_place(place->end, end);
	is_open |=
	    place->is_linked || (left != NULL && left->end == place->start &&
				    left->fit != FIT_BARE);
	place->strength = grade(place, is_open, is_closed);
	return place->strength > PLACE_WEAK ||
	       (right != NULL && is_next_to(place, right) &&
		   lies_in(right, place)) ||
	       weak_counts(place, left, is_open, is_closed);
}

static void grade_places(
    struct places *places, const char *text, const char *end)
{
	size_t kept = 0;

	for (size_t i = 0; i < places->count; i++) {
		struct place place = places->of[i];
		const struct place *left = i > 0 ? &places->of[i - 1] : NULL;
		const struct place *right =
		    i + 1 < places->count ? &places->of[i + 1] : NULL;

		if (grade_place(&place, left, right, text, end))
			places->of[kept++] = place;
	}
	places->count = kept;
}

/* Only after all has been read, so that no part of a name that lies outside
 * is taken for a name inside. */
static void keep_within(struct places *places, const struct unit *within)
{
	size_t kept = 0;

	for (size_t i = 0; i < places->count; i++) {
		struct place place = places->of[i];
		size_t at = 0;

		place.within = within;
		if (place_next(&at, &place) != NULL)
			places->of[kept++] = place;
	}
	places->count = kept;
}

/*
 * The place at `text`. A bare one gives way to one with an ending that
 * begins within it: 一下杨叶社区 speaks of 杨叶社区 and not of 下杨.
 */
static bool read_next(struct place *place, const struct address_index *index,
    const char *text, const char *end)
{
	struct place other;

	if (!read_place(place, index, text, end))
		return false;
	if (place->fit != FIT_BARE)
		return true;
	for (const char *at = text + char_bytes(text, end); at < place->end;
	     at += char_bytes(at, end)) {
		if (read_place(&other, index, at, end) &&
		    other.fit >= FIT_NEAR && other.end > place->end) {
			*place = other;
			return true;
		}
	}
	return true;
}

void places_scan(struct places *places_out, const struct address_index *index,
    const char *text, size_t len, const struct unit *within)
{
	const char *end = text + len;
	const char *at = text;

	places_out->count = 0;
	while (at < end && places_out->count < PLACES_MAX) {
		struct place *place = &places_out->of[places_out->count];

		if (read_next(place, index, at, end)) {
			at = place->end;
			places_out->count++;
		} else {
			at += char_bytes(at, end);
		}
	}
	grade_places(places_out, text, end);
	if (within != NULL)
		keep_within(places_out, within);
}
