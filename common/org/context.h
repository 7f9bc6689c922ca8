/*
 * What stands around a name in a text, and whether the name then stands by
 * itself: Chinese has no spaces, so that 花园社区 may be the end of
 * 滨湖花园社区, and 凤凰 the beginning of 凤凰路. Only for the address files.
 */
#ifndef WHISTLE_ORG_CONTEXT_H
#define WHISTLE_ORG_CONTEXT_H

#include <stdbool.h>

/* Does a name that starts at `name` begin a word of `text`? */
bool context_opens(const char *text, const char *name);
/* Does a bare name that stops at `after` end a word? `end` is the text's. */
bool context_closes(const char *after, const char *end);
/* Is what follows said of places: 这边, 附近, 3栋? */
bool context_is_of_place(const char *after, const char *end);
/* Only separators but digits, or nothing, in [from, to)? */
bool context_is_gap(const char *from, const char *to);

#endif
