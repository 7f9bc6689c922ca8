/* What the two halves of browser*.c share. */
#ifndef WHISTLE_FLOW_BROWSER_INSIDE_H
#define WHISTLE_FLOW_BROWSER_INSIDE_H

#include "harness/browser.h"

enum { WORDS = 512 };

struct browser {
	pid_t driver;
	char base[64], session[WORDS / 2];
};

/* NULL when nobody answers. Takes `body`; NULL is GET, unless `method`. */
json_t *browser_tell(const struct browser *browser, const char *method,
    const char *path, json_t *body);
/* The value of an answer in the session, which must be no error; yours.
 * Takes `body`; NULL is GET. */
json_t *browser_ask(struct browser *browser, const char *path, json_t *body);

#endif
