/*
 * The proof afterwards: all that was acknowledged (record.h) is in the city's
 * log, once, and nothing that nobody was told of; every node has the tickets
 * that its units opened or held, each with the same whole log, hash by hash.
 * Asked of the nodes, by the city's supervisor.
 */
#ifndef WHISTLE_DEMO_PROOF_H
#define WHISTLE_DEMO_PROOF_H

#include "staff.h"

/* Says what is wrong, or that nothing is. ERR_CORRUPT: something is. Any
 * other: it could not be found out. */
int proof(const struct staff *staff, const struct org *org,
    const char *record_path, int64_t patience_ms);

#endif
