#include "levels.h"

/* Everything that makes a district a district. */
const struct level districtd_level = {
	.daemon = "districtd",
	.level = "district",
	.powers = POWER(OPEN) | POWER(SETTLE) | POWER(FORWARD_UP) |
		  POWER(DISPATCH) | POWER(WHISTLE_OUT) | POWER(RETURN) |
		  POWER(RATE) | POWER(SUPERVISE) | POWER(PERMIT) | POWER(RULE) |
		  POWER(MERGE) | POWER(TAKE_OVER),
	.department_powers = POWER(SETTLE) | POWER(CHECK_IN) | POWER(RETURN),
};
