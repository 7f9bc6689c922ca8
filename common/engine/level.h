/*
 * What a level is: one constant in its folder. Two levels that differ in
 * one power differ in one word. The engine knows nothing else of levels.
 */
#ifndef WHISTLE_ENGINE_LEVEL_H
#define WHISTLE_ENGINE_LEVEL_H

#include "catalogue/triage.h"
#include "ticket/law.h"

struct level {
	const char *daemon;	    /* its program */
	const char *level;	    /* as units.csv and nodes.yaml say it */
	uint64_t powers;	    /* of its areas, or of its hotline */
	uint64_t department_powers; /* of the departments attached to them */
	/* What routine does; NULL: the catalogue's way. */
	struct decision (*triage)(const struct triage_case *the_case);
};

#endif
