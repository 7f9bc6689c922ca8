/*
 * HTTP to a city's gateway, as clients that are no part of it speak it.
 */
#ifndef WHISTLE_FLOW_WEB_H
#define WHISTLE_FLOW_WEB_H

#include <jansson.h>
#include "harness/city.h"

struct web_answer {
	long status; /* 0: no answer */
	char type[128];
	struct buf body; /* with a NUL at its end */
};

/* `form` NULL: GET; else a form is posted. `language` may be NULL. Release
 * with web_free. */
void web_ask(struct web_answer *answer_out, const struct city *city,
    const char *target, const char *form, const char *language);
void web_free(struct web_answer *answer);
const char *web_text(const struct web_answer *answer);

/* The JSON of an answer with that status; fails the test otherwise. */
json_t *web_json(
    const struct city *city, long status, const char *target, const char *form);
/* Appends "&NAME=VALUE", escaped. */
void web_add(struct buf *form, const char *name, const char *value);

#endif
