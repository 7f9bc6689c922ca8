/*
 * A story is told by what people type and by what they then see on their own
 * screens: the command line and nothing else. A step fails the test when it
 * is not done, or when what is to be seen does not come to be.
 *
 * `who` is an operator; each looks at the node that serves its unit. Optional
 * words of a command end with NULL.
 */
#ifndef WHISTLE_FLOW_STORY_H
#define WHISTLE_FLOW_STORY_H

#include "harness/city.h"
#include "harness/cli.h"

/* Whose people speak from here on. */
void story_in(struct city *city);

/* Moves the city's time on (or back), and waits until all that this brings,
 * reminders and what is overdue, has happened everywhere. */
void it_is(const char *civil);

/* `whistle ticket open …`; the id lives as long as the program. */
const char *opens(const char *who, ...) __attribute__((sentinel));
/* `whistle ticket VERB TICKET …` is done. */
void does(const char *who, const char *verb, const char *ticket, ...)
    __attribute__((sentinel));
/* … is refused, in English with `why` in it. */
void may_not(const char *who, const char *verb, const char *ticket,
    const char *why, ...) __attribute__((sentinel));

/* Sees the ticket, in that state and with that holder, sooner or later. */
void sees(
    const char *who, const char *ticket, const char *state, const char *holder);
/* What `whistle ticket show TICKET --json` has; release with json_decref. */
json_t *look_at(const char *who, const char *ticket);
/* … has this there. */
void sees_word(
    const char *who, const char *ticket, const char *path, const char *word);
void sees_number(
    const char *who, const char *ticket, const char *path, int64_t number);

/*
 * `field` (accept_by, resolve_by, return_by) is that civil time, or up to a
 * quarter of an hour later, as tests take their time; `rule` ends what the
 * last event that gave deadlines says of them (NULL: not looked at).
 */
void is_due(const char *who, const char *ticket, const char *field,
    const char *civil, const char *rule);
/* How often the clock has said so: remind or supervise, which deadline, and
 * how many levels above were told (0 for a reminder). */
void was_told(const char *who, const char *ticket, const char *verb,
    const char *deadline, int step, int times);
/* Everything that has happened, in the order of the log: "open accept …". */
void happened(const char *who, const char *ticket, const char *verbs);

/* A whistle's callout of that department, as the whistler sees it. */
const char *callout_of(
    const char *who, const char *ticket, const char *department);

/* `whistle score show`: the unit's line, all months and items together;
 * release with json_decref. */
json_t *score_of(const char *who, const char *unit);
/* "response 1/2, completion 1/1, satisfaction 0/1" */
void scores(const char *who, const char *unit, const char *rates);
/* Of all three, as the catalogue weighs them: "87.5%", or "-". */
void has_score(const char *who, const char *unit, const char *score);
void counts(const char *who, const char *unit, const char *count, int64_t by);

#endif
