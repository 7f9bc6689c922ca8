/* What engine/repair.c asks of engine/salvage.c. */
#ifndef WHISTLE_ENGINE_SALVAGE_H
#define WHISTLE_ENGINE_SALVAGE_H

#include "engine/repair.h"

struct split;

struct salvage {
	struct engine *engine; /* of the new store */
	struct kv_txn *old;
	struct repair_sums *sums;
	const struct repair_config *config;
	FILE *list;
	struct split *split; /* only a part of it; NULL: all */
};

/* Brings all that is sound into the engine's store; of a part, without what
 * waited for neighbours. */
int salvage_all(struct salvage *salvage);

/* ---- salvage_rows.c: deeds of a turn ---- */
struct turn;
int salvage_offer(void *context, struct turn *turn);
int salvage_rows(void *salvage, struct turn *turn);

#endif
