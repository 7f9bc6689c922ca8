/* What engine/repair.c asks of engine/salvage.c. */
#ifndef WHISTLE_ENGINE_SALVAGE_H
#define WHISTLE_ENGINE_SALVAGE_H

#include "engine/repair.h"

struct salvage {
	struct engine *engine; /* of the new store */
	struct kv_txn *old;
	struct repair_sums *sums;
	const struct repair_config *config;
	FILE *list;
};

/* Brings all that is sound into the engine's store. */
int salvage_all(struct salvage *salvage);

#endif
