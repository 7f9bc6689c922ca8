/*
 * Pairs of name and value as a query string or an HTML form sends them
 * (application/x-www-form-urlencoded). Bounded in count and length; what is
 * not UTF-8 text is refused whole. Names keep their order. Pure.
 */
#ifndef WHISTLE_GATEWAYD_FORM_H
#define WHISTLE_GATEWAYD_FORM_H

#include "base/bytes.h"

enum { FORM_PAIRS_MAX = 64, FORM_NAME_MAX = 128 };

struct form_pair {
	const char *name;
	const char *value; /* decoded, without NUL inside */
};

struct form {
	struct form_pair pairs[FORM_PAIRS_MAX];
	size_t count;
};

/*
 * Adds the pairs of `text`; names and values live in `arena`. ERR_INVALID:
 * a broken escape, a NUL, bytes that are not UTF-8, the same name twice in
 * this text; ERR_TOO_LARGE: more pairs or a longer name than there may be;
 * ERR_NOMEM. The form holds what came before the mistake.
 */
int form_add(struct form *form, struct arena *arena, struct bytes text);

/* The value of the first pair of that name; "" when there is none. */
const char *form_value(const struct form *form, const char *name);
bool form_has(const struct form *form, const char *name);

#endif
