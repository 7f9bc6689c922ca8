/*
 * One deed of one member of staff: what was planned becomes a command of the
 * operator protocol, said with that person's own key.
 */
#ifndef WHISTLE_DEMO_DEEDS_H
#define WHISTLE_DEMO_DEEDS_H

#include "catalogue/catalogue.h"
#include "plan.h"
#include "staff.h"

struct stage {
	struct staff *staff;
	const struct org *org;
	const struct catalogue *catalogue;
	int64_t seed;
};

struct deed {
	enum verb verb;
	enum result result;
	char refusal[64]; /* when it was refused */
};

/* Negative: it could not even be asked. */
int deed_do(struct deed *deed_out, struct stage *stage,
    const struct demo_case *row, enum intent intent);

#endif
