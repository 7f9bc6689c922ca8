#include "levels.h"

const struct level *const whistle_levels[] = {
	&gridd_level,
	&communityd_level,
	&streetd_level,
	&districtd_level,
	&cityd_level,
	&gatewayd_level,
	NULL,
};
