#include "levels.h"

/* Everything that makes a grid a grid. */
const struct level gridd_level = {
	.daemon = "gridd",
	.level = "grid",
	.powers = POWER(OPEN) | POWER(SETTLE) | POWER(FORWARD_UP) |
		  POWER(RETURN) | POWER(RATE),
};
