#include "org/places.h"

#include <string.h>

enum { ONE_CHAR = 3 }; /* bytes of a Chinese character */

/* What may stand right before a name, and right after a bare one. */
static const char before_name[] = "在住是到去往于从由来和与及或对向请让找给跟我"
				  "们咱家近址映诉望的离经过属归叫有"
				  "路道街巷号处边旁面说问约至位即放";
static const char after_bare[] =
    "组队湾塆的附旁边门内里这那有口号在一二三四五六七八九十和与及、";

static const char after_located[] =
    "这那边附旁周内里组队栋号一二三四五六七八九十";

/* Does the text have the whole name, ending and all? */
static bool is_verbatim(const struct place *place, const struct name *name)
{
	size_t len = (size_t)(place->end - place->start);

	return name->full_len == len &&
	       memcmp(name->stem, place->start, len) == 0;
}

/* Of 燕矶居委会 and 燕矶社区, both in one town, 燕矶社区 is the latter. */
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

/* Is the character before `end` / at `text` one of `list`? */
static bool is_in(const char *list, const char *text, size_t len)
{
	const char *end = list + strlen(list);

	for (const char *at = list; at < end; at += char_bytes(at, end)) {
		if (char_bytes(at, end) == len && memcmp(at, text, len) == 0)
			return true;
	}
	return false;
}

/* Not a letter: ASCII but A-Z, or CJK and wide punctuation and digits. */
static bool is_separator(const char *text, size_t len)
{
	unsigned char first = (unsigned char)text[0];

	if (len == 1)
		return !((first | 32) >= 'a' && (first | 32) <= 'z');
	return len == 3 && (memcmp(text, "\xe3\x80", 2) == 0 ||
			       memcmp(text, "\xef\xbc", 2) == 0 ||
			       memcmp(text, "\xe2\x80", 2) == 0);
}

static size_t previous_char(const char *text, const char *start)
{
	const char *at = text;

	do {
		at--;
	} while (at > start && ((unsigned char)*at & 0xc0) == 0x80);
	return (size_t)(text - at);
}

static bool stands_left(const struct place *place, const char *text)
{
	size_t len;

	if (place->start == text)
		return true;
	len = previous_char(place->start, text);
	return is_separator(place->start - len, len) ||
	       is_in(before_name, place->start - len, len);
}

static bool stands_right(const struct place *place, const char *end)
{
	size_t len;

	if (place->end == end)
		return true;
	len = char_bytes(place->end, end);
	return is_separator(place->end, len) ||
	       is_in(after_bare, place->end, len);
}

static bool is_located(const struct place *place, const char *end)
{
	if (place->end == end)
		return false;
	return (*place->end >= '0' && *place->end <= '9') ||
	       is_in(after_located, place->end, char_bytes(place->end, end));
}

/* Only separators, or nothing, between the two. */
static bool is_next_to(const struct place *left, const struct place *right)
{
	const char *at = left->end;

	while (at < right->start) {
		size_t len = char_bytes(at, right->start);

		if (!is_separator(at, len) || (*at >= '0' && *at <= '9'))
			return false;
		at += len;
	}
	return true;
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
static enum strength grade(const struct place *place, bool is_left_open)
{
	const struct name *name = place->names;
	bool is_bare_village =
	    place->ending == ENDING_VILLAGE &&
	    (size_t)(place->end - place->start) - name->len <= ONE_CHAR;
	bool is_short = chars_bytes(name->stem, name->stem + name->len, 3) == 0;

	if (place->fit == FIT_BARE)
		return PLACE_WEAK;
	if (place->fit == FIT_NEAR)
		return PLACE_LOOSE;
	if (is_short && !is_left_open && ending_is_common(place->ending))
		return PLACE_LOOSE;
	if (is_bare_village && !place->is_linked &&
	    stem_is_before_village(name->stem, name->len))
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

/* Decides how far each place counts, and drops the bare stems that are
 * part of some other word. */
static void grade_places(
    struct places *places, const char *text, const char *end)
{
	size_t kept = 0;

	for (size_t i = 0; i < places->count; i++) {
		struct place place = places->of[i];
		const struct place *left = i > 0 ? &places->of[i - 1] : NULL;
		const struct place *right =
		    i + 1 < places->count ? &places->of[i + 1] : NULL;
		bool is_left_open = stands_left(&place, text) ||
				    (left != NULL && left->end == place.start &&
					left->fit != FIT_BARE);

		place.is_linked = left != NULL && is_next_to(left, &place) &&
				  lies_in(&place, left);
		place.is_located = is_located(&place, end);
		place.strength = grade(&place, place.is_linked || is_left_open);
		if (place.strength > PLACE_WEAK ||
		    (right != NULL && is_next_to(&place, right) &&
			lies_in(right, &place)) ||
		    weak_counts(&place, left, place.is_linked || is_left_open,
			stands_right(&place, end)))
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

void places_scan(struct places *places_out, const struct address_index *index,
    const char *text, size_t len, const struct unit *within)
{
	const char *end = text + len;
	const char *at = text;

	places_out->count = 0;
	while (at < end && places_out->count < PLACES_MAX) {
		struct place *place = &places_out->of[places_out->count];

		if (read_place(place, index, at, end)) {
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
