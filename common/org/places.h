/*
 * The index behind address_find, and the places that a text names, before
 * anyone has asked whether they agree. Only for the address files.
 */
#ifndef WHISTLE_ORG_PLACES_H
#define WHISTLE_ORG_PLACES_H

#include "org/address.h"
#include "org/names.h"
#include "org/table.h"

enum { PLACES_MAX = 48, ADDRESS_READ_MAX = 4096 };

/* A unit under the stem of its name, or of a second name in brackets. */
struct name {
	const char *stem; /* in the unit's name */
	unsigned len;
	unsigned full_len; /* with its ending */
	enum ending ending;
	const struct unit *unit;
};

struct address_index {
	const struct org *org;
	struct name *names; /* sorted by stem */
	size_t count;
	struct table heads; /* two characters -> bytes of the longest stem */
	struct table stems; /* stem -> its first name */
};

enum strength {
	PLACE_WEAK,   /* a bare stem */
	PLACE_LOOSE,  /* an ending, but not quite its own, or in a word */
	PLACE_STRONG, /* its own ending, and it stands by itself */
};

/* One name in the text, with the units that may be meant: those among
 * names[0 .. count) whose ending has this fit and that are under `within`. */
struct place {
	const struct name *names;
	size_t count;
	const struct unit *within; /* or NULL */
	enum ending ending;
	enum fit fit;
	enum strength strength;
	bool is_verbatim; /* the text has the whole name of one of them */
	bool is_located;  /* what follows is said of places: 这边, 3栋 */
	bool is_linked;	  /* directly after a place that it lies in */
	const char *start, *end;
};

struct places {
	struct place of[PLACES_MAX];
	size_t count;
};

/* What the text names, in its order. Of more than PLACES_MAX, the first. */
void places_scan(struct places *places_out, const struct address_index *index,
    const char *text, size_t len, const struct unit *within);

/* The next unit that may be meant, after *at, which starts at 0; NULL. */
const struct unit *place_next(size_t *at, const struct place *place);
/* May the place be `unit`, or an area that it lies in? */
bool place_covers(const struct place *place, const struct unit *unit);
/* Does the unit lie in a neighbour of the same stem, as what people say is
 * in 葛店开发区 often lies in 葛店镇? */
bool place_kin_covers(const struct place *place, const struct unit *unit);
/* The deepest unit that all of the place's units are, or lie in. */
const struct unit *place_shared(const struct place *place);
/* Can only one unit be meant, or one that holds all the others? */
const struct unit *place_only(const struct place *place);

/* The deepest unit that both lie in; either may be NULL: the other. */
const struct unit *unit_shared(const struct unit *a, const struct unit *b);

#endif
