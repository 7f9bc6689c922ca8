/*
 * How much a client may ask: so many requests a second in the long run, and
 * a burst at once. Pure.
 */
#ifndef WHISTLE_GATEWAYD_ALLOWANCE_H
#define WHISTLE_GATEWAYD_ALLOWANCE_H

#include <stdbool.h>
#include <stdint.h>

struct allowance {
	unsigned rate;	/* a second */
	unsigned burst; /* at once */
	double left;
	int64_t at_ms; /* when that was so */
};

/* All of it is there at first. `now_ms` is of a clock that never jumps. */
void allowance_open(struct allowance *allowance, unsigned rate, unsigned burst);
/* Takes one; false when there is none. */
bool allowance_take(struct allowance *allowance, int64_t now_ms);

#endif
