#include "levels.h"

/* Everything that makes a hotline a hotline. */
const struct level gatewayd_level = {
	.daemon = "gatewayd",
	.level = "hotline",
	.powers = POWER(OPEN) | POWER(FORWARD_UP) | POWER(RATE) | POWER(MERGE) |
		  POWER(CALLER),
};
