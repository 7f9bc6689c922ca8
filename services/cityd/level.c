#include "levels.h"

/* Everything that makes a city a city. */
const struct level cityd_level = {
	.daemon = "cityd",
	.level = "city",
	.powers = POWER(OPEN) | POWER(SETTLE) | POWER(DISPATCH) |
		  POWER(WHISTLE_OUT) | POWER(RETURN) | POWER(RATE) |
		  POWER(SUPERVISE) | POWER(PERMIT) | POWER(RULE) |
		  POWER(MERGE) | POWER(TAKE_OVER),
	.department_powers = POWER(SETTLE) | POWER(CHECK_IN) | POWER(RETURN),
};
