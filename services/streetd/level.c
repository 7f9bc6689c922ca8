#include "levels.h"

/* Everything that makes a street a street. */
const struct level streetd_level = {
	.daemon = "streetd",
	.level = "street",
	.powers = POWER(OPEN) | POWER(SETTLE) | POWER(FORWARD_UP) |
		  POWER(DISPATCH) | POWER(WHISTLE_OUT) | POWER(RETURN) |
		  POWER(RATE) | POWER(SUPERVISE) | POWER(MERGE) |
		  POWER(TAKE_OVER),
};
