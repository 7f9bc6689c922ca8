#include "levels.h"

/* Everything that makes a community a community. */
const struct level communityd_level = {
	.daemon = "communityd",
	.level = "community",
	.powers = POWER(OPEN) | POWER(SETTLE) | POWER(FORWARD_UP) |
		  POWER(DISPATCH) | POWER(RETURN) | POWER(RATE) |
		  POWER(SUPERVISE) | POWER(MERGE),
};
