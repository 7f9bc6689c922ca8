/*
 * All levels, so that each node knows what its neighbours' units may do.
 * A level is one constant in its own folder; this is only their list.
 */
#ifndef WHISTLE_SERVICES_LEVELS_H
#define WHISTLE_SERVICES_LEVELS_H

#include "engine/level.h"

extern const struct level gridd_level;
extern const struct level communityd_level;
extern const struct level streetd_level;
extern const struct level districtd_level;
extern const struct level cityd_level;
extern const struct level gatewayd_level;

/* NULL at the end. */
extern const struct level *const whistle_levels[];

#endif
