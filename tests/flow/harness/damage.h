/*
 * Bits that change on a disk: in a record of a store, wherever that is in its
 * file. A daemon may have it open.
 */
#ifndef WHISTLE_FLOW_DAMAGE_H
#define WHISTLE_FLOW_DAMAGE_H

#include "harness/city.h"
#include "store/kv.h"

/* Damages `count` records of the table, or as many as it has, from the `from`th
 * on; how many. */
unsigned damage(const struct city *city, const char *node, enum kv_table table,
    unsigned from, unsigned count);
/* How many records the table has. */
uint64_t record_count(
    const struct city *city, const char *node, enum kv_table table);
const char *table_name(enum kv_table table);

#endif
