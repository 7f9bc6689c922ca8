/*
 * Random lawful logs for the engine's city, and the slow count of them. Kept
 * apart from world.h, whose names the tests of the law use for other things.
 */
#ifndef TESTS_UNIT_ENGINE_CHANCE_H
#define TESTS_UNIT_ENGINE_CHANCE_H

#include <stddef.h>
#include <stdint.h>
#include "base/bytes.h"
#include "base/id.h"

enum { CHANCE_EVENTS_MAX = 24 };

/* One ticket's log, packed, from `seed`: how many events; each is yours to
 * free. */
size_t chance_log(struct buf events_out[CHANCE_EVENTS_MAX],
    const struct id *ticket, uint64_t seed);

/* Adds a log to the slow count, event by event, as they stand. */
struct slow;
struct slow *slow_open(void);
void slow_close(struct slow **slow);
void slow_begin(struct slow *slow); /* the next ticket */
void slow_event(struct slow *slow, struct bytes event);
/* What was counted in one row; NULL for none. Taken out, so that at the end
 * slow_left tells of rows that nobody asked for. */
const uint64_t *slow_take(struct slow *slow, const char *unit,
    const char *other, const char *item, const char *month);
size_t slow_left(const struct slow *slow);

#endif
