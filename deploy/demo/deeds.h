/*
 * One deed of one member of staff: what was planned becomes a command of the
 * operator protocol, said with that person's own key.
 */
#ifndef WHISTLE_DEMO_DEEDS_H
#define WHISTLE_DEMO_DEEDS_H

#include "catalogue/catalogue.h"
#include "plan.h"
#include "record.h"
#include "staff.h"

struct stage {
	struct staff *staff;
	const struct org *org;
	const struct catalogue *catalogue;
	struct record *record;
	int64_t seed;
};

struct deed {
	enum verb verb;
	enum result result;
	char refusal[64]; /* when it was refused */
};

/*
 * Negative: it could not even be asked. ERR_TIMEOUT, and row->wish: it was
 * said and nobody knows; the next time the same wish is said again, whatever
 * is intended by then, until there is an answer.
 */
int deed_do(struct deed *deed_out, struct stage *stage, struct demo_case *row,
    enum intent intent);
/* Nobody will ask again. */
void deed_forget(struct stage *stage, struct demo_case *row);

#endif
